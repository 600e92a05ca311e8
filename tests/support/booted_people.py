"""The people of a booted container: how they came to be there, and what can go wrong with their managers."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from tests.support.booted import Person
from tests.support.booted_desktop import Desktop
from tests.support.bus import wait_for

if TYPE_CHECKING:
    from tests.support.booted import Booted


def lingering(machine: Booted, name: str, *useradd: str) -> Desktop:
    """Make somebody whose services run without a login, with options of useradd."""
    return Desktop(machine, machine.add_person(name, *useradd))


def lingering_root(machine: Booted) -> Desktop:
    """Start the user manager of root."""
    machine.run("loginctl", "enable-linger", "root")
    return _up(Desktop(machine, Person("root", 0)))


def logged_in(machine: Booted, name: str) -> Desktop:
    """Make somebody in a session of logind's, which PAM opens as for a display manager or sshd."""
    machine.run("useradd", "--create-home", "--shell", "/bin/bash", name)
    pam = ("-p", f"User={name}", "-p", "PAMName=login")
    machine.run("systemd-run", "--quiet", f"--unit=session-of-{name}", *pam, "sleep", "infinity")
    return _up(Desktop(machine, Person(name, int(machine.run("id", "-u", name).stdout))))


def _up(desktop: Desktop) -> Desktop:
    """Wait until the services of a login have been started."""
    ask = ("systemctl", "--user", "is-active", "default.target")
    wait_for(lambda: desktop.run(*ask, check=False).stdout == "active\n", f"manager of {desktop.person.name}")
    return desktop


class Hung:
    """The user managers of ``desktops``, stopped as by a debugger until the end of the ``with``."""

    def __init__(self, *desktops: Desktop) -> None:
        self._managers = [_manager(desktop) for desktop in desktops]

    def __enter__(self) -> None:
        for pid in self._managers:
            os.kill(pid, signal.SIGSTOP)

    def __exit__(self, *_: object) -> None:
        for pid in self._managers:
            os.kill(pid, signal.SIGCONT)


def _manager(desktop: Desktop) -> int:
    """Return the process of the person's manager, by its number outside of the container."""
    unit = f"user@{desktop.person.uid}.service"
    inside = desktop.machine.run("systemctl", "show", "-P", "MainPID", unit).stdout.strip()
    for pid in desktop.machine.group.processes():
        with open(f"/proc/{pid}/status") as lines:
            numbers = next(line.split()[1:] for line in lines if line.startswith("NSpid:"))
        if len(numbers) > 1 and numbers[-1] == inside:
            return pid
    raise AssertionError(f"{unit} is not among the processes of the container")
