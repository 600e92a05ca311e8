"""systemd's user manager on the session bus (org.freedesktop.systemd1(5)): few questions, never a proxy.

Asking for all properties of a unit costs 3 ms of the manager and 8 of ours; a single one costs 0.1, and up to
1 where the unit has to be loaded for it. No property that matters here is ever announced as changed.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from gi.repository import Gio, GLib

from gowatchd.services.unit_ports import LoadedUnit, ManagerState
from gowatchd.system.bus_calls import CHANGED_TYPE, BusCalls, CallError
from gowatchd.system.unit_reading import UnitReading, read_process
from gowatchd.unitfile.effective import split_assignments
from gowatchd.unitfile.unit_name import object_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.unit_state import Process, UnitState

log = logging.getLogger(__name__)

NAME = "org.freedesktop.systemd1"
PATH = "/org/freedesktop/systemd1"
MANAGER = f"{NAME}.Manager"
SERVICE = f"{NAME}.Service"
# Seconds: it runs every generator and reads every unit; 0.4 s with 200 running units.
RELOAD_SECONDS = 30.0


class ManagerListener(Protocol):
    """Who wants to know; every call comes from the main loop."""

    def manager_changed(self, reason: str | None) -> None:
        """The user manager is there (None), or why it is not."""

    def reloaded(self) -> None:
        """All unit files were read again, whoever asked for it."""

    def failed(self, unit: str) -> None:
        """A service failed."""


class SystemdManager:
    """The ``UserManager`` port, and a client of the daemon's own connection."""

    def __init__(self) -> None:
        self._listener: ManagerListener | None = None
        self._connection: Gio.DBusConnection | None = None
        self._calls: BusCalls | None = None
        self._watch = 0
        self._signals: list[int] = []

    def listen(self, listener: ManagerListener) -> None:
        """Tell ``listener`` from now on, first of a manager that is there already."""
        self._listener = listener
        if self._calls is not None:
            listener.manager_changed(None)

    def attach(self, connection: Gio.DBusConnection) -> None:
        """Look for the manager on a fresh connection."""
        self._connection = connection
        flags = Gio.BusNameWatcherFlags.NONE
        self._watch = Gio.bus_watch_name_on_connection(
            connection, NAME, flags, self._appeared, self._vanished
        )

    def detach(self) -> None:
        """Forget the connection, and the manager with it.

        Whoever waits for an answer hears of it here: on the next connection the manager may be there at once.
        """
        if self._connection is not None:
            Gio.bus_unwatch_name(self._watch)
            known = self._calls is not None
            self._forget()
            self._connection = None
            if known and self._listener is not None:
                self._listener.manager_changed("the session bus went away")

    def read_manager(self, done: Callable[[ManagerState | None], None]) -> None:
        """Ask for its environment and folders."""
        if self._calls is None:
            done(None)
            return
        calls = self._calls

        def with_environment(environment: Any) -> None:  # noqa: ANN401 what D-Bus returns
            calls.get(PATH, MANAGER, "UnitPath", lambda path: done(_state(environment, path)))

        calls.get(PATH, MANAGER, "Environment", with_environment)

    def list_services(self, done: Callable[[tuple[LoadedUnit, ...]], None]) -> None:
        """Ask for the service units that are loaded."""

        def listed(answer: Any) -> None:  # noqa: ANN401 what D-Bus returns
            done(() if isinstance(answer, CallError) else answer)

        if self._calls is None:
            done(())
        else:
            arguments = GLib.Variant("(asas)", ([], ["*.service"]))
            self._calls.ask(PATH, MANAGER, "ListUnitsByPatterns", arguments, listed, unpack=_loaded_units)

    def read_unit(self, name: str, done: Callable[[UnitState | None], None]) -> None:
        """Ask for one unit; that loads it."""
        if self._calls is None:
            done(None)
        else:
            UnitReading(self._calls, name, done).start()

    def read_process(self, name: str, done: Callable[[Process | None], None]) -> None:
        """Ask how the main process of a unit runs; None where only ``read_unit`` can tell."""
        if self._calls is None:
            done(None)
        else:
            read_process(self._calls, name, done)

    def unloaded(self, done: Callable[[tuple[str, ...]], None]) -> None:
        """Ask which services changed on the disk since they were loaded."""

        def listed(units: tuple[LoadedUnit, ...]) -> None:
            names = [unit.name for unit in units if unit.load_state == "loaded"]
            found: list[str] = []
            left = [len(names)]

            def answered(name: str, answer: Any) -> None:  # noqa: ANN401 what D-Bus returns
                left[0] -= 1
                if answer is True:
                    found.append(name)
                if not left[0]:
                    done(tuple(sorted(found)))

            if not names or self._calls is None:
                done(())
                return
            for name in names:
                self._calls.get(
                    object_path(name), f"{NAME}.Unit", "NeedDaemonReload", partial(answered, name)
                )

        self.list_services(listed)

    def reload(self, done: Callable[[str], None]) -> None:
        """Have all unit files read again; ``done`` hears "" or what went wrong."""
        self._do("Reload", None, done, RELOAD_SECONDS)

    def restart(self, name: str, done: Callable[[str], None]) -> None:
        """Have ``name`` restarted, if it runs."""
        self._do("TryRestartUnit", GLib.Variant("(ss)", (name, "replace")), done)

    def _do(
        self, method: str, arguments: GLib.Variant | None, done: Callable[[str], None], seconds: float = 5.0
    ) -> None:
        def answered(answer: Any) -> None:  # noqa: ANN401 what D-Bus returns
            done(answer.message if isinstance(answer, CallError) else "")

        if self._calls is None:
            done("the user manager is not on the bus")
        else:
            self._calls.ask(PATH, MANAGER, method, arguments, answered, seconds)

    def _appeared(self, connection: Gio.DBusConnection, _name: str, _owner: str) -> None:
        self._forget()
        calls = self._calls = BusCalls(connection, NAME)
        none = Gio.DBusSignalFlags.NONE
        subscribe = connection.signal_subscribe
        self._signals = [
            subscribe(NAME, MANAGER, "Reloading", PATH, None, none, self._reloading),
            # one match for all services: their properties are announced when their state changes
            subscribe(
                NAME,
                "org.freedesktop.DBus.Properties",
                "PropertiesChanged",
                None,
                SERVICE,
                none,
                self._service_changed,
            ),
        ]
        # without it a manager announces nothing; AlreadySubscribed is fine, it forgets us only with the bus
        calls.ask(PATH, MANAGER, "Subscribe", None, lambda _answer: None)
        if self._listener is not None:
            self._listener.manager_changed(None)

    def _vanished(self, _connection: Gio.DBusConnection, _name: str) -> None:
        self._forget()
        if self._listener is not None:
            self._listener.manager_changed("systemd's user manager is not on the session bus")

    def _forget(self) -> None:
        if self._calls is not None:
            self._calls.close()
            self._calls = None
        if self._connection is not None:
            for signal in self._signals:
                self._connection.signal_unsubscribe(signal)
        self._signals = []

    def _reloading(self, *details: Any) -> None:  # noqa: ANN401 Gio's six arguments of a signal
        if details[5].get_type_string() != "(b)":
            return  # a stranger's: old releases of GLib let those pass that are sent to us alone
        (active,) = details[5].unpack()
        if not active and self._listener is not None:
            self._listener.reloaded()

    def _service_changed(self, *details: Any) -> None:  # noqa: ANN401 Gio's six arguments of a signal
        path, arguments = details[2], details[5]
        if arguments.get_type_string() != CHANGED_TYPE:
            return
        result = arguments.get_child_value(1).lookup_value("Result", GLib.VariantType("s"))
        if result is not None and result.get_string() not in {"success", ""} and self._calls is not None:
            self._calls.get(path, f"{NAME}.Unit", "Id", self._failed)

    def _failed(self, name: Any) -> None:  # noqa: ANN401 what D-Bus returns
        if not isinstance(name, CallError) and self._listener is not None:
            self._listener.failed(name)


def _loaded_units(answer: GLib.Variant) -> tuple[LoadedUnit, ...]:
    """Return three of the ten fields of each unit: to unpack all of them takes 20 ms for 200 units."""
    units = answer.get_child_value(0)

    def field(unit: GLib.Variant, number: int) -> str:
        return str(unit.get_child_value(number).get_string())

    found = (units.get_child_value(number) for number in range(units.n_children()))
    return tuple(LoadedUnit(field(unit, 0), field(unit, 2), field(unit, 3)) for unit in found)


def _state(environment: Any, unit_path: Any) -> ManagerState | None:  # noqa: ANN401 what D-Bus returns
    for answer in (environment, unit_path):
        if isinstance(answer, CallError):
            log.warning("the user manager does not answer: %s", answer.message)
            return None
    return ManagerState(split_assignments(environment), tuple(unit_path))
