"""docs/troubleshooting.md: the manual pages of all checks of the doctor, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli.checks.catalog import ARCHIVE, CHECKS
from gowatchd.services.rules_page import cell, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.cli.diagnosis import Check

HEAD = """\
# Troubleshooting

<!-- Made by scripts/make-troubleshooting-page from the docstrings of the checks; edit those. -->

`gowatchctl doctor` looks at everything below and says what it found here; `gowatchctl doctor CHECK...` looks
at some of it. It needs neither the daemon nor go, nor a session bus, nor systemd: what one of them would have
to answer is *not looked at* then. Each look has a time limit.

With `--fix` it offers what a section has under *Mends*, and asks before each; `--yes` does not ask. It never
needs the rights of root: what does, such as raising a limit of the kernel, is printed as a command for you.
`--json` is for programs. The exit code is 1 if there is a problem.

What a rule says of a go.work or go.mod file stands in [rules.md](rules.md).
"""


def troubleshooting_page() -> str:
    """Return the page: a table of all checks, and a section for each, in the order of the doctor."""
    checks = (*CHECKS, ARCHIVE)
    return "\n".join((HEAD, *_table(checks), *(line for check in checks for line in _section(check))))


def _table(checks: tuple[Check, ...]) -> Iterator[str]:
    yield "| you notice | check |"
    yield "|---|---|"
    for check in checks:
        yield f"| {cell(check.manual.symptom.rstrip('.'))} | [{check.code}](#{check.code}) |"
    yield ""


def _section(check: Check) -> Iterator[str]:
    page = check.manual
    yield f"## {check.code}"
    yield ""
    yield f"**{plain(page.summary)}**"
    yield ""
    sections = (
        ("Symptom", page.symptom),
        ("Looked at", page.looked),
        ("Helps", page.helps),
        ("Mends", page.mends),
    )
    for name, text in sections:
        if text:
            yield f"{name}: {plain(text)}"
            yield ""
