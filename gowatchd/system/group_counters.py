"""What the kernel counted of a control group: memory limits reached, processes killed, CPU time withheld.

See cgroup-v2 in the kernel's documentation; a hybrid system has that hierarchy below ``unified``.
"""

from __future__ import annotations

import os
from collections import ChainMap
from dataclasses import dataclass

ROOTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
_SIZE = 1 << 16  # bytes of one of these files: some twenty lines


@dataclass(frozen=True, slots=True)
class GroupCounters:
    """Counters of one group; None where the kernel keeps none here.

    ``high`` and ``limit`` are how often memory.high and memory.max were reached, ``killed`` how many
    processes the kernel killed for memory, ``throttled`` how often and ``throttled_seconds`` how long
    cpu.max withheld time.
    """

    high: int | None = None
    limit: int | None = None
    killed: int | None = None
    throttled: int | None = None
    throttled_seconds: float | None = None


def group_counters(group: str, roots: tuple[str, ...] = ROOTS) -> GroupCounters:
    """Return the counters of ``group``, as systemd names it: ``/user.slice/...``."""
    folders = [os.path.join(root, group.lstrip("/")) for root in roots if group]
    memory: ChainMap[str, int] = ChainMap(*(_counts(f"{folder}/memory.events") for folder in folders))
    cpu: ChainMap[str, int] = ChainMap(*(_counts(f"{folder}/cpu.stat") for folder in folders))
    microseconds = cpu.get("throttled_usec")
    return GroupCounters(
        memory.get("high"),
        memory.get("max"),
        memory.get("oom_kill"),
        cpu.get("nr_throttled"),
        None if microseconds is None else microseconds / 1e6,
    )


def _counts(path: str) -> dict[str, int]:
    try:
        with open(path, "rb") as file:
            lines = file.read(_SIZE).decode(errors="replace").splitlines()
    except OSError:
        return {}
    pairs = (line.split() for line in lines)
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}
