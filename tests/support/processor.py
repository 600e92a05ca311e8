"""How much of a processor a process uses, beside one that is busy all the time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BUSY_SECONDS = 0.5  # of processor time: 50 of the ticks in which the kernel counts
RETRIED_SECONDS = 60.0  # what failed is tried again every half minute at least, on a busy machine too
RESTS = 0.25  # what a process that rests stays below; one that spins is at about 1
WINDOWS = 12  # looks until it rests: on a busy machine it may still have honest work to do at the first ones
_BUSY = f"import time\nwhile time.process_time() < {BUSY_SECONDS}: pass"
_TICKS_EACH_SECOND = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12  # utime and stime, fields 14 and 15 of proc_pid_stat(5), counted from the state


def used_seconds(pid: int | Path) -> float:
    """Return the processor time that a process, by its id or its folder of proc, used until now."""
    folder = pid if isinstance(pid, Path) else Path(f"/proc/{pid}")
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS_EACH_SECOND


def share_beside_a_busy_one(pid: int) -> float:
    """Return how much ``pid`` uses while another process does nothing but work, as a part of what that uses.

    A process that spins gets as much as the other one, so about 1, however busy the machine is; the one that
    rests gets 0. It has some looks' time to come to rest; one that spins never does.
    """
    for _ in range(WINDOWS):
        share = _share(pid)
        if share < RESTS:
            break
    return share


def _share(pid: int) -> float:
    before = used_seconds(pid)
    subprocess.run([sys.executable, "-c", _BUSY], timeout=120, check=True)
    return (used_seconds(pid) - before) / BUSY_SECONDS
