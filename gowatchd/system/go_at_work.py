"""Whether a go command is about to write a file: a rewrite under it makes it fail.

``go mod tidy`` and ``go get`` read go.mod, ask the network, and write go.mod at the end. Where it changed in
between they fail with "existing contents have changed since last read"; they lock it only while they write.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from gowatchd.system.system_error import error_text

if TYPE_CHECKING:
    from gowatchd.system.editors import Editors

# The subcommands that write. Not run, test and build, which may last for a whole day.
_WRITERS = frozenset({b"get", b"mod", b"work"})


class Holders:
    """The ``Signs`` of the services: editors, and go commands at work."""

    def __init__(self, editors: Editors) -> None:
        self._editors = editors

    def held(self, path: str) -> str | None:
        """Say who holds ``path`` open or is about to write it, in words for a person, or ``None``."""
        return self._editors.held(path) or go_at_work(path)


def go_at_work(path: str) -> str | None:
    """Say that a go command which may write ``path`` runs in its folder, below or above it, or ``None``."""
    folder = os.path.dirname(os.path.realpath(path)).rstrip("/") + "/"
    try:
        names = os.listdir("/proc")
    except OSError as error:
        return f"whether a go command is at work cannot be seen: {error_text(error)}"
    for name in names:
        if name.isdigit() and (command := _writer(f"/proc/{name}")) is not None:
            try:
                where = os.readlink(f"/proc/{name}/cwd").rstrip("/") + "/"
            except OSError:
                continue  # it has just ended
            if where.startswith(folder) or folder.startswith(where):
                return f"go {command} is at work (process {name})"
    return None


def _writer(process: str) -> str | None:
    """Return the subcommand of a go command that writes, ``None`` for any other process."""
    try:
        if not os.readlink(f"{process}/exe").endswith("/go"):
            return None
        arguments = Path(process, "cmdline").read_bytes().split(b"\0")[1:]
    except OSError:  # somebody else's, or it has just ended
        return None
    if arguments[:1] == [b"-C"]:  # the one flag that may stand before the subcommand
        del arguments[:2]
    elif arguments and arguments[0].startswith(b"-C="):
        del arguments[0]
    return arguments[0].decode() if arguments and arguments[0] in _WRITERS else None
