"""News of changed files: those of one workspace come as one note, when its saves have come to rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.services import note_text
from gowatchd.services.notes import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.note_board import NoteBoard
    from gowatchd.services.ports import Handle, Scheduler

QUIET_SECONDS = 3.0  # after the last write: a Save All, or somebody saving again and again
MOST_SECONDS = 15.0  # but an auto-save does not put it off for ever


@dataclass(slots=True)
class _Batch:
    """The files of one workspace that were formatted or fixed and not yet told."""

    due: float  # tell at the latest then
    changes: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)  # id, path, titles of fixes
    timer: Handle | None = None


class ChangeNews:
    """Gathers changes and tells them; ``level`` returns how much may be told of a path."""

    def __init__(self, scheduler: Scheduler, board: NoteBoard, level: Callable[[str], Level]) -> None:
        self._scheduler = scheduler
        self._board = board
        self._level = level
        self._batches: dict[str, _Batch] = {}

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
        paths = tuple(dict.fromkeys(path for _, path, _ in batch.changes))
        changes = tuple(change for change, _, _ in batch.changes)
        titles = [title for _, _, several in batch.changes for title in several]
        if titles:
            self._board.post(note_text.fixed_files(workspace, paths, changes, titles))
        else:
            self._board.post(note_text.formatted(workspace, paths, changes))
