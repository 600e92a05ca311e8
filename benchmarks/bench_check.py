"""What checking costs beside ``go list -m``, cold and after one change, and how it grows with the modules.

Cold is a whole ``gowatchctl check`` process. After one change is what the daemon does: read the file again,
build what it is part of, run every rule. ``--chart FILE`` draws how both, and formatting, grow.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import workbench
from chart import write_chart
from module_tree import make_workspace

sys.path.insert(0, str(workbench.ROOT))

from gowatchd.lint.catalog import check
from gowatchd.lint.facts import Facts
from gowatchd.modfile import Kind
from gowatchd.services.workspaces import Workspaces
from gowatchd.style.formatter import tidy
from gowatchd.system.discovery import Pruning, find_files
from gowatchd.system.files import SafeFiles

MODULES = 300
ROUNDS = 11
CURVE = (30, 100, 300, 1000, 3000)
COLD_GOAL, CHANGE_GOAL = 5, 0.1  # times what go list -m takes
CHECK = (sys.executable, "-m", "gowatchd.cli.main", "check")
LIST = (str(workbench.GOROOT / "bin" / "go"), "list", "-m")


def main() -> int:
    """Print the tables; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the picture, too")
    parser.add_argument("--no-curve", action="store_true", help="leave out how it grows")
    options = parser.parse_args()
    print(f"{workbench.machine()}; go {workbench.GO_VERSION}\n")
    met = compare()
    if not options.no_curve:
        series = curve()
        if options.chart:
            write_chart(options.chart, "Checking and formatting", "modules", "milliseconds", series)
    return 0 if met else 1


def compare() -> bool:
    """Print both kinds of check beside go, run in turns; return whether they meet the goals."""
    with tempfile.TemporaryDirectory(dir=scratch()) as temporary:
        root = Path(temporary) / "tree"
        make_workspace(root, MODULES)
        changing = Changing(root)
        go, cold, change = [], [], []
        for _ in range(ROUNDS):
            go.append(process(LIST, root))
            cold.append(process(CHECK, root))
            change += [changing.once() for _ in range(5)]
    theirs, whole, once = (statistics.median(one) for one in (go, cold, change))
    print(f"{MODULES} modules, medians of {ROUNDS} rounds (after one change {len(change)}), in turns\n")
    print("| what | ms | times go list -m | goal |\n|---|---:|---:|---:|")
    print(f"| go list -m | {theirs:.1f} | 1 | |")
    print(f"| gowatchctl check, cold | {whole:.1f} | {whole / theirs:.2f} | {COLD_GOAL} |")
    print(f"| after one change | {once:.2f} | {once / theirs:.3f} | {CHANGE_GOAL} |\n", flush=True)
    return whole <= COLD_GOAL * theirs and once <= CHANGE_GOAL * theirs


def curve() -> dict[str, list[tuple[float, float]]]:
    """Print how it grows; return milliseconds by number of modules."""
    print("| modules | load and check all, ms | one change, ms | format all, ms | go list -m, ms |")
    print("|---:|---:|---:|---:|---:|")
    series: dict[str, list[tuple[float, float]]] = {}
    for count in CURVE:
        with tempfile.TemporaryDirectory(dir=scratch()) as temporary:
            root = Path(temporary) / "tree"
            make_workspace(root, count)
            changing = Changing(root)
            measured = {
                "load and check all": repeated(lambda root=root: load_and_check(root)),
                "one change": statistics.median(changing.once() for _ in range(9)),
                "format all": repeated(lambda root=root: format_all(root)),
                "go list -m": repeated(lambda root=root: process(LIST, root)),
            }
        print(f"| {count} | " + " | ".join(f"{value:.1f}" for value in measured.values()) + " |", flush=True)
        for name, value in measured.items():
            series.setdefault(name, []).append((count, value))
    return series


class Changing:
    """A loaded workspace of which one go.mod is changed again and again."""

    def __init__(self, root: Path) -> None:
        self._workspaces = Workspaces(SafeFiles())
        self._workspaces.load(find_files(str(root), Pruning()))
        self._file = root / "group000" / "m0000" / "go.mod"
        self._texts = [self._file.read_bytes(), self._file.read_bytes() + b"\nexclude example.com/x v1.0.0\n"]

    def once(self) -> float:
        """Change the file, and return in how many milliseconds that was checked."""
        self._texts.reverse()
        self._file.write_bytes(self._texts[0])
        start = time.perf_counter()
        for workspace in self._workspaces.changed(str(self._file)).workspaces:
            check(workspace, Facts(workbench.GO_VERSION))
        return (time.perf_counter() - start) * 1000


def load_and_check(root: Path) -> float:
    """Find, read and check everything below ``root``; return milliseconds."""
    start = time.perf_counter()
    for workspace in Workspaces(SafeFiles()).load(find_files(str(root), Pruning())):
        check(workspace, Facts(workbench.GO_VERSION))
    return (time.perf_counter() - start) * 1000


def format_all(root: Path) -> float:
    """Format every file below ``root`` in memory; return milliseconds."""
    texts = [(Path(path).read_bytes(), Kind.of(path)) for path in find_files(str(root), Pruning())]
    start = time.perf_counter()
    for text, kind in texts:
        if kind is not None:
            tidy(text.replace(b"\n\t", b"\n    "), kind)
    return (time.perf_counter() - start) * 1000


def process(command: tuple[str, ...], root: Path) -> float:
    """Run ``command`` in ``root``; return milliseconds."""
    environment = {
        **os.environ,
        **workbench.GO_ENVIRONMENT,
        "PATH": f"{workbench.GOROOT}/bin:/usr/bin:/bin",
        "PYTHONPATH": str(workbench.ROOT),
    }
    start = time.perf_counter()
    subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True, timeout=300)
    return (time.perf_counter() - start) * 1000


def repeated(measure: Callable[[], float]) -> float:
    """Return the median of three."""
    return statistics.median(measure() for _ in range(3))


def scratch() -> Path:
    """Return a folder on the disk where the checkout is."""
    folder = workbench.ROOT / "build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
