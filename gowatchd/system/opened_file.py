"""What is asked of a file that we have opened and hold a lease on, before it is replaced.

Names may be moved between the moment a path was looked up and the moment it was opened: a symbolic link gets
another target, a folder another name. So it is the open file that is judged, not the name.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.services.ports import Swap, SwapOutcome

if TYPE_CHECKING:
    from gowatchd.system.refusals import Refusals

FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY  # no waiting for a FIFO, no terminal
NEWER = Swap(SwapOutcome.CHANGED, "it was saved again meanwhile")


def objection(fd: int, path: str, expected: bytes, refusals: Refusals) -> Swap | None:
    """Say why the file open as ``fd`` must not be replaced, None if all is well.

    It must hold ``expected``, stand at ``path`` (links followed), and be ours to write where it truly is.
    Raises ``OSError`` where ``path`` has gone.
    """
    found = os.fstat(fd)
    if os.pread(fd, len(expected) + 1, 0) != expected or not os.path.samestat(found, os.stat(path)):
        return NEWER
    reason = refusals.reason(os.readlink(f"/proc/self/fd/{fd}"), found)
    return Swap(SwapOutcome.REFUSED, reason) if reason else None
