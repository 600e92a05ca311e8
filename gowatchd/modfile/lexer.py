"""From text to tokens."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'[()\[\]{},]|"(?:[^"\\]|\\.)*"|`[^`]*`|(?:[^\s()\[\]{},/]|/(?!/))+')
_SKIP = re.compile(r"[ \t\r]*")


def token_columns(source: str) -> list[tuple[int, int]]:
    """Return, for every token of a line that has been parsed, its first column and the one after its last."""
    columns = []
    position = 0
    while match := _TOKEN.match(source, _SKIP.match(source, position).end()):  # type: ignore[union-attr]
        columns.append((match.start() + 1, match.end() + 1))
        position = match.end()
    return columns
