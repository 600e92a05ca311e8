"""Whether a go command is about to write a file: a rewrite under it makes it fail.

``go mod tidy`` and ``go get`` read go.mod, ask the network, and write go.mod at the end. Where it changed in
between they fail with "existing contents have changed since last read"; they lock it only while they write.
"""

from __future__ import annotations

import os

from gowatchd.system.editors import Hold
from gowatchd.system.processes import running

_GO = frozenset({"go"})

# The subcommands that write. Not run, test and build, which may last for a whole day.
_WRITERS = frozenset({"get", "mod", "work"})


def go_at_work(path: str) -> Hold | None:
    """Say that a go command which may write ``path`` runs in its folder, below or above it, or ``None``."""
    folder = os.path.dirname(os.path.realpath(path)).rstrip("/") + "/"
    for process in running(_GO):
        command = _subcommand(process.arguments)
        if command not in _WRITERS:
            continue
        where = process.folder
        if where is None:
            continue  # it has just ended
        where = where.rstrip("/") + "/"
        if where.startswith(folder) or folder.startswith(where):
            return Hold(f"go {command} is at work (process {process.pid})", process.pid)
    return None


def _subcommand(arguments: tuple[str, ...]) -> str:
    """Return the subcommand of a go command, the empty text where there is none."""
    if arguments[:1] == ("-C",):  # the one flag that may stand before the subcommand
        arguments = arguments[2:]
    elif arguments and arguments[0].startswith("-C="):
        arguments = arguments[1:]
    return arguments[0] if arguments else ""
