"""Finding the go.work and go.mod files below a directory, and reading files that may be anything."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

NAMES = frozenset({"go.mod", "go.work"})

# What lies below these belongs to somebody else or is broken on purpose; hidden folders are pruned as well.
PRUNED = frozenset({"node_modules", "testdata", "vendor"})

# The largest real go.mod files are some hundred kilobytes; Go itself refuses more in a downloaded module.
SIZE_LIMIT = 16 << 20


class UnreadableError(Exception):
    """A file that cannot be taken; ``str()`` says why and what to do, without the name of the file."""


def find(top: str) -> Iterator[str]:
    """Yield the paths of what is called go.mod or go.work below the directory ``top``, in a steady order.

    Symbolic links to directories are not followed. Raises OSError, with its ``filename``, where ``top``
    itself cannot be listed; folders below it that cannot be are skipped, as are those that vanish.
    """
    pending = [top]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            if folder == top:
                raise
            continue
        below = []
        for entry in entries:
            path = entry.name if folder == os.curdir else entry.path
            if entry.name in NAMES:
                yield path
            elif entry.is_dir(follow_symlinks=False) and not _is_pruned(entry.name):
                below.append(path)
        pending += reversed(below)


def read(path: str) -> bytes:
    """Return the bytes of the regular file at ``path``; raise UnreadableError; never wait."""
    try:
        # O_NONBLOCK: opening a FIFO that nobody writes to would wait forever.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise UnreadableError(_reason(error)) from error
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableError("is a directory, where Go wants a file: rename it")
        if not stat.S_ISREG(mode):
            raise UnreadableError("is not a regular file: pass its content on standard input")
        with os.fdopen(descriptor, "rb", buffering=0, closefd=False) as file:
            return read_limited(file)
    except OSError as error:
        raise UnreadableError(_reason(error)) from error
    finally:
        os.close(descriptor)


def read_limited(stream: BinaryIO) -> bytes:
    """Return all that ``stream`` holds; raise UnreadableError where that is more than SIZE_LIMIT."""
    pieces = []
    size = 0
    while piece := stream.read(min(1 << 20, SIZE_LIMIT + 1 - size)):
        pieces.append(piece)
        size += len(piece)
        if size > SIZE_LIMIT:
            raise UnreadableError(f"is larger than {SIZE_LIMIT >> 20} MiB: that is no go.mod or go.work")
    return b"".join(pieces)


def _is_pruned(name: str) -> bool:
    return name.startswith(".") or name in PRUNED


def _reason(error: OSError) -> str:
    remedies = {
        errno.ENOENT: "check the name",
        errno.EACCES: "give yourself permission to read it (chmod u+r), or run as its owner",
        errno.ELOOP: "the symbolic link points to itself: correct it",
        errno.ENXIO: "it is a socket: pass the content on standard input",
    }
    remedy = remedies.get(error.errno or 0)
    text = (error.strerror or str(error)).lower()
    return f"{text}: {remedy}" if remedy else text
