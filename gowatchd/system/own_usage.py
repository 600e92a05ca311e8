"""What this process takes of the machine."""

from __future__ import annotations

import os

from gowatchd.services.metrics import Usage


def own_usage(since: float) -> Usage:
    """Return what we take by now; ``since`` is when we began, in Unix seconds."""
    spent = os.times()
    return Usage(since, round(spent.user + spent.system, 2), _resident(), _open_files())


def _resident() -> int | None:
    """Return the bytes of ours that are in memory, proc(5)'s second number of statm in pages."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return None


def _open_files() -> int | None:
    try:
        return len(os.listdir("/proc/self/fd")) - 1  # without the one that lists them
    except OSError:
        return None
