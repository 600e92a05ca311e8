"""What a running process holds and uses, by the kernel's own books."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from tests.support.processor import used_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WAITED = 13  # cutime, counted as in `used_seconds`; cstime follows


@dataclass(frozen=True)
class Vitals:
    """One look at a process; memory in KiB, processor time in seconds since its start."""

    pss: int
    anonymous: int  # the part of pss that no file backs: what a leak adds to
    descriptors: int
    watches: int
    threads: int
    tasks: int  # processes of its control group, itself included
    cpu: float
    cpu_of_children: float  # of those that have ended and were waited for

    @classmethod
    def of(cls, process: Path, group: Path) -> Vitals:
        """Look at ``process``, a folder of proc, and at its control group, where one is counted."""
        memory = _numbers(process / "smaps_rollup")
        status = _numbers(process / "status")
        infos = list(_readable(process / "fdinfo"))
        return cls(
            pss=memory["Pss"],
            anonymous=memory["Pss_Anon"],
            descriptors=len(infos),
            watches=sum(info.count("\ninotify wd:") for info in infos),
            threads=status["Threads"],
            tasks=len((group / "cgroup.procs").read_text().split()),
            cpu=used_seconds(process),
            cpu_of_children=_children_seconds(process),
        )

    @staticmethod
    def names() -> list[str]:
        return [field.name for field in fields(Vitals)]


def _readable(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed while we looked
            yield path.read_text()


def _numbers(path: Path) -> dict[str, int]:
    """Return the lines ``Name: 123 kB`` of a file of proc."""
    found = {}
    for line in path.read_text().splitlines():
        name, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdigit():
            found[name] = int(words[0])
    return found


def _children_seconds(process: Path) -> float:
    words = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(words[_WAITED]) + int(words[_WAITED + 1])) / os.sysconf("SC_CLK_TCK")
