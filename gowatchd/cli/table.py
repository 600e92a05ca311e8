"""Text in columns, as wide as a terminal shows it."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Unicode's categories of the punctuation that a line does not end with, and that it does not begin with.
OPENING = {"Ps", "Pi"}
CLOSING = {"Pe", "Pf", "Po"}


def width(text: str) -> int:
    """Return the cells that ``text`` takes: Chinese and the like take two each, combining marks none."""
    if text.isascii():
        return len(text)
    import unicodedata  # noqa: PLC0415 a megabyte of tables, and paths are ASCII mostly

    wide = sum(unicodedata.east_asian_width(char) in {"W", "F"} for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def fit(text: str, cells: int) -> str:
    """Return ``text``, cut with an ellipsis where it takes more than ``cells``."""
    if width(text) <= cells:
        return text
    while text and width(text) > cells - 3:
        text = text[:-1]
    return f"{text}..."


def wrapped(text: str, cells: int) -> list[str]:
    """Break ``text`` into lines of ``cells`` at its spaces, Chinese between its characters too.

    What cannot be broken (a path) may be longer.
    """
    lines = [""]
    for word in text.split(" "):
        for index, piece in enumerate(_pieces(word)):
            longer = f"{lines[-1]}{'' if index else ' '}{piece}" if lines[-1] else piece
            if lines[-1] and width(longer) > cells:
                lines.append(piece)
            else:
                lines[-1] = longer
    return lines


def _pieces(word: str) -> list[str]:
    """Return the parts of ``word`` between which a line may end."""
    if word.isascii():
        return [word]
    from unicodedata import category  # noqa: PLC0415 a megabyte of tables, and paths are ASCII mostly

    pieces = [word[:1]]
    for before, char in pairwise(word):
        wide = width(before) > 1 or width(char) > 1
        if wide and category(before) not in OPENING and category(char) not in CLOSING:
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column of ``rows``, which have as many cells each."""
    return [max(map(width, column)) for column in zip(*rows, strict=True)]


def pad(text: str, cells: int) -> str:
    """Return ``text`` filled up with spaces to ``cells``."""
    return text + " " * (cells - width(text))


def home_as_tilde(path: str) -> str:
    """Return ``path`` as people write it."""
    home = os.path.expanduser("~")
    return f"~{path[len(home) :]}" if path == home or path.startswith(f"{home}/") else path
