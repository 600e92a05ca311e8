"""Asking a person at a terminal: which of several, and yes or no. Questions go to standard error."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, TypeVar

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.table import pad, widths
from gowatchd.cli.terminal import printable
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?\Z")
_SEPARATORS = re.compile(r"[\s,]+")


class AnswerError(ValueError):
    """The answer selects nothing that there is; the text says what to type."""


def ask_which(rows: Sequence[Sequence[str]], things: Sequence[T], heading: str) -> tuple[T, ...]:
    """List ``rows``, one for each of ``things``, and return those that the person chose; Enter means all."""
    numbered = [(str(number), *map(printable, row)) for number, row in enumerate(rows, 1)]
    columns = widths(numbered)
    print(heading, file=sys.stderr)
    for number, *cells in numbered:
        text = "  ".join(pad(cell, column) for cell, column in zip(cells, columns[1:], strict=True))
        print(f"  {number.rjust(columns[0])}  {text}".rstrip(), file=sys.stderr)
    while True:
        answer = _ask(_("Use which? [all; or numbers as 1,3-5; none] "))
        try:
            return tuple(things[index] for index in selected(answer, len(things)))
        except AnswerError as error:
            print(error, file=sys.stderr)


def selected(answer: str, count: int) -> list[int]:
    """Return the indexes, from 0, that ``answer`` selects of ``count`` things; raise AnswerError."""
    words = [word for word in _SEPARATORS.split(answer.strip().lower()) if word]
    if words in ([], ["all"]):
        return list(range(count))
    if words == ["none"]:
        return []
    chosen: set[int] = set()
    for word in words:
        match = _RANGE.match(word)
        if match is None:
            said = _("{word} is no number: type numbers and ranges, such as 1,3-5")
            raise AnswerError(said.format(word=printable(word)))
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= count:
            raise AnswerError(_("{word} is not between 1 and {count}").format(word=word, count=count))
        chosen.update(range(first - 1, last))
    return sorted(chosen)


def confirm(question: str, *, default: bool = True) -> bool:
    """Ask ``question`` until it is answered; Enter means ``default``."""
    while True:
        answer = _ask(f"{question} [{'Y/n' if default else 'y/N'}] ").strip().lower()
        if answer in {"y", "yes"} or (default and not answer):
            return True
        if answer in {"", "n", "no"}:
            return False
        print(_("answer y or n"), file=sys.stderr)


def choose_letter(question: str, letters: Sequence[str]) -> str:
    """Ask ``question`` until it is answered by one of ``letters``; Enter means the first."""
    while True:
        answer = _ask(question).strip().lower()[:1] or letters[0]
        if answer in letters:
            return answer
        print(_("answer one of {letters}").format(letters=", ".join(letters)), file=sys.stderr)


def _ask(prompt: str) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:  # the end of input, Ctrl-D
        print(file=sys.stderr)
        raise CommandError("nothing was changed", Exit.INTERRUPTED)
    return line
