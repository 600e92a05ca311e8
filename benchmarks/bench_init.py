"""What beginning a workspace costs, three ways, beside the commands that people copy from tutorials.

For each way and number of modules both programs run in turns on the same tree, and leave the same go.work
or go.mod behind. ``--chart FILE`` draws the picture of docs/benchmarks-language.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import workbench
from chart import write_chart
from module_tree import make_modules

COUNTS = (10, 100, 1000)
ROUNDS = {10: 5, 100: 3, 1000: 3}
OURS = (sys.executable, "-m", "gowatchd.cli.main", "init")
LIMIT = 600  # seconds for one command


@dataclass(frozen=True)
class Way:
    """One way to begin: our command, and the shell script for a tree of modules that does the same."""

    name: str
    ours: Callable[[list[str]], list[str]]
    theirs: Callable[[list[str]], str]


WAYS = (
    Way(
        "one by one",
        lambda _modules: [*OURS, "--yes"],
        lambda modules: "go work init\n" + "".join(f"go work use ./{one}\n" for one in modules),
    ),
    Way(
        "discover",
        lambda _modules: [*OURS, "--discover"],
        lambda _modules: (
            "go work init\nfind . -mindepth 2 -name go.mod -printf '%h\\0' | xargs -0 go work use\n"
        ),
    ),
    Way(
        "replace",
        lambda modules: [*OURS, *(f"--replace=example.com/{Path(one).name}={one}" for one in modules)],
        lambda modules: "".join(
            f"go mod edit -replace example.com/{Path(one).name}=./{one}\n" for one in modules
        ),
    ),
)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the picture, too")
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS, metavar="N", help="how many modules")
    options = parser.parse_args()
    print(f"{workbench.machine()}; go {workbench.GO_VERSION}; medians\n")
    print("| way | modules | gowatchctl init | the tutorials' commands | times as fast | rounds |")
    print("|---|---:|---:|---:|---:|---:|")
    series: dict[str, list[tuple[float, float]]] = {}
    for count in options.counts:
        for way in WAYS[::-1]:  # the slowest last
            ours, theirs, rounds = measure(way, count)
            print(
                f"| {way.name} | {count} | {ours:.3f} s | {theirs:.3f} s | {theirs / ours:.1f} | {rounds} |",
                flush=True,
            )
            series.setdefault(f"gowatchctl init: {way.name}", []).append((count, ours))
            series.setdefault(f"tutorials: {way.name}", []).append((count, theirs))
    if options.chart:
        write_chart(options.chart, "Beginning a workspace", "modules", "seconds", series)
    return 0


def measure(way: Way, count: int) -> tuple[float, float, int]:
    """Return the median seconds of our way and of theirs, and the rounds; fail where their results differ."""
    ours: list[float] = []
    theirs: list[float] = []
    rounds = ROUNDS.get(count, 3)
    with tempfile.TemporaryDirectory(dir=scratch()) as temporary:
        root = Path(temporary) / "tree"
        modules = [str(one.relative_to(root)) for one in make_modules(root, count)]
        script = Path(temporary) / "script"
        script.write_text(f"set -e\n{way.theirs(modules)}")
        while len(ours) < rounds:
            ours.append(run(way.ours(modules), root))
            said = outcome(root)
            theirs.append(run(["sh", str(script)], root))
            if outcome(root) != said:
                raise SystemExit(f"{way.name}, {count} modules: the results differ")
            if theirs[-1] > 30:  # one of a thousand small steps is no outlier
                rounds = len(ours)
    return statistics.median(ours), statistics.median(theirs), rounds


def run(command: list[str], root: Path) -> float:
    """Run ``command`` in ``root``, where nothing was begun yet, and return its seconds."""
    (root / "go.work").unlink(missing_ok=True)
    (root / "go.mod").write_text("module example.com/root\n\ngo 1.22\n")
    if "--yes" in command or "--discover" in command:
        (root / "go.mod").unlink()
    environment = {
        **os.environ,
        **workbench.GO_ENVIRONMENT,
        "PATH": f"{workbench.GOROOT}/bin:/usr/bin:/bin",
        "PYTHONPATH": str(workbench.ROOT),
    }
    start = time.perf_counter()
    subprocess.run(
        command,
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
        timeout=LIMIT,
    )
    return time.perf_counter() - start


def outcome(root: Path) -> object:
    """Return what the go command reads from what was written: the modules used, or the replacements."""
    go = str(workbench.GOROOT / "bin" / "go")
    kind, key = ("work", "Use") if (root / "go.work").exists() else ("mod", "Replace")
    read = subprocess.run(
        [go, kind, "edit", "-json"],
        cwd=root,
        env={**os.environ, **workbench.GO_ENVIRONMENT},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return sorted(json.dumps(one, sort_keys=True) for one in json.loads(read.stdout)[key])


def scratch() -> Path:
    """Return a folder on the disk where the checkout is, for temporary files there might be in memory."""
    folder = workbench.ROOT / "build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    if shutil.which("find") is None:
        raise SystemExit("find is not installed")
    sys.exit(main())
