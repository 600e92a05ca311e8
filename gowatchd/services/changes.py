"""A change of a file as a value, and where changes are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Protocol


class HistoryError(Exception):
    """The history cannot be read or written, so nothing may be changed; the text says why."""


class ChangeKind(str, Enum):
    """Why we changed a file."""

    FORMAT = "format"
    FIX = "fix"  # a fix of a diagnostic, and the formatting after it
    ENV = "env"  # a drop-in that gives a user unit its environment
    UNDO = "undo"


class ChangeState(str, Enum):
    """How far a change came."""

    INTENDED = "intended"  # recorded, perhaps being written
    DONE = "done"
    FAILED = "failed"  # nothing was written
    INTERRUPTED = "interrupted"  # we died in between, and the file is neither the old nor the new one


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one file, ``at`` Unix seconds.

    ``undoes`` is the id of the change that this one took back, ``undone`` says whether this one was taken
    back itself, ``reason`` is the text where nothing was written. The log leaves out both contents.
    """

    id: int
    at: float
    path: str
    kind: ChangeKind
    state: ChangeState
    before: bytes = b""
    after: bytes = b""
    undoes: int | None = None
    undone: bool = False
    reason: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the entry of the log, without contents."""
        return {
            "id": self.id,
            "at": local_time(self.at),
            "path": self.path,
            "kind": self.kind.value,
            "state": self.state.value,
            "undoes": self.undoes,
            "undone": self.undone,
            "reason": self.reason,
        }


class ChangeStore(Protocol):
    """Where changes are kept; each method raises HistoryError where it cannot do its work."""

    def add(self, path: str, kind: ChangeKind, before: bytes, after: bytes, undoes: int | None) -> int:
        """Record an intended change and return its id; it survives a kill once this returns."""

    def sync(self) -> None:
        """Have what was recorded on the disk itself; never raises."""

    def settle(self, change: int, state: ChangeState, reason: str) -> None:
        """Record how the intended change ended; a done undo marks what it undid."""

    def get(self, change: int) -> Change | None:
        """Return the change with its contents."""

    def latest(self) -> Change | None:
        """Return the newest done change but an undo that was not undone, with its contents."""

    def latest_of(self, path: str) -> Change | None:
        """Return the newest done change of ``path``, with its contents."""

    def unsettled(self) -> tuple[Change, ...]:
        """Return the changes that are still only intended, with their contents."""

    def newest(self, after: int, limit: int) -> tuple[Change, ...]:
        """Return the newest ``limit`` changes with an id above ``after``, oldest first, without contents."""


def local_time(at: float) -> str:
    """Return Unix seconds as ISO 8601 local time with its offset."""
    return datetime.fromtimestamp(int(at), tz=timezone.utc).astimezone().isoformat()


def wall_time(at: float) -> str:
    """Return Unix seconds as people of this place write a time to come: day, hour and minute."""
    return local_time(at)[:16].replace("T", " ")
