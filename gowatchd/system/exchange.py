"""Compare-and-swap for a file that readers keep open: a new inode, exchanged under a read lease.

The read lease on the old inode is granted while nobody writes; a writer that opens it meanwhile waits in the
kernel, which we see and undo the exchange, so that its bytes land in the right file. Costs the inode, hence
only for files without further links, ACL or attributes.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import re
import stat
import time
from pathlib import Path

from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system import lease
from gowatchd.system.refusals import MAX_SIZE

_GRACE = 0.002  # seconds: a writer that had found the old inode has arrived at its lease by then
_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
_RENAME_EXCHANGE = 2
_PUT_BACK_TRIES = 100  # an editor's save takes its file away once
_STRAY = re.compile(r"\.(?P<name>go\.mod|go\.work)\.gowatchd-(?P<old>[0-9a-f]{16})-(?P<new>[0-9a-f]{16})")

_libc = ctypes.CDLL(None, use_errno=True)


def swap_by_exchange(path: str, expected: bytes, new: bytes) -> Swap:
    """Replace the file ``path`` (no symlink) by one that holds ``new`` if it holds ``expected``.

    Raises ``OSError`` as the system does. A kill in the middle leaves a stray that ``clean_strays`` settles.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if lease.take_read_lease(fd) is not lease.Grant.GRANTED:
            return Swap(SwapOutcome.BUSY, "another program keeps it open for writing")
        found = os.fstat(fd)
        if os.pread(fd, len(expected) + 1, 0) != expected or not os.path.samestat(found, os.lstat(path)):
            return Swap(SwapOutcome.CHANGED, "it was saved again meanwhile")
        if found.st_nlink != 1 or os.listxattr(fd):
            return Swap(
                SwapOutcome.BUSY, "another program keeps it open, and its links or attributes bind it"
            )
        folder, _, name = path.rpartition("/")
        stray = f"{folder}/.{name}.gowatchd-{_digest(expected)}-{_digest(new)}"
        clean_strays(folder or "/")
        made = _make(folder or "/", stray, new, found)
        try:
            return _trade(fd, found, stray, path)
        finally:
            os.close(made)
    finally:
        os.close(fd)


def clean_strays(folder: str) -> tuple[str, ...]:
    """Settle what a kill in the middle of an exchange left in ``folder``; return the strays that stay.

    A stray with the bytes that we had read or made is removed. One with other bytes is a save that came
    between: it takes its place again if ours still stands there, and stays for its owner if not.
    """
    kept = []
    for stray in _strays(folder):
        path = Path(folder, stray["name"])
        leftover = Path(folder, stray[0])
        try:
            if not _settle(leftover, path, stray):
                kept.append(str(leftover))
        except OSError:
            kept.append(str(leftover))
    return tuple(kept)


def _strays(folder: str) -> list[re.Match[str]]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return [stray for stray in map(_STRAY.fullmatch, names) if stray is not None]


def _settle(leftover: Path, path: Path, stray: re.Match[str]) -> bool:
    fd = os.open(leftover, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            return False
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while its maker lives
        if _digest(os.pread(fd, MAX_SIZE, 0)) not in {stray["old"], stray["new"]}:
            if path.exists():
                if _digest(path.read_bytes()) != stray["new"]:
                    return False
                _rename(os.fspath(leftover), os.fspath(path), _RENAME_EXCHANGE)
            else:
                leftover.rename(path)
                return True
        leftover.unlink()
        return True
    finally:
        os.close(fd)


def _make(folder: str, stray: str, data: bytes, like: os.stat_result) -> int:
    """Make the file ``stray``, which holds ``data`` from its first moment; return its locked descriptor."""
    fd = os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        written = 0
        while written < len(data):
            written += os.write(fd, data[written:])
        if os.fstat(fd).st_gid != like.st_gid:
            os.fchown(fd, -1, like.st_gid)
        os.fchmod(fd, stat.S_IMODE(like.st_mode))
        os.fsync(fd)
        # src_dir_fd makes Python call linkat(2) and follow the link; it means nothing beside an absolute path
        os.link(f"/proc/self/fd/{fd}", stray, src_dir_fd=fd, follow_symlinks=True)
    except OSError:
        os.close(fd)
        raise
    return fd


def _trade(fd: int, old: os.stat_result, stray: str, path: str) -> Swap:
    """Exchange ``stray`` and ``path``; undo it unless ``old`` came out and nobody wants to write that."""
    ours = os.lstat(stray)
    try:
        _rename(stray, path, _RENAME_EXCHANGE)
    except OSError:
        os.unlink(stray)
        raise
    if os.path.samestat(os.lstat(stray), old) and _stays_quiet(fd):
        os.unlink(stray)
        _sync_folder(path)
        return Swap(SwapOutcome.WRITTEN)
    expected = ours
    while True:
        going_in = os.lstat(stray)
        if not _put_back(stray, path):
            break
        if os.path.samestat(os.lstat(stray), expected):
            os.unlink(stray)
            break
        expected = going_in  # a still newer file came out: it goes back in
    return Swap(SwapOutcome.CHANGED, "it was saved again meanwhile")


def _put_back(stray: str, path: str) -> bool:
    """Exchange ``stray`` and ``path``, or move ``stray`` there while an editor has ``path`` moved away.

    Return whether something came out.
    """
    for _ in range(_PUT_BACK_TRIES):
        with contextlib.suppress(FileNotFoundError):
            _rename(stray, path, _RENAME_EXCHANGE)
            return True
        with contextlib.suppress(FileExistsError):
            _rename(stray, path, _RENAME_NOREPLACE)
            return False
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)


def _stays_quiet(fd: int) -> bool:
    deadline = time.monotonic() + _GRACE
    while lease.has_read_lease(fd):
        if time.monotonic() > deadline:
            return True
        time.sleep(_GRACE / 20)
    return False


def _rename(source: str, target: str, flags: int) -> None:
    if _libc.renameat2(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), target)


def _sync_folder(path: str) -> None:
    fd = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
