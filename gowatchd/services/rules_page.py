"""docs/rules.md: the manual pages of all rules, in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gowatchd.lint.catalog import RULES
from gowatchd.services.manual import manuals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gowatchd.services.manual import Manual

HEAD = """\
# The rules

<!-- Made by scripts/make-rules-page from the docstrings of the rules; edit those. -->

What `gowatchctl check` and the daemon say of go.work and go.mod files. An **error** is what makes the go
command fail, a **warning** what may, or what only fails elsewhere, an **info** an opinion.

`gowatchctl explain CODE` shows a section of this page. `gowatchctl fix` makes the fixes, those of an info
only by name. `[check] disable` in the configuration silences a rule. The examples are files: `-- name --`
stands above each.
"""


def rules_page() -> str:
    """Return the page: a table of all rules, and a section for each, by code."""
    pages = manuals(RULES)
    return "\n".join((HEAD, *_table(pages), *(line for page in pages for line in _section(page))))


def plain(text: str) -> str:
    """Return the prose ``text`` of a docstring with Markdown's code marks."""
    return re.sub(r"``(.+?)``", r"`\1`", text)


def _table(pages: Sequence[Manual]) -> Iterator[str]:
    yield "| rule | severity | fix | about |"
    yield "|---|---|---|---|"
    for page in pages:
        fix = "yes" if page.fixes else ""
        yield f"| [{page.code}](#{page.code}) | {page.severity.value} | {fix} | {cell(page.summary)} |"
    yield ""


def _section(page: Manual) -> Iterator[str]:
    yield f"## {page.code}"
    yield ""
    yield f"**{page.severity.value}**: {plain(page.summary)}"
    yield ""
    for name, text in (("What", page.what), ("Why", page.why)):
        if text:
            yield f"{name}: {plain(text)}"
            yield ""
    for name, example in (("Bad", page.bad), ("Good", page.good)):
        if example:
            yield from (f"{name}:", "", "```", example, "```", "")
    if page.fixes:
        titles = "; ".join(f"*{title}*" for title in page.fixes)
        yield f"Fix for this example: {titles}."
        yield ""


def cell(text: str) -> str:
    """Return the prose ``text`` as a cell of a table."""
    return plain(text).replace("|", "\\|")
