"""Quoted strings, as Go's strconv.Quote, strconv.Unquote and modfile.AutoQuote have them."""

from __future__ import annotations

import re

from gowatchd.modfile.character import is_byte, is_printable

_NAMED = {
    "\a": r"\a",
    "\b": r"\b",
    "\f": r"\f",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\v": r"\v",
    "\\": r"\\",
}
_UNNAMED = {escape[1]: char for char, escape in _NAMED.items()} | {'"': '"'}
_ESCAPE = re.compile(
    r'\\(?:(?P<named>[abfnrtv\\"])|x(?P<hex>[0-9a-fA-F]{2})|(?P<octal>[0-3][0-7]{2})'
    r"|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8}))"
)
_PIECE = re.compile(rf'[^\\"\n]+|{_ESCAPE.pattern}')
_BYTES = re.compile("[\udc80-\udcff]")
_QUOTE = re.compile("[\"'`]")
_FORCES_QUOTES = re.compile("[ \"'`]|//|/\\*")
_PUNCTUATION = re.compile(r"[()\[\]{},]")


def quote(text: str, delimiter: str = '"') -> str:
    """Return ``text`` as a Go string literal; with ``'`` as a rune literal."""
    return delimiter + "".join(_escaped(char, delimiter) for char in text) + delimiter


def unquote(literal: str) -> str | None:
    """Return what a double-quoted Go string literal stands for, or None where it is not valid.

    A byte in it that is not valid UTF-8 becomes U+FFFD, as in Go.
    """
    inner = literal[1:-1]
    if len(literal) < 2 or not literal.endswith('"'):
        return None
    pieces = []
    position = 0
    while position < len(inner):
        match = _PIECE.match(inner, position)
        piece = match and (_unescaped(match) if match[0][0] == "\\" else _BYTES.sub("\ufffd", match[0]))
        if match is None or piece is None:
            return None
        pieces.append(piece)
        position = match.end()
    # Bytes that were escaped one by one may make up a character together.
    return "".join(pieces).encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def must_quote(text: str) -> bool:
    """Say whether ``text`` needs quotes to be one token."""
    return (
        not text
        or _FORCES_QUOTES.search(text) is not None
        or (len(text) > 1 and _PUNCTUATION.search(text) is not None)
        or not is_printable(text)
    )


def auto_quote(text: str) -> str:
    """Return ``text``, quoted where it must be to be one token."""
    return quote(text) if must_quote(text) else text


def parse_string(token: str) -> tuple[str, str]:
    """Return what ``token`` stands for and how it is written best; raise ValueError with Go's words."""
    if not _QUOTE.search(token):
        return token, token  # the lexer lets nothing else into a bare token that would need quotes
    if token[0] != '"':
        raise ValueError("unquoted string cannot contain quote")
    value = unquote(token)
    if value is None:
        raise ValueError("invalid syntax")
    return value, auto_quote(value)


def _escaped(char: str, delimiter: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    if char == delimiter:
        return "\\" + char
    if is_byte(char):
        return f"\\x{ord(char) - 0xDC00:02x}"
    if is_printable(char):
        return char
    point = ord(char)
    if point < 0x20 or point == 0x7F:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _unescaped(match: re.Match[str]) -> str | None:
    if match["named"]:
        return _UNNAMED[match["named"]]
    if match["hex"] or match["octal"]:
        value = int(match["hex"], 16) if match["hex"] else int(match["octal"], 8)
        return chr(value) if value < 0x80 else chr(0xDC00 + value)
    point = int(match["short"] or match["long"], 16)
    return chr(point) if point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF else None
