"""A first walk through the roots by a child process, so that the watcher's own scan finds them in memory.

The scan runs on the main loop, and on a cold or busy disk each folder may hold that up. This walk reads the
same folders before it, at idle I/O priority, where nobody waits for it but the scan (docs/adr/0007).
"""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from typing import TYPE_CHECKING

from gowatchd.system.discovery import Pruning, find_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.services.ports import Finished
    from gowatchd.system.child import ChildPool

# Longer than 100,000 folders took on a disk with eight other readers (23 s); what is not read by then, the
# scan reads itself.
WALK_SECONDS = 60.0

KEY = "walk"
_IDLE = (
    "ionice",
    "-t",
    "-c",
    "3",
)  # of util-linux, which is on every Debian; -t: carry on where it is refused


def walk_beside(
    pool: ChildPool, roots: Iterable[str], excludes: Iterable[str], done: Callable[[], None]
) -> None:
    """Walk ``roots`` in a child process and call ``done``, also where that failed or took too long."""
    from gowatchd.system.process import Command  # noqa: PLC0415 the child itself does without

    task = json.dumps({"roots": list(roots), "excludes": list(excludes)})
    command = Command((*_IDLE, sys.executable, "-m", __name__, task), cwd="/", timeout=WALK_SECONDS)

    def finished(_finished: Finished) -> None:
        done()

    pool.start(KEY, command, finished)


def forget_walk(pool: ChildPool) -> None:
    """End the walk; nobody is called any more."""
    pool.forget(KEY)


def main(task: str) -> None:
    """Walk, in the child process."""
    wanted = json.loads(task)
    pruning = Pruning(wanted["excludes"])
    for root in wanted["roots"]:
        if pruning.mounts.waits(os.fsencode(root)):
            continue  # the scan leaves it out too, until it is mounted
        deque(find_files(root, pruning), maxlen=0)


if __name__ == "__main__":
    main(sys.argv[1])
