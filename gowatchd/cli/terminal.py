"""What may go to a terminal: colour where it is wanted, and never a control character from a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

BOLD, DIM, RED, GREEN, YELLOW, BLUE, CYAN = "1", "2", "31", "32", "33", "34", "36"
DIFF_STYLES = {"+": (GREEN,), "-": (RED,), "@": (CYAN,)}


class Paint:
    """Adds colour to text, or leaves it plain; the text alone must say all there is to say."""

    __slots__ = ("_enabled",)

    def __init__(self, enabled: bool) -> None:  # noqa: FBT001 - it is all there is to say
        self._enabled = enabled

    def __call__(self, text: str, *styles: str) -> str:
        """Return ``text`` in the given styles (SGR parameters), printable as it is."""
        return f"\x1b[{';'.join(styles)}m{text}\x1b[0m" if self._enabled and styles else text


def stdout_paint(when: str) -> Paint:
    """Return what paints for stdout when ``--color`` is ``when``."""
    return Paint(wants_color(when, sys.stdout, os.environ))


def stdout_speaks_unicode() -> bool:
    """Say whether stdout can show signs that are not ASCII."""
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def stdout_size() -> os.terminal_size:
    """Return the columns and lines of the terminal; a pipe or a file has no end."""
    try:
        columns, lines = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        columns = lines = 0
    return os.terminal_size((columns or sys.maxsize, lines or sys.maxsize))


def wants_color(when: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Decide about colour on ``stream``: ``always`` and ``never`` stand, ``auto`` asks both others.

    NO_COLOR counts unless it is empty (no-color.org); TERM=dumb is a terminal that shows the escapes.
    """
    if when != "auto":
        return when == "always"
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def printable(text: str) -> str:
    r"""Return ``text`` with everything that a terminal could act on, or not show, escaped as ``\x1b``.

    That is all that is not printable, line breaks too: bytes that are not UTF-8 come out as ``\xff``.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def printable_lines(text: str) -> str:
    """Return ``text`` like ``printable``, but keep its line breaks and tabs."""
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.split("\n"))


def painted_diff(diff: str, paint: Paint) -> str:
    """Return a unified ``diff`` for a terminal, in the colours of git."""
    lines = (printable_lines(line) for line in diff.split("\n"))
    return "\n".join(paint(line, *DIFF_STYLES.get(line[:1], ())) for line in lines)


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # os.fsdecode keeps a byte that is not UTF-8 as this surrogate
        return f"\\x{code - 0xDC00:02x}"
    if 0xD800 <= code <= 0xDFFF:  # any other surrogate
        return f"\\u{code:04x}"
    return char.encode("unicode_escape").decode("ascii")
