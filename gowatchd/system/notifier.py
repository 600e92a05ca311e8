"""Desktop notifications: org.freedesktop.Notifications 1.2, over the daemon's own connection.

A server is used when it is there and never started: started without a display it crashes, and a caller then
waits for up to a minute. Every call is asynchronous, with a timeout. Some servers broadcast what happens to
everybody's notes, and their ids start anew with each server: only ids of our own table count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gi.repository import Gio, GLib

from gowatchd.system.notification_calls import KDE_TOO_MANY, NAME, PATH, NotificationCalls
from gowatchd.system.notification_form import NotificationForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gowatchd.services.notes import Note, NoteListener
    from gowatchd.services.ports import Scheduler

TABLE_MOST = 256  # notes whose end a server may have forgotten to tell
AGAIN_SECONDS = 1.2  # until KDE takes the same text as another one again, which it refuses for a second
AGAIN_MOST = 3  # who refuses that often means something else
FIRST_SECONDS = 0.25  # GNOME Shell 48 has its name on the bus some moments before the object behind it
MOST_SECONDS = 30.0  # one call then, to a server that is of no use
TWICE_SECONDS = 1.0  # a button told twice within that was pressed once: nobody reads a diff faster

# What each signal begins with; of the first, old servers leave out the reason.
_SIGNALS = {"NotificationClosed": "(u", "ActionInvoked": "(us)", "ActivationToken": "(us)"}


@dataclass(slots=True)
class _Entry:
    """One note of ours: the server's ``id`` (0: none yet), and what is still to be sent."""

    id: int = 0
    calling: bool = False
    sent: Note | None = None
    next: Note | None = None
    close: bool = False
    refused: int = 0
    token: str | None = None
    pressed: dict[str, float] = field(default_factory=dict)  # when each button was


