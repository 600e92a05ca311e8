"""Diagnostics for people: where, what, the line itself with the place underlined, and what would help."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.cli.scope import shorten
from gowatchd.cli.table import fit, width
from gowatchd.cli.terminal import BLUE, BOLD, DIM, RED, YELLOW, Paint, printable
from gowatchd.lint.catalog import OF_ENVIRONMENT
from gowatchd.lint.diagnostic import Severity, is_offered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gowatchd.cli.hyperlink import Links
    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.modfile.position import Span
    from gowatchd.workspace.model import Workspace
    from gowatchd.workspace.source import SourceFile

GREEN = "32"
STYLES = {Severity.ERROR: (BOLD, RED), Severity.WARNING: (BOLD, YELLOW), Severity.INFO: (BOLD, BLUE)}
TAB = "    "  # in an excerpt, so that the underline fits whatever the terminal's own tab stops are
WIDEST = 120  # cells of an excerpt, where the output is no terminal
BEFORE = 24  # cells that stay of what stands before the place, where a line has to be cut


def by_name(one: Diagnostic) -> str:
    """Say how to ask for a fix that is not made unasked."""
    return "" if is_offered(one) else f" (gowatchctl fix --code {one.code})"


def settings_once(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return ``found`` with what is said of a setting where it is said first, and in how many more places."""
    places = Counter(_subject(one) for one in found)
    said = []
    for one in found:
        others = places.pop(_subject(one), 0) - 1
        if others > 0:
            said.append(replace(one, message=f"{one.message} (and so in {others} more)"))
        elif others == 0:
            said.append(one)
    return said


def _subject(one: Diagnostic) -> object:
    return (one.code, one.message) if one.code in OF_ENVIRONMENT else one


def texts_of(workspaces: Iterable[Workspace]) -> dict[str, bytes]:
    """Return the content of every file that diagnostics of ``workspaces`` may be about, by path."""
    return {file.path: file.data for workspace in workspaces for file in _files(workspace)}


def _files(workspace: Workspace) -> Iterable[SourceFile]:
    return (*workspace.files, *(module.file for module in workspace.neighbours.values()))


def excerpt_columns() -> int:
    """Return how wide an excerpt on stdout may be."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or WIDEST
    except (OSError, ValueError):
        return WIDEST


class TextReport:
    """The text form of diagnostics; ``columns`` is how wide an excerpt may be."""

    def __init__(self, paint: Paint, links: Links, columns: int = WIDEST) -> None:
        self._paint = paint
        self._links = links
        self._columns = columns

    def lines(self, diagnostics: Iterable[Diagnostic], texts: Mapping[str, bytes]) -> Iterator[str]:
        """Yield the lines for ``diagnostics``; ``texts`` are the files that they were made from."""
        for one in diagnostics:
            yield self._head(one)
            yield from self._excerpt(one, texts.get(one.path, b""))
            if one.fix is not None:
                margin = " " * len(str(one.span.start.line))
                title = f"{self._paint('fix:', BOLD, GREEN)} {printable(one.fix.title)}{by_name(one)}"
                yield f"  {margin} {self._paint('=', BOLD, BLUE)} {title}"

    def _head(self, one: Diagnostic) -> str:
        place = f"{shorten(one.path)}:{one.span.start.line}:{one.span.start.column}:"
        severity = self._paint(f"{one.severity.value}:", *STYLES[one.severity])
        message = printable(one.message)
        code = self._paint(f"[{one.code}]", DIM)
        link = self._links(self._paint(place, BOLD), one.path, one.span.start.line)
        return f"{link} {severity} {message} {code}"

    def _excerpt(self, one: Diagnostic, data: bytes) -> Iterator[str]:
        number = one.span.start.line
        lines = data.split(b"\n")
        if not 0 < number <= len(lines) or not lines[number - 1].strip():
            return
        text = lines[number - 1].decode("utf-8", "surrogateescape").rstrip("\r")
        gutter = len(str(number)) + 5
        shown, before, length = underline(text, one.span, max(self._columns - gutter, 2 * BEFORE))
        bar = self._paint("|", BOLD, BLUE)
        label = self._paint(str(number), BOLD, BLUE)
        yield f"  {label} {bar} {shown}"
        carets = self._paint("^" * length, *STYLES[one.severity])
        yield f"  {' ' * len(str(number))} {bar} {' ' * before}{carets}"


def underline(text: str, span: Span, cells: int) -> tuple[str, int, int]:
    """Return the line ``text`` as it is shown in ``cells``, and the cells before and below the carets.

    ``span`` starts in this line; where it goes on in the next, all the rest of the line is meant.
    """
    start = span.start.column - 1
    end = span.end.column - 1 if span.end.line == span.start.line else len(text)
    before, place, after = _shown(text[:start]), _shown(text[start:end]), _shown(text[end:])
    if width(before) + width(place) + width(after) > cells and width(before) > BEFORE:
        while width(before) > BEFORE - 3:
            before = before[1:]
        before = f"...{before}"
    shown = fit(f"{before}{place}{after}".rstrip(), cells)
    return shown, width(before), max(1, min(width(place), cells - width(before)))


def _shown(text: str) -> str:
    return TAB.join(map(printable, text.split("\t")))
