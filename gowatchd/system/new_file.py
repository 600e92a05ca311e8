"""Making a file that must not be there yet: whole from its first moment, and never over another."""

from __future__ import annotations

import contextlib
import errno
import os

from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system.system_error import error_text
from gowatchd.system.write_out import write_out

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})  # FAT, some FUSE, 9p
# What a file system, or a place without /proc, answers that has no files without a name: NFS, FUSE, FAT.
_ALL_NAMED = _NO_LINKS | {errno.EISDIR, errno.EINVAL, errno.ENOENT}
_THERE = Swap(
    SwapOutcome.CHANGED, "something by that name is there: a new file, or a symbolic link to nothing"
)


def create(path: str, data: bytes) -> Swap:
    """Make the file ``path`` with ``data``; never raises for what the system says.

    CHANGED: it is there by now, and was left alone. Our end at any moment leaves the whole file or nothing,
    but for file systems that have no files without a name, where a draft may stay; where there are no hard
    links either, a reader can see the file before it is whole.
    """
    try:
        try:
            _link_unnamed(path, data)
        except OSError as error:
            if error.errno not in _ALL_NAMED:
                raise
            _link_draft(path, data)
    except FileExistsError:
        return _THERE
    except OSError as error:
        return Swap(SwapOutcome.FAILED, error_text(error))
    return Swap(SwapOutcome.WRITTEN)


def _link_unnamed(path: str, data: bytes) -> None:
    """Give a file its name when it is whole: until then the kernel removes it, should we be killed."""
    fd = os.open(os.path.dirname(path) or ".", os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o666)
    try:
        _write_all(fd, data)
        # given a descriptor, which means nothing beside an absolute path, Python calls linkat(2) and follows
        os.link(f"/proc/self/fd/{fd}", path, src_dir_fd=fd, follow_symlinks=True)
    finally:
        os.close(fd)


def _link_draft(path: str, data: bytes) -> None:
    draft = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{os.urandom(8).hex()}")
    try:
        _write(draft, data)
        try:
            os.link(draft, path, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _write(path, data)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(draft)


def _write_all(fd: int, data: bytes) -> None:
    written = 0
    while written < len(data):
        written += os.write(fd, data[written:])
    write_out(fd)


def _write(path: str, data: bytes) -> None:
    fd = os.open(path, _FLAGS, 0o666)
    try:
        _write_all(fd, data)
    except OSError:
        os.unlink(path)
        raise
    finally:
        os.close(fd)