class DesktopNotifier:
    """Shows notes on the notification server of the bus, whenever there is one.

    ``server`` is its name, such as "gnome-shell 48.7", or None.
    """

    def __init__(self, scheduler: Scheduler) -> None:
        self.server: str | None = None
        self._scheduler = scheduler
        self._listener: NoteListener | None = None
        self._connection: Gio.DBusConnection | None = None
        self._calls: NotificationCalls | None = None
        self._owner = ""
        self._form = NotificationForm()
        self._entries: dict[str, _Entry] = {}
        self._watch = 0
        self._signals = 0

    def listen(self, listener: NoteListener) -> None:
        """Tell ``listener`` from now on, first of a server that is there already."""
        self._listener = listener
        if self.server is not None:
            listener.server_changed(self.server, self._run())

    def attach(self, connection: Gio.DBusConnection) -> None:
        """Look for a server on a fresh connection."""
        self._connection = connection
        self._calls = NotificationCalls(connection)
        self._signals = connection.signal_subscribe(
            NAME, NAME, None, PATH, None, Gio.DBusSignalFlags.NONE, self._signalled
        )
        flags = Gio.BusNameWatcherFlags.NONE
        self._watch = Gio.bus_watch_name_on_connection(
            connection, NAME, flags, self._appeared, self._vanished
        )

    def detach(self) -> None:
        """Forget the connection, and the server with it."""
        if self._connection is not None and self._calls is not None:
            self._calls.end()
            Gio.bus_unwatch_name(self._watch)
            self._connection.signal_unsubscribe(self._signals)
            self._connection = self._calls = None
            self._gone()

    def adopt(self, numbers: Mapping[str, int]) -> None:
        """Take notes that an earlier process of ours put up on this server for its own, by key."""
        for key, number in numbers.items():
            self._entries.setdefault(key, _Entry(number))

    def show(self, note: Note) -> None:
        """Show ``note``, in place of one with its key; nothing happens without a server."""
        if self.server is None:
            return
        entry = self._entries.setdefault(note.key, _Entry())
        entry.next, entry.close = note, False
        self._send(note.key, entry)
        if len(self._entries) > TABLE_MOST:
            del self._entries[next(iter(self._entries))]

    def close(self, key: str) -> None:
        """Take the note ``key`` away, if it is on show."""
        entry = self._entries.get(key)
        if entry is not None:
            entry.next, entry.close = None, True
            self._send(key, entry)

    def _send(self, key: str, entry: _Entry) -> None:
        """Send what is still to be sent of one note, a call at a time: the id comes with the answer."""
        if entry.calling or self._calls is None or self._entries.get(key) is not entry:
            return
        if entry.close:
            del self._entries[key]
            if entry.id:
                self._calls.call("CloseNotification", GLib.Variant("(u)", (entry.id,)), None, lambda *_: None)
        elif entry.next is not None:
            entry.calling, entry.sent, entry.next = True, entry.next, None
            entry.pressed.clear()
            arguments = self._form.arguments(entry.sent, entry.id)
            self._calls.call("Notify", arguments, "(u)", partial(self._shown, key, entry))

    def _shown(self, key: str, entry: _Entry, answer: tuple[int] | None, error: str) -> None:
        """Take the answer to Notify: the note's id, or None where the server refused."""
        entry.calling = False
        if self._entries.get(key) is not entry:
            return
        if answer is not None:
            (entry.id,) = answer
            entry.refused = 0
            if self._listener is not None and not entry.close:
                self._listener.shown(key, entry.id)
        elif error == KDE_TOO_MANY and not entry.close and entry.refused < AGAIN_MOST:
            entry.refused += 1
            entry.next = entry.next or entry.sent
            self._scheduler.call_later(AGAIN_SECONDS, partial(self._send, key, entry))
            return
        elif not entry.id and entry.next is None:
            self._forget(key)
            return
        self._send(key, entry)

    def _appeared(self, _connection: Gio.DBusConnection, _name: str, owner: str) -> None:
        self._gone()
        self._owner = owner
        if self._calls is not None:
            self._calls.forgive()
            self._ask(owner, FIRST_SECONDS)

    def _ask(self, owner: str, wait: float) -> None:
        """Ask the server what it can do; while it cannot say, again after ``wait``, and then twice that."""
        if owner == self._owner and self._calls is not None:
            self._calls.call("GetCapabilities", None, "(as)", partial(self._can, owner, wait))

    def _can(self, owner: str, wait: float, answer: tuple[list[str]] | None, _error: str) -> None:
        if answer is None:
            self._scheduler.call_later(wait, partial(self._ask, owner, min(wait * 2, MOST_SECONDS)))
        elif owner == self._owner and self._calls is not None:
            able = frozenset(answer[0])
            self._calls.call("GetServerInformation", None, "(ssss)", partial(self._is, owner, able))

    def _is(
        self, owner: str, able: frozenset[str], answer: tuple[str, str, str, str] | None, _error: str
    ) -> None:
        if owner == self._owner:
            name, version = (owner, "") if answer is None else (answer[0], answer[2])
            self._form = NotificationForm(name, able)
            self.server = f"{name} {version}".rstrip()
            if self._listener is not None:
                self._listener.server_changed(self.server, self._run())

    def _run(self) -> str:
        """Return what tells this run of the server from all others: no bus gives a unique name twice."""
        guid = "" if self._connection is None else self._connection.get_guid()
        return f"{guid} {self._owner}"

    def _vanished(self, _connection: Gio.DBusConnection, _name: str) -> None:
        self._gone()

    def _gone(self) -> None:
        """Forget the server and what it showed."""
        known, self.server, self._owner = self.server, None, ""
        self._entries.clear()
        if known is not None and self._listener is not None:
            self._listener.server_changed(None, "")

    def _signalled(
        self,
        _connection: Gio.DBusConnection,
        sender: str,
        _path: str,
        _interface: str,
        signal: str,
        arguments: GLib.Variant,
    ) -> None:
        known = _SIGNALS.get(signal)
        if sender != self._owner or known is None or not arguments.get_type_string().startswith(known):
            return
        id_, *values = arguments.unpack()
        key = next((key for key, entry in self._entries.items() if entry.id == id_), None)
        if key is None:
            return
        if signal == "ActivationToken":
            (self._entries[key].token,) = values
        elif signal == "ActionInvoked":
            self._invoked(key, *values)
        elif signal == "NotificationClosed" and not self._entries[key].calling:
            self._forget(key)

    def _invoked(self, key: str, action: str) -> None:
        """Pass on a button, once: GNOME has been seen to tell it twice."""
        entry, now = self._entries[key], self._scheduler.now()
        token, entry.token = entry.token, None
        before = entry.pressed.get(action)
        if (before is None or now - before >= TWICE_SECONDS) and self._listener is not None:
            entry.pressed[action] = now
            self._listener.action(key, action, token)

    def _forget(self, key: str) -> None:
        del self._entries[key]
        if self._listener is not None:
            self._listener.closed(key)
