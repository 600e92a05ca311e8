"""Files in memory, for what is about their content alone."""

from __future__ import annotations

import posixpath
from collections import Counter

from gowatchd.services.ports import Look, Reading, Swap, SwapOutcome


class MemoryFiles:
    """The port ``Files`` over a dictionary of contents; a Look in place of content is how a look ends."""

    def __init__(self, files: dict[str, bytes | Look]) -> None:
        self.files = files
        self.reads: Counter[str] = Counter()

    def mark(self, path: str) -> object:
        return self.files.get(path)

    def read(self, path: str, largest: int | None = None) -> Reading:
        self.reads[path] += 1
        content = self.files.get(path, Look.MISSING)
        if isinstance(content, Look):
            return Reading(path, content, reason=content.value)
        return Reading(path, Look.CONTENT, content)

    def is_directory(self, path: str) -> bool:
        return any(name.startswith(f"{path}/") for name in self.files)

    def exists(self, path: str) -> bool:
        return self.files.get(path, Look.MISSING) is not Look.MISSING or self.is_directory(path)

    def flush(self, path: str) -> None:
        pass

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        if self.files.get(path) != expected:
            return Swap(SwapOutcome.CHANGED)
        self.files[path] = new
        return Swap(SwapOutcome.WRITTEN)


def txtar(text: str, root: str = "/w") -> dict[str, bytes | Look]:
    """Return the files of a txtar text, below ``root``."""
    files: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("-- ") and line.endswith(" --"):
            lines = files.setdefault(posixpath.join(root, line[3:-3].strip()), [])
        else:
            lines.append(line)
    return {path: "".join(f"{line}\n" for line in content).encode() for path, content in files.items()}
