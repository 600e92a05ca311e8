"""News of changed files: those of one workspace come as one note, when its saves have come to rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.services import note_text
from gowatchd.services.note_record import LIST_MOST
from gowatchd.services.notes import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.note_board import NoteBoard
    from gowatchd.services.ports import Handle, Scheduler

QUIET_SECONDS = 3.0  # after the last write: a Save All, or somebody saving again and again
MOST_SECONDS = 15.0  # but an auto-save does not put it off for ever

_Change = tuple[int, str, tuple[str, ...]]  # id, path, titles of fixes


@dataclass(slots=True)
class _Batch:
    """The files of one workspace that were formatted or fixed and not yet told."""

    due: float  # tell at the latest then
    changes: list[_Change] = field(default_factory=list)
    timer: Handle | None = None


class ChangeNews:
    """Gathers changes and tells them; ``level`` returns how much may be told of a path."""

    def __init__(self, scheduler: Scheduler, board: NoteBoard, level: Callable[[str], Level]) -> None:
        self._scheduler = scheduler
        self._board = board
        self._level = level
        self._batches: dict[str, _Batch] = {}
        self._posted: dict[str, list[_Change]] = {}  # by note, while that waits to be shown

    def changed(self, change: int, path: str, workspace: str, titles: tuple[str, ...]) -> None:
        """``path`` was mended by itself, as ``titles`` say; without any it was merely formatted."""
        if self._level(workspace) < Level.CHANGES:
            return
        now = self._scheduler.now()
        batch = self._batches.setdefault(workspace, _Batch(now + MOST_SECONDS))
        batch.changes.append((change, path, titles))
        if batch.timer is not None:
            batch.timer.cancel()
        wait = min(QUIET_SECONDS, max(0.0, batch.due - now))
        batch.timer = self._scheduler.call_later(wait, partial(self._tell, workspace))

    def undone(self, change: int) -> None:
        """Leave out ``change``, which was taken back before it was told."""
        for batch in self._batches.values():
            batch.changes = [told for told in batch.changes if told[0] != change]

    def limits_changed(self) -> None:
        """Drop what may not be told by now."""
        for workspace in [one for one in self._batches if self._level(one) < Level.CHANGES]:
            timer = self._batches.pop(workspace).timer
            if timer is not None:
                timer.cancel()

    def _tell(self, workspace: str) -> None:
        batch = self._batches.pop(workspace)
        if not batch.changes:
            return
        is_fix = any(titles for _, _, titles in batch.changes)
        key = note_text.fixed_key(workspace) if is_fix else note_text.formatted_key(workspace)
        several = self._with_those_that_wait(key, batch.changes)
        paths = tuple(dict.fromkeys(path for _, path, _ in several))
        changes = tuple(change for change, _, _ in several)
        titles = [title for _, _, titles in several for title in titles]
        if is_fix:
            self._board.post(note_text.fixed_files(workspace, paths, changes, titles))
        else:
            self._board.post(note_text.formatted(workspace, paths, changes))

    def _with_those_that_wait(self, key: str, changes: list[_Change]) -> list[_Change]:
        """Return ``changes`` after those of the note ``key`` that waits: the next one tells of both."""
        waiting = self._board.waiting(key)
        left = () if waiting is None else waiting.changes
        both = [one for one in self._posted.get(key, ()) if one[0] in left] + changes
        self._posted = {one: told for one, told in self._posted.items() if self._board.waiting(one)}
        self._posted[key] = both[-LIST_MOST:]
        return self._posted[key]
