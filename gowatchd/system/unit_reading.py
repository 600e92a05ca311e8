"""Reading one unit from the user manager, property by property, and what its process runs with."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from gowatchd.services.unit_state import Process, UnitState
from gowatchd.system.bus_calls import BusCalls, CallError
from gowatchd.system.environment_files import read_environment_files
from gowatchd.unitfile.effective import Settings
from gowatchd.unitfile.needs import Command
from gowatchd.unitfile.static_unit import EXEC_KEYS
from gowatchd.unitfile.unit_name import object_path

if TYPE_CHECKING:
    from collections.abc import Callable

UNIT = "org.freedesktop.systemd1.Unit"
SERVICE = "org.freedesktop.systemd1.Service"

# ExecSearchPath is unknown before systemd 250, ExecConditionEx and the like before 243.
PROPERTIES = (
    *(
        (UNIT, name)
        for name in ("Id", "FragmentPath", "DropInPaths", "LoadState", "UnitFileState", "Transient")
    ),
    (UNIT, "NeedDaemonReload"),
    *((SERVICE, f"{key}Ex") for key in EXEC_KEYS),
    *((SERVICE, name) for name in ("Environment", "EnvironmentFiles", "PassEnvironment", "UnsetEnvironment")),
    *((SERVICE, name) for name in ("ExecSearchPath", "MainPID", "Result", "ExecMainStatus")),
)
# Without one of these nothing can be said about a unit: "not set" must never mean "not heard".
_INDISPENSABLE = frozenset(
    {"LoadState", "Environment", "EnvironmentFiles", "PassEnvironment", "UnsetEnvironment"}
)
# The answer is no property that this systemd lacks, but none at all.
_NO_ANSWER = frozenset(
    {
        "",
        "org.freedesktop.DBus.Error.Disconnected",
        "org.freedesktop.DBus.Error.LimitsExceeded",
        "org.freedesktop.DBus.Error.NoMemory",
        "org.freedesktop.DBus.Error.NoReply",
        "org.freedesktop.DBus.Error.NoServer",
        "org.freedesktop.DBus.Error.ServiceUnknown",
        "org.freedesktop.DBus.Error.TimedOut",
        "org.freedesktop.DBus.Error.Timeout",
    }
)
_NO_EXPANSION = "no-env-expand"
_ENVIRON_SIZE = 1 << 20  # bytes of /proc/PID/environ; the kernel takes 128 KiB for one variable


class UnitReading:
    """Asks for every property of ``PROPERTIES`` and calls ``done`` once with the unit, or None."""

    def __init__(self, calls: BusCalls, name: str, done: Callable[[UnitState | None], None]) -> None:
        self._calls = calls
        self._name = name
        self._done = done
        self._answers: dict[str, Any] = {}
        self._left = len(PROPERTIES)
        self._unknown = False

    def start(self) -> None:
        """Ask."""
        path = object_path(self._name)
        for interface, name in PROPERTIES:
            self._calls.get(path, interface, name, partial(self._answered, name))

    def _answered(self, name: str, answer: Any) -> None:  # noqa: ANN401 what D-Bus returns
        if not isinstance(answer, CallError):
            self._answers[name] = answer
        elif name in _INDISPENSABLE or answer.name in _NO_ANSWER:
            self._unknown = True
        self._left -= 1
        if not self._left:
            self._done(None if self._unknown else self._unit())

    def _unit(self) -> UnitState:
        get = self._answers.get
        files, lost = read_environment_files(get("EnvironmentFiles", ()))
        settings = Settings(
            assignments=tuple(get("Environment", ())),
            files=files,
            passed=tuple(get("PassEnvironment", ())),
            unset=tuple(get("UnsetEnvironment", ())),
            search_path=tuple(get("ExecSearchPath", ())),
        )
        pid = get("MainPID", 0)
        return UnitState(
            name=get("Id", self._name),
            fragment=get("FragmentPath", ""),
            drop_ins=tuple(get("DropInPaths", ())),
            load_state=get("LoadState", ""),
            file_state=get("UnitFileState", ""),
            transient=get("Transient", False),
            needs_reload=get("NeedDaemonReload", False),
            commands=tuple(_command(line) for key in EXEC_KEYS for line in get(f"{key}Ex", ())),
            settings=settings,
            lost_files=lost,
            process=Process(pid, get("Result", ""), get("ExecMainStatus", 0), _environment_of(pid)),
        )


def read_process(calls: BusCalls, name: str, done: Callable[[Process | None], None]) -> None:
    """Ask for the main process alone, a tenth of a whole reading; None where its files changed since."""
    path = object_path(name)

    def with_process(changed: object, pid: object) -> None:
        if changed is not False or not isinstance(pid, int):
            done(None)
        else:
            done(Process(pid, environment=_environment_of(pid)))

    def with_changed(changed: object) -> None:
        calls.get(path, SERVICE, "MainPID", partial(with_process, changed))

    calls.get(path, UNIT, "NeedDaemonReload", with_changed)


def _command(line: tuple[Any, ...]) -> Command:
    """Return a command of ``a(sasasttttuii)``: path, words, flags and eight numbers."""
    path, words, flags = line[:3]
    return Command((path, *words[1:]), expands=_NO_EXPANSION not in flags)


def _environment_of(pid: int) -> dict[str, str] | None:
    """Return what the process was started with; None where it is gone or somebody else's."""
    if not pid:
        return None
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            data = file.read(_ENVIRON_SIZE)
    except OSError:
        return None
    pairs = (os.fsdecode(one).partition("=") for one in data.split(b"\0") if one)
    return {name: value for name, _, value in pairs}
