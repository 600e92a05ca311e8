"""What a folder offers whoever runs this: whether it is there, theirs to write into, and how much room."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """A folder, or for one that is not there yet the nearest one above it, named ``stands``.

    ``free`` and ``free_files`` are bytes and files that its file system takes from us; None of the latter
    where it counts none (btrfs).
    """

    path: str
    stands: str
    is_folder: bool
    writable: bool
    owner: str
    ours: bool
    mode: int
    free: int
    free_files: int | None
    device: int

    @property
    def exists(self) -> bool:
        """Whether the folder itself is there."""
        return self.path == self.stands


def room_of(path: str) -> Room:
    """Look at ``path``, or what can be seen of the way to it; raises OSError where that is nothing.

    A folder that is closed to us ends the way, and a file in the place of a folder: it is what stands there,
    and is not writable or is no folder.
    """
    stands = os.path.normpath(path)
    while True:
        try:
            status = os.stat(stands)
            break
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            if stands == "/":
                raise
            stands = os.path.dirname(stands)
    system = os.statvfs(stands)
    return Room(
        os.path.normpath(path),
        stands,
        os.path.isdir(stands),
        os.access(stands, os.W_OK | os.X_OK, effective_ids=True),
        name_of(status.st_uid),
        status.st_uid == os.geteuid(),
        status.st_mode & 0o7777,
        system.f_bavail * system.f_frsize,
        system.f_favail if system.f_files else None,
        status.st_dev,
    )


def name_of(user: int) -> str:
    """Return the name of the account ``user``, or its number."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
