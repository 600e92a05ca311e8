"""Links in a terminal (OSC 8), where it is known to have them.

https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from gowatchd.cli.terminal import wants_color

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

# What sets these has had links since its first release, or for years.
_MARKS = ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "WEZTERM_PANE", "ALACRITTY_WINDOW_ID")
_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "zed"})
_TERMS = re.compile(r"foot|xterm-kitty|xterm-ghostty|alacritty|wezterm|contour")
_VTE_FIRST = 5000  # 0.50: 0.48 crashed on some links
_TMUX_FIRST = (3, 4)


class Links:
    """Makes text a link to a file, with ``lines`` to a line of it, or leaves it alone."""

    __slots__ = ("_enabled", "_lines")

    def __init__(self, *, enabled: bool, lines: bool = False) -> None:
        self._enabled = enabled
        self._lines = lines

    @classmethod
    def on(cls, when: str, stream: TextIO, environment: Mapping[str, str]) -> Links:
        """Return what suits ``stream``; ``when`` is ``--color``."""
        return cls(enabled=wants_links(when, stream, environment), lines=knows_lines(environment))

    def __call__(self, text: str, path: str, line: int = 0) -> str:
        """Return ``text``, printable as it is, as a link to ``line`` of the file at the absolute ``path``."""
        if not self._enabled:
            return text
        place = f"#{line}" if self._lines and line else ""
        return f"\x1b]8;;{file_uri(path, os.uname().nodename)}{place}\x1b\\{text}\x1b]8;;\x1b\\"


def file_uri(path: str, host: str = "") -> str:
    """Return the ``file`` URI of an absolute ``path`` (RFC 8089), in printable ASCII."""
    import urllib.parse  # noqa: PLC0415 5 ms, which most output need not pay

    return f"file://{urllib.parse.quote(host)}{urllib.parse.quote(os.fsencode(path))}"


def wants_links(when: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Decide about links on ``stream``; ``when`` is ``--color``, FORCE_HYPERLINK overrules our guess."""
    if not stream.isatty() or not wants_color(when, stream, environment):
        return False
    forced = environment.get("FORCE_HYPERLINK")
    return forced != "0" if forced else _has_links(environment)


def knows_lines(environment: Mapping[str, str]) -> bool:
    """Say whether the terminal takes ``file://host/path#12`` for line 12 of the file.

    There is no standard for it. kitty hands the fragment to the editor (``rg --hyperlink-format=kitty``
    writes the same), and VS Code goes there. Terminals of VTE hand the link to GLib, which before 2.78
    (Debian 12, Ubuntu 22.04) opens no file at all then: "may not include a #". Others ask xdg-open, which
    differs. A multiplexer hides who is there.
    """
    program = environment.get("TERM_PROGRAM", "")
    term = environment.get("TERM", "")
    if program == "tmux" or term.startswith(("screen", "tmux")):
        return False
    return program == "vscode" or term == "xterm-kitty"


def _has_links(environment: Mapping[str, str]) -> bool:
    program = environment.get("TERM_PROGRAM", "")
    if program == "tmux":
        version = re.match(r"(\d+)\.(\d+)", environment.get("TERM_PROGRAM_VERSION", ""))
        return version is not None and (int(version[1]), int(version[2])) >= _TMUX_FIRST
    term = environment.get("TERM", "")
    if term.startswith(("screen", "tmux")):  # a multiplexer: what is around it says nothing
        return False
    vte = environment.get("VTE_VERSION", "")
    return (
        program in _PROGRAMS
        or any(environment.get(mark) for mark in _MARKS)
        or _TERMS.match(term) is not None
        or (vte.isdecimal() and int(vte) >= _VTE_FIRST)
    )
