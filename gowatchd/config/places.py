"""The line on which each key of a TOML text is set: what tomllib does not tell.

It reads text that tomllib has taken already, so it only has to find its way, not to judge. Grammar: TOML 1.0,
https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
from bisect import bisect_right

from gowatchd.config.toml_file import parse

Path = tuple["str | int", ...]

# Keys and entries below this depth are not told apart: no key of ours has more than three levels.
DEEPEST = 4

_GAP = re.compile(r"(?:[\s,]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})'  # up to two quotes may stand before the three that end it
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_OPENING, _CLOSING = ("[", "{"), ("]", "}")


def places(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each key and of each entry of a list in ``text``, by its path."""
    return _Reader(text).read()


def line_of(found: dict[Path, int], path: Path) -> int:
    """Return the line of ``path``, or of the nearest thing around it, or 1."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 1)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[Path, int] = {}
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._tables: dict[Path, int] = {}  # how many [[tables]] there are by a name

    def read(self) -> dict[Path, int]:
        """Read the whole text."""
        table: Path = ()
        while self._gap():
            if self._text.startswith("[[", self._at):
                table = self._header(2)
                number = self._tables.get(table, 0)
                self._tables[table] = number + 1
                table = (*table, number)
                self._take(table)
            elif self._text[self._at] == "[":
                table = self._header(1)
            else:
                self._entry(table)
        return self._found

    def _header(self, brackets: int) -> Path:
        self._at += brackets
        path = self._key(())
        self._gap()
        self._at += brackets
        return path

    def _entry(self, table: Path) -> None:
        path = self._key(table)
        self._gap()
        self._at += 1  # the equals sign
        self._value(path)

    def _key(self, table: Path) -> Path:
        """Read a key with its dots, and take note of it and all that it makes."""
        path = table
        while True:
            self._gap()
            number = self._tables.get(path, 0)
            if number:  # a key below [[x]] belongs to the last of them
                path = (*path, number - 1)
            path = (*path, self._name())
            self._take(path)
            self._gap()
            if not self._text.startswith(".", self._at):
                return path
            self._at += 1

    def _name(self) -> str:
        match = _STRING.match(self._text, self._at) or _BARE_KEY.match(self._text, self._at)
        if match is None:  # nothing that tomllib takes; to go on is better than to fail while we explain
            return ""
        self._at = match.end()
        token = match[0]
        if "\\" in token and token[0] == '"':
            (name,) = parse("", f"{token} = 0")
            return str(name)
        return token[1:-1] if token[0] in "\"'" else token

    def _value(self, path: Path) -> None:
        self._gap()
        match = _STRING.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        elif not self._text.startswith(_OPENING, self._at):
            self._at = _SCALAR.match(self._text, self._at).end()  # type: ignore[union-attr] # may be empty
        elif len(path) >= DEEPEST:
            self._skip()
        elif self._text[self._at] == "[":
            self._at += 1
            number = 0
            while self._gap() and self._text[self._at] != "]":
                self._take((*path, number))
                self._value((*path, number))
                number += 1
            self._at += 1
        else:
            self._at += 1
            while self._gap() and self._text[self._at] != "}":
                self._entry(path)
            self._at += 1

    def _skip(self) -> None:
        """Go behind what a bracket begins, however deep it is."""
        depth = 0
        while self._gap():
            match = _STRING.match(self._text, self._at)
            if match is not None:
                self._at = match.end()
                continue
            depth += (self._text[self._at] in _OPENING) - (self._text[self._at] in _CLOSING)
            self._at += 1
            if not depth:
                return

    def _gap(self) -> bool:
        """Go over white space, commas and comments; say whether anything follows."""
        self._at = _GAP.match(self._text, self._at).end()  # type: ignore[union-attr] # it may be empty
        return self._at < len(self._text)

    def _take(self, path: Path) -> None:
        self._found.setdefault(path, bisect_right(self._breaks, self._at - 1) + 1)
