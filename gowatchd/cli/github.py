"""Diagnostics as workflow commands, which GitHub Actions shows beside the lines of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Severity
from gowatchd.services.report import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.lint.diagnostic import Diagnostic

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github_lines(diagnostics: Iterable[Diagnostic], base: str) -> Iterator[str]:
    """Yield a command for each of ``diagnostics``, with paths relative to ``base``, the checkout."""
    for one in diagnostics:
        start, end = one.span.start, one.span.end
        properties = {"file": os.path.relpath(one.path, base), "line": start.line, "col": start.column}
        if end.line != start.line:
            properties["endLine"] = end.line  # GitHub takes no columns for more than one line
            del properties["col"]
        elif end.column > start.column:
            properties["endColumn"] = end.column
        properties["title"] = one.code
        written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        yield f"::{COMMANDS[one.severity]} {written}::{_data(one.message)}"


def _data(text: str) -> str:
    return readable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
