"""Replacing and removing a drop-in of ours, such that an edit of the same moment is never lost.

The old file is held by a read lease while its name changes: whoever opens it for writing meanwhile waits in
the kernel, which we see, and everything goes back to its place. A kill in the middle leaves a hidden file
beside it, which systemd does not read.
"""

from __future__ import annotations

import errno
import os
import re

from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system import lease
from gowatchd.system.opened_file import FLAGS, NEWER
from gowatchd.system.trade import Trade, exchange, move, settle, stays_quiet

# A draft is ours from its first moment; what was taken aside may be somebody's.
STRAY = re.compile(r"\.(?:5[01]|99)-gowatchd(?:-instance)?\.conf\.[0-9a-f]{16}(?P<aside>\.tmp)?")

FILE_MODE = 0o600
_CANNOT = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})  # renameat2 on NFS and some FUSE

_BEING_WRITTEN = Swap(SwapOutcome.BUSY, "another program has it open for writing")
_UNABLE = Swap(SwapOutcome.REFUSED, "its file system cannot exchange files")


def replace_file(path: str, expected: bytes, new: bytes) -> Swap:
    """Have ``path``, which holds ``expected``, hold ``new``, or be gone if that is empty; raises OSError."""
    folder, name = os.path.split(path)
    place = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fd = os.open(name, os.O_RDONLY | FLAGS, dir_fd=place)
        try:
            grant = lease.take_read_lease(fd)
            if grant is lease.Grant.CONTENDED:
                return _BEING_WRITTEN
            if os.pread(fd, len(expected) + 1, 0) != expected:
                return NEWER
            leased = grant is lease.Grant.GRANTED
            aside = f".{name}.{os.urandom(8).hex()}.tmp"
            return (
                _trade(place, fd, aside, name, new, leased=leased)
                if new
                else _remove(place, fd, aside, name, leased=leased)
            )
        finally:
            os.close(fd)
    finally:
        os.close(place)


def remove_empty(folder: str) -> None:
    """Remove ``folder`` if nothing is in it; raises OSError where that fails for another reason."""
    try:
        os.rmdir(folder)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT, errno.ENOTDIR}:
            raise


def _trade(place: int, fd: int, aside: str, name: str, new: bytes, *, leased: bool) -> Swap:
    draft = aside.removesuffix(".tmp")
    made = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | FLAGS, FILE_MODE, dir_fd=place)
    try:
        try:
            written = 0
            while written < len(new):
                written += os.write(made, new[written:])
            ours = os.fstat(made)
        finally:
            os.close(made)
        move(place, draft, aside)
    except OSError as error:
        os.unlink(draft, dir_fd=place)
        if error.errno in _CANNOT:
            return _UNABLE
        raise
    try:
        exchange(place, aside, name)
    except OSError as error:
        os.unlink(aside, dir_fd=place)
        if error.errno in _CANNOT:
            return _UNABLE
        raise
    if not leased and os.path.samestat(os.lstat(aside, dir_fd=place), os.fstat(fd)):
        ended = Trade.DONE
    else:
        ended = settle(place, fd, ours, aside, name)
    if ended is not Trade.GONE:
        os.unlink(aside, dir_fd=place)
    return Swap(SwapOutcome.WRITTEN) if ended is Trade.DONE else NEWER


def _remove(place: int, fd: int, aside: str, name: str, *, leased: bool) -> Swap:
    os.rename(name, aside, src_dir_fd=place, dst_dir_fd=place)
    same = os.path.samestat(os.lstat(aside, dir_fd=place), os.fstat(fd))
    if same and (not leased or stays_quiet(fd)):
        os.unlink(aside, dir_fd=place)
        return Swap(SwapOutcome.WRITTEN)
    try:
        os.link(aside, name, src_dir_fd=place, dst_dir_fd=place, follow_symlinks=False)
    except FileExistsError:
        return NEWER  # a still newer one stands there; the other stays beside it under its hidden name
    os.unlink(aside, dir_fd=place)
    return NEWER
