"""Codes of rules as people type them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.terminal import printable
from gowatchd.lint.catalog import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable


def known_codes(typed: Iterable[str]) -> tuple[str, ...]:
    """Return the codes that were ``typed``, each once; raise CommandError where there is no such rule.

    The brackets around a code in the output of ``check`` do no harm.
    """
    known = [rule.code for rule in RULES]
    codes = tuple(dict.fromkeys(code.strip("[]") for code in typed))
    for code in codes:
        if code not in known:
            close = difflib.get_close_matches(code, known, n=3, cutoff=0.5)
            hint = f"did you mean {', '.join(close)}?" if close else "'gowatchctl explain' lists all"
            raise CommandError(f"there is no rule {printable(code)}: {hint}", Exit.NO_SUCH_THING)
    return codes
