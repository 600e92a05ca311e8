"""What the buttons of notes do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gowatchd.services import note_text
from gowatchd.services.changes import HistoryError
from gowatchd.services.manager import RequestError
from gowatchd.services.notes import CLICK, FIX, MUTE, OPEN, RESTART, SHOW, UNDO
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.fixer import Fixing
    from gowatchd.services.note_board import NoteBoard
    from gowatchd.services.notes import Note
    from gowatchd.services.opening import Opener, Unopened
    from gowatchd.services.problem_news import ProblemNews
    from gowatchd.services.undoing import Undoing

MUTE_SECONDS = 3600
EVERYTHING = "/"  # the folder that is muted where a note is about none


@dataclass(frozen=True, slots=True)
class NoteDeeds:
    """What is done for the person who presses a button.

    ``undo`` takes back one change, which only makes sense while it ``stands``; ``difference`` is a unified
    diff of changes; ``fix`` mends what it can of
    some codes in a workspace; these may raise HistoryError. ``mute`` mutes a folder for some seconds and may
    raise RequestError, ``restart`` restarts a user unit.
    """

    undo: Callable[[int], Undoing]
    difference: Callable[[tuple[int, ...]], str] = lambda _changes: ""
    stands: Callable[[int], bool] = lambda _change: True
    fix: Callable[[str, frozenset[str]], Fixing] | None = None
    mute: Callable[[str, int], object] = lambda _folder, _seconds: None
    restart: Callable[[str], None] = lambda _unit: None
    opener: Opener | None = None


class NoteButtons:
    """Does what the person asks for with a button, and says so where they would not see it."""

    def __init__(self, board: NoteBoard, deeds: NoteDeeds, problems: ProblemNews) -> None:
        self._board = board
        self._deeds = deeds
        self._problems = problems
        if deeds.opener is not None:
            deeds.opener.listen(self._unopened)

    def press(self, key: str, action: str, token: str | None) -> None:
        """Do what ``action`` of the note ``key`` stands for, if the note is there and has it."""
        note = self._board.find(key)
        if note is None:
            return
        action = note.click if action == CLICK else action
        if action == MUTE:  # which the first of all notes has, whatever it tells
            self._mute(note)
        elif action not in dict(note.actions):
            return
        elif action == FIX:
            self._mend(key.partition(":")[2])
        elif action == SHOW:
            self._show(note, token)
        elif action == OPEN and note.place is not None and self._deeds.opener is not None:
            self._deeds.opener.open_at(*note.place, token)
        elif action == RESTART:
            self._restart(note)
        elif action == UNDO:
            self._take_back(note)

    def _show(self, note: Note, token: str | None) -> None:
        try:
            diff = note.details or self._deeds.difference(note.changes)
        except HistoryError as error:
            self._board.post(note_text.not_shown(note.title, str(error)))
            return
        if not diff:
            self._board.post(note_text.not_shown(note.title, _("the history does not go back that far")))
        elif self._deeds.opener is not None:
            self._board.keep(note.key)
            self._deeds.opener.show_diff(note.title, diff, token)
        else:
            others = tuple(one for one in note.actions if one[0] != SHOW)
            self._board.post(replace(note, body=note_text.excerpt(diff), actions=others))

    def _unopened(self, failure: Unopened) -> None:
        self._board.post(note_text.not_opened(failure))

    def _mute(self, note: Note) -> None:
        folders = note.folders or (EVERYTHING,)
        failed = [reason for folder in folders if (reason := self._why_not_muted(folder))]
        if failed:
            self._board.post(note_text.not_muted(failed))
        else:
            self._board.withdraw(note.key)

    def _why_not_muted(self, folder: str) -> str:
        """Mute ``folder``; return "", or why it is not: one that is gone keeps no other from being muted."""
        try:
            self._deeds.mute(folder, MUTE_SECONDS)
        except RequestError as error:
            return str(error)
        return ""

    def _restart(self, note: Note) -> None:
        """Restart the unit, and leave the other buttons of its note."""
        self._deeds.restart(note.key.partition(":")[2])
        others = tuple(one for one in note.actions if one[0] != RESTART)
        self._board.post(replace(note, actions=others))

    def _take_back(self, note: Note) -> None:
        failed = [reason for change in reversed(note.changes) if (reason := self._why_not_undone(change))]
        if failed:
            self._board.post(note_text.not_undone(note.key, failed))
        else:
            self._board.withdraw(note.key)

    def _why_not_undone(self, change: int) -> str:
        """Undo ``change``; return "", or why it still stands."""
        try:
            undoing = self._deeds.undo(change)
        except HistoryError as error:
            return str(error)
        return "" if undoing.outcome.success else undoing.message

    def _mend(self, workspace: str) -> None:
        """Fix what can be fixed of the problems of ``workspace``, and say what became of it."""
        if self._deeds.fix is None:
            return
        try:
            fixing = self._deeds.fix(workspace, self._problems.fixable(workspace))
        except HistoryError as error:
            self._board.post(note_text.not_fixed(workspace, [str(error)]))
            return
        if fixing.fixed:
            self._problems.mended(workspace)
            paths = [one.path for one in fixing.fixed]
            changes = tuple(one.change for one in fixing.fixed if one.change is not None)
            titles = [title for one in fixing.fixed for title in one.titles]
            self._board.post(note_text.fixed_files(workspace, paths, changes, titles))
        else:
            reasons = [f"{one.title}: {one.reason}" for one in fixing.refusals]
            nothing = _("nothing that can be fixed is known of it now: see gowatchctl fix --dry-run")
            self._board.post(note_text.not_fixed(workspace, reasons or [nothing]))
