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
_THERE = Swap(
    SwapOutcome.CHANGED, "something by that name is there: a new file, or a symbolic link to nothing"
)


def create(path: str, data: bytes) -> Swap:
    """Make the file ``path`` with ``data``; never raises for what the system says.

    CHANGED: it is there by now, and was left alone. Where the file system has no hard links, a reader can see
    it before it is whole.
    """
    draft = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{os.urandom(8).hex()}")
    try:
        _write(draft, data)
        try:
            os.link(draft, path, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _write(path, data)
    except FileExistsError:
        return _THERE
    except OSError as error:
        return Swap(SwapOutcome.FAILED, error_text(error))
    finally:
        with contextlib.suppress(OSError):
            os.unlink(draft)
    return Swap(SwapOutcome.WRITTEN)


def _write(path: str, data: bytes) -> None:
    fd = os.open(path, _FLAGS, 0o666)
    try:
        written = 0
        while written < len(data):
            written += os.write(fd, data[written:])
        write_out(fd)
    except OSError:
        os.unlink(path)
        raise
    finally:
        os.close(fd)
