"""Programs of the person, started by systemd's user manager as units of their own.

Not as children of ours: an editor has to outlive us, must not count against our limits, and does not work
under our hardening, which a child would inherit for good. The manager's environment is the session's at that
moment: a desktop puts DISPLAY and WAYLAND_DISPLAY into it when it starts, which is after we did.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from gi.repository import Gio, GLib

from gowatchd.services.plain_text import escape
from gowatchd.system.bus_calls import CHANGED_TYPE, BusCalls, CallError
from gowatchd.unitfile.effective import split_assignments
from gowatchd.unitfile.unit_name import object_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gowatchd.services.ports import Handle, Scheduler

NAME = "org.freedesktop.systemd1"
PATH = "/org/freedesktop/systemd1"
MANAGER = f"{NAME}.Manager"
SERVICE = f"{NAME}.Service"
UNIT = f"{NAME}.Unit"
PROPERTIES = "org.freedesktop.DBus.Properties"

# Seconds after which a program that runs counts as one that opened its file: what cannot find a display, a
# file or its own parts has ended by then.
FAILS_WITHIN_SECONDS = 10.0
UNDER_WAY_MOST = 16  # a finger on a button; more is somebody else's
EXIT_TYPE_SINCE = 250  # the systemd that knows ExitType=; Ubuntu 22.04 has 249
NOT_EXECUTED = 203  # systemd.exec(5), "Process Exit Codes"
TOKEN = re.compile(
    r"[!-~]{1,512}"
)  # of a compositor; an assignment that systemd refuses would refuse the unit


@dataclass(frozen=True, slots=True)
class Program:
    """What to start: ``words`` with the program's absolute path first, in ``folder`` where that is there."""

    words: tuple[str, ...]
    description: str
    folder: str = ""
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """The manager's own environment, which every unit gets, and its version (0: unknown)."""

    environment: Mapping[str, str]
    version: int


