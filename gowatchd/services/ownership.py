"""Which file is part of which workspaces, and which is part of none any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NOTHING: frozenset[str] = frozenset()


class Ownership:
    """The parts of workspaces, both ways: a workspace is built from files, a file has owners."""

    def __init__(self) -> None:
        self._parts: dict[str, frozenset[str]] = {}  # workspace -> every file that it was built from
        self._owners: dict[str, set[str]] = {}  # file -> the workspaces that it is part of
        self._loose: set[str] = set()

    def __iter__(self) -> Iterator[str]:
        """Yield the files that have an owner."""
        return iter(self._owners)

    def of(self, path: str) -> frozenset[str]:
        """Return the workspaces that the file at ``path`` is part of."""
        return frozenset(self._owners.get(path, ()))

    def set_parts(self, workspace: str, parts: frozenset[str]) -> None:
        """Take ``parts`` for all files that ``workspace`` was built from; without any it is no more."""
        before = self._parts.pop(workspace, NOTHING)
        if parts:
            self._parts[workspace] = parts
        for path in parts - before:
            self._owners.setdefault(path, set()).add(workspace)
        for path in before - parts:
            self._owners[path].remove(workspace)
            if not self._owners[path]:
                del self._owners[path]
                self._loose.add(path)

    def doubt(self, paths: Iterable[str]) -> None:
        """Have ``take_loose`` look at ``paths`` too: they may never have had an owner."""
        self._loose.update(paths)

    def take_loose(self) -> tuple[str, ...]:
        """Return the files without an owner that lost the last one since the last call, or are in doubt."""
        loose = tuple(path for path in self._loose if path not in self._owners)
        self._loose.clear()
        return loose
