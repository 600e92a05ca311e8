"""Watching a home directory: gowatchd beside inotifywait, watchman and watchdog's own observer, one by one.

For each, on the same tree: time until ready, watches held, memory, CPU while 50,000 files are made in
node_modules and nothing is saved, time from the close of a save until it is named, and saves that were never
named while 50,000 files come into being in node_modules, or in a folder that is watched (200,000 events:
create, open, write, close).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import home_tree
import watch_peers
import workbench

Start = Callable[[Path, Path], AbstractContextManager[watch_peers.Peer]]  # tree, scratch folder

SAVES = 200
STORM = 50_000
LOST_SECONDS = 10.0  # a save that was not named by then is lost
KERNEL_BYTES = 1313  # of one watch and the inode that it pins, see inotify(7) and ADR 4


def cpu(pid: int) -> float:
    """Return CPU milliseconds of ``pid`` so far, in ticks of 10."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


_numbers = itertools.count()


def save(folder: Path) -> None:
    """Save the go.mod of ``folder`` in place, formatted, with another content each time."""
    with (folder / "go.mod").open("r+b", buffering=0) as file:
        file.truncate()
        file.write(f"module example.com/solo/{folder.name}\n\ngo 1.22\n\n// {next(_numbers)}\n".encode())


def latencies(peer: watch_peers.Peer, modules: list[Path]) -> tuple[list[float], int]:
    """Save one after the other; return milliseconds until each was named, and how many never were."""
    times, lost = [], 0
    for folder in modules:
        while peer.saved(0.02):
            pass
        save(folder)
        saved = time.perf_counter()
        while (path := peer.saved(LOST_SECONDS)) is not None and path != f"{folder}/go.mod":
            pass
        if path is None:
            lost += 1
        else:
            times.append((time.perf_counter() - saved) * 1000)
    return times, lost


def storm(peer: watch_peers.Peer, modules: list[Path], place: Path, files: int) -> tuple[int, float]:
    """Make ``files`` files in ``place`` and save ``modules`` meanwhile; return lost saves and CPU seconds."""
    while peer.saved(0.05):
        pass
    before = cpu(peer.pid)

    def make() -> None:
        place.mkdir()
        every = files // len(modules) if modules else files + 1
        for number in range(files):
            with (place / f"f{number}").open("w") as file:
                file.write("x")
            if modules and number % every == 0 and number // every < len(modules):
                save(modules[number // every])

    maker = threading.Thread(target=make)
    maker.start()
    missing = {f"{folder}/go.mod" for folder in modules}
    quiet = time.monotonic()
    while maker.is_alive() or (missing and time.monotonic() - quiet < LOST_SECONDS):
        path = peer.saved(0.2)
        if path is not None:
            missing.discard(path)
        if path is not None or maker.is_alive():
            quiet = time.monotonic()
    maker.join()
    spent = (cpu(peer.pid) - before) / 1000
    shutil.rmtree(place)
    return len(missing), spent


def measure(
    start: Callable[[Path, Path], AbstractContextManager[watch_peers.Peer]],
    tree: Path,
    solo: list[Path],
    options: argparse.Namespace,
) -> dict[str, object]:
    """Run one watcher through all of it."""
    with (
        tempfile.TemporaryDirectory(dir=workbench.ROOT / "build") as temporary,
        start(tree, Path(temporary)) as peer,
    ):
        times, lost = latencies(peer, solo)
        watches = watch_peers.watches_of(peer.pid)
        pss = workbench.pss_kib(peer.pid) / 1024
        web = next(tree.rglob("node_modules"))
        _, ignored_cpu = storm(peer, [], web / "STORM", options.storm)
        ignored_lost, _ = storm(peer, solo, web / "STORM", options.storm)
        watched_lost, watched_cpu = storm(peer, solo, solo[0].parent / "STORM", options.storm)
        return {
            "name": peer.name,
            "ready_s": round(peer.ready, 2),
            "watches": watches,
            "pss_mib": round(pss, 1),
            "kernel_mib": round(watches * KERNEL_BYTES / (1 << 20), 1),
            "median_ms": round(statistics.median(times), 2) if times else None,
            "p99_ms": round(workbench.percentile(times, 99), 2) if times else None,
            "lost": lost,
            "ignored_cpu_s": round(ignored_cpu, 2),
            "ignored_lost": ignored_lost,
            "watched_cpu_s": round(watched_cpu, 2),
            "watched_lost": watched_lost,
        }


def main() -> int:
    """Print one table for each size of tree."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folders", type=int, nargs="*", default=[20_000, 100_000])
    parser.add_argument("--storm", type=int, default=STORM)
    parser.add_argument("--saves", type=int, default=SAVES)
    parser.add_argument("--only", help="a part of the name of the watcher to run")
    options = parser.parse_args()
    for folders in options.folders:
        with tempfile.TemporaryDirectory(dir=workbench.ROOT / "build") as temporary:
            tree = Path(temporary) / "src"
            home = home_tree.make_home(tree, folders)
            solo = [tree / "solo" / f"s{number:03}" for number in range(options.saves)]
            for folder in solo:
                folder.mkdir(parents=True)
                (folder / "go.mod").write_text(f"module example.com/solo/{folder.name}\n\ngo 1.22\n")
            print(workbench.machine())
            print(f"{folders} folders, {len(home.modules)} modules, {len(solo)} more that are saved\n")
            results = []
            for start in watch_peers.PEERS:
                if not options.only or options.only in start.__name__:
                    results.append(measure(start, tree, solo, options))
                    print(json.dumps(results[-1]), flush=True)
            print(table(results))
    return 0


def table(results: list[dict[str, object]]) -> str:
    """Return the results as Markdown."""
    head = [name for name in results[0] if name != "name"]
    lines = [
        "| | " + " | ".join(str(one["name"]) for one in results) + " |",
        "|---|" + "---:|" * len(results),
    ]
    lines += [f"| {name} | " + " | ".join(str(one[name]) for one in results) + " |" for name in head]
    return "\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
