"""Whether git has brought another state into a work tree: a switch, a pull, a reset, a rebase, a stash.

The reflog of HEAD says so (git-reflog(1), "logs/HEAD" in gitrepository-layout(5)): one line for each move,
the newest last, with its time and what moved it. A commit moves HEAD as well, and leaves the files alone.
"""

from __future__ import annotations

import os
import re
import stat
import time
from typing import TYPE_CHECKING

from gowatchd.system.git import find_git_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Git

TAIL = 4096  # bytes: a line has two object names, a person, a time and the first line of a message
# git writes it after the files, and its time has whole seconds; a large pull takes some. A line that is more
# than that in the future is of a clock that went wrong, and says nothing.
TOLERANCE_SECONDS = 5.0
_MOVE = re.compile(rb"> (\d+) [+-]\d{4}\t(?!commit\b)")


class GitMoves:
    """The ``Moves`` port, over ``git`` and the reflog."""

    def __init__(self, git: Git, clock: Callable[[], float] = time.time) -> None:
        self._git = git
        self._clock = clock

    def busy(self, path: str) -> str | None:
        """Say what git is in the middle of in the repository of ``path``, for a person, or ``None``."""
        return self._git.busy(path)

    def moved(self, path: str, seconds: float) -> bool:
        """Say whether git brought another state into the work tree of ``path``, ``seconds`` ago or later."""
        git_directory = find_git_directory(path)
        if git_directory is None:
            return False
        found = _MOVE.search(_last_line(os.path.join(git_directory, "logs", "HEAD")))
        if found is None:
            return False
        return -TOLERANCE_SECONDS <= self._clock() - int(found[1]) <= seconds + TOLERANCE_SECONDS


def _last_line(path: str) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a FIFO is not waited for
        with open(fd, "rb") as file:
            found = os.fstat(fd)
            if not stat.S_ISREG(found.st_mode):
                return b""
            file.seek(max(0, found.st_size - TAIL))
            return file.read(TAIL).rstrip(b"\n").rpartition(b"\n")[2]
    except OSError:  # no reflog (core.logAllRefUpdates=false), no commit yet: git says nothing then
        return b""
