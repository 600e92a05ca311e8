"""News of problems: only where a workspace breaks, is broken in another way, or is fine again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gowatchd.lint.catalog import OF_ENVIRONMENT
from gowatchd.lint.diagnostic import Severity
from gowatchd.services import note_text
from gowatchd.services.notes import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.services.note_board import NoteBoard
    from gowatchd.services.ports import Handle, Moves, Scheduler

SECONDS = 1.0  # the go command's own opinion follows within that, and a slip is mended within that
GIT_FIRST_SECONDS = 2.0  # until git is asked again whether it is done, doubled each time
GIT_MOST_SECONDS = 60.0  # people merge for minutes, and some stat calls a minute are nothing

PROBLEMS = frozenset({Severity.ERROR, Severity.WARNING})  # known even while less is told: no news later

Identity = tuple[str, str, str]


class ProblemNews:
    """Knows the problems of each workspace, and which of them were told.

    ``level`` returns how much may be told of a path. With ``fixes`` and ``opens`` there are buttons for it.
    While ``quiet`` is set, and for ``start_seconds``, problems are taken for old ones. So are those that
    git brought, as ``git`` knows; while it is in the middle of something nothing is told.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        board: NoteBoard,
        level: Callable[[str], Level],
        start_seconds: float,
        *,
        fixes: bool,
        opens: bool,
        git: Moves | None,
    ) -> None:
        self.quiet = False
        self._scheduler = scheduler
        self._board = board
        self._level = level
        self._fixes = fixes
        self._opens = opens
        self._git = git
        self._since: dict[str, float] = {}  # when what is to be told of a workspace began
        self._git_waits: dict[str, float] = {}  # how long each waits for git at a time
        self._mended: set[str] = set()  # workspaces whose Fix button was pressed: the end is no news then
        self._start_seconds = start_seconds
        self._start_over = scheduler.now() + start_seconds
        self._arrivals: dict[str, float] = {}  # workspaces that came with a disk, and when that is over
        self._problems: dict[str, tuple[Diagnostic, ...]] = {}
        self._announced: dict[str, frozenset[Identity]] = {}
        self._timers: dict[str, Handle] = {}

    def checked(self, workspace: str, diagnostics: Sequence[Diagnostic]) -> None:
        """The workspace whose go.work or go.mod is ``workspace`` has these ``diagnostics`` now."""
        problems = tuple(
            found
            for found in diagnostics
            if found.severity in PROBLEMS and not self._is_told_elsewhere(workspace, found)
        )
        self._problems[workspace] = problems
        known = self._board.find(note_text.problem_key(workspace)) is not None
        if self._level(workspace) is Level.OFF or (self._is_starting(workspace) and not known):
            self._announced[workspace] = _identities(problems)
            return
        self._since.setdefault(workspace, self._scheduler.now())
        if self._git_waits.pop(workspace, None) is not None:
            self._timers.pop(workspace).cancel()
        if workspace not in self._timers:
            self._compare_after(SECONDS, workspace)

    def arrived(self, workspaces: Iterable[str]) -> None:
        """Take the problems of ``workspaces`` for old ones for a while: a disk was mounted, say."""
        now = self._scheduler.now()
        self._arrivals = {path: until for path, until in self._arrivals.items() if until > now}
        self._arrivals.update(dict.fromkeys(workspaces, now + self._start_seconds))

    def vanished(self, workspace: str) -> None:
        """The workspace is no more."""
        self._problems.pop(workspace, None)
        self._announced.pop(workspace, None)
        self._mended.discard(workspace)
        self._put_off(workspace)
        self._board.withdraw(note_text.problem_key(workspace))

    def keep_only(self, workspaces: Iterable[str]) -> None:
        """Take all but ``workspaces`` for vanished: a reload looks at other folders."""
        for workspace in self._problems.keys() - set(workspaces):
            self.vanished(workspace)

    def limits_changed(self) -> None:
        """Take away what is told of workspaces of which nothing may be told by now."""
        for workspace, problems in self._problems.items():
            if self._level(workspace) is Level.OFF:
                self._announced[workspace] = _identities(problems)
                self._put_off(workspace)
                self._board.withdraw(note_text.problem_key(workspace))

    def settle(self, workspace: str) -> None:
        """Decide on the note of a process before us on ``workspace``, by what is known of it by now."""
        problems = self._wanted(workspace)
        if problems and self._level(workspace) is not Level.OFF:
            self._post(workspace, problems)
        else:
            self._board.withdraw(note_text.problem_key(workspace))

    def fixable(self, workspace: str) -> frozenset[str]:
        """Return the codes of the problems of ``workspace`` that have a fix."""
        return frozenset(one.code for one in self._wanted(workspace) if one.fix is not None)

    def mended(self, workspace: str) -> None:
        """Take note that the person had ``workspace`` mended: that it is fine then is no news."""
        self._mended.add(workspace)

    def _is_starting(self, workspace: str) -> bool:
        return self.quiet or self._scheduler.now() < max(self._start_over, self._arrivals.get(workspace, 0.0))

    def _is_told_elsewhere(self, workspace: str, one: Diagnostic) -> bool:
        """Say whether ``one`` is about a setting of which the note of another workspace tells."""
        return one.code in OF_ENVIRONMENT and any(
            (one.code, one.message) == (other.code, other.message)
            for path in self._problems
            if path != workspace and self._level(path) is not Level.OFF
            for other in self._wanted(path)
        )

    def _wanted(self, workspace: str) -> tuple[Diagnostic, ...]:
        """Return the problems of ``workspace`` that are grave enough for who hears of them."""
        problems = self._problems.get(workspace, ())
        if self._level(workspace) is Level.ALL:
            return problems
        return tuple(one for one in problems if one.severity is Severity.ERROR)

    def _put_off(self, workspace: str) -> None:
        self._since.pop(workspace, None)
        self._git_waits.pop(workspace, None)
        if workspace in self._timers:
            self._timers.pop(workspace).cancel()

    def _compare_after(self, seconds: float, workspace: str) -> None:
        self._timers[workspace] = self._scheduler.call_later(seconds, partial(self._compare, workspace))

    def _wait_for_git(self, workspace: str) -> None:
        wait = self._git_waits.get(workspace, GIT_FIRST_SECONDS)
        self._git_waits[workspace] = min(wait * 2, GIT_MOST_SECONDS)
        self._compare_after(wait, workspace)

    def _compare(self, workspace: str) -> None:
        """Tell how the problems of ``workspace`` differ from those that were told last."""
        del self._timers[workspace]
        problems = self._wanted(workspace)
        now, before = _identities(problems), self._announced.get(workspace, frozenset())
        key = note_text.problem_key(workspace)
        former = any(note.key == key for note in self._board.former)
        if now != before and self._git is not None and self._git.busy(workspace):
            self._wait_for_git(workspace)
            return
        self._git_waits.pop(workspace, None)
        since = self._since.pop(workspace, self._scheduler.now())
        self._announced[workspace] = now
        if (former and not now and self._is_starting(workspace)) or (now == before and not former):
            return  # what go has to say of it may still come, at the start
        brought = self._git is not None and self._git.moved(workspace, self._scheduler.now() - since)
        mended = workspace in self._mended
        self._mended.discard(workspace)
        if not now and self._board.told(key) and not mended and not brought:
            self._board.post(note_text.fixed(workspace))
        elif not now:
            self._board.withdraw(key)
        elif self._board.find(key) is not None or not (brought or now < before):  # fewer is no news
            self._post(workspace, problems)

    def _post(self, workspace: str, problems: tuple[Diagnostic, ...]) -> None:
        fixable = self._fixes and any(one.fix is not None for one in problems)
        self._board.post(note_text.problem(workspace, problems, fixable=fixable, openable=self._opens))


def _identities(problems: Sequence[Diagnostic]) -> frozenset[Identity]:
    """Return what makes a problem the same one although lines moved."""
    return frozenset((found.path, found.code, found.message) for found in problems)
