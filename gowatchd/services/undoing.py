"""How an undo ended, in words for a person, with the difference where it could not be done."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gowatchd.services.changes import Change

LATEST = 0  # the id that stands for the newest change which can be undone; real ids start at 1
DIFF_LINES = 2000  # on each side: 0.2 s at worst, for which the daemon waits; the time grows with the square


class UndoOutcome(str, Enum):
    """How an undo ended; only UNDONE changed a byte."""

    UNDONE = "undone"
    ALREADY_UNDONE = "already-undone"
    CHANGED = "changed"  # the file is not as we left it
    BUSY = "busy"  # somebody keeps it open
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"  # no such change

    @property
    def success(self) -> bool:
        """Say whether the old bytes stand now."""
        return self in {UndoOutcome.UNDONE, UndoOutcome.ALREADY_UNDONE}


@dataclass(frozen=True, slots=True)
class Undoing:
    """The outcome of one undo: ``message`` for people, ``diff`` where the file is not as we left it."""

    id: int
    path: str
    outcome: UndoOutcome
    message: str
    diff: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what ``gowatchctl undo --json`` prints."""
        return {
            "schema": 1,
            "id": self.id,
            "path": self.path,
            "outcome": self.outcome.value,
            "message": self.message,
            "diff": self.diff,
        }


def already(change: Change) -> Undoing:
    """Say that ``change`` is taken back already, or never was."""
    message = f"{change.path}: change {change.id} does not stand any more, nothing to do"
    return Undoing(change.id, change.path, UndoOutcome.ALREADY_UNDONE, message)


def unknown(change: int) -> Undoing:
    """Say that there is no ``change``, or none that stands."""
    if change == LATEST:
        return Undoing(change, "", UndoOutcome.UNKNOWN, "there is no change to undo")
    return Undoing(change, "", UndoOutcome.UNKNOWN, f"there is no change {change}: see gowatchctl log")


def difference(path: str, old: bytes, new: bytes, names: tuple[str, str] = ("now", "after undo")) -> str:
    """Return the unified diff from what ``path`` holds to what undo would put there.

    ``names`` are other names for the two.
    """
    now, then = _lines(old), _lines(new)
    if max(len(now), len(then)) > DIFF_LINES:
        return f"{path}: too long to compare\n"
    lines = difflib.unified_diff(now, then, f"{path} ({names[0]})", f"{path} ({names[1]})")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(data: bytes) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", data.decode("utf-8", "replace"))
