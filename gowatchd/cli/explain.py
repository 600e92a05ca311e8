"""``gowatchctl explain``: the manual page of a rule, or the list of all rules."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.codes import known_codes
from gowatchd.cli.errors import Exit
from gowatchd.cli.table import fit, pad, widths, wrapped
from gowatchd.cli.terminal import BLUE, BOLD, RED, YELLOW, Paint, printable, stdout_paint
from gowatchd.lint.catalog import RULES
from gowatchd.lint.diagnostic import Severity
from gowatchd.services.manual import manuals
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from gowatchd.services.manual import Manual

GREEN = "32"
STYLES = {Severity.ERROR: (BOLD, RED), Severity.WARNING: (BOLD, YELLOW), Severity.INFO: (BOLD, BLUE)}
WIDEST = 80  # cells of prose: longer lines are hard to read
MARGIN = "  "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the codes to explain."""
    parser.add_argument(
        "codes",
        nargs="*",
        metavar="CODE",
        help=_("a code that check shows in brackets; without one, list all"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the manual pages of the rules that were asked for, or a line for every rule."""
    chosen = known_codes(arguments.codes)
    pages = manuals(rule for rule in RULES if not chosen or rule.code in chosen)
    if arguments.json:
        print(json.dumps({"schema": 1, "rules": [page.as_json() for page in pages]}))
        return Exit.OK
    paint = stdout_paint(arguments.color)
    if not chosen:
        print("\n".join(_list(pages, paint, _columns())))
        return Exit.OK
    by_code = {page.code: page for page in pages}
    texts = ["\n".join(_page(by_code[code], paint, min(_columns(), WIDEST))) for code in chosen]
    print("\n\n\n".join(texts))
    return Exit.OK


def _list(pages: Sequence[Manual], paint: Paint, columns: int) -> Iterator[str]:
    rows = [(page.code, page.severity.value, _("fix") if page.fixes else "") for page in pages]
    code_cells, severity_cells, fix_cells = widths(rows)
    for page, (code, severity, fix) in zip(pages, rows, strict=True):
        room = max(20, columns - code_cells - severity_cells - fix_cells - 6)
        cells = (
            paint(pad(code, code_cells), BOLD),
            paint(pad(severity, severity_cells), *STYLES[page.severity]),
            paint(pad(fix, fix_cells), GREEN),
            fit(_prose(page.summary), room),
        )
        yield "  ".join(cells)


def _page(page: Manual, paint: Paint, columns: int) -> Iterator[str]:
    severity = paint(page.severity.value, *STYLES[page.severity])
    yield f"{paint(page.code, BOLD)} ({severity})"
    yield ""
    yield from wrapped(_prose(page.summary), columns)
    for name, text in ((_("What:"), page.what), (_("Why:"), page.why)):
        if text:
            yield ""
            yield paint(name, BOLD)
            yield from (f"{MARGIN}{line}" for line in wrapped(_prose(text), columns - len(MARGIN)))
    for name, example, style in ((_("Bad:"), page.bad, RED), (_("Good:"), page.good, GREEN)):
        if example:
            yield ""
            yield paint(name, BOLD, style)
            yield from (f"{MARGIN}{line}".rstrip() for line in example.split("\n"))
    if page.fixes:
        yield ""
        offer = _("'gowatchctl fix --code {code}'; for the bad example:").format(code=page.code)
        yield " ".join((paint(_("Fix:"), BOLD, GREEN), offer))
        yield from (f"{MARGIN}{printable(title)}" for title in page.fixes)


def _prose(text: str) -> str:
    """Return a paragraph of a manual page in the person's language, without Markdown's code marks."""
    said = _(text).replace("``", "'")
    return said if _(text) != text else said[:1].upper() + said[1:]  # a translation has its own capitals


def _columns() -> int:
    """Return how wide the terminal is; a pipe or a file has no end."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or sys.maxsize
    except (OSError, ValueError):
        return sys.maxsize
