"""Paths in command lines that a person is to copy into a shell."""

from __future__ import annotations

import re
import shlex

from gowatchd.cli.table import home_as_tilde

_SPECIAL = re.compile(r'[\\$`"]')  # what a shell acts on between double quotes


def shell_word(path: str) -> str:
    """Return ``path`` as one word for a shell, with ``~`` for the home folder where it begins with that."""
    shown = home_as_tilde(path)
    return f"~/{shlex.quote(shown[2:])}" if shown.startswith("~/") and shown != path else shlex.quote(path)


def path_line(folder: str) -> str:
    """Return the command that puts ``folder`` on PATH from the next login on."""
    shown = home_as_tilde(folder)
    at_home = shown != folder
    inside = _SPECIAL.sub(r"\\\g<0>", shown[1:] if at_home else folder)
    begin = "$HOME" if at_home else ""
    line = f'PATH="$PATH:{begin}{inside}"'
    say = r"printf '%s\n'" if "\\" in line else "echo"  # the echo of dash and zsh acts on backslashes
    return f"{say} {shlex.quote(line)} >>~/.profile"
