"""The daemon on the session bus: connected, exported and named, again and again if need be.

The connection is a private one: the shared one of ``pydbus.SessionBus()`` ends the process when the bus dies,
and never comes back. Everything is asynchronous with a timeout; pydbus' own ``connect`` and ``request_name``
wait without one, so only its way of answering calls is used (export.py).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from gi.repository import Gio, GLib

from gowatchd.system.bus_address import BUS_NAME, TIMEOUT_SECONDS, session_bus_address
from gowatchd.system.export import Export

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle, Scheduler
    from gowatchd.system.manager_object import ManagerObject

log = logging.getLogger(__name__)

BACK_OFF_FIRST_SECONDS = 1.0  # systemd has the bus of a user back within that
BACK_OFF_MOST_SECONDS = 60.0
DO_NOT_QUEUE = 4  # org.freedesktop.DBus.RequestName: neither allow-replacement nor replace
PRIMARY_OWNER, ALREADY_OWNER = 1, 4  # its answers that mean yes
BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


class BusClient(Protocol):
    """Something else of the daemon that uses the same connection."""

    def attach(self, connection: Gio.DBusConnection) -> None:
        """Begin on a fresh connection."""

    def detach(self) -> None:
        """Forget the connection: it is closed, or about to be."""


class SessionBus:
    """Keeps ``exported`` on the session bus under our name, and ``clients`` on its connection.

    ``reason`` says why it is not there (no bus, name taken), and is None while it is. ``on_change`` is called
    whenever that was found out: the first time some milliseconds after ``start``, on a bus that hangs 5 s.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        exported: ManagerObject,
        clients: tuple[BusClient, ...],
        on_change: Callable[[], None],
        address: Callable[[], str | None] = session_bus_address,
    ) -> None:
        self.reason: str | None = "not connected yet"
        self._scheduler = scheduler
        self._exported = exported
        self._clients = clients
        self._on_change = on_change
        self._address = address
        self._back_off = BACK_OFF_FIRST_SECONDS
        self._timer: Handle | None = None
        self._attempt: Gio.Cancellable | None = None
        self._connection: Gio.DBusConnection | None = None
        self._export: Export | None = None

    def start(self) -> None:
        """Connect, and from then on reconnect."""
        address = self._address()
        if address is None:
            self._lost("no session bus: neither DBUS_SESSION_BUS_ADDRESS nor a socket in XDG_RUNTIME_DIR")
            return
        attempt = self._attempt = Gio.Cancellable()
        self._timer = self._scheduler.call_later(TIMEOUT_SECONDS, attempt.cancel)
        flags = Gio.DBusConnectionFlags
        Gio.DBusConnection.new_for_address(
            address,
            flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION,
            None,
            attempt,
            self._connected,
            attempt,
        )

    def stop(self) -> None:
        """Leave the bus for good."""
        self._cancel()
        connection = self._connection
        self._drop()
        if connection is not None and not connection.is_closed():
            connection.close(None, None)

    def _connected(self, _source: object, result: Gio.AsyncResult, attempt: Gio.Cancellable) -> None:
        if attempt is not self._attempt:
            return  # stopped in the meantime
        try:
            connection = Gio.DBusConnection.new_for_address_finish(result)
        except GLib.Error as error:
            self._lost(f"the session bus does not answer: {error.message}")
            return
        self._cancel()
        self._connection = connection
        connection.set_exit_on_close(False)
        connection.connect("closed", self._closed)
        self._export = Export(connection, self._exported, self._scheduler, self._flooded)
        connection.signal_subscribe(
            BUS[0],
            BUS[2],
            "NameOwnerChanged",
            BUS[1],
            BUS_NAME,
            Gio.DBusSignalFlags.NONE,
            self._owner_changed,
        )
        for client in self._clients:
            client.attach(connection)
        self._request_name(connection)

    def _request_name(self, connection: Gio.DBusConnection) -> None:
        def answered(answer: int) -> None:
            if answer in {PRIMARY_OWNER, ALREADY_OWNER}:
                self._back_off = BACK_OFF_FIRST_SECONDS
                self._settle(None)
            else:
                self._find_owner(connection)

        self._call(connection, "RequestName", GLib.Variant("(su)", (BUS_NAME, DO_NOT_QUEUE)), answered)

    def _find_owner(self, connection: Gio.DBusConnection) -> None:
        def found(process: int) -> None:
            self._settle(f"the name {BUS_NAME} is taken: process {process} has it, another gowatchd perhaps")

        self._call(connection, "GetConnectionUnixProcessID", GLib.Variant("(s)", (BUS_NAME,)), found)

    def _owner_changed(
        self,
        connection: Gio.DBusConnection,
        _sender: str,
        _path: str,
        _interface: str,
        _signal: str,
        arguments: GLib.Variant,
    ) -> None:
        """Notice that we lost the name, or that the one who has it gave it up."""
        if arguments.get_type_string() != "(sss)":
            return
        _name, _old, new = arguments.unpack()
        if not self._current(connection) or new == connection.get_unique_name():
            return
        if new == "":
            self._request_name(connection)
        else:
            self._find_owner(connection)

    def _call(
        self,
        connection: Gio.DBusConnection,
        method: str,
        arguments: GLib.Variant,
        done: Callable[[int], None],
    ) -> None:
        """Ask the bus itself; a refusal counts as its end, since we are of no use on it then."""

        def finish(_source: object, result: Gio.AsyncResult) -> None:
            try:
                (value,) = connection.call_finish(result).unpack()
            except GLib.Error as error:
                if self._current(connection):
                    self._drop()
                    connection.close(None, None)
                    self._lost(f"the session bus refuses {method}: {error.message}")
                return
            if self._current(connection):
                done(value)

        flags, timeout = Gio.DBusCallFlags.NONE, int(TIMEOUT_SECONDS * 1000)
        connection.call(*BUS, method, arguments, GLib.VariantType("(u)"), flags, timeout, None, finish)

    def _current(self, connection: Gio.DBusConnection) -> bool:
        return self._connection is not None and connection is self._connection

    def _closed(self, connection: Gio.DBusConnection, *_details: object) -> None:
        if self._current(connection):
            self._drop()
            self._lost("the session bus went away")

    def _flooded(self, sender: str) -> None:
        """Leave the bus for a while: what waits for us there is in our memory, and grows."""
        connection = self._connection
        if connection is not None:
            self._drop()
            connection.close(None, None)
            self._lost(f"left the session bus for a while: {sender} there called without waiting for answers")

    def _lost(self, reason: str) -> None:
        """Say so, and try again later."""
        self._cancel()
        self._timer = self._scheduler.call_later(self._back_off, self.start)
        self._back_off = min(self._back_off * 2, BACK_OFF_MOST_SECONDS)
        self._settle(reason)

    def _settle(self, reason: str | None) -> None:
        if reason != self.reason:
            log.info("D-Bus: %s", reason or f"on the session bus as {BUS_NAME}")
        self.reason = reason
        self._on_change()

    def _drop(self) -> None:
        """Take everything off the connection."""
        self._connection = None
        if self._export is not None:
            self._export.withdraw()
            self._export = None
            for client in self._clients:
                client.detach()

    def _cancel(self) -> None:
        self._attempt = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
