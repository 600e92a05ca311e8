"""What we were asked to look at."""

from __future__ import annotations

from gowatchd.system.folders import Reach


class Goals:
    """The folders that were asked for, and the ways that lead to them."""

    def __init__(self) -> None:
        self._asked: dict[bytes, list[Reach]] = {}
        self._children: dict[bytes, set[bytes]] = {}

    def add(self, path: bytes, reach: Reach) -> None:
        """Ask for the folder ``path``, absolute and without symlinks."""
        self._asked.setdefault(path, []).append(reach)
        while path != b"/":
            folder, _, name = path.rpartition(b"/")
            path = folder or b"/"
            self._children.setdefault(path, set()).add(name)

    def remove(self, path: bytes, reach: Reach) -> None:
        """Take back one ``add`` of the same."""
        asked = self._asked[path]
        asked.remove(reach)
        if not asked:
            del self._asked[path]
        while path != b"/" and path not in self._asked and path not in self._children:
            folder, _, name = path.rpartition(b"/")
            path = folder or b"/"
            self._children[path].remove(name)
            if not self._children[path]:
                del self._children[path]

    def reach(self, path: bytes) -> Reach | None:
        """Return how far to look at ``path``, None where nobody asked."""
        asked = self._asked.get(path)
        if asked:
            return max(asked)
        return Reach.WAY if path in self._children or path == b"/" else None

    def paths(self) -> tuple[bytes, ...]:
        """Return all that was asked for and the folders above, sorted."""
        return tuple(sorted({b"/", *self._asked, *self._children}))

    def children(self, path: bytes) -> frozenset[bytes]:
        """Return the names of the folders below ``path`` that lead to something asked for."""
        return frozenset(self._children.get(path, ()))
