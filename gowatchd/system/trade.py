"""Two names of one folder change places (renameat2(2)), and change back where somebody's save was hit.

Whatever comes out of the place is looked at before it is given up: a save that was taken out goes back in,
and never is a name overwritten. ``place`` is a descriptor of the folder, which may be renamed meanwhile.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import time
from enum import Enum

from gowatchd.system import lease

# Seconds: a writer that had found the file by its name has arrived at our lease on it by then.
_GRACE = 0.002

_PUT_BACK_TRIES = 100  # an editor's save takes its file away once
_RENAME_NOREPLACE = 1
_RENAME_EXCHANGE = 2

_libc = ctypes.CDLL(None, use_errno=True)


class Trade(Enum):
    """How an exchange of two names ended, and what the first of them holds now."""

    DONE = "done"  # what stood at the second
    UNDONE = "undone"  # what it held before
    GONE = "gone"  # nothing: an editor had moved the second away, so the first took its place


def exchange(place: int, stray: str, name: str) -> None:
    """Have ``stray`` and ``name`` change places. Raises ``OSError`` where nothing was exchanged."""
    _rename(place, stray, name, _RENAME_EXCHANGE)


def move(place: int, stray: str, name: str) -> None:
    """Rename ``stray`` to ``name``; raises ``FileExistsError`` where something is there."""
    _rename(place, stray, name, _RENAME_NOREPLACE)


def settle(place: int, fd: int, ours: os.stat_result, stray: str, name: str) -> Trade:
    """Say whether the exchange of ``stray``, which was ``ours``, and ``name`` may stand, and undo it if not.

    It stands if the file open as ``fd``, which has our read lease, came out and nobody wants to write that.
    Raises ``OSError`` where it cannot be undone: then the stray stays.
    """
    if os.path.samestat(os.lstat(stray, dir_fd=place), os.fstat(fd)) and stays_quiet(fd):
        return Trade.DONE
    expected = ours
    while True:
        going_in = os.lstat(stray, dir_fd=place)
        if not _put_back(place, stray, name):
            return Trade.GONE
        if os.path.samestat(os.lstat(stray, dir_fd=place), expected):
            return Trade.UNDONE
        expected = going_in  # a still newer file came out: it goes back in


def _put_back(place: int, stray: str, name: str) -> bool:
    """Exchange ``stray`` and ``name``, or move ``stray`` there while an editor has ``name`` moved away.

    Return whether something came out.
    """
    for _ in range(_PUT_BACK_TRIES):
        with contextlib.suppress(FileNotFoundError):
            exchange(place, stray, name)
            return True
        with contextlib.suppress(FileExistsError):
            move(place, stray, name)
            return False
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)


def stays_quiet(fd: int) -> bool:
    """Say whether nobody wants to write the file open as ``fd``, which has our read lease, for a moment."""
    deadline = time.monotonic() + _GRACE
    while lease.has_read_lease(fd):
        if time.monotonic() > deadline:
            return True
        time.sleep(_GRACE / 20)  # the kernel tells of a wish by a signal alone, and those are the main loop's
    return False


def _rename(place: int, source: str, target: str, flags: int) -> None:
    if _libc.renameat2(place, os.fsencode(source), place, os.fsencode(target), flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), target)
