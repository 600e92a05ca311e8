"""What is mounted where: a walk stays on its file system, and inotify is blind on some."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MOUNTINFO = "/proc/self/mountinfo"
_ESCAPE = re.compile(rb"\\([0-7]{3})")  # proc(5): space, tab, newline and backslash are octal there

# changes made by another machine, or behind the driver's back, bring no inotify event
_BLIND = frozenset(
    {
        b"9p",
        b"afs",
        b"ceph",
        b"cifs",
        b"drvfs",
        b"gfs2",
        b"lustre",
        b"ncpfs",
        b"nfs",
        b"nfs4",
        b"ocfs2",
        b"smb3",
        b"smbfs",
        b"vboxsf",
        b"virtiofs",
        b"vmhgfs",
    }
)
_FUSE = b"fuse"  # and fuse.sshfs, fuse.rclone...
_AUTOMOUNT = b"autofs"  # of autofs, and of systemd's .automount units


class Mount(NamedTuple):
    """One line of the table; ``origin`` is its device, and what of that is mounted."""

    number: int
    parent: int
    origin: tuple[bytes, bytes]
    point: bytes
    kind: bytes


@dataclass(frozen=True, slots=True)
class Mounts:
    """The mount table: file system types by mount point, both as bytes.

    Of several mounts over each other only the one that is seen is here. ``lines`` tells apart what came and
    went in between.
    """

    types: dict[bytes, bytes]
    lines: dict[bytes, Mount] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Mounts:
        """Read the table of this process; empty where /proc is not there."""
        try:
            with open(MOUNTINFO, "rb") as file:
                return cls.parse(file.read())
        except OSError:
            return cls({})

    @classmethod
    def parse(cls, table: bytes) -> Mounts:
        """Take the text of /proc/PID/mountinfo for the table."""
        seen = {mount.point: mount for mount in _seen([*_parsed(table)])}
        return cls({point: mount.kind for point, mount in seen.items()}, seen)

    def __contains__(self, path: bytes) -> bool:
        """Say whether something is mounted exactly at ``path``."""
        return path in self.types

    def changes_since(self, before: Mounts) -> tuple[bytes, ...]:
        """Return the points where another file system is seen now than ``before``, those above first."""
        points = self.types.keys() | before.types.keys()
        return tuple(sorted(point for point in points if self._at(point) != before._at(point)))

    def blind_type(self, path: bytes) -> str:
        """Return the type of the file system below ``path`` if inotify misses changes there, else ``""``."""
        kind = self.types.get(self.point_of(path), b"")
        return kind.decode("ascii", "replace") if _is_blind(kind) else ""

    @property
    def any_blind(self) -> bool:
        """Whether inotify misses changes on any of them."""
        return any(map(_is_blind, set(self.types.values())))

    def point_of(self, path: bytes) -> bytes:
        """Return the mount point that ``path`` lies below."""
        while path not in self.types and path not in {b"/", b""}:
            path = path.rpartition(b"/")[0] or b"/"
        return path

    def waits(self, path: bytes) -> bool:
        """Say whether ``path`` is where an automounter waits: to look into it would mount something."""
        return self.types.get(path) == _AUTOMOUNT

    def _at(self, point: bytes) -> tuple[bytes | None, Mount | None]:
        return self.types.get(point), self.lines.get(point)


def _is_blind(kind: bytes) -> bool:
    return kind in _BLIND or kind == _FUSE or kind.startswith(_FUSE + b".")  # not fuseblk: a local disk


def _parsed(table: bytes) -> Iterator[Mount]:
    for line in table.splitlines():
        left, _, right = line.partition(b" - ")
        fields, kind = left.split(b" "), right.split(b" ")[0]
        if len(fields) >= 6 and fields[0].isdigit() and fields[1].isdigit():
            point = _ESCAPE.sub(lambda found: bytes([int(found[1], 8)]), fields[4])
            yield Mount(int(fields[0]), int(fields[1]), (fields[2], fields[3]), point, kind)


def _seen(mounts: list[Mount]) -> Iterator[Mount]:
    """Yield the mounts that a path can lead to: no other one covers them."""
    numbers = {mount.number for mount in mounts}
    upon: dict[int, list[Mount]] = {}
    waiting = []
    for mount in mounts:
        if mount.parent in numbers and mount.parent != mount.number:
            upon.setdefault(mount.parent, []).append(mount)
        else:
            waiting.append(mount)
    while waiting:
        mount = waiting.pop()
        above = upon.get(mount.number, [])
        over = [one for one in above if one.point == mount.point]
        if over:
            waiting.append(over[-1])
            continue
        yield mount
        points = {one.point for one in above}
        waiting.extend(one for one in above if not _covered(one.point, points))


def _covered(point: bytes, points: set[bytes]) -> bool:
    """Say whether one of ``points`` lies above ``point``."""
    while point not in {b"/", b""}:
        point = point.rpartition(b"/")[0] or b"/"
        if point in points:
            return True
    return False
