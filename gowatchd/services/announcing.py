"""What the person is told, and when: events in, notes out.

People switch notifications off that come at every save, repeat themselves or tell what needs no telling. So:
only changes of state, one note per workspace updated in place, none for what was wrong before we came.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.lint.catalog import OF_ENVIRONMENT
from gowatchd.lint.diagnostic import Severity
from gowatchd.services import note_text
from gowatchd.services.changes import HistoryError
from gowatchd.services.note_board import NoteBoard
from gowatchd.services.notes import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.services.fixer import Fixing
    from gowatchd.services.notes import Note, Notifier
    from gowatchd.services.ports import Handle, Scheduler
    from gowatchd.services.undoing import Undoing

FORMATTED_SECONDS = 3.0  # quiet after the last write: a Save All, or somebody saving again and again
FORMATTED_MOST_SECONDS = 15.0  # but an auto-save does not put it off for ever
PROBLEM_SECONDS = 1.0  # the go command's own opinion follows within that, and a slip is mended within that
START_SECONDS = 30.0  # at login everything is checked for the first time: nothing of that is news

Identity = tuple[str, str, str]


@dataclass(slots=True)
class _Batch:
    """The files of one workspace that were formatted or fixed and not yet told."""

    due: float  # tell at the latest then
    changes: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)  # id, path, titles of fixes
    timer: Handle | None = None


class Announcer:
    """Turns what happens into notes.

    For the buttons, ``undo`` takes back one change, and ``fix`` mends what it can of some codes in a
    workspace; both may raise HistoryError. ``level`` may be set at any time: it counts for what happens from
    then on. ``limit`` returns the most that may be told of what is at a path. While ``quiet`` is set, as
    during a whole scan, problems are taken for old ones.
    """

    def __init__(
        self,
        notifier: Notifier,
        scheduler: Scheduler,
        level: Level,
        undo: Callable[[int], Undoing],
        start_seconds: float = START_SECONDS,
        fix: Callable[[str, frozenset[str]], Fixing] | None = None,
        limit: Callable[[str], Level] = lambda _path: Level.ALL,
    ) -> None:
        self.level = level
        self.restart: Callable[[str], None] | None = None  # restarts a user unit, for its button
        self.quiet = False
        self._limit = limit
        self._scheduler = scheduler
        self._undo = undo
        self._fix = fix
        self._mended: set[str] = set()  # workspaces whose Fix button was pressed: the end is no news then
        self._board = NoteBoard(notifier, scheduler)
        self._start_seconds = start_seconds
        self._start_over = scheduler.now() + start_seconds
        self._arrivals: dict[str, float] = {}  # workspaces that came with a disk, and when that is over
        self._batches: dict[str, _Batch] = {}
        self._problems: dict[str, tuple[Diagnostic, ...]] = {}
        self._announced: dict[str, frozenset[Identity]] = {}
        self._timers: dict[str, Handle] = {}
        self._degraded: set[str] = set()
        notifier.listen(self)

    def formatted(self, change: int, path: str, workspace: str) -> None:
        """``path``, a file of the workspace whose go.work or go.mod is ``workspace``, was formatted."""
        self.fixed(change, path, workspace, ())

    def fixed(self, change: int, path: str, workspace: str, titles: tuple[str, ...]) -> None:
        """``path`` was mended by itself, as ``titles`` say; without any it was merely formatted."""
        if self._level(workspace) < Level.CHANGES:
            return
        now = self._scheduler.now()
        batch = self._batches.setdefault(workspace, _Batch(now + FORMATTED_MOST_SECONDS))
        batch.changes.append((change, path, titles))
        if batch.timer is not None:
            batch.timer.cancel()
        wait = min(FORMATTED_SECONDS, max(0.0, batch.due - now))
        batch.timer = self._scheduler.call_later(wait, partial(self._tell_formatted, workspace))

    def checked(self, workspace: str, diagnostics: Sequence[Diagnostic]) -> None:
        """The workspace whose go.work or go.mod is ``workspace`` has these ``diagnostics`` now."""
        level = self._level(workspace)
        wanted = {Severity.ERROR, Severity.WARNING} if level is Level.ALL else {Severity.ERROR}
        problems = tuple(
            found
            for found in diagnostics
            if found.severity in wanted and not self._is_told_elsewhere(workspace, found)
        )
        self._problems[workspace] = problems
        if self.quiet or self._is_starting(workspace) or level is Level.OFF:
            self._announced[workspace] = _identities(problems)
        elif workspace not in self._timers:
            compare = partial(self._compare, workspace)
            self._timers[workspace] = self._scheduler.call_later(PROBLEM_SECONDS, compare)

    def arrived(self, workspaces: Iterable[str]) -> None:
        """Take the problems of ``workspaces`` for old ones for a while: a disk was mounted, say."""
        now = self._scheduler.now()
        self._arrivals = {path: until for path, until in self._arrivals.items() if until > now}
        self._arrivals.update(dict.fromkeys(workspaces, now + self._start_seconds))

    def _is_starting(self, workspace: str) -> bool:
        return self._scheduler.now() < max(self._start_over, self._arrivals.get(workspace, 0.0))

    def _is_told_elsewhere(self, workspace: str, one: Diagnostic) -> bool:
        """Say whether ``one`` is about a setting of which the note of another workspace tells."""
        return one.code in OF_ENVIRONMENT and any(
            (one.code, one.message) == (other.code, other.message)
            for path, problems in self._problems.items()
            if path != workspace and self._level(path) is not Level.OFF
            for other in problems
        )

    def vanished(self, workspace: str) -> None:
        """The workspace is no more."""
        self._problems.pop(workspace, None)
        self._announced.pop(workspace, None)
        self._mended.discard(workspace)
        if workspace in self._timers:
            self._timers.pop(workspace).cancel()
        self._board.withdraw(note_text.problem_key(workspace))

    def limits_changed(self) -> None:
        """Take away what is told of workspaces of which nothing may be told by now."""
        for workspace, problems in self._problems.items():
            if self._level(workspace) is Level.OFF:
                self._announced[workspace] = _identities(problems)
                if workspace in self._timers:
                    self._timers.pop(workspace).cancel()
                self._board.withdraw(note_text.problem_key(workspace))
        for workspace in [one for one in self._batches if self._level(one) < Level.CHANGES]:
            timer = self._batches.pop(workspace).timer
            if timer is not None:
                timer.cancel()

    def keep_only(self, workspaces: Iterable[str]) -> None:
        """Take all but ``workspaces`` for vanished: a reload looks at other folders."""
        for workspace in self._problems.keys() - set(workspaces):
            self.vanished(workspace)

    def undone(self, change: int, path: str) -> None:
        """``change`` of ``path`` was undone, in whatever way."""
        for batch in self._batches.values():
            batch.changes = [told for told in batch.changes if told[0] != change]
        self._board.undone(change)
        if self._level(path) is Level.ALL:
            self._board.post(note_text.undone(path))

    def write_failed(self, path: str, reason: str) -> None:
        """The system refused to write ``path``."""
        if self._level(path) is not Level.OFF:
            self._board.post(note_text.write_failed(path, reason))

    def write_over(self, path: str) -> None:
        """What was refused for ``path`` is done, or not wanted any more."""
        self._board.withdraw(note_text.write_key(path))

    def unit(self, note: Note, *, least: Level = Level.CHANGES) -> None:
        """Tell ``note``, which is about a user unit, to who wants to be told that much."""
        if self.level >= least:
            self._board.post(note)

    def degraded(self, part: str, reason: str) -> None:
        """``part`` of the daemon is off; told once a run."""
        if self.level is not Level.OFF and part not in self._degraded:
            self._degraded.add(part)
            self._board.post(note_text.degraded(part, reason))

    def restored(self, part: str) -> None:
        """``part`` of the daemon works again."""
        self._degraded.discard(part)
        self._board.withdraw(note_text.degraded_key(part))

    def server_changed(self, name: str | None) -> None:
        """Hear from the notifier that a server came or went."""
        self._board.server_changed(name)

    def action(self, key: str, action: str) -> None:
        """Hear from the notifier that a button was pressed."""
        note = self._board.find(key)
        if note is None or action not in dict(note.actions):
            return
        if action == note_text.FIX:
            self._mend(key.partition(":")[2])
            return
        if action == note_text.SHOW:
            others = tuple(one for one in note.actions if one[0] != note_text.SHOW)
            self._board.post(replace(note, body=note.details, actions=others))
            return
        if action == note_text.RESTART:
            if self.restart is not None:
                self.restart(key.partition(":")[2])
            return
        failed = [reason for change in reversed(note.changes) if (reason := self._why_not_undone(change))]
        if failed:
            self._board.post(note_text.not_undone(key, failed))
        else:
            self._board.withdraw(key)

    def closed(self, key: str) -> None:
        """Hear from the notifier that a note is off the screen."""
        self._board.closed(key)

    def _mend(self, workspace: str) -> None:
        """Fix what can be fixed of the problems of ``workspace``, and say what became of it."""
        if self._fix is None:
            return
        codes = {one.code for one in self._problems.get(workspace, ()) if one.fix is not None}
        try:
            fixing = self._fix(workspace, frozenset(codes))
        except HistoryError as error:
            self._board.post(note_text.not_fixed(workspace, [str(error)]))
            return
        if fixing.fixed:
            self._mended.add(workspace)
            paths = [one.path for one in fixing.fixed]
            changes = tuple(one.change for one in fixing.fixed if one.change is not None)
            titles = [title for one in fixing.fixed for title in one.titles]
            self._board.post(note_text.fixed_files(workspace, paths, changes, titles))
        elif fixing.refusals:
            reasons = [f"{one.title}: {one.reason}" for one in fixing.refusals]
            self._board.post(note_text.not_fixed(workspace, reasons))

    def _level(self, path: str) -> Level:
        return min(self.level, self._limit(path))

    def _why_not_undone(self, change: int) -> str:
        """Undo ``change``; return "", or why it still stands."""
        try:
            undoing = self._undo(change)
        except HistoryError as error:
            return str(error)
        return "" if undoing.outcome.success else undoing.message

    def _tell_formatted(self, workspace: str) -> None:
        batch = self._batches.pop(workspace)
        if batch.changes:
            paths = tuple(dict.fromkeys(path for _, path, _ in batch.changes))
            changes = tuple(change for change, _, _ in batch.changes)
            titles = [title for _, _, several in batch.changes for title in several]
            if titles:
                self._board.post(note_text.fixed_files(workspace, paths, changes, titles))
            else:
                self._board.post(note_text.formatted(workspace, paths, changes))

    def _compare(self, workspace: str) -> None:
        """Tell how the problems of ``workspace`` differ from those that were told last."""
        del self._timers[workspace]
        problems = self._problems[workspace]
        now, before = _identities(problems), self._announced.get(workspace, frozenset())
        self._announced[workspace] = now
        key = note_text.problem_key(workspace)
        if now == before:
            return
        mended = workspace in self._mended
        self._mended.discard(workspace)
        if not now and self._board.told(key) and not mended:
            self._board.post(note_text.fixed(workspace))
        elif not now:
            self._board.withdraw(key)
        elif not now < before or self._board.find(key) is not None:  # fewer than before is no news
            fixable = self._fix is not None and any(one.fix is not None for one in problems)
            self._board.post(note_text.problem(workspace, problems, fixable=fixable))


def _identities(problems: Sequence[Diagnostic]) -> frozenset[Identity]:
    """Return what makes a problem the same one although lines moved."""
    return frozenset((found.path, found.code, found.message) for found in problems)
