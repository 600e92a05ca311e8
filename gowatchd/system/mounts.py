"""What is mounted where: a walk stays on its file system, and inotify is blind on some."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOUNTINFO = "/proc/self/mountinfo"
_ESCAPE = re.compile(rb"\\([0-7]{3})")  # proc(5): space, tab, newline and backslash are octal there

# changes made by another machine, or behind the driver's back, bring no inotify event
_BLIND = frozenset({b"9p", b"afs", b"ceph", b"cifs", b"drvfs", b"ncpfs", b"nfs", b"nfs4", b"smb3", b"smbfs"})


@dataclass(frozen=True, slots=True)
class Mounts:
    """The mount table: file system types by mount point, both as bytes."""

    types: dict[bytes, bytes]

    @classmethod
    def read(cls) -> Mounts:
        """Read the table of this process; empty where /proc is not there."""
        types: dict[bytes, bytes] = {}
        try:
            with open(_MOUNTINFO, "rb") as file:
                table = file.read()
        except OSError:
            return cls(types)
        for line in table.splitlines():
            left, _, right = line.partition(b" - ")
            fields, kind = left.split(b" "), right.split(b" ")[0]
            if len(fields) >= 5:
                types[_ESCAPE.sub(lambda found: bytes([int(found[1], 8)]), fields[4])] = kind
        return cls(types)

    def __contains__(self, path: bytes) -> bool:
        """Say whether something is mounted exactly at ``path``."""
        return path in self.types

    def blind_type(self, path: bytes) -> str:
        """Return the type of the file system below ``path`` if inotify misses changes there, else ``""``."""
        while path not in self.types and path not in {b"/", b""}:
            path = path.rpartition(b"/")[0] or b"/"
        kind = self.types.get(path, b"")
        blind = kind in _BLIND or kind.startswith(b"fuse")
        return kind.decode("ascii", "replace") if blind else ""
