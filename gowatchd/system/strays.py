"""What a kill in the middle of an exchange leaves beside a file, and how that is settled.

The name of a stray says which file it belongs to, and what it held before and after: a digest of each.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import stat

from gowatchd.system import lease
from gowatchd.system.opened_file import FLAGS
from gowatchd.system.refusals import MAX_SIZE
from gowatchd.system.trade import Trade, exchange, move, settle

_STRAY = re.compile(r"\.(?P<name>go\.mod|go\.work)\.gowatchd-(?P<old>[0-9a-f]{16})-(?P<new>[0-9a-f]{16})")


def stray_name(name: str, old: bytes, new: bytes) -> str:
    """Return what the file is called that is about to take the place of ``name``."""
    return f".{name}.gowatchd-{_digest(old)}-{_digest(new)}"


def clean_strays(folder: str) -> tuple[str, ...]:
    """Settle what a kill in the middle of an exchange left in ``folder``; return the strays that stay.

    A stray with the bytes that we had read or made is removed. One with other bytes is a save that came
    between: it takes its place again if ours still stands there, and stays for its owner if not. One that
    somebody is writing stays until the next time.
    """
    try:
        names = os.listdir(folder)
    except OSError:
        return ()
    strays = [stray for stray in map(_STRAY.fullmatch, names) if stray is not None]
    return tuple(f"{folder}/{stray[0]}" for stray in strays if not _is_settled(folder, stray))


def clean_beside(path: str) -> None:
    """Settle what a kill left beside the file that ``path`` leads to, in whatever folder that is."""
    clean_strays(os.path.dirname(os.path.realpath(path)))


def _is_settled(folder: str, stray: re.Match[str]) -> bool:
    place = fd = -1
    try:
        place = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        fd = os.open(stray[0], os.O_RDONLY | FLAGS, dir_fd=place)
        return _settle(place, fd, stray)
    except FileNotFoundError:
        return True  # somebody else did it
    except OSError:
        return False
    finally:
        for one in (place, fd):
            if one >= 0:
                os.close(one)


def _settle(place: int, fd: int, stray: re.Match[str]) -> bool:
    """Settle the ``stray`` open as ``fd``; say whether it is no more."""
    found = os.fstat(fd)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        return False
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while its maker lives
    if lease.take_read_lease(fd) is lease.Grant.CONTENDED:
        return False  # a writer found it in its old place, and has not written yet
    if _digest(os.pread(fd, MAX_SIZE, 0)) not in {stray["old"], stray["new"]}:
        try:
            move(place, stray[0], stray["name"])
        except FileExistsError:
            return _takes_its_place_again(place, found, stray)
        return True
    os.unlink(stray[0], dir_fd=place)
    return True


def _takes_its_place_again(place: int, ours: os.stat_result, stray: re.Match[str]) -> bool:
    fd = os.open(stray["name"], os.O_RDONLY | FLAGS, dir_fd=place)
    try:
        if lease.take_read_lease(fd) is not lease.Grant.GRANTED:
            return False
        if _digest(os.pread(fd, MAX_SIZE, 0)) != stray["new"]:
            return False
        exchange(place, stray[0], stray["name"])
        ended = settle(place, fd, ours, stray[0], stray["name"])
        if ended is Trade.DONE:
            os.unlink(stray[0], dir_fd=place)
        return ended is not Trade.UNDONE
    finally:
        os.close(fd)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
