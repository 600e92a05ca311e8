"""How many of what, in words: a language may have one form for all numbers, or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.translation import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.lint.diagnostic import Severity


def of_severity(number: int, severity: Severity) -> str:
    """Return how many diagnostics of ``severity`` there are, such as ``2 errors``."""
    if severity.value == "error":  # its module takes long to import for whom counts other things
        return ngettext("{number} error", "{number} errors", number).format(number=number)
    if severity.value == "warning":
        return ngettext("{number} warning", "{number} warnings", number).format(number=number)
    return ngettext("{number} info", "{number} info", number).format(number=number)


def problems(number: int) -> str:
    """Return how many problems there are."""
    return ngettext("{number} problem", "{number} problems", number).format(number=number)


def workspaces(number: int) -> str:
    """Return how many workspaces there are."""
    return ngettext("{number} workspace", "{number} workspaces", number).format(number=number)


def modules(number: int) -> str:
    """Return how many modules there are."""
    return ngettext("{number} module", "{number} modules", number).format(number=number)


def listed(items: Iterable[str]) -> str:
    """Return ``items`` in one line."""
    # Translators: stands between the items of a list
    return _(", ").join(items)
