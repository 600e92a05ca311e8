"""What a check has to say: a diagnostic is a value, never an action."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gowatchd.modfile.position import Span


class Severity(str, Enum):
    """How much a diagnostic matters: an error is what makes the go command fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement of the text in ``span`` of ``path`` by ``new_text``."""

    path: str
    span: Span
    new_text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A safe repair: a title for a button and edits that do not overlap."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about one place in one file.

    ``path`` is absolute, ``code`` is kebab-case and stable, ``message`` says what to do and, where the go
    command would fail, carries its own words.
    """

    path: str
    span: Span
    severity: Severity
    code: str
    message: str
    fix: Fix | None = None


def is_offered(diagnostic: Diagnostic) -> bool:
    """Say whether its fix is one to make unasked for by name: an info is an opinion, not a mistake."""
    return diagnostic.fix is not None and diagnostic.severity is not Severity.INFO
