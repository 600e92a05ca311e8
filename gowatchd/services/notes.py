"""A desktop notification as a value, and who shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

SERVER_DECIDES = -1  # milliseconds on show: as long as the server likes
UNTIL_CLOSED = 0


class Urgency(IntEnum):
    """How much a note may disturb; critical (2) is missing on purpose: people cannot make those go away."""

    LOW = 0
    NORMAL = 1


class Level(IntEnum):
    """How much the person wants to be told; each level includes those before it."""

    OFF = 0
    PROBLEMS = 1
    CHANGES = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Note:
    """One notification; a second one with the same ``key`` takes the place of the first.

    ``title`` and ``body`` are plain text of any origin. ``changes`` are the ids that its action "undo" takes
    back, ``details`` what its action "show" puts in place of the body. ``lasting`` notes tell a state rather
    than an event: they are shown again to a new server.
    """

    key: str
    title: str
    body: str
    urgency: Urgency = Urgency.NORMAL
    milliseconds: int = SERVER_DECIDES
    transient: bool = False
    lasting: bool = False
    actions: tuple[tuple[str, str], ...] = ()  # (key, label); "default" would be a click on the body
    changes: tuple[int, ...] = ()
    details: str = ""


class NoteListener(Protocol):
    """Who hears what becomes of notes."""

    def server_changed(self, name: str | None) -> None:
        """A notification server appeared, or went (None) and all its notes with it."""

    def action(self, key: str, action: str) -> None:
        """The person pressed a button of the note ``key``."""

    def closed(self, key: str) -> None:
        """The note ``key`` is not on show any more, or could not be shown."""


class Notifier(Protocol):
    """The desktop's notifications; nothing here blocks or fails."""

    def listen(self, listener: NoteListener) -> None:
        """Tell ``listener`` from now on, first of a server that is there already."""

    def show(self, note: Note) -> None:
        """Show ``note``, in place of one with its key; nothing happens without a server."""

    def close(self, key: str) -> None:
        """Take the note ``key`` away, if it is on show."""
