"""What the lines of a go.mod or go.work file say.

Every directive keeps the `Line` that it came from, so that a diagnostic can point at its tokens. Paths and
versions are without quotes; versions are in Go's canonical form, but for retracted ones, which Go leaves as
they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gowatchd.modfile.syntax import Line


@dataclass(frozen=True, slots=True)
class Module:
    """The ``module`` line; ``deprecated`` is the message of its ``Deprecated:`` paragraph, or empty."""

    path: str
    deprecated: str
    line: Line


@dataclass(frozen=True, slots=True)
class Go:
    """The ``go`` line."""

    version: str
    line: Line


@dataclass(frozen=True, slots=True)
class Toolchain:
    """The ``toolchain`` line: ``go1.22.3`` or ``default``."""

    name: str
    line: Line


@dataclass(frozen=True, slots=True)
class Godebug:
    """One ``godebug key=value``."""

    key: str
    value: str
    line: Line


@dataclass(frozen=True, slots=True)
class Require:
    """One requirement; ``indirect`` says whether its comment marks it so."""

    path: str
    version: str
    indirect: bool
    line: Line


@dataclass(frozen=True, slots=True)
class Exclude:
    """One version that must not be used."""

    path: str
    version: str
    line: Line


@dataclass(frozen=True, slots=True)
class Replace:
    """One replacement; ``old_version`` is empty for all versions, ``new_version`` for a directory."""

    old_path: str
    old_version: str
    new_path: str
    new_version: str
    line: Line


@dataclass(frozen=True, slots=True)
class Retract:
    """One version (``low`` and ``high`` are the same) or interval that its author takes back."""

    low: str
    high: str
    rationale: str
    line: Line


@dataclass(frozen=True, slots=True)
class Tool:
    """The import path of one tool."""

    path: str
    line: Line


@dataclass(frozen=True, slots=True)
class Ignore:
    """One directory that package patterns skip."""

    path: str
    line: Line


@dataclass(frozen=True, slots=True)
class Use:
    """One directory that belongs to the workspace, as written."""

    path: str
    line: Line
