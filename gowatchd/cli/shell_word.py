"""Paths in command lines that a person is to copy into a shell."""

from __future__ import annotations

import shlex

from gowatchd.cli.table import home_as_tilde


def shell_word(path: str) -> str:
    """Return ``path`` as one word for a shell, with ``~`` for the home folder where it begins with that."""
    shown = home_as_tilde(path)
    return f"~/{shlex.quote(shown[2:])}" if shown.startswith("~/") and shown != path else shlex.quote(path)


def path_line(folder: str) -> str:
    """Return the command that puts ``folder`` on PATH from the next login on."""
    shown = home_as_tilde(folder)
    inside = f"$HOME{shown[1:]}" if shown != folder else folder
    line = 'PATH="$PATH:' + inside.replace('"', '\\"') + '"'
    return f"echo {shlex.quote(line)} >>~/.profile"
