"""File leases (fcntl(2)): the kernel's word on who else has a file open.

A read lease is granted while nobody has the file open for writing, a write lease while nobody else has it
open at all. As long as one is held, whoever opens the file against it waits in the kernel (45 s at most,
/proc/sys/fs/lease-break-time), so it is held for microseconds, never across a callback.
"""

from __future__ import annotations

import errno
import fcntl
import signal
from enum import Enum


class Grant(Enum):
    """How the kernel answered."""

    GRANTED = "granted"
    CONTENDED = "contended"  # somebody has the file open in the other way
    UNSUPPORTED = "unsupported"  # another owner's file, or a file system without leases


def take_read_lease(fd: int) -> Grant:
    """Ask for the read lease on ``fd``, which must be open for reading only."""
    return _take(fd, fcntl.F_RDLCK)


def take_write_lease(fd: int) -> Grant:
    """Ask for the write lease on ``fd``, however that is open."""
    return _take(fd, fcntl.F_WRLCK)


def has_read_lease(fd: int) -> bool:
    """Say whether the read lease on ``fd`` stands and nobody waits for its end."""
    return fcntl.fcntl(fd, fcntl.F_GETLEASE) == fcntl.F_RDLCK


def has_write_lease(fd: int) -> bool:
    """Say whether the write lease on ``fd`` stands and nobody waits for its end."""
    return fcntl.fcntl(fd, fcntl.F_GETLEASE) == fcntl.F_WRLCK


def release(fd: int) -> None:
    """Give the lease on ``fd`` back; closing ``fd`` does so too."""
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)


def _take(fd: int, kind: int) -> Grant:
    try:
        # a signal tells the holder that somebody waits: SIGIO, which kills, unless another one is chosen;
        # SIGURG is ignored by default, and we let go at once anyway
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, kind)
    except OSError as error:
        return Grant.CONTENDED if error.errno == errno.EAGAIN else Grant.UNSUPPORTED
    return Grant.GRANTED
