"""The folders that wait to be listed, and which of them come first."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.system.folders import Folder


class ScanQueue:
    """Folders in the order in which they came; those that are near before all others.

    While ``held``, the others wait.
    """

    def __init__(self) -> None:
        self.held = False
        self._near: frozenset[bytes] = frozenset()
        self._first: deque[Folder] = deque()
        self._others: deque[Folder] = deque()
        self._failed: list[Folder] = []
        self.failures: dict[bytes, str] = {}  # the folders that were put off, and what the system said

    @property
    def waiting(self) -> bool:
        """Whether folders wait to be listed, and may be."""
        return bool(self._first) or (bool(self._others) and not self.held)

    def begin_near(self, paths: Iterable[bytes]) -> None:
        """Before anything was listed: ``paths`` and the folders above them are near, and hold the others."""
        near = {b"/"}
        for path in paths:
            while path not in near:
                near.add(path)
                path = path.rpartition(b"/")[0] or b"/"  # noqa: PLW2901 the way up
        self._near = frozenset(near)
        self._first, self._others = self._others, deque()
        self.held = True

    def release(self) -> None:
        """Let the others come as well."""
        self.held = False
        self._near = frozenset()

    def is_near(self, path: bytes) -> bool:
        """Say whether ``path`` is one of the near folders, or leads to one."""
        return path in self._near

    def push(self, folder: Folder, *, near: bool = True) -> None:
        """Have ``folder`` wait; while the others are held, it comes nonetheless if it is ``near``."""
        (self._first if near and self.held else self._others).append(folder)

    def push_again(self, folder: Folder) -> None:
        """Have ``folder`` wait, even if this scan listed it."""
        folder.scanned = 0
        self.push(folder)

    def put_off(self, folder: Folder, path: bytes, reason: str) -> None:
        """Keep ``folder`` until ``retry``: the system failed to list it."""
        self._failed.append(folder)
        self.failures[path] = reason

    def retry(self) -> None:
        """Have those wait again that were put off."""
        for folder in self._failed:
            self.push_again(folder)
        self._failed.clear()
        self.failures.clear()

    def pop(self, *, latest: bool) -> Folder:
        """Return the first folder, or the ``latest``."""
        queue = self._first or self._others
        return queue.pop() if latest else queue.popleft()

    def restart(self, root: Folder) -> None:
        """Forget all, and begin with ``root``."""
        self._first.clear()
        self._others.clear()
        self._failed.clear()
        self.failures.clear()
        self.push(root)
