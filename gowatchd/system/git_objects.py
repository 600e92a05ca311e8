"""Git's object database, read without git: whether it has a blob of a certain name.

For a machine where git is not on our PATH (it may be an editor's own, or in a container) or refuses to answer
because the repository belongs to somebody else. Loose objects, packs (gitformat-pack(5), index version 2) and
alternates are understood; whatever else stands there is an error, and then nothing is rewritten.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_PACKS = 1000  # git packs them together from 50 on (gc.autoPackLimit)
MAX_ALTERNATES = 5  # steps from one to the next, as in git
_FANOUT = struct.Struct(">256I")
_HEADER = b"\377tOc\0\0\0\2"
_PATHS = 1 << 16  # bytes of a file with paths in it


class UnknownFormatError(Exception):
    """Something stands in the database that we do not understand."""


def has_object(git_directory: str, names: Iterable[str]) -> bool:
    """Say whether the database of ``git_directory`` has an object with one of the hexadecimal ``names``.

    Raises UnknownFormatError, and OSError as the system does.
    """
    common = _common_directory(git_directory)
    wanted = tuple(names)
    return any(_has(folder, wanted) for folder in _databases(os.path.join(common, "objects"), 0))


def _common_directory(git_directory: str) -> str:
    """Return where the objects are: elsewhere for a linked worktree (gitrepository-layout(5))."""
    try:
        common = _read(os.path.join(git_directory, "commondir"), _PATHS)
    except FileNotFoundError:
        return git_directory
    return os.path.join(git_directory, os.fsdecode(common.rstrip(b"\n")))


def _databases(objects: str, depth: int) -> Iterator[str]:
    if depth > MAX_ALTERNATES:
        raise UnknownFormatError("too many alternates")
    if not os.path.isdir(objects):  # on a disk that is not mounted, perhaps
        raise UnknownFormatError(f"there is no {objects}")
    yield objects
    try:
        lines = _read(os.path.join(objects, "info", "alternates"), _PATHS).splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        if line.startswith(b'"'):
            raise UnknownFormatError("a quoted alternate")
        if line and not line.startswith(b"#"):
            yield from _databases(os.path.join(objects, os.fsdecode(line)), depth + 1)


def _has(objects: str, names: tuple[str, ...]) -> bool:
    if any(os.path.exists(os.path.join(objects, name[:2], name[2:])) for name in names):
        return True
    try:
        listed = sorted(os.listdir(os.path.join(objects, "pack")))
    except FileNotFoundError:
        return False
    indices = [name for name in listed if name.endswith(".idx")]
    packs = [name for name in listed if name.endswith(".pack")]
    if len(indices) > MAX_PACKS or len(indices) < len(packs):
        raise UnknownFormatError("packs without an index of their own, or too many")
    return any(_in_pack(os.path.join(objects, "pack", index), names) for index in indices)


def _in_pack(index: str, names: tuple[str, ...]) -> bool:
    fd = os.open(index, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        start = len(_HEADER) + _FANOUT.size
        head = os.pread(fd, start, 0)
        if len(head) != start or not head.startswith(_HEADER):
            raise UnknownFormatError(f"{index} is no index of version 2")
        fanout = _FANOUT.unpack_from(head, len(_HEADER))
        size = _name_size(os.fstat(fd).st_size, fanout[255])
        wanted = (bytes.fromhex(name) for name in names if len(name) == 2 * size)
        return any(_among(fd, start, fanout, name) for name in wanted)
    finally:
        os.close(fd)


def _name_size(size: int, count: int) -> int:
    """Return how long the names are in an index of ``size`` bytes with ``count`` objects: 20 or 32 bytes.

    A part of its tables is optional: eight bytes for each object that lies beyond 2 GiB.
    """
    for length in (20, 32):
        least = len(_HEADER) + _FANOUT.size + count * (length + 8) + 2 * length
        if least <= size <= least + 8 * count and (length == 32 or (size - least) % 8 == 0):
            return length
    raise UnknownFormatError("an index of a strange size")


def _among(fd: int, start: int, fanout: tuple[int, ...], name: bytes) -> bool:
    low, high = fanout[name[0] - 1] if name[0] else 0, fanout[name[0]]
    while low < high:
        middle = (low + high) // 2
        found = os.pread(fd, len(name), start + middle * len(name))
        if found == name:
            return True
        low, high = (middle + 1, high) if found < name else (low, middle)
    return False


def _read(path: str, most: int) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        data = os.read(fd, most)
    finally:
        os.close(fd)
    if len(data) == most:
        raise UnknownFormatError(f"{path} is too large")
    return data
