"""Which files we never write, whatever they hold."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_SIZE = 16 << 20  # bytes: the go command reads no larger go.mod (codehost.MaxGoMod)


def kind_of(mode: int) -> str:
    """Return what a file of ``mode`` is instead of a regular one, ``""`` for a regular one."""
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISDIR(mode):
        return "is a directory"
    if stat.S_ISFIFO(mode):
        return "is a named pipe"
    if stat.S_ISSOCK(mode):
        return "is a socket"
    return "is a device"


def larger_than(size: int) -> str:
    """Return the reason for a file of more than ``size`` bytes."""
    return f"is larger than {size >> 20} MiB" if size >> 20 else f"is larger than {size >> 10} KiB"


class Refusals:
    """Says why a file is not ours to write.

    ``folders`` are absolute: whatever is below them belongs to a tool (GOROOT, GOMODCACHE).
    """

    def __init__(self, folders: Iterable[str] = ()) -> None:
        self._folders: tuple[str, ...] = ()
        self.add(*folders)

    def add(self, *folders: str) -> None:
        """Take more folders that belong to a tool."""
        self._folders += tuple(os.path.realpath(folder) for folder in folders if folder)

    def reason(self, real_path: str, found: os.stat_result) -> str:
        """Return why ``real_path``, whose status is ``found``, is not written; ``""`` where it may be."""
        folder = next((one for one in self._folders if real_path.startswith(one.rstrip("/") + "/")), None)
        reasons = (
            (not stat.S_ISREG(found.st_mode), kind_of(found.st_mode)),
            (found.st_size > MAX_SIZE, larger_than(MAX_SIZE)),
            (found.st_uid != os.geteuid(), "belongs to another user"),
            (not found.st_mode & stat.S_IWUSR, "is not writable"),
            ("/vendor/" in real_path, "is below a vendor folder"),
            (folder is not None, f"is below {folder}"),
        )
        return next((reason for holds, reason in reasons if holds), "")
