"""The tree of folders that we know: names, Go files, watches; nothing here touches the file system."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from gowatchd.system.discovery import join

if TYPE_CHECKING:
    from collections.abc import Iterator

UNWATCHED = -1


class Reach(IntEnum):
    """How far we look at a folder; a greater one includes the smaller."""

    WAY = 0  # only on the way to another one: we want to know when that comes and goes
    SIGNS = 1  # where an editor keeps the signs of open files
    SINGLE = 2  # its own Go files
    TREE = 3  # its own and those of all folders below


class Folder:
    """One folder; ``/`` has no parent, and neither has one that was taken out of the tree.

    ``weight`` counts the Go files and the asked-for folders at and below it: where watches are scarce, only
    folders with a weight keep theirs. ``scanned`` is the number of the scan that last listed it.
    """

    __slots__ = ("children", "files", "gone", "name", "parent", "reach", "scanned", "wd", "weight")

    def __init__(self, name: bytes, reach: Reach) -> None:
        self.name = name
        self.reach = reach
        self.parent: Folder | None = None
        self.children: dict[bytes, Folder] = {}
        self.files: set[bytes] = set()
        self.wd = UNWATCHED
        self.weight = 0
        self.scanned = 0
        self.gone = False

    def path(self) -> bytes | None:
        """Return the absolute path, or None for a folder outside of the tree."""
        names = []
        folder = self
        while folder.parent is not None:
            names.append(folder.name)
            folder = folder.parent
        if folder.name != b"/":
            return None
        names.append(b"")
        return b"/".join(reversed(names)) if len(names) > 1 else b"/"

    def depth(self) -> int:
        """Return the number of folders above."""
        return sum(1 for _ in self.upward()) - 1

    def upward(self) -> Iterator[Folder]:
        """Yield this folder and those above it, nearest first."""
        folder: Folder | None = self
        while folder is not None:
            yield folder
            folder = folder.parent

    def walk(self) -> Iterator[Folder]:
        """Yield this folder and those below it, parents first."""
        waiting = [self]
        while waiting:
            folder = waiting.pop()
            yield folder
            waiting.extend(folder.children.values())

    def adopt(self, child: Folder) -> None:
        """Hang ``child`` below this folder, under its name."""
        child.parent = self
        self.children[child.name] = child
        if child.weight:
            self.weigh(child.weight)

    def detach(self) -> None:
        """Take this folder out of its parent, with all below it."""
        parent, self.parent = self.parent, None
        if parent is not None:
            del parent.children[self.name]
            if self.weight:
                parent.weigh(-self.weight)

    def weigh(self, change: int) -> None:
        """Add ``change`` to the weight of this folder and those above."""
        for folder in self.upward():
            folder.weight += change

    def add_file(self, name: bytes) -> None:
        """Note the file ``name``."""
        if name not in self.files:
            self.files.add(name)
            self.weigh(1)

    def remove_file(self, name: bytes) -> None:
        """Forget the file ``name``."""
        if name in self.files:
            self.files.remove(name)
            self.weigh(-1)

    def file_paths(self) -> Iterator[bytes]:
        """Yield the paths of all Go files at and below this folder."""
        path = self.path()
        return iter(()) if path is None else self.file_paths_from(path)

    def file_paths_from(self, path: bytes) -> Iterator[bytes]:
        """Yield the paths of all Go files at and below this folder as if it stood at ``path``."""
        waiting = [(self, path)]
        while waiting:
            folder, path = waiting.pop()
            yield from (join(path, name) for name in sorted(folder.files))
            waiting.extend(
                (child, join(path, name)) for name, child in folder.children.items() if child.weight
            )
