"""What we were asked to look at."""

from __future__ import annotations

from gowatchd.system.folders import Reach


class Goals:
    """The folders that were asked for, and the ways that lead to them."""

    def __init__(self) -> None:
        self._reach: dict[bytes, Reach] = {b"/": Reach.WAY}
        self._children: dict[bytes, set[bytes]] = {}

    def add(self, path: bytes, reach: Reach) -> None:
        """Ask for the folder ``path``, absolute and without symlinks."""
        self._reach[path] = max(reach, self._reach.get(path, reach))
        while path != b"/":
            folder, _, name = path.rpartition(b"/")
            path = folder or b"/"
            self._children.setdefault(path, set()).add(name)
            self._reach.setdefault(path, Reach.WAY)

    def reach(self, path: bytes) -> Reach | None:
        """Return how far to look at ``path``, None where nobody asked."""
        return self._reach.get(path)

    def children(self, path: bytes) -> frozenset[bytes]:
        """Return the names of the folders below ``path`` that lead to something asked for."""
        return frozenset(self._children.get(path, ()))
