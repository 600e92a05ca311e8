"""The tree of folders that we know: names, Go files, watches; nothing here touches the file system."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from gowatchd.system.discovery import FILE_NAMES, GIT, MODULES_LIST, NAMES, NOTHING, PLAIN_NAMES, VENDOR, join

if TYPE_CHECKING:
    from collections.abc import Iterator

UNWATCHED = -1


class Reach(IntEnum):
    """How far we look at a folder; a greater one includes the smaller."""

    BESIDE = 0  # a vendor folder beside a Go file: its list of modules
    WAY = 1  # only on the way to another one: we want to know when that comes and goes
    REPOSITORY = 2  # a git directory: what git is doing
    SIGNS = 3  # where an editor keeps the signs of open files
    SINGLE = 4  # its own Go files
    TREE = 5  # its own and those of all folders below


class Rank(IntEnum):
    """How much a watch is worth where they are scarce; the smallest number goes first."""

    GO = 0  # Go files and what was asked for, and the folders above: without them nothing is heard
    ASIDE = 1  # git directories and vendor folders
    SOURCE = 2  # where a Go file may come to be
    NONE = 3


_WANTED = {
    Reach.BESIDE: NOTHING,
    Reach.WAY: frozenset({GIT}),
    Reach.REPOSITORY: NOTHING,
    Reach.SIGNS: NOTHING,
    Reach.SINGLE: PLAIN_NAMES,
    Reach.TREE: PLAIN_NAMES,
}
_ASKED_FOR = frozenset({Reach.WAY, Reach.SIGNS, Reach.SINGLE})

# Most folders hold nothing for us, and the others one of a few sets of names: each exists once.
_name_sets: dict[frozenset[bytes], frozenset[bytes]] = {}  # at most one for each subset of eight names
_no_children: dict[bytes, Folder] = {}  # never changed


class Folder:
    """One folder; ``/`` has no parent, and neither has one that was taken out of the tree.

    ``weight`` counts the Go files and the asked-for folders at and below it. ``scanned`` is the number of the
    scan that last listed it. ``names`` are the files in it that matter. There are some ten thousand of these
    objects.
    """

    __slots__ = ("children", "name", "names", "parent", "reach", "scanned", "wd", "weight")

    def __init__(self, name: bytes, reach: Reach) -> None:
        self.name = name
        self.reach = reach
        self.parent: Folder | None = None
        self.children = _no_children
        self.names = NOTHING
        self.wd = UNWATCHED
        self.weight = 0
        self.scanned = 0

    @property
    def rank(self) -> Rank:
        """Return how much its watch is worth."""
        if self.weight or self.reach in _ASKED_FOR:
            return Rank.GO
        return Rank.SOURCE if self.reach is Reach.TREE else Rank.ASIDE

    @property
    def has_go_file(self) -> bool:
        """Say whether a go.mod or go.work is in it."""
        return not self.names.isdisjoint(FILE_NAMES)

    def wanted(self) -> frozenset[bytes]:
        """Return the names of files that may matter here."""
        names = _WANTED[self.reach]
        if names is PLAIN_NAMES and self.has_go_file:
            names = NAMES
        if self.name == VENDOR and self.parent is not None and self.parent.has_go_file:
            return names | {MODULES_LIST}
        return names

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
        if self.children is _no_children:
            self.children = {}
        self.children[child.name] = child
        if child.weight:
            self.weigh(child.weight)

    def detach(self) -> None:
        """Take this folder out of its parent, with all below it."""
        parent, self.parent = self.parent, None
        if parent is not None:
            del parent.children[self.name]
            if not parent.children:
                parent.children = _no_children
            if self.weight:
                parent.weigh(-self.weight)

    def weigh(self, change: int) -> None:
        """Add ``change`` to the weight of this folder and those above."""
        for folder in self.upward():
            folder.weight += change

    def add_file(self, name: bytes) -> None:
        """Note the file ``name``."""
        if name not in self.names:
            self.names = _interned(self.names | {name})
            if name in FILE_NAMES:
                self.weigh(1)

    def remove_file(self, name: bytes) -> None:
        """Forget the file ``name``."""
        if name in self.names:
            self.names = _interned(self.names - {name})
            if name in FILE_NAMES:
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
            yield from (join(path, name) for name in sorted(folder.names & FILE_NAMES))
            waiting.extend(
                (child, join(path, name)) for name, child in folder.children.items() if child.weight
            )


def _interned(names: frozenset[bytes]) -> frozenset[bytes]:
    return _name_sets.setdefault(names, names)
