"""From text to lines of tokens.

The language is made of lines: each has tokens, a comment, both or neither. Nearly every line of a real file
holds plain words; those are split in one go. The rest goes through a scanner that follows Go's lexer token by
token.

Follows golang.org/x/mod/modfile (read.go).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gowatchd.modfile.character import SPACE, is_printable
from gowatchd.modfile.position import Position
from gowatchd.modfile.problem import Problem
from gowatchd.modfile.quoting import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

# Lines to remember: the modules of a workspace require much the same. Whoever read one keeps it as well.
SHARED_LINES = 8192

Plain = tuple[tuple[str, ...], str, int]

# Anything but white space and the ASCII characters that make up plain words.
_SPECIAL = re.compile(r"[^\t\r !#-&*+\--9:;<=>?@A-Z\\^_a-z|~]")
_SPECIAL_OR_STAR = re.compile(rf"{_SPECIAL.pattern}|/\*")
_BLANKS = " \t\r"
_SKIP = re.compile(r"[ \t\r]*")
_PUNCTUATION = frozenset("()[]{},")
_IDENTIFIER = re.compile(r"(?:[^ \t\r\n()\[\]{},/]+|/(?![/*]))+")
_STRING = re.compile(r'"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*|`[^`\n]*')
_TOKEN = re.compile(rf'[()\[\]{{}},]|(?:"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|`[^`\n]*`)|{_IDENTIFIER.pattern}')


class SourceLine(NamedTuple):
    """The tokens of one line.

    ``comment`` starts with ``//``, or is empty; ``column`` is where it starts, from 1. ``problem`` is what
    follows the tokens instead where the text cannot be read on. ``source`` is the whole text: one line, or
    more where a string goes on over the end of one (which no directive accepts).
    """

    lineno: int
    source: str
    tokens: tuple[str, ...]
    comment: str = ""
    column: int = 0
    problem: Problem | None = None

    def end_of_token(self, index: int) -> Position:
        """Return where token ``index`` ends."""
        offset = 0
        for token in self.tokens[: index + 1]:
            offset = _skip(self.source, offset) + len(token)
        return locate(self.lineno, self.source, offset)


def source_lines(text: str) -> Iterator[SourceLine]:
    """Yield the lines of ``text``; the last is what follows the last newline, mostly nothing.

    Nothing comes after a line with a problem.
    """
    read = _read_beside_star if "/*" in text else _read
    read_to = 0  # where the text goes on after the last line that was read
    start = 0
    for lineno, source in enumerate(text.split("\n"), 1):
        if start >= read_to:
            plain = read(source)
            if plain is None:
                line = _scan(text, start, lineno)
                yield line
                if line.problem:
                    return
                read_to = start + len(line.source)
            else:
                yield SourceLine(lineno, source, *plain)
        start += len(source) + 1


@lru_cache(maxsize=SHARED_LINES)
def _read(source: str) -> Plain | None:
    return _read_words(source, _SPECIAL)


def _read_beside_star(source: str) -> Plain | None:
    return _read_words(source, _SPECIAL_OR_STAR)


def _read_words(source: str, special: re.Pattern[str]) -> Plain | None:
    """Return the tokens of a line of plain words, its comment and the column of that; None for others."""
    cut = source.find("//")
    words = (source if cut < 0 else source[:cut]).rstrip(_BLANKS)
    bracket: tuple[str, ...] = ()
    if words.endswith(("(", ")")):  # of a block: every file has some
        words, bracket = words[:-1], (words[-1],)
    if special.search(words):
        return None
    tokens = (*words.split(), *bracket)
    return (tokens, "", 0) if cut < 0 else (tokens, source[cut:].rstrip(SPACE), cut + 1)


def token_offsets(source: str) -> list[tuple[int, int]]:
    """Return the start and end of every token of a line that has been read before."""
    offsets = []
    position = _skip(source, 0)
    while match := _TOKEN.match(source, position):
        offsets.append(match.span())
        position = _skip(source, match.end())
    return offsets


def locate(lineno: int, source: str, offset: int) -> Position:
    """Return the place of ``source[offset]`` in a file, where ``source`` starts line ``lineno``."""
    newline = source.rfind("\n", 0, offset)
    return Position(lineno + source.count("\n", 0, offset), offset - newline)


class _LexicalError(Exception):
    """Text that is no token; ``offset`` is the place of the trouble."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def _scan(text: str, start: int, lineno: int) -> SourceLine:
    tokens: list[str] = []
    comment = ""
    column = 0
    problem = None
    position = _skip(text, start)
    try:
        while position < len(text) and text[position] != "\n":
            if text.startswith("//", position):
                comment = text[position : _line_end(text, position)].rstrip(SPACE)
                column = locate(lineno, text[start:position], position - start).column
                break
            tokens.append(_token(text, position))
            position = _skip(text, position + len(tokens[-1]))
    except _LexicalError as error:
        problem = Problem(locate(lineno, text[start : error.offset], error.offset - start), error.message)
    source = text[start : _line_end(text, position)]
    return SourceLine(lineno, source, tuple(tokens), comment, column, problem)


def _token(text: str, start: int) -> str:
    char = text[start]
    if char in _PUNCTUATION:
        return char
    return _string(text, start) if char in '"`' else _identifier(text, start)


def _string(text: str, start: int) -> str:
    match = _STRING.match(text, start)
    end = match.end() if match else start
    if end == len(text) or text[end] == "\\":  # a backslash stops the match only as the very last character
        raise _LexicalError("unexpected EOF in string", start)
    if text[end] == "\n":
        raise _LexicalError("unexpected newline in string", end)
    return text[start : end + 1]


def _identifier(text: str, start: int) -> str:
    match = _IDENTIFIER.match(text, start)
    token = match[0] if match else ""
    end = start + len(token)
    if not is_printable(token):
        end = start + next(i for i, char in enumerate(token) if not is_printable(char))
    elif text.startswith("/*", end):
        raise _LexicalError("mod files must use // comments (not /* */ comments)", end)
    if end == start:
        raise _LexicalError(f"unexpected input character {quote(text[start], chr(39))}", start)
    return text[start:end]


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _skip(text: str, position: int) -> int:
    match = _SKIP.match(text, position)
    return match.end() if match else position
