"""When a workspace is checked that many saves touch: the first of them at once, what follows as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.services.settling import Settling

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Scheduler

# A Save All, a checkout or a rebase saves many files of one workspace. The first is judged at once, and what
# follows this close as a whole: one verdict for each state of the workspace, not one for each file. While it
# goes on, the pauses between two verdicts grow: a checkout of hundreds of files takes seconds.
SAVE_ALL_SECONDS = 0.1
SAVE_ALL_MOST_SECONDS = 0.8


@dataclass(frozen=True, slots=True)
class _Check:
    """The last check of a workspace: when, the file whose save led to it, and the pause that follows it."""

    at: float
    cause: str
    pause: float


class Pacing:
    """Calls ``check(path)`` for workspaces that changed, each at once or together with other changes."""

    def __init__(self, scheduler: Scheduler, check: Callable[[str], None]) -> None:
        self._scheduler = scheduler
        self._check = check
        self._due = Settling(scheduler, SAVE_ALL_SECONDS, self._check_together)
        self._last: dict[str, _Check] = {}

    def changed(self, path: str, cause: str) -> None:
        """Have the workspace of ``path`` checked, which the file ``cause`` changed."""
        now = self._scheduler.now()
        last = self._last.get(path, _Check(now, cause, 0.0))
        alone = cause == last.cause and not self._due.is_waiting(path)
        if now - last.at < last.pause and not alone:
            self._due.expect(path, last.at + last.pause - now)
        else:
            self._last[path] = _Check(now, cause, SAVE_ALL_SECONDS)
            self._check(path)

    def hurry(self, path: str) -> None:
        """Check the workspace of ``path`` now, if that is due."""
        if self._due.is_waiting(path):
            self._check_together(path)

    def checked(self, path: str) -> None:
        """Take note that the workspace of ``path`` was checked, for whatever reason."""
        self._due.cancel(path)

    def forget(self, path: str) -> None:
        """Drop the workspace of ``path``, which is no more."""
        self._due.cancel(path)
        self._last.pop(path, None)

    def clear(self) -> None:
        """Call off everything."""
        self._due.clear()

    def _check_together(self, path: str) -> None:
        pause = self._last[path].pause
        self._last[path] = _Check(self._scheduler.now(), "", min(pause * 2, SAVE_ALL_MOST_SECONDS))
        self._check(path)
