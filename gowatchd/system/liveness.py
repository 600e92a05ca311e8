"""Whether a process that left its number somewhere still lives."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_START = 19  # starttime, field 22 of /proc/PID/stat, counted from the state (field 3)
# What the programs call themselves that leave signs: vim.basic, gvim, view, nvim, nano, emacs-gtk ...
_EDITORS = ("vi", "gvi", "rvi", "evi", "nvim", "ex", "nano", "pico", "emacs")
_SLACK = 2.0  # seconds: boot time is whole seconds, and start time counts ticks


def boot_time() -> int:
    """Return when this machine booted, in seconds since the epoch (btime of proc_stat(5))."""
    for line in Path("/proc/stat").read_text().splitlines():
        if line.startswith("btime "):
            return int(line.split()[1])
    return 0


def is_running_since(pid: int, moment: float) -> bool:
    """Say whether process ``pid`` lives and lived already at ``moment`` (epoch seconds).

    A process that started later merely got the number of one that is dead.
    """
    _, fields = _of_living(pid)
    return bool(fields) and boot_time() + int(fields[_START]) / _TICKS <= moment + _SLACK


def is_editor(pid: int) -> bool:
    """Say whether process ``pid`` lives and is an editor, by its name.

    Times tell nothing of a sign that was left before the clock was set: an editor with its number is most
    likely the one that left it.
    """
    name, _ = _of_living(pid)
    return name.startswith(_EDITORS)


def _of_living(pid: int) -> tuple[str, list[str]]:
    """Return the name of process ``pid`` and the fields after it; nothing where it is dead."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return "", []
    before, _, after = line.rpartition(")")
    fields = after.split()
    return ("", []) if fields[0] in {"Z", "X"} else (before.partition("(")[2], fields)
