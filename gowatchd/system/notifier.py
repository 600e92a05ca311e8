"""Desktop notifications: org.freedesktop.Notifications 1.2, over the daemon's own connection.

A server is used when it is there and never started: started without a display it crashes, and a caller then
waits for up to a minute. Every call is asynchronous, with a timeout. Some servers broadcast what happens to
everybody's notes, and their ids start anew with each server: only ids of our own table count.
"""

from __future__ import annotations

import html
import logging
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gi.repository import Gio, GLib

from gowatchd.services.notes import SERVER_DECIDES, UNTIL_CLOSED
from gowatchd.system.bus_address import TIMEOUT_SECONDS
from gowatchd.system.dbus_text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.notes import Note, NoteListener

log = logging.getLogger(__name__)

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
APPLICATION = "gowatchd"  # and its .desktop file: GNOME and KDE find name, icon and the mute switch by it
TABLE_MOST = 256  # notes whose end a server may have forgotten to tell
TEXT_MOST = 1000  # characters; servers lay out what they get, and hang over a megabyte
KDE_TOO_MANY = f"{NAME}.Error.ExcessNotificationGeneration"  # the same text within a second: it is on show
# Without body-markup a body is plain text, yet some servers parse it all the same.
PLAIN = str.maketrans({"<": "\u2039", ">": "\u203a", "&": "+"})  # quotation marks that every font has


@dataclass(slots=True)
class _Entry:
    """One note of ours: the server's ``id`` (0: none yet), and what is still to be sent."""

    id: int = 0
    calling: bool = False
    next: Note | None = None
    close: bool = False
    pressed: set[str] = field(default_factory=set)


