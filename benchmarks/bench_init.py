"""What beginning a workspace costs, three ways, beside the commands that people copy from tutorials.

For each way and number of modules both programs run in turns on the same tree, and leave the same go.work
or go.mod behind. ``--booted`` measures the installed package inside a Debian that is booted for it (as root;
SUITE chooses which). ``--chart FILE`` draws the picture of docs/benchmarks-language.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import workbench
from chart import write_chart
from module_tree import make_modules
from workbench import Cost

COUNTS = (10, 100, 1000)
ROUNDS = {10: 15, 100: 7, 1000: 3}
FEW = 3  # rounds for other numbers
SLOW_SECONDS = 30  # one of a thousand small steps is no outlier: then one round is enough
INSIDE = Path("/opt/gowatchd")  # of the booted container
INSIDE_SECONDS = 3600


@dataclass(frozen=True)
class Way:
    """One way to begin: the arguments of init, and a shell script that does the same to a tree of modules."""

    name: str
    flag: str
    ours: Callable[[list[str]], list[str]]
    theirs: Callable[[list[str]], str]
    in_module: bool = False


WAYS = (
    Way(
        "a loop of go work use",
        "--yes",
        lambda _modules: ["--yes"],
        lambda modules: "go work init\n" + "".join(f"go work use ./{one}\n" for one in modules),
    ),
    Way(
        "find and xargs go work use",
        "--discover",
        lambda _modules: ["--discover"],
        lambda _modules: (
            "go work init\nfind . -mindepth 2 -name go.mod -printf '%h\\0' | xargs -0 go work use\n"
        ),
    ),
    Way(
        "a loop of go mod edit -replace",
        "--replace",
        lambda modules: [f"--replace=example.com/{Path(one).name}={one}" for one in modules],
        lambda modules: "".join(
            f"go mod edit -replace example.com/{Path(one).name}=./{one}\n" for one in modules
        ),
        in_module=True,
    ),
)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the picture, too")
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS, metavar="N", help="how many modules")
    parser.add_argument("--booted", action="store_true", help="measure the package in a booted Debian")
    parser.add_argument("--installed", action="store_true", help="measure the gowatchctl of this system")
    options = parser.parse_args()
    if options.booted:
        return measure_booted(options.counts)
    ours = ("/usr/bin/gowatchctl",) if options.installed else workbench.gowatchctl()
    print(f"{workbench.machine()}; go {workbench.GO_VERSION}; medians, seconds (of processors)\n")
    print("| instead of | modules | gowatchctl init | the tutorials' commands | times as fast | rounds |")
    print("|---|---:|---:|---:|---:|---:|")
    series: dict[str, list[tuple[float, float]]] = {}
    for count in options.counts:
        for way in WAYS[::-1]:  # the slowest last
            mine, theirs, rounds = measure((*ours, "init"), way, count)
            print(
                f"| {way.name} | {count} | {shown(mine)} | {shown(theirs)} "
                f"| {theirs.wall / mine.wall:.1f} | {rounds} |",
                flush=True,
            )
            series.setdefault(way.name, []).append((count, theirs.wall))
            series.setdefault(f"gowatchctl init {way.flag}", []).append((count, mine.wall))
    if options.chart:
        write_chart(options.chart, "Beginning a workspace", "modules", "seconds", series, pairs=True)
    return 0


def shown(cost: Cost) -> str:
    """Return ``cost`` as the table has it."""
    return f"{cost.wall:.3f} ({cost.cpu:.3f})"


def measure(init: Sequence[str], way: Way, count: int) -> tuple[Cost, Cost, int]:
    """Return the median costs of our way and of theirs, and the rounds; fail where their results differ."""
    ours: list[Cost] = []
    theirs: list[Cost] = []
    rounds = ROUNDS.get(count, FEW)
    with tempfile.TemporaryDirectory(dir=workbench.scratch()) as temporary:
        root = Path(temporary) / "tree"
        modules = [str(one.relative_to(root)) for one in make_modules(root, count)]
        script = Path(temporary) / "script"
        script.write_text(f"set -e\n{way.theirs(modules)}")
        while len(ours) < rounds:
            ours.append(begin((*init, *way.ours(modules)), root, way))
            said = outcome(root)
            theirs.append(begin(("sh", str(script)), root, way))
            if outcome(root) != said:
                raise SystemExit(f"{way.name}, {count} modules: the results differ")
            if theirs[-1].wall > SLOW_SECONDS:
                rounds = len(ours)
    return workbench.median(ours), workbench.median(theirs), rounds


def begin(command: Sequence[str], root: Path, way: Way) -> Cost:
    """Run ``command`` in ``root``, where nothing was begun yet."""
    (root / "go.work").unlink(missing_ok=True)
    (root / "go.mod").unlink(missing_ok=True)
    if way.in_module:
        (root / "go.mod").write_text("module example.com/root\n\ngo 1.22\n")
    return workbench.cost(command, root, workbench.environment())


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


def measure_booted(counts: Sequence[int]) -> int:
    """Install the package in a booted Debian, run this program there, and print what it prints."""
    sys.path.insert(0, str(workbench.ROOT))
    from tests.support.booted import booted, obstacle  # noqa: PLC0415 needs pytest
    from tests.support.booted_roots import SUITE, base_root  # noqa: PLC0415 needs pytest

    if obstacle():
        raise SystemExit(obstacle())
    subprocess.run(["scripts/build-deb"], cwd=workbench.ROOT, check=True, timeout=600)
    (package,) = (workbench.ROOT / "build").glob("gowatchd_*_all.deb")
    depends = subprocess.run(
        ["dpkg-deb", "-f", package, "Depends"], capture_output=True, text=True, timeout=60, check=True
    )
    goroot = workbench.GOROOT.relative_to(workbench.ROOT)
    with booted(base_root(SUITE, depends.stdout.strip())) as machine:
        inside = machine.path(str(INSIDE))
        for name in ("benchmarks", goroot):
            shutil.copytree(workbench.ROOT / name, inside / name, symlinks=True)
        shutil.copyfile(package, machine.path("/root/gowatchd.deb"))
        machine.run("dpkg", "--install", "/root/gowatchd.deb")
        program = str(INSIDE / "benchmarks" / "bench_init.py")
        numbers = map(str, counts)
        done = machine.run("python3", program, "--installed", "--counts", *numbers, timeout=INSIDE_SECONDS)
    print(f"Inside a booted Debian {SUITE}: {done.stdout}", end="")
    return 0


if __name__ == "__main__":
    if shutil.which("find") is None:
        raise SystemExit("find is not installed")
    sys.exit(main())
