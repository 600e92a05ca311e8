"""inotify(7) through ctypes: one descriptor, its watches, its events, its limits by name."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

ATTRIBUTES = 0x00000004
CLOSE_WRITE = 0x00000008
MOVED_FROM = 0x00000040
MOVED_TO = 0x00000080
CREATE = 0x00000100
DELETE = 0x00000200
MOVE_SELF = 0x00000800
UNMOUNT = 0x00002000
Q_OVERFLOW = 0x00004000
IGNORED = 0x00008000
ISDIR = 0x40000000

_ONLYDIR = 0x01000000
_DONT_FOLLOW = 0x02000000
_EXCL_UNLINK = 0x04000000
_MASK_ADD = 0x20000000
_WAYS = _ONLYDIR | _DONT_FOLLOW | _EXCL_UNLINK | _MASK_ADD  # the last: to look again takes nothing away

# never OPEN, ACCESS, MODIFY: readers would flood the queue, and half of what MODIFY shows is half-written
REPOSITORY_MASK = MOVED_FROM | MOVED_TO | CREATE | DELETE | MOVE_SELF  # git replaces its files by renaming
FOLDER_MASK = REPOSITORY_MASK | CLOSE_WRITE
_STRUCTURE = ISDIR | MOVE_SELF | UNMOUNT | Q_OVERFLOW | IGNORED

_HEADER = struct.Struct("iIII")  # struct inotify_event: wd, mask, cookie, len
_READ_SIZE = 65536  # 2,048 events with short names; the kernel's whole queue takes eight reads

_SETTINGS = Path("/proc/sys/fs/inotify")
_DEFAULT_INSTANCES = 128  # what the kernel begins with
_DEFAULT_WATCHES = 8192  # what the kernel never goes below (since 5.11)

_libc = ctypes.CDLL(None, use_errno=True)


class WatchLimitError(OSError):
    """The user's inotify watches are used up (fs.inotify.max_user_watches)."""


class InstanceLimitError(OSError):
    """The user's inotify instances are used up (fs.inotify.max_user_instances)."""


class Event(NamedTuple):
    """One event: the watch it came from, its IN_* bits, the cookie of a move, the name in the folder."""

    wd: int
    mask: int
    cookie: int
    name: bytes


class Inotify:
    """One inotify instance, non-blocking; raises ``InstanceLimitError`` where none is left."""

    def __init__(self) -> None:
        self._fd = int(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        if self._fd < 0:
            number = ctypes.get_errno()
            if number == errno.EMFILE:
                raise InstanceLimitError(number, _instance_advice())
            raise OSError(number, os.strerror(number))

    def fileno(self) -> int:
        """Return the descriptor, for a poll."""
        return self._fd

    def add(self, folder: bytes, mask: int = FOLDER_MASK) -> int:
        """Hear the events of ``mask`` in ``folder``, beside those that were asked for before.

        Returns its watch descriptor: the same one again for the same inode. Never follows a symlink. Raises
        ``WatchLimitError``, or ``OSError`` with the system's errno.
        """
        wd = int(_libc.inotify_add_watch(self._fd, folder, mask | _WAYS))
        if wd >= 0:
            return wd
        number = ctypes.get_errno()
        if number == errno.ENOSPC:
            raise WatchLimitError(number, "no inotify watch left", os.fsdecode(folder))
        raise OSError(number, os.strerror(number), os.fsdecode(folder))

    def remove(self, wd: int) -> None:
        """Stop watching; harmless where the kernel already did."""
        _libc.inotify_rm_watch(self._fd, wd)

    def read(self) -> bytes:
        """Return the next events, undecoded, or ``b""`` where none wait."""
        try:
            return os.read(self._fd, _READ_SIZE)
        except BlockingIOError:
            return b""

    def close(self) -> None:
        """Give up the instance with all its watches."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def pad(name: bytes) -> bytes:
    """Return ``name`` as an event carries it: filled with NULs to a multiple of the header's 16 bytes."""
    return name.ljust((len(name) // _HEADER.size + 1) * _HEADER.size, b"\0")


def decode(buffer: bytes, names: Container[bytes], wds: Container[int] = ()) -> Iterator[Event]:
    """Yield the events of ``buffer`` that matter.

    Those are: everything about folders and watches, names in ``names`` (padded by ``pad``) and whatever
    comes from one of ``wds``. A storm of other files costs one look-up an event.
    """
    offset, end = 0, len(buffer)
    unpack, size = _HEADER.unpack_from, _HEADER.size
    while offset < end:
        wd, mask, cookie, length = unpack(buffer, offset)
        offset += size + length
        name = buffer[offset - length : offset]
        if mask & _STRUCTURE or name in names or wd in wds:
            yield Event(wd, mask, cookie, name.rstrip(b"\0"))


def max_user_watches() -> int:
    """Return how many watches the kernel grants a user."""
    return _setting("max_user_watches", _DEFAULT_WATCHES)


def max_user_instances() -> int:
    """Return how many instances the kernel grants a user."""
    return _setting("max_user_instances", _DEFAULT_INSTANCES)


def limit_advice(name: str, value: int) -> str:
    """Return what to tell a person who needs the limit ``name`` at ``value``."""
    return (
        f"raise the limit: sudo sysctl fs.inotify.{name}={value} (to keep it, put that setting into "
        "/etc/sysctl.d/60-inotify.conf)"
    )


def _instance_advice() -> str:
    limit = max_user_instances()
    return (
        f"all {limit} inotify instances of this user, or all descriptors of this process, are taken; "
        f"{limit_advice('max_user_instances', limit * 2)}"
    )


def _setting(name: str, default: int) -> int:
    try:
        return int((_SETTINGS / name).read_text())
    except (OSError, ValueError):
        return default
