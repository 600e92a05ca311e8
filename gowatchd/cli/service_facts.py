"""What the session bus and systemd tell of our service and of notifications, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress

from gowatchd.cli.client import Client
from gowatchd.system.group_counters import GroupCounters, group_counters

UNIT = "gowatchd.service"
_SYSTEMD = "org.freedesktop.systemd1"
_OBJECT = "/org/freedesktop/systemd1/unit/gowatchd_2eservice"
_NOTIFICATIONS = "org.freedesktop.Notifications"
_UNSET = 1 << 64  # where systemd has no number it gives the highest one, minus 1


@dataclass(frozen=True, slots=True)
class Service:
    """Our unit, as the user manager has it; bytes and counters are None where there are none.

    ``file_state`` is that of systemctl is-enabled, "" without a unit file. ``skipped``: the last start did
    not happen, because a condition of the unit does not hold.
    """

    load: str
    active: str
    sub: str
    file_state: str
    stale: bool
    skipped: bool
    result: str
    exit_status: int
    restarts: int
    memory: int | None
    memory_high: int | None
    tasks: int | None
    counters: GroupCounters


@dataclass(frozen=True, slots=True)
class Notifications:
    """The notification server: its name and version, "" where there is none, and what it can do."""

    server: str
    capabilities: tuple[str, ...] = ()


def service() -> Service:
    """Ask the user manager; raises CommandError where it does not answer."""
    with Client() as client:
        unit = client.properties_of(DBusAddress(_OBJECT, _SYSTEMD, f"{_SYSTEMD}.Unit"))
        own = client.properties_of(DBusAddress(_OBJECT, _SYSTEMD, f"{_SYSTEMD}.Service"))
    return Service(
        str(unit["LoadState"]),
        str(unit["ActiveState"]),
        str(unit["SubState"]),
        str(unit["UnitFileState"]),
        bool(unit["NeedDaemonReload"]),
        bool(unit["ConditionTimestamp"] and not unit["ConditionResult"]) or own["Result"] == "exec-condition",
        str(own["Result"]),
        int(own["ExecMainStatus"]),
        int(own["NRestarts"]),
        _number(own, "MemoryCurrent"),
        _number(own, "MemoryHigh"),
        _number(own, "TasksCurrent"),
        group_counters(str(own["ControlGroup"])),
    )


def notifications() -> Notifications:
    """Ask the notification server, and start none; raises CommandError."""
    server = DBusAddress("/org/freedesktop/Notifications", _NOTIFICATIONS, _NOTIFICATIONS)
    with Client() as client:
        if not client.is_owned(_NOTIFICATIONS):
            return Notifications("")
        name, _vendor, version, _specification = client.call_other(server, "GetServerInformation")
        (capabilities,) = client.call_other(server, "GetCapabilities")
    return Notifications(f"{name} {version}".strip(), tuple(map(str, capabilities)))


def _number(properties: dict[str, Any], name: str) -> int | None:
    """Return a number, None where systemd has none; a version that does not know the name has none either."""
    value = properties.get(name, _UNSET - 1)
    return int(value) if value < _UNSET - 1 else None