class DesktopNotifier:
    """Shows notes on the notification server of the bus, whenever there is one.

    ``server`` is its name, such as "gnome-shell 48.7", or None. ``activation_token`` is what the compositor
    gave with the last button that was pressed: it lets a window opened for it take the focus.
    """

    def __init__(self) -> None:
        self.server: str | None = None
        self.activation_token: str | None = None
        self._listener: NoteListener | None = None
        self._connection: Gio.DBusConnection | None = None
        self._owner = ""
        self._capabilities: frozenset[str] = frozenset()
        self._entries: dict[str, _Entry] = {}
        self._watch = 0
        self._signals = 0
        self._warned = False

    def listen(self, listener: NoteListener) -> None:
        """Tell ``listener`` from now on, first of a server that is there already."""
        self._listener = listener
        if self.server is not None:
            listener.server_changed(self.server)

    def attach(self, connection: Gio.DBusConnection) -> None:
        """Look for a server on a fresh connection."""
        self._connection = connection
        self._signals = connection.signal_subscribe(
            NAME, NAME, None, PATH, None, Gio.DBusSignalFlags.NONE, self._signalled
        )
        flags = Gio.BusNameWatcherFlags.NONE
        self._watch = Gio.bus_watch_name_on_connection(
            connection, NAME, flags, self._appeared, self._vanished
        )

    def detach(self) -> None:
        """Forget the connection, and the server with it."""
        if self._connection is not None:
            Gio.bus_unwatch_name(self._watch)
            self._connection.signal_unsubscribe(self._signals)
            self._connection = None
            self._gone()

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
        if entry.calling or self._entries.get(key) is not entry:
            return
        if entry.close:
            del self._entries[key]
            if entry.id:
                self._call("CloseNotification", GLib.Variant("(u)", (entry.id,)), None, lambda *_: None)
        elif entry.next is not None:
            arguments = self._arguments(entry.next, entry.id)
            entry.calling, entry.next = True, None
            entry.pressed.clear()
            self._call("Notify", arguments, "(u)", partial(self._shown, key, entry))

    def _arguments(self, note: Note, replaces: int) -> GLib.Variant:
        """Return the arguments of Notify, as far as the server can do what the note wants."""
        buttons = "actions" in self._capabilities
        body = clean(note.body)[:TEXT_MOST]
        markup = "body-markup" in self._capabilities
        # notify-osd makes a modal window of what may not expire
        until_closed = note.milliseconds == UNTIL_CLOSED
        hints = {
            "desktop-entry": GLib.Variant("s", APPLICATION),
            "urgency": GLib.Variant("y", int(note.urgency)),
            "transient": GLib.Variant("b", note.transient),
        }
        return GLib.Variant(
            "(susssasa{sv}i)",
            (
                APPLICATION,
                replaces,
                "",
                clean(note.title)[:TEXT_MOST],
                html.escape(body, quote=False) if markup else body.translate(PLAIN),
                [clean(text) for action in note.actions for text in action] if buttons else [],
                hints,
                SERVER_DECIDES if until_closed and not buttons else note.milliseconds,
            ),
        )

    def _shown(self, key: str, entry: _Entry, answer: tuple[int] | None) -> None:
        """Take the answer to Notify: the note's id, or None where the server refused."""
        entry.calling = False
        if self._entries.get(key) is not entry:
            return
        if answer is not None:
            (entry.id,) = answer
        elif not entry.id and entry.next is None:
            self._forget(key)
            return
        self._send(key, entry)

    def _appeared(self, _connection: Gio.DBusConnection, _name: str, owner: str) -> None:
        self._gone()
        self._owner = owner
        self._warned = False
        self._call("GetCapabilities", None, "(as)", partial(self._can, owner))

    def _can(self, owner: str, answer: tuple[list[str]] | None) -> None:
        if answer is not None and owner == self._owner:
            self._capabilities = frozenset(answer[0])
            self._call("GetServerInformation", None, "(ssss)", partial(self._is, owner))

    def _is(self, owner: str, answer: tuple[str, str, str, str] | None) -> None:
        if owner == self._owner:
            self.server = f"{answer[0]} {answer[2]}" if answer is not None else owner
            if self._listener is not None:
                self._listener.server_changed(self.server)

    def _vanished(self, _connection: Gio.DBusConnection, _name: str) -> None:
        self._gone()

    def _gone(self) -> None:
        """Forget the server and what it showed."""
        known, self.server, self._owner = self.server, None, ""
        self._entries.clear()
        if known is not None and self._listener is not None:
            self._listener.server_changed(None)

    def _signalled(
        self,
        _connection: Gio.DBusConnection,
        sender: str,
        _path: str,
        _interface: str,
        signal: str,
        arguments: GLib.Variant,
    ) -> None:
        if sender != self._owner:
            return
        id_, *values = arguments.unpack()
        key = next((key for key, entry in self._entries.items() if entry.id == id_), None)
        if key is None:
            return
        if signal == "ActivationToken":
            (self.activation_token,) = values
        elif signal == "ActionInvoked":
            self._invoked(key, *values)
        elif signal == "NotificationClosed" and not self._entries[key].calling:
            self._forget(key)

    def _invoked(self, key: str, action: str) -> None:
        """Pass on a button, once: GNOME has been seen to tell it twice."""
        pressed = self._entries[key].pressed
        if action not in pressed and self._listener is not None:
            pressed.add(action)
            self._listener.action(key, action)

    def _forget(self, key: str) -> None:
        del self._entries[key]
        if self._listener is not None:
            self._listener.closed(key)

    def _call(
        self,
        method: str,
        arguments: GLib.Variant | None,
        answer: str | None,
        done: Callable[[tuple[object, ...] | None], None],
    ) -> None:
        """Call the server; ``done`` gets what it answers, or None where it refuses or is silent."""
        connection = self._connection
        if connection is None:
            return

        def finish(_source: object, result: Gio.AsyncResult) -> None:
            try:
                values = connection.call_finish(result).unpack()
            except GLib.Error as error:
                self._complain(method, error)
                values = None
            if connection is self._connection:
                done(values)

        expected = None if answer is None else GLib.VariantType(answer)
        flags, timeout = Gio.DBusCallFlags.NO_AUTO_START, int(TIMEOUT_SECONDS * 1000)
        connection.call(NAME, PATH, NAME, method, arguments, expected, flags, timeout, None, finish)

    def _complain(self, method: str, error: GLib.Error) -> None:
        """Log a refusal, the first of each server; KDE's "too many" only means that the text is on show."""
        quiet = self._warned or Gio.dbus_error_get_remote_error(error) == KDE_TOO_MANY
        log.log(
            logging.DEBUG if quiet else logging.WARNING, "%s of the notification server: %s", method, error
        )
        self._warned = self._warned or not quiet
