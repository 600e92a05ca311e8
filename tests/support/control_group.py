"""Control groups of a test's own, so that whatever it started can be found, ended and forgotten."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class ControlGroup:
    """One named group below the caller's own, in every hierarchy where systemd keeps processes."""

    def __init__(self, name: str) -> None:
        self.folders = tuple(base / name for base in _own_folders())

    def joining(self, command: list[str], below: str = "") -> list[str]:
        """Return ``command`` such that it runs in the group, or in the one of that name below it."""
        lines = []
        for folder in self.folders:
            (folder / below).mkdir(exist_ok=True)
            lines.append(f"echo $$ > '{folder / below}/cgroup.procs'")
        return ["sh", "-c", " && ".join([*lines, 'exec "$@"']), "sh", *command]

    def processes(self) -> set[int]:
        found: set[int] = set()
        for folder in self.folders:
            for listing in folder.rglob("cgroup.procs"):
                with contextlib.suppress(OSError):  # a group may end while we look
                    found.update(int(word) for word in listing.read_text().split())
        return found

    def end(self, seconds: float = 60) -> None:
        """Kill what still runs in the group and remove it."""
        deadline = time.monotonic() + seconds
        while (pids := self.processes()) and time.monotonic() < deadline:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)  # the kernel tells nobody here when a killed process is gone
        for folder in self.folders:
            for below, _, _ in os.walk(folder, topdown=False):
                Path(below).rmdir()


@contextlib.contextmanager
def control_group(name: str) -> Iterator[ControlGroup]:
    """Make a group; in the end kill what is left in it and remove it."""
    group = ControlGroup(name)
    for folder in group.folders:
        folder.mkdir(parents=True)
    try:
        yield group
    finally:
        group.end()


def _own_folders() -> Iterator[Path]:
    """Find this process's own groups: cgroup v2 and, on older machines, name=systemd (cgroups(7))."""
    places = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, place = line.split(":", 2)
        places[controllers] = place
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        mount, _, rest = line.partition(" - ")
        kind, _, options = rest.split(" ")[:3]
        key = {"cgroup2": "", "cgroup": "name=systemd"}.get(kind)
        if key in places and (kind == "cgroup2" or "name=systemd" in options.split(",")):
            yield Path(mount.split(" ")[4]) / places[key].lstrip("/")
