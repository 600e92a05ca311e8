"""A desktop notification as a value, and who shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER_DECIDES = -1  # milliseconds on show: as long as the server likes
UNTIL_CLOSED = 0

# The keys of actions, as servers hand them back.
CLICK = "default"  # of the specification: a click on the note itself
UNDO = "undo"
FIX = "fix"
OPEN = "open"
SHOW = "show"
MUTE = "mute"
RESTART = "restart"


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

    ``title`` and ``body`` are plain text of any origin. ``lasting`` notes tell a state rather than an event:
    they are shown again to a new server. What is told ``once`` is not told again in the same words, not by
    another process of ours either. ``actions`` are its buttons, the most useful one first; ``click`` is the
    key of the one that a click on the note itself stands for, where the server has such a thing.

    What buttons need: ``changes`` are the ids that "undo" takes back and "show" shows, unless there are
    ``details``, the text of a diff; ``place`` is the file and line that "open" goes to; ``folders`` are those
    that "mute" mutes, none meaning everything.
    """

    key: str
    title: str
    body: str
    urgency: Urgency = Urgency.NORMAL
    milliseconds: int = SERVER_DECIDES
    transient: bool = False
    lasting: bool = False
    once: bool = False
    actions: tuple[tuple[str, str], ...] = ()  # (key, label)
    click: str = ""
    changes: tuple[int, ...] = ()
    details: str = ""
    place: tuple[str, int] | None = None
    folders: tuple[str, ...] = ()


class NoteListener(Protocol):
    """Who hears what becomes of notes."""

    def server_changed(self, name: str | None, run: str) -> None:
        """A notification server appeared, or went (None) and all its notes with it.

        ``run`` tells one run of a server from every other: ids of notes mean nothing beyond it.
        """

    def shown(self, key: str, number: int) -> None:
        """The server shows the note ``key`` as its ``number``."""

    def action(self, key: str, action: str, token: str | None) -> None:
        """The person pressed a button of the note ``key``, or clicked on it (CLICK).

        ``token`` lets a window that is opened for it take the focus, where the server gave one.
        """

    def closed(self, key: str) -> None:
        """The note ``key`` is not on show any more, or could not be shown."""


class Notifier(Protocol):
    """The desktop's notifications; nothing here blocks or fails."""

    def listen(self, listener: NoteListener) -> None:
        """Tell ``listener`` from now on, first of a server that is there already."""

    def adopt(self, numbers: Mapping[str, int]) -> None:
        """Take notes that an earlier process of ours put up on this server for its own, by key."""

    def show(self, note: Note) -> None:
        """Show ``note``, in place of one with its key; nothing happens without a server."""

    def close(self, key: str) -> None:
        """Take the note ``key`` away, if it is on show."""
