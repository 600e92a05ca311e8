"""Whether a process that left its number somewhere still lives."""

from __future__ import annotations

import os
from pathlib import Path

from gowatchd.system.processes import started

_TICKS = os.sysconf("SC_CLK_TCK")
_SLACK = 2.0  # seconds: boot time is whole seconds, and start time counts ticks


def boot_time() -> int:
    """Return when this machine booted, in seconds since the epoch (btime of proc_stat(5)).

    It is another one once the clock was set.
    """
    for line in Path("/proc/stat").read_text().splitlines():
        if line.startswith("btime "):
            return int(line.split()[1])
    return 0


def is_running_since(pid: int, moment: float) -> bool:
    """Say whether process ``pid`` lives and lived already at ``moment`` (epoch seconds).

    A process that started later merely got the number of one that is dead. Where the clock was set forward
    after ``moment``, one that lived looks like that too.
    """
    start = started(pid)
    return start is not None and boot_time() + start / _TICKS <= moment + _SLACK
