"""What a package leaves on the file system of a booted container."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.booted import Booted

# What belongs to nobody's home and to no running system.
LASTING = ("/boot", "/etc", "/opt", "/srv", "/usr", "/var/lib/systemd")
ELSEWHERE = ("-path", "/home", "-o", "-path", "/root", "-o", "-path", "/proc")
LIVE = ("-ignore_readdir_race", "-xdev")  # files come and go while find looks


def lasting(machine: Booted) -> set[str]:
    """Return the path of whatever stays there over a restart, people's own files aside."""
    return set(machine.run("find", *LASTING, *LIVE).stdout.splitlines())


def called(machine: Booted, pattern: str) -> list[str]:
    """Return the path of whatever has a name like ``pattern``, people's own files aside."""
    found = machine.run("find", "/", *LIVE, "(", *ELSEWHERE, ")", "-prune", "-o", "-name", pattern, "-print")
    return found.stdout.splitlines()
