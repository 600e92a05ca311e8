"""Which variables systemd itself expands in the words of an Exec line.

The words are those that ``ExecStartEx`` shows over D-Bus: unquoted, specifiers expanded, variables not yet
(systemd's src/basic/env-util.c, ``replace_env_argv``; all rules were tried on 249 to 262).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Up to a colon: systemd leaves ${NAME:-x} as it is, for a shell to expand or for nobody.
_PIECE = re.compile(r"\$\$|\$\{([^}:]*)\}")
_LEFT = re.compile(r"(?<!\$)\$\{[^}:]*:[^}]*\}?")


class Form(Enum):
    """How a variable is written, and so what becomes of the word when it is unset."""

    WORD = "word"  # $NAME: the argument vanishes
    BRACES = "braces"  # ${NAME}: nothing stands in its place
    SHELL = "shell"  # for a shell to expand
    ENVIRON = "environ"  # read by the program itself


@dataclass(frozen=True, slots=True)
class Reference:
    """A variable that a command refers to; ``optional`` where the command says what to do without it."""

    name: str
    form: Form
    optional: bool = False


def is_name(text: str) -> bool:
    """Say whether ``text`` is a name that systemd takes for a variable."""
    return NAME.fullmatch(text) is not None


def references(words: Sequence[str]) -> Iterator[Reference]:
    """Yield the variables that systemd expands in ``words``, in order."""
    for word in words:
        if _is_variable(word):
            if is_name(word[1:]):
                yield Reference(word[1:], Form.WORD)
            continue
        for piece in _PIECE.finditer(word):
            if piece[1] is not None and is_name(piece[1]):
                yield Reference(piece[1], Form.BRACES)


def invalid(words: Sequence[str]) -> Iterator[str]:
    """Yield what looks like a variable to people and is none to systemd, which puts nothing in its place.

    A word that begins with ``$`` is taken for a name as a whole (``$FOO/bin``), and braces hold a name and
    nothing else (``${FOO-x}``).
    """
    for word in words:
        if _is_variable(word):
            if not is_name(word[1:]):
                yield word
            continue
        for piece in _PIECE.finditer(word):
            if piece[1] is not None and not is_name(piece[1]):
                yield piece[0]


def left(words: Sequence[str]) -> Iterator[str]:
    """Yield what systemd leaves as it is although it has braces: ``${NAME:-x}``."""
    for word in words:
        if not _is_variable(word):
            yield from _LEFT.findall(word)


def expand(words: Sequence[str], value: Callable[[str], str | None]) -> tuple[str, ...]:
    """Return ``words`` as the program gets them; ``value(name)`` is None for an unset variable.

    A ``$NAME`` is split at whitespace; quotes in its value, which systemd honours there, are kept.
    """
    expanded: list[str] = []
    for word in words:
        if _is_variable(word):
            expanded.extend((value(word[1:]) or "").split())
        else:
            expanded.append(_PIECE.sub(lambda piece: _put(piece, value), word))
    return tuple(expanded)


def _put(piece: re.Match[str], value: Callable[[str], str | None]) -> str:
    if piece[1] is None:
        return "$"
    return (value(piece[1]) or "") if is_name(piece[1]) else ""


def _is_variable(word: str) -> bool:
    """Say whether systemd takes the whole word for one variable."""
    return word[:1] == "$" and word[1:2] not in {"{", "$"}
