"""Words of a unit's line, with systemd's quoting and escapes (systemd.syntax(7), basic/extract-word.c)."""

from __future__ import annotations

import re

_BLANKS = " \t\n\r"
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}
_ESCAPES |= {char: char for char in "\\\"'"}
_CODE = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})")


_SEMICOLON = re.compile(r"(\\?);(?=[ \t\n\r]|$)")


class WordError(ValueError):
    """Text that systemd refuses: a quote that is not closed, or an escape that it does not know."""


def split_words(text: str) -> list[str]:
    """Return the words of ``text``, unquoted and unescaped; raises WordError."""
    words: list[str] = []
    at = _skip(text, 0)
    while at < len(text):
        word, at = _word(text, at, strict=True)
        words.append(word)
        at = _skip(text, at)
    return words


def split_commands(text: str) -> list[list[str]]:
    """Return the words of each command of an Exec line; raises WordError.

    A semicolon of its own ends a command; quoted, or with a backslash before it, it is a word. An unknown
    escape, an error elsewhere, stands for itself here.
    """
    commands: list[list[str]] = [[]]
    at = _skip(text, 0)
    while at < len(text):
        semicolon = _SEMICOLON.match(text, at) if commands[-1] else None
        if semicolon is None:
            word, at = _word(text, at, strict=False)
            commands[-1].append(word)
        else:
            at = semicolon.end()
            if semicolon[1]:
                commands[-1].append(";")
            else:
                commands.append([])
        at = _skip(text, at)
    return [words for words in commands if words]


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at


def _word(text: str, at: int, *, strict: bool) -> tuple[str, int]:
    """Return the word that begins at ``at``, and where it ends."""
    pieces: list[str] = []
    quote = ""
    while at < len(text):
        char = text[at]
        if char == "\\":
            piece, end = _escape(text, at + 1)
            if not piece and strict:
                raise WordError(f"unknown escape {text[at:end]}: {text.strip()}")
            pieces.append(piece or text[at:end])
            at = end
            continue
        if quote and char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif not quote and char in _BLANKS:
            break
        else:
            pieces.append(char)
        at += 1
    if quote:
        raise WordError(f"a quote is not closed: {text.strip()}")
    return _decoded("".join(pieces)), at


def _escape(text: str, at: int) -> tuple[str, int]:
    """Return what the escape means whose letter stands at ``at`` ("" if unknown), and where it ends.

    A byte given by its number is kept apart as a surrogate until the word is whole.
    """
    char = text[at : at + 1]
    if char in _ESCAPES and char:
        return _ESCAPES[char], at + 1
    code = _CODE.match(text, at)
    if code is None:
        return "", at + 1
    number = int(code[1] or code[2] or code[3] or code[4], 8 if code[4] else 16)
    if number == 0 or number > (0xFF if code[1] or code[4] else 0x10FFFF) or 0xD800 <= number <= 0xDFFF:
        return "", at + 1
    is_byte = bool(code[1] or code[4]) and number > 0x7F
    return chr(0xDC00 + number) if is_byte else chr(number), code.end()


def _decoded(word: str) -> str:
    return word.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
