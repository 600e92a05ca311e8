"""The git directories that are watched: what git does there is told, once for many changes.

A repository's own ``.git`` is watched where the tree comes across it. The ``.git`` of a linked worktree or a
submodule is a file, which names a git directory elsewhere (gitrepository-layout(5)): it is asked for here.
What is common to all worktrees, refs and objects, is none of our business: index and HEAD, and the signs of
a rebase or merge, stand in the worktree's own git directory.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.system.folders import Reach
from gowatchd.system.git import linked_git_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle
    from gowatchd.system.loop import MainLoop
    from gowatchd.system.watch_tree import WatchTree

_REST = 0.05  # seconds: a commit locks, writes and replaces the index within a few milliseconds


class Repositories:
    """Follows the ``.git`` files; calls ``stirred`` with a git directory after something changed there."""

    def __init__(self, loop: MainLoop, tree: WatchTree, stirred: Callable[[str], None]) -> None:
        self._loop = loop
        self._tree = tree
        self._stirred = stirred
        self._links: dict[str, str] = {}  # the .git file -> the git directory that it names
        self._due: dict[str, Handle] = {}

    def linked(self, dot_git: str) -> None:
        """Look at the file ``dot_git`` again: it came, changed or went."""
        target = linked_git_directory(dot_git)
        before = self._links.get(dot_git)
        if target == before:
            return
        if target is not None:
            self._links[dot_git] = target
            self._tree.add(os.fsencode(target), Reach.REPOSITORY)
        if before is not None:
            if target is None:
                del self._links[dot_git]
            self._tree.remove(os.fsencode(before), Reach.REPOSITORY)

    def changed(self, git_directory: str) -> None:
        """Tell of ``git_directory`` soon, together with what else happens there."""
        if git_directory not in self._due:
            self._due[git_directory] = self._loop.call_later(_REST, partial(self._tell, git_directory))

    def work_trees(self, git_directory: str) -> tuple[str, ...]:
        """Return the top folders of the work trees that belong to ``git_directory``."""
        links = [os.path.dirname(link) for link, target in self._links.items() if target == git_directory]
        own, _, name = git_directory.rpartition("/")
        return (own or "/", *links) if name == ".git" else tuple(links)

    def close(self) -> None:
        """Tell nothing any more."""
        for timer in self._due.values():
            timer.cancel()
        self._due.clear()

    def _tell(self, git_directory: str) -> None:
        del self._due[git_directory]
        self._stirred(git_directory)
