"""Calls to the notification server: asynchronous, with a timeout, and none that would start one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gi.repository import Gio, GLib

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"

# A server that has just started, at login above all, was seen to take more than five seconds for its first
# note. Only the note itself waits for the answer, and without it has no id that its buttons could name.
TIMEOUT_SECONDS = 25.0

KDE_TOO_MANY = f"{NAME}.Error.ExcessNotificationGeneration"  # the same text as another one within a second
# What a server answers that has its name on the bus already and no object behind it yet; the name is GLib's
# and Qt's, the other one sd-bus's and dbus-python's.
NOT_THERE_YET = ("org.freedesktop.DBus.Error.UnknownMethod", "org.freedesktop.DBus.Error.UnknownObject")
# The bus answers so for a server that went before the call came to it, or after; that it went, it tells too.
WENT = ("org.freedesktop.DBus.Error.NameHasNoOwner", "org.freedesktop.DBus.Error.NoReply")
NO_COMPLAINT = frozenset({KDE_TOO_MANY, *NOT_THERE_YET, *WENT})


class NotificationCalls:
    """Calls over one ``connection``, until ``end``; the first refusal since ``forgive`` is logged."""

    def __init__(self, connection: Gio.DBusConnection) -> None:
        self._connection = connection
        self._ended = False
        self._warned = False

    def end(self) -> None:
        """Hear no more answers."""
        self._ended = True

    def forgive(self) -> None:
        """Begin anew with complaints: it is another server."""
        self._warned = False

    def call(
        self,
        method: str,
        arguments: GLib.Variant | None,
        answer: str | None,
        done: Callable[[tuple[object, ...] | None, str], None],
    ) -> None:
        """Call ``method``; ``done`` gets what it answers, or None and its error where it has one."""

        def finish(_source: object, result: Gio.AsyncResult) -> None:
            values, name = None, ""
            try:
                values = self._connection.call_finish(result).unpack()
            except GLib.Error as error:
                name = Gio.dbus_error_get_remote_error(error) or ""
                self._complain(method, error, name)
            if not self._ended:
                done(values, name)

        expected = None if answer is None else GLib.VariantType(answer)
        flags, timeout = Gio.DBusCallFlags.NO_AUTO_START, int(TIMEOUT_SECONDS * 1000)
        self._connection.call(NAME, PATH, NAME, method, arguments, expected, flags, timeout, None, finish)

    def _complain(self, method: str, error: GLib.Error, name: str) -> None:
        """Log a refusal, the first of each server; what is asked again, or asked of none, is none."""
        quiet = self._warned or name in NO_COMPLAINT
        log.log(
            logging.DEBUG if quiet else logging.WARNING, "%s of the notification server: %s", method, error
        )
        self._warned = self._warned or not quiet
