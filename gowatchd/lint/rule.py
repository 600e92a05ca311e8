"""What a rule is: a pure generator over one workspace, whose docstring is its manual page.

The docstring starts with one sentence, the summary. ``What:`` and ``Why:`` follow, then ``Bad:`` and
``Good:`` with files in txtar form (``-- name --`` above each), which the tests load and check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gowatchd.lint.diagnostic import Fix, Severity
    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.position import Span
    from gowatchd.workspace.model import Workspace


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found; ``severity`` is given where it differs from the rule's own."""

    path: str
    span: Span
    message: str
    severity: Severity | None = None
    fix: Fix | None = None


Check = Callable[["Workspace", "Facts"], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalog."""

    code: str
    severity: Severity
    check: Check

    @property
    def manual(self) -> str:
        """The manual page: what, why, bad and good."""
        import inspect  # noqa: PLC0415 10 ms, which a check without a question need not pay

        return inspect.cleandoc(self.check.__doc__ or "")

    @property
    def summary(self) -> str:
        """The first line of the manual page."""
        return self.manual.partition("\n")[0]
