"""Compare-and-swap of a file's bytes, in place, under a write lease.

The write lease is granted only if nobody else has the file open; from then on every open() waits in the
kernel until we let go. Comparing and writing are therefore one step for every editor and reader, and the
inode, its links, owner, mode, ACL and attributes stay. A file renamed over ours meanwhile merely makes our
inode an orphan.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import time
from typing import TYPE_CHECKING

from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system import lease
from gowatchd.system.exchange import swap_by_exchange
from gowatchd.system.opened_file import FLAGS, NEWER, objection
from gowatchd.system.system_error import error_text

if TYPE_CHECKING:
    from gowatchd.system.refusals import Refusals

_ATTEMPTS = 4  # readers come right after a save and are gone within milliseconds
_PAUSE = 0.005  # seconds between them: the main loop stands still meanwhile
# Seconds for which the lease is surely ours: the kernel takes it from a holder that does not answer, such as
# a stopped process, after /proc/sys/fs/lease-break-time, which is 45 s and cannot be below 1 s.
_SURE = 0.5
_KEEP_SIZE = 0x01  # FALLOC_FL_KEEP_SIZE of fallocate(2)

_OUTCOMES = {
    errno.ENOENT: SwapOutcome.CHANGED,
    errno.ENOTDIR: SwapOutcome.CHANGED,
    errno.ELOOP: SwapOutcome.CHANGED,  # it became a symlink
    errno.EACCES: SwapOutcome.REFUSED,
    errno.EPERM: SwapOutcome.REFUSED,
    errno.EAGAIN: SwapOutcome.BUSY,
    errno.ETXTBSY: SwapOutcome.BUSY,
}
_NO_LEASE = Swap(
    SwapOutcome.REFUSED, "its file system has no leases, so a save at the same moment could be overwritten"
)
_BUSY = Swap(SwapOutcome.BUSY, "another program keeps it open")
_OVERTAKEN = Swap(SwapOutcome.BUSY, "gowatchd was stopped so long that another program went first")

_libc = ctypes.CDLL(None, use_errno=True)


def swap(path: str, expected: bytes, new: bytes, refusals: Refusals) -> Swap:
    """Replace the bytes of ``path``, or of what it links to, by ``new`` if they are ``expected``.

    Never raises for what the system says: the outcome carries it. Takes microseconds, and at most some 20 ms
    while somebody keeps the file open.
    """
    real_path = os.path.realpath(path)
    try:
        if reason := refusals.reason(real_path, os.stat(real_path)):
            return Swap(SwapOutcome.REFUSED, reason)
        verdict = _probe(real_path, expected)
        if verdict is None:
            verdict = _swap_in_place(path, real_path, expected, new, refusals)
        elif verdict is _BUSY:
            verdict = swap_by_exchange(path, real_path, expected, new, refusals)
    except OSError as error:
        number = error.errno or 0
        return Swap(_OUTCOMES.get(number, SwapOutcome.FAILED), error_text(error))
    return verdict


def flush(path: str) -> None:
    """Have the bytes of ``path`` on the disk itself, where the system can; a dying disk is not told here.

    Not part of ``swap``: nobody can see the difference but after a power cut, a busy disk takes its time, and
    under the lease every editor would wait with us. The history has both contents on the disk before.
    """
    with contextlib.suppress(OSError):
        fd = os.open(path, os.O_RDONLY | FLAGS & ~os.O_NOFOLLOW)
        try:
            os.fdatasync(fd)
        finally:
            os.close(fd)


def _probe(real_path: str, expected: bytes) -> Swap | None:
    """Say why not to write, None if all is well.

    Opening for writing makes the kernel report a close after writing, to us and everybody else, even if
    nothing was written. So the question is asked on a descriptor that only reads.
    """
    fd = os.open(real_path, os.O_RDONLY | FLAGS)
    try:
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE)  # no event tells that a reader is gone
            grant = lease.take_write_lease(fd)
            if grant is not lease.Grant.CONTENDED:
                break
        if grant is lease.Grant.UNSUPPORTED:
            return _NO_LEASE
        if os.pread(fd, len(expected) + 1, 0) != expected:
            return NEWER
        return None if grant is lease.Grant.GRANTED else _BUSY
    finally:
        os.close(fd)


def _swap_in_place(path: str, real_path: str, expected: bytes, new: bytes, refusals: Refusals) -> Swap:
    fd = os.open(real_path, os.O_RDWR | FLAGS)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the go command's own lock
        if os.fstat(fd).st_blocks * 512 < len(new):
            _reserve(fd, len(new))
        taken = time.monotonic()
        grant = lease.take_write_lease(fd)
        if grant is lease.Grant.CONTENDED:
            return _BUSY
        if grant is lease.Grant.UNSUPPORTED:
            return _NO_LEASE
        if (verdict := objection(fd, path, expected, refusals)) is not None:
            return verdict
        if not _is_ours(fd, taken):
            return _OVERTAKEN
        _replace(fd, expected, new, taken)
    except BlockingIOError:
        return _BUSY  # the lock, which somebody holds through a file that was handed on
    finally:
        os.close(fd)
    return Swap(SwapOutcome.WRITTEN)


def _is_ours(fd: int, taken: float) -> bool:
    """Say whether the lease of the time ``taken`` stands: we may be stopped at any moment, for long."""
    return time.monotonic() - taken < _SURE or lease.has_write_lease(fd)


def _replace(fd: int, old: bytes, new: bytes, taken: float) -> None:
    """Write ``new`` over ``old`` so that our end at any moment leaves a valid file.

    Shorter text is first filled up with newlines to the old length, then cut. Where the lease was lost in
    between, what stands now may be somebody's save, and is not cut: our own close leads here again.
    """
    try:
        _write(fd, new.ljust(len(old), b"\n"))
        if len(new) < len(old) and _is_ours(fd, taken):
            os.ftruncate(fd, len(new))
    except OSError:
        if _is_ours(fd, taken):
            _write(fd, old)  # in pages that are there already
            os.ftruncate(fd, len(old))
        raise


def _write(fd: int, data: bytes) -> None:
    written = 0
    while written < len(data):
        written += os.pwrite(fd, data[written:], written)


def _reserve(fd: int, size: int) -> None:
    """Have room on the disk for ``size`` bytes, so that a full disk says no before anything is written."""
    if _libc.fallocate(fd, _KEEP_SIZE, ctypes.c_long(0), ctypes.c_long(size)) != 0:
        number = ctypes.get_errno()
        if number not in {errno.EOPNOTSUPP, errno.ENOSYS, errno.EINTR}:
            raise OSError(number, os.strerror(number))
