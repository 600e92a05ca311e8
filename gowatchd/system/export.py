"""The manager's object on one connection: answered by pydbus, without a leak and with an end to floods.

PyGObject hands a closure that answers a call one reference to the invocation too many, so that 1.7 kB are
lost with each. Newer GLib has another function for that, and newer PyGObject mends the old one: neither is in
Debian 12, and here their versions do not matter (docs/adr/0019).
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from gi.module import get_introspection_module
from gi.repository import Gio, GLib
from pydbus.registration import ObjectWrapper

from gowatchd.system.bus_address import OBJECT_PATH
from gowatchd.system.manager_object import INTROSPECTION

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle, Scheduler
    from gowatchd.system.manager_object import ManagerObject

# Calls of one program in one turn of the loop, that is without waiting for an answer. An applet that starts
# asks three or four things at once; each may take some milliseconds, in which no save is answered.
AT_ONCE = 16
# Calls refused in one turn: a fifth of a second of work, in which no save is answered, and 2 MB of memory.
# GLib cannot be told to leave them on the bus.
FLOOD = 1000
LARGEST_CALL = 40 << 20  # bytes: ApplyFix brings a file of up to 16 MiB twice
LIMITS_EXCEEDED = "org.freedesktop.DBus.Error.LimitsExceeded"
# The functions themselves, without what PyGObject of some version puts around or in front of them.
_register_object = get_introspection_module("Gio").DBusConnection.register_object
_unref = get_introspection_module("GObject").Object.unref


class Export(ObjectWrapper):  # type: ignore[misc] # mypy does not look into pydbus
    """``exported`` on ``connection``, at our path, from now on until ``withdraw``.

    ``flooded`` is called with the unique name of a program that calls faster than it can be refused.
    """

    def __init__(
        self,
        connection: Gio.DBusConnection,
        exported: ManagerObject,
        scheduler: Scheduler,
        flooded: Callable[[str], None],
    ) -> None:
        (interface,) = Gio.DBusNodeInfo.new_for_xml(INTROSPECTION).interfaces
        self._connection = connection
        self._scheduler = scheduler
        self._flooded = flooded
        self._calls: Counter[str] = Counter()  # of this turn, by their senders
        self._turn: Handle | None = None
        super().__init__(exported, [interface])
        self._registration = _register(connection, interface, self.call_method)

    def withdraw(self) -> None:
        """Take the object off the connection; GLib itself refuses the calls that wait there."""
        self._connection.unregister_object(self._registration)
        self.unwrap()
        self._next_turn()

    def SignalEmitted(self, interface: str, name: str, arguments: GLib.Variant) -> None:  # noqa: N802 pydbus' name
        """Send a signal; in place of pydbus' own, which keeps every object for ever."""
        self._connection.emit_signal(None, OBJECT_PATH, interface, name, arguments)

    def call_method(
        self,
        connection: Gio.DBusConnection,
        sender: str,
        path: str,
        interface: str,
        method: str,
        arguments: GLib.Variant,
        invocation: Gio.DBusMethodInvocation,
    ) -> None:
        """Answer one call, or refuse it."""
        if reason := self._objection(sender, arguments):
            invocation.return_dbus_error(LIMITS_EXCEEDED, reason)
        else:
            values = _values(arguments)
            super().call_method(connection, sender, path, interface, method, values, invocation)

    def _objection(self, sender: str, arguments: GLib.Variant) -> str:
        if self._turn is None:
            self._turn = self._scheduler.call_later(0, self._next_turn)
        self._calls[sender] += 1
        calls = self._calls[sender]
        if calls == AT_ONCE + FLOOD:
            self._flooded(sender)
        if calls > AT_ONCE:
            return f"more than {AT_ONCE} calls at once: wait for the answers"
        if arguments.get_size() > LARGEST_CALL:
            return f"more than {LARGEST_CALL >> 20} MiB in one call"
        return ""

    def _next_turn(self) -> None:
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        self._calls.clear()


def _values(arguments: GLib.Variant) -> list[object]:
    """Return what a call brings; bytes at once, for which PyGObject would make a variant of each (80 us)."""
    children = map(arguments.get_child_value, range(arguments.n_children()))
    return [
        child.get_data_as_bytes().get_data() or b"" if child.get_type_string() == "ay" else child.unpack()
        for child in children
    ]


def _register(
    connection: Gio.DBusConnection, interface: Gio.DBusInterfaceInfo, answer: Callable[..., None]
) -> int:
    """Have calls of ``interface`` answered by ``answer``; return the number by which that is taken back."""
    register = getattr(connection, "register_object_with_closures2", None)
    if register is None:
        register, answer = partial(_register_object, connection), _letting_go(answer)
    number: int = register(OBJECT_PATH, interface, answer, None, None)
    return number


def _letting_go(answer: Callable[..., None]) -> Callable[..., None]:
    """Return ``answer`` such that it also gives up the reference too many to the invocation, its last."""

    def answer_and_let_go(*call: object) -> None:
        try:
            answer(*call)
        finally:
            _unref(call[-1])

    return answer_and_let_go
