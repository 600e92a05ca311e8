"""Compare-and-swap for a file that readers keep open: a new inode, exchanged under a read lease.

The read lease on the old inode is granted while nobody writes; a writer that opens it meanwhile waits in the
kernel, which we see and undo the exchange, so that its bytes land in the right file. Costs the inode, hence
only for files without further links, ACL or attributes. The folder is held open throughout, so that it may be
renamed at any moment.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from contextlib import ExitStack
from typing import TYPE_CHECKING

from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system import lease
from gowatchd.system.opened_file import FLAGS, NEWER, objection
from gowatchd.system.strays import clean_strays, stray_name
from gowatchd.system.trade import Trade, exchange, settle

if TYPE_CHECKING:
    from gowatchd.system.refusals import Refusals

_CANNOT = frozenset({errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.EISDIR})  # O_TMPFILE, renameat2
_ACL = "system.posix_acl_access"

_BEING_WRITTEN = Swap(SwapOutcome.BUSY, "another program keeps it open for writing")
_LOCKED = Swap(SwapOutcome.BUSY, "another program keeps it open and locked")
_BOUND = Swap(SwapOutcome.BUSY, "another program keeps it open, and its links or attributes bind it")
_UNABLE = Swap(SwapOutcome.BUSY, "another program keeps it open, and its file system cannot exchange files")


def swap_by_exchange(path: str, real_path: str, expected: bytes, new: bytes, refusals: Refusals) -> Swap:
    """Replace the file ``real_path``, to which ``path`` leads, by one with ``new`` if it holds ``expected``.

    Raises ``OSError`` as the system does. A kill in the middle leaves a stray that ``clean_strays`` settles.
    """
    folder, name = os.path.split(real_path)
    with ExitStack() as opened:
        fd = _closed_by(opened, os.open(real_path, os.O_RDONLY | FLAGS))
        place = _closed_by(opened, os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC))
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if (verdict := _hindrance(fd)) is not None:
                return verdict
            lease.release(fd)  # nobody has to wait while the disk takes the new file
            clean_strays(f"/proc/self/fd/{place}")
            made = _closed_by(opened, _draft(place, new, os.fstat(fd)))
            verdict = _hindrance(fd) or objection(fd, path, expected, refusals)
            if verdict is not None:
                return verdict
            stray = stray_name(name, expected, new)
            # the kernel's own name of a file that has none; followed, since it is a link
            os.link(f"/proc/self/fd/{made}", stray, dst_dir_fd=place, follow_symlinks=True)
            return _exchanged(place, fd, stray, name)
        except BlockingIOError:
            return _LOCKED
        except OSError as error:
            if error.errno in _CANNOT:
                return _UNABLE
            raise


def _closed_by(opened: ExitStack, fd: int) -> int:
    opened.callback(os.close, fd)
    return fd


def _hindrance(fd: int) -> Swap | None:
    """Take the read lease on ``fd``, and say what speaks against another inode in its place."""
    if lease.take_read_lease(fd) is not lease.Grant.GRANTED:
        return _BEING_WRITTEN
    return _BOUND if _is_bound(fd) else None


def _exchanged(place: int, fd: int, stray: str, name: str) -> Swap:
    """Exchange ``stray`` and ``name`` in the folder ``place``, and remove what came out.

    The folder is not flushed to the disk: the history has to be there first.
    """
    ours = os.lstat(stray, dir_fd=place)
    try:
        exchange(place, stray, name)
    except OSError:
        os.unlink(stray, dir_fd=place)
        raise
    ended = settle(place, fd, ours, stray, name)
    if ended is not Trade.GONE:
        os.unlink(stray, dir_fd=place)
    if ended is not Trade.DONE:
        return NEWER
    return Swap(SwapOutcome.WRITTEN)


def _is_bound(fd: int) -> bool:
    """Say whether something hangs on the inode that a new one would not have."""
    if os.fstat(fd).st_nlink > 1:
        return True
    try:
        return bool(os.listxattr(fd))
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            return False  # then there are none
        raise


def _draft(place: int, data: bytes, like: os.stat_result) -> int:
    """Make a file without a name in the folder ``place``, on the disk; return its locked descriptor."""
    fd = os.open(".", os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600, dir_fd=place)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        written = 0
        while written < len(data):
            written += os.write(fd, data[written:])
        if os.fstat(fd).st_gid != like.st_gid:
            os.fchown(fd, -1, like.st_gid)
        with contextlib.suppress(OSError):
            os.removexattr(fd, _ACL)  # from the folder's default, which the old file does not have
        os.fchmod(fd, stat.S_IMODE(like.st_mode))
        os.fsync(fd)
    except OSError:
        os.close(fd)
        raise
    return fd
