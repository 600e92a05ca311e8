"""What formatting 500 go.mod files costs: one gofumpt-work, one gofumpt-work a file, one go a file.

All in the same run, in turns. Both programs print the formatted files; ours is strict and proves what it
changed. The files are those of the corpus beside the checkout, over and over, else made up.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import workbench

FILES = 500
SINGLE = 40  # how many files the loop with a Python process each goes through
ROUNDS = 3
CORPUS = workbench.ROOT.parent / "shared" / "corpus" / "go.mod"
OURS = (sys.executable, "-m", "gowatchd.cli.gofumpt_work")
GO = (str(workbench.GOROOT / "bin" / "go"), "mod", "edit", "-fmt", "-print")


def make_files(folder: Path) -> tuple[list[str], str]:
    """Write the files; return their paths and a sentence on what they are."""
    real = [data for file in sorted(CORPUS.glob("*")) if parses(data := file.read_bytes())]
    texts = real or [workbench.tidy_mod(number, 60).encode() for number in range(FILES)]
    files = []
    for number in range(FILES):
        file = folder / f"m{number:03}" / "go.mod"
        file.parent.mkdir()
        file.write_bytes(texts[number % len(texts)])
        files.append(str(file))
    lines = statistics.median(text.count(b"\n") for text in texts)
    return (
        files,
        f"{FILES} files, {len(texts)} different {'real' if real else 'made-up'} ones, median {lines} lines",
    )


def parses(data: bytes) -> bool:
    """Say whether go accepts ``data``."""
    return (
        subprocess.run(
            [*GO, "/dev/stdin"], input=data, capture_output=True, timeout=30, check=False
        ).returncode
        == 0
    )


def seconds(commands: Sequence[Sequence[str]]) -> float:
    """Run the commands one after the other and return how long that took."""
    start = time.perf_counter()
    for command in commands:
        subprocess.run(command, stdout=subprocess.DEVNULL, cwd=workbench.ROOT, timeout=60, check=True)
    return time.perf_counter() - start


def main() -> int:
    """Print the table."""
    print(workbench.machine())
    with tempfile.TemporaryDirectory(dir=workbench.ROOT / "build") as temporary:
        files, what = make_files(Path(temporary))
        untidy = subprocess.run(
            [*OURS, "-l", temporary], capture_output=True, cwd=workbench.ROOT, timeout=60, check=True
        ).stdout.count(b"\n")
        print(f"{what}; {untidy} would change; median of {ROUNDS} rounds\n")
        every_file: dict[str, tuple[int, list[list[str]]]] = {
            "gofumpt-work, one process": (FILES, [[*OURS, temporary]]),
            f"gofumpt-work, one process a file ({SINGLE})": (
                SINGLE,
                [[*OURS, file] for file in files[:SINGLE]],
            ),
            f"go {workbench.GO_VERSION} mod edit -fmt -print, one process a file": (
                FILES,
                [[*GO, file] for file in files],
            ),
        }
        taken: dict[str, list[float]] = {name: [] for name in every_file}
        for _ in range(ROUNDS):
            for name, (count, commands) in every_file.items():
                taken[name].append(seconds(commands) / count * 1000)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    for name, median in medians.items():
        print(f"{name:56}{median:8.2f} ms a file")
    ours, _, theirs = medians.values()
    print(f"\none gofumpt-work is {theirs / ours:.1f} times as fast as one go a file")
    return 0


if __name__ == "__main__":
    sys.exit(main())
