"""What the person is told, and when: events in, notes out.

People switch notifications off that come at every save, repeat themselves or tell what needs no telling. So:
only changes of state, one note per workspace updated in place, none for what was wrong before we came.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.modfile import Kind
from gowatchd.services import note_text, unit_notes
from gowatchd.services.change_news import ChangeNews
from gowatchd.services.changes import HistoryError
from gowatchd.services.note_board import NoteBoard
from gowatchd.services.note_buttons import EVERYTHING, NoteButtons
from gowatchd.services.note_memory import NoteMemory
from gowatchd.services.notes import Level
from gowatchd.services.problem_news import ProblemNews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.services.note_buttons import NoteDeeds
    from gowatchd.services.notes import Note, Notifier
    from gowatchd.services.ports import Moves, Scheduler
    from gowatchd.services.tally import Tally

START_SECONDS = 30.0  # at login everything is checked for the first time: nothing of that is news


@dataclass(frozen=True, slots=True)
class Restraint:
    """What keeps the announcer quiet.

    Problems are old ones for ``start_seconds``, and where ``git`` brought them. ``limit`` returns the most
    that may be told of what is at a path.
    """

    start_seconds: float = START_SECONDS
    limit: Callable[[str], Level] = lambda _path: Level.ALL
    git: Moves | None = None


class Announcer:
    """Turns what happens into notes, whose buttons do ``deeds``.

    ``level`` may be set at any time: it counts for what happens from then on, and takes away what may not be
    told any more. ``memory`` is what the process before us left.
    """

    def __init__(
        self,
        notifier: Notifier,
        scheduler: Scheduler,
        level: Level,
        deeds: NoteDeeds,
        restraint: Restraint = Restraint(),
        memory: NoteMemory | None = None,
    ) -> None:
        self._most = level
        self._scheduler = scheduler
        self._limit = restraint.limit
        self._deeds = deeds
        self._start_seconds = restraint.start_seconds
        self._memory = memory or NoteMemory(scheduler)
        self._degraded: set[str] = set()
        self._board = NoteBoard(notifier, scheduler, self._memory)
        self._changes = ChangeNews(scheduler, self._board, self._level)
        self._problems = ProblemNews(
            scheduler,
            self._board,
            self._level,
            restraint.start_seconds,
            fixes=deeds.fix is not None,
            opens=deeds.opener is not None,
            git=restraint.git,
        )
        self._buttons = NoteButtons(self._board, deeds, self._problems)
        if self._board.former:
            scheduler.call_later(restraint.start_seconds, self._settle)
        notifier.listen(self)

    def count_in(self, tally: Tally) -> None:
        """Add the notes from now on to ``tally``."""
        self._board.tally = tally

    @property
    def level(self) -> Level:
        """How much may be told of anything."""
        return self._most

    @level.setter
    def level(self, level: Level) -> None:
        self._most = level
        self.limits_changed()

    @property
    def quiet(self) -> bool:
        """While it is set, as during a whole scan, problems are taken for old ones."""
        return self._problems.quiet

    @quiet.setter
    def quiet(self, quiet: bool) -> None:
        self._problems.quiet = quiet

    @property
    def standing(self) -> tuple[Note, ...]:
        """The notes that are on show."""
        return self._board.shown

    def formatted(self, change: int, path: str, workspace: str) -> None:
        """``path``, a file of the workspace whose go.work or go.mod is ``workspace``, was formatted."""
        self._changes.changed(change, path, workspace, ())

    def fixed(self, change: int, path: str, workspace: str, titles: tuple[str, ...]) -> None:
        """``path`` was mended by itself, as ``titles`` say."""
        self._changes.changed(change, path, workspace, titles)

    def checked(self, workspace: str, diagnostics: Sequence[Diagnostic]) -> None:
        """The workspace whose go.work or go.mod is ``workspace`` has these ``diagnostics`` now."""
        self._problems.checked(workspace, diagnostics)

    def arrived(self, workspaces: Iterable[str]) -> None:
        """Take the problems of ``workspaces`` for old ones for a while: a disk was mounted, say."""
        self._problems.arrived(workspaces)

    def vanished(self, workspace: str) -> None:
        """The workspace is no more."""
        self._problems.vanished(workspace)

    def keep_only(self, workspaces: Iterable[str]) -> None:
        """Take all but ``workspaces`` for vanished: a reload looks at other folders."""
        self._problems.keep_only(workspaces)

    def limits_changed(self) -> None:
        """Take away what is told of workspaces of which nothing may be told by now."""
        self._problems.limits_changed()
        self._changes.limits_changed()
        self._board.sweep(self._may_stand)

    def undone(self, change: int, path: str) -> None:
        """``change`` of ``path`` was undone, in whatever way."""
        self._changes.undone(change)
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
        if self._level(EVERYTHING) >= least:
            self._post_once(note)

    def unit_over(self, unit: str) -> None:
        """The user unit lacks nothing any more; what was given to it can still be taken back."""
        key = unit_notes.unit_key(unit)
        note = self._board.find(key)
        if note is None or not note.changes:
            self._memory.untell(key)
            self._board.withdraw(key)

    def degraded(self, part: str, reason: str) -> None:
        """``part`` of the daemon is off; told once until it works again, or the machine is started anew.

        Where the reason becomes another one, the note that is on show says so, and none comes anew.
        """
        if self._level(EVERYTHING) is Level.OFF:
            return
        note = note_text.degraded(part, reason)
        if part not in self._degraded:
            self._degraded.add(part)
            self._post_once(note)
        elif self._board.find(note.key) not in (None, note):
            self._board.post(note)

    def restored(self, part: str) -> None:
        """``part`` of the daemon works again."""
        self._degraded.discard(part)
        self._memory.untell(note_text.degraded_key(part))
        self._board.withdraw(note_text.degraded_key(part))

    def server_changed(self, name: str | None, run: str) -> None:
        """Hear from the notifier that a server came or went."""
        if name is not None:
            self._forget_undone()
            self._board.sweep(self._may_stand)
        self._board.server_changed(name, run)

    def shown(self, key: str, number: int) -> None:
        """Hear from the notifier which number a note has."""
        self._board.was_shown(key, number)

    def action(self, key: str, action: str, token: str | None) -> None:
        """Hear from the notifier that a button was pressed."""
        self._buttons.press(key, action, token)

    def closed(self, key: str) -> None:
        """Hear from the notifier that a note is off the screen."""
        self._board.closed(key)

    def _level(self, path: str) -> Level:
        return min(self._most, self._limit(path))

    def _post_once(self, note: Note) -> None:
        """Post ``note``, unless the person was told already and took it off the screen."""
        if not self._memory.knows(note) or self._board.find(note.key) is not None:
            self._board.post(note)

    def _forget_undone(self) -> None:
        """Leave what was taken back while no process of ours ran out of the notes before us."""
        changes = {change for note in self._board.former for change in note.changes}
        for change in sorted(changes):
            with suppress(HistoryError):  # who cannot say gets the button, and the reason when it is pressed
                if not self._deeds.stands(change):
                    self._board.undone(change)

    def _settle(self) -> None:
        """Decide on the notes of a process before us that nothing has been heard of since."""
        if self.quiet:
            self._scheduler.call_later(self._start_seconds, self._settle)
            return
        for note in self._board.former:
            workspace = note_text.workspace_of(note.key)
            if workspace:
                self._problems.settle(workspace)
            elif note.lasting and not note.changes:
                self._board.withdraw(note.key)

    def _may_stand(self, note: Note) -> bool:
        """Say whether anything may be told of what ``note`` is about."""
        files = (os.path.join(folder, Kind.MOD.file_name) for folder in note.folders or (EVERYTHING,))
        return any(self._level(file) is not Level.OFF for file in files)
