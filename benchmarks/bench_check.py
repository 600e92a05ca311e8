"""What checking costs beside ``go list -m``, cold and after one change, and how it grows with the modules.

Cold is a whole ``gowatchctl check`` process, started as the package starts it. After one change is what the
daemon does: read the file again,
build what it is part of, run every rule. ``--chart FILE`` draws how both, and formatting, grow.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import workbench
from chart import write_chart
from module_tree import make_workspace
from workbench import Cost

sys.path.insert(0, str(workbench.ROOT))

from gowatchd.lint.catalog import check
from gowatchd.lint.facts import Facts
from gowatchd.modfile import Kind
from gowatchd.services.workspaces import Workspaces
from gowatchd.style.formatter import tidy
from gowatchd.system.discovery import Pruning, find_files
from gowatchd.system.files import SafeFiles

MODULES = 300
ROUNDS = 31
REPEATED = 7  # runs for one point of the curve
CURVE = (30, 100, 300, 1000, 3000)
COLD_GOAL, CHANGE_GOAL = 5, 0.1  # times what go list -m takes
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
            write_chart(
                options.chart, "Checking and formatting a workspace", "modules", "milliseconds", series
            )
    return 0 if met else 1


def compare() -> bool:
    """Print both kinds of check beside go, run in turns; return whether they meet the goals."""
    go: list[Cost] = []
    cold: list[Cost] = []
    change: list[Cost] = []
    with tempfile.TemporaryDirectory(dir=workbench.scratch()) as temporary:
        root = Path(temporary) / "tree"
        make_workspace(root, MODULES)
        changing = Changing(root)
        checking = (*workbench.gowatchctl(), "check")
        for _ in range(ROUNDS):
            go.append(process(LIST, root))
            cold.append(process(checking, root))
            change += [changing.once() for _ in range(5)]
    theirs, whole, once = (workbench.median(one) for one in (go, cold, change))
    print(f"{MODULES} modules, medians of {ROUNDS} rounds (after one change {len(change)}), in turns\n")
    print("| what | ms | ms of processors | times go list -m | goal |\n|---|---:|---:|---:|---:|")
    row("go list -m", theirs, theirs, "")
    row("gowatchctl check, cold", whole, theirs, str(COLD_GOAL))
    row("after one change", once, theirs, str(CHANGE_GOAL))
    print(flush=True)
    return whole.wall <= COLD_GOAL * theirs.wall and once.wall <= CHANGE_GOAL * theirs.wall


def row(what: str, ours: Cost, theirs: Cost, goal: str) -> None:
    """Print a line of the table."""
    times = f"{ours.wall / theirs.wall:.3g}"
    print(f"| {what} | {ours.wall * 1000:.2f} | {ours.cpu * 1000:.2f} | {times} | {goal} |")


def curve() -> dict[str, list[tuple[float, float]]]:
    """Print how it grows; return milliseconds by number of modules."""
    print("| modules | load and check all, ms | one change, ms | format all, ms | go list -m, ms |")
    print("|---:|---:|---:|---:|---:|")
    series: dict[str, list[tuple[float, float]]] = {}
    for count in CURVE:
        with tempfile.TemporaryDirectory(dir=workbench.scratch()) as temporary:
            root = Path(temporary) / "tree"
            make_workspace(root, count)
            changing = Changing(root)
            measured = {
                "load and check all": repeated(lambda root=root: load_and_check(root)),
                "one change": statistics.median(changing.once().wall * 1000 for _ in range(19)),
                "format all": repeated(lambda root=root: format_all(root)),
                "go list -m": repeated(lambda root=root: process(LIST, root).wall * 1000),
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

    def once(self) -> Cost:
        """Change the file, and return what it took to check that."""
        self._texts.reverse()
        self._file.write_bytes(self._texts[0])
        start, busy = time.perf_counter(), time.process_time()
        for workspace in self._workspaces.changed(str(self._file)).workspaces:
            check(workspace, Facts(workbench.GO_VERSION))
        return Cost(time.perf_counter() - start, time.process_time() - busy)


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


def process(command: Sequence[str], root: Path) -> Cost:
    """Run ``command`` in ``root``."""
    return workbench.cost(command, root, workbench.environment())


def repeated(measure: Callable[[], float]) -> float:
    """Return the median of a few runs."""
    return statistics.median(measure() for _ in range(REPEATED))


if __name__ == "__main__":
    sys.exit(main())
