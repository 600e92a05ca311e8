"""Reading Go files without ever waiting, and replacing them safely."""

from __future__ import annotations

import errno
import os
import time
from typing import TYPE_CHECKING

from gowatchd.services.ports import Look, Reading
from gowatchd.system import lease
from gowatchd.system.refusals import MAX_SIZE, Refusals, kind_of, larger_than
from gowatchd.system.system_error import error_text

if TYPE_CHECKING:
    from gowatchd.services.ports import Swap

_LOOKS = {
    errno.ENOENT: Look.MISSING,
    errno.ENOTDIR: Look.MISSING,
    errno.ELOOP: Look.MISSING,
    errno.ENAMETOOLONG: Look.MISSING,
    errno.EACCES: Look.DENIED,
    errno.EPERM: Look.DENIED,
    errno.EAGAIN: Look.WRITER,  # somebody holds a write lease, as we do while we swap
}

# Clocks of file systems tick every 10 ms at the slowest, and a file may change twice in one tick: until it
# has rested for several of them, its times do not say that it is the same.
YOUNG_NS = 100_000_000


class SafeFiles:
    """The ``Files`` of the services.

    ``refusals`` says which files are never written, ``largest`` how many bytes are read at the most.
    """

    def __init__(self, refusals: Refusals | None = None, largest: int = MAX_SIZE) -> None:
        self._refusals = Refusals() if refusals is None else refusals
        self._largest = largest

    def read(self, path: str, largest: int | None = None) -> Reading:
        """Read ``path`` whole if nobody is writing to it; never raises, blocks or opens a special file."""
        most = self._largest if largest is None else largest
        try:
            if (special := _special(path, os.stat(path), most)) is not None:
                return special
            # a FIFO that took its place meanwhile is neither waited for nor read
            fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            try:
                return _read(path, fd, most)
            finally:
                os.close(fd)
        except OSError as error:
            return Reading(path, _LOOKS.get(error.errno or 0, Look.TROUBLE), reason=error_text(error))
        except ValueError:  # a NUL in the path
            return Reading(path, Look.MISSING, reason="invalid argument")

    def mark(self, path: str) -> object:
        """Return what is another one once the bytes of ``path`` may have changed; None where nothing is."""
        try:
            found = os.stat(path)
        except OSError as error:
            return None if _LOOKS.get(error.errno or 0) is Look.MISSING else object()
        except ValueError:  # a NUL in the path
            return None
        if abs(time.time_ns() - found.st_ctime_ns) < YOUNG_NS:
            return object()
        return found.st_dev, found.st_ino, *_version(found)

    def is_directory(self, path: str) -> bool:
        """Say whether ``path`` is, or links to, a directory."""
        return os.path.isdir(path)

    def exists(self, path: str) -> bool:
        """Say whether anything is at ``path``, links followed."""
        return os.path.exists(path)

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        """Replace the bytes of ``path`` by ``new`` if, and only if, they are ``expected``."""
        from gowatchd.system.safe_write import swap  # noqa: PLC0415 who only reads need not wait 6 ms for it

        return swap(path, expected, new, self._refusals)

    def flush(self, path: str) -> None:
        """Have the bytes of ``path`` on the disk itself."""
        from gowatchd.system.safe_write import flush  # noqa: PLC0415 as above

        flush(path)


def _special(path: str, found: os.stat_result, largest: int) -> Reading | None:
    if kind := kind_of(found.st_mode):
        return Reading(path, Look.SPECIAL, reason=kind)
    if found.st_size > largest:
        return Reading(path, Look.TOO_LARGE, reason=larger_than(largest))
    return None


def _read(path: str, fd: int, largest: int) -> Reading:
    grant = lease.take_read_lease(fd)
    before = os.fstat(fd)
    if (special := _special(path, before, largest)) is not None:
        return special
    if grant is lease.Grant.CONTENDED:
        return Reading(path, Look.WRITER, reason="another program is writing it")
    data = os.pread(fd, before.st_size + 1, 0)
    if grant is lease.Grant.UNSUPPORTED and _version(os.fstat(fd)) != _version(before):
        return Reading(path, Look.WRITER, reason="another program is writing it")
    return Reading(path, Look.CONTENT, data)


def _version(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns
