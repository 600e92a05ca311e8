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
    """Makes text a link to a file, or leaves it alone."""

    __slots__ = ("_enabled",)

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled

    def __call__(self, text: str, path: str) -> str:
        """Return ``text``, printable as it is, as a link to the file at the absolute ``path``."""
        if not self._enabled:
            return text
        return f"\x1b]8;;{file_uri(path, os.uname().nodename)}\x1b\\{text}\x1b]8;;\x1b\\"


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