class TransientUnits:
    """Starts programs; a client of the daemon's own connection."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._connection: Gio.DBusConnection | None = None
        self._calls: BusCalls | None = None
        self._starts: set[_Start] = set()

    def attach(self, connection: Gio.DBusConnection) -> None:
        """Begin on a fresh connection."""
        self._connection = connection
        self._calls = BusCalls(connection, NAME)

    def detach(self) -> None:
        """Forget the connection; whoever waits for a start hears of that."""
        calls, self._calls, self._connection = self._calls, None, None  # first: who hears of it tries again
        if calls is not None:
            calls.close()
        for start in tuple(self._starts):
            start.end("the session bus went away")

    def read_session(self, done: Callable[[Session | str], None]) -> None:
        """Ask the manager; ``done`` gets its answer, or why there is none."""
        if self._calls is None:
            done("there is no session bus")
            return
        calls = self._calls

        def with_environment(environment: Any) -> None:  # noqa: ANN401 what D-Bus returns
            if isinstance(environment, CallError):
                done(f"systemd's user manager does not answer: {environment.message}")
            else:
                values = split_assignments(environment)
                calls.get(PATH, MANAGER, "Version", lambda version: done(Session(values, _number(version))))

        calls.get(PATH, MANAGER, "Environment", with_environment)

    def start(self, program: Program, session: Session, done: Callable[[str], None]) -> None:
        """Start ``program``; ``done`` hears "" when it runs or did its work, else what went wrong."""
        if self._calls is None or self._connection is None:
            done("there is no session bus")
        elif len(self._starts) >= UNDER_WAY_MOST:
            done("too many programs are being started")
        elif not _is_text(program.words):
            done(f"{escape(program.words[0])} cannot be started: a word of its command is not UTF-8")
        else:
            start = _Start(self._connection, self._calls, program, partial(self._over, done))
            self._starts.add(start)
            start.timer = self._scheduler.call_later(FAILS_WITHIN_SECONDS, partial(start.end, ""))
            start.begin(session)

    def _over(self, done: Callable[[str], None], start: _Start, reason: str) -> None:
        self._starts.discard(start)
        done(reason)


class _Start:
    """One program on its way, until it is clear whether it runs."""

    def __init__(
        self,
        connection: Gio.DBusConnection,
        calls: BusCalls,
        program: Program,
        over: Callable[[_Start, str], None],
    ) -> None:
        self.timer: Handle | None = None
        self._connection = connection
        self._calls = calls
        self._program = program
        self._over: Callable[[_Start, str], None] | None = over
        # https://systemd.io/DESKTOP_ENVIRONMENTS: app-LAUNCHER-APPLICATION@RANDOM.service, in app.slice
        self._unit = f"app-gowatchd-open@{secrets.token_hex(8)}.service"
        self._signal = 0

    def begin(self, session: Session) -> None:
        """Have the manager make the unit and start it."""
        self._signal = self._connection.signal_subscribe(
            NAME,
            PROPERTIES,
            "PropertiesChanged",
            object_path(self._unit),
            None,
            Gio.DBusSignalFlags.NONE,
            self._changed,
        )
        # without it a manager announces nothing; AlreadySubscribed is fine
        self._calls.ask(PATH, MANAGER, "Subscribe", None, lambda _answer: None)
        more_units: list[object] = []
        arguments = (self._unit, "fail", _properties(self._program, session), more_units)
        self._calls.ask(
            PATH, MANAGER, "StartTransientUnit", GLib.Variant("(ssa(sv)a(sa(sv)))", arguments), self._started
        )

    def end(self, reason: str) -> None:
        """Tell how it went, once."""
        over, self._over = self._over, None
        if over is None:
            return
        self._connection.signal_unsubscribe(self._signal)
        if self.timer is not None:
            self.timer.cancel()
        over(self, reason)

    def _started(self, answer: Any) -> None:  # noqa: ANN401 what D-Bus returns
        if isinstance(answer, CallError):
            text = "systemd did not start {program}: {error}"
            self.end(text.format(program=self._program.words[0], error=answer.message))

    def _changed(self, *details: Any) -> None:  # noqa: ANN401 Gio's six arguments of a signal
        if details[5].get_type_string() != CHANGED_TYPE:
            return
        interface, changed, _invalidated = details[5].unpack()
        if interface == SERVICE and changed.get("Result", "success") not in {"success", ""}:
            self.end(self._failure(changed))
        elif interface == UNIT and changed.get("ActiveState") == "inactive":
            self._inactive(changed)

    def _inactive(self, changed: Mapping[str, Any]) -> None:
        if changed.get("InactiveEnterTimestampMonotonic"):  # before its start it is inactive too
            self.end("")

    def _failure(self, changed: Mapping[str, Any]) -> str:
        program, status = self._program.words[0], changed.get("ExecMainStatus", 0)
        if status == NOT_EXECUTED:
            return f"{program} cannot be run"
        text = "{program} ended with status {status}: see journalctl --user -u {unit}"
        return text.format(program=program, status=status, unit=self._unit)


def _is_text(words: tuple[str, ...]) -> bool:
    """Say whether D-Bus has strings for ``words``."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        return False
    return True


def _properties(program: Program, session: Session) -> list[tuple[str, GLib.Variant]]:
    """Return the settings of the unit, as StartTransientUnit wants them."""
    command = (program.words[0], list(program.words), ["no-env-expand"])  # "$HOME" is a fine name for a file
    settings = [
        ("Description", GLib.Variant("s", escape(program.description))),  # systemd writes it down as it is
        ("Type", GLib.Variant("s", "exec")),
        ("ExecStartEx", GLib.Variant("a(sasas)", [command])),
        ("Slice", GLib.Variant("s", "app.slice")),
        ("CollectMode", GLib.Variant("s", "inactive-or-failed")),  # nobody would reset it
        ("StandardOutput", GLib.Variant("s", "null")),  # what goes wrong stands on the other one
    ]
    # An editor's launcher ends when its window is open: the unit lives as long as anything in it. Older
    # systemd can only be kept from killing the rest.
    if session.version >= EXIT_TYPE_SINCE:
        settings.append(("ExitType", GLib.Variant("s", "cgroup")))
    else:
        settings.append(("KillMode", GLib.Variant("s", "process")))
    if program.folder and program.folder.isprintable():  # it is written down as it is, too
        settings.append(("WorkingDirectory", GLib.Variant("s", f"-{program.folder}")))
    if program.token is not None and TOKEN.fullmatch(program.token):
        names = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")  # Wayland's; X11's, and GTK's for both
        tokens = [f"{name}={program.token}" for name in names]
        settings.append(("Environment", GLib.Variant("as", tokens)))
    return settings


def _number(version: Any) -> int:  # noqa: ANN401 what D-Bus returns
    """Return 252 of a version such as ``252 (252.39-1~deb12u2)``."""
    found = None if isinstance(version, CallError) else re.match(r"v?(\d+)", version)
    return int(found[1]) if found else 0
