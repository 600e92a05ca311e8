"""What the lines of a go.mod or go.work file say.

Every directive keeps the `Line` that it came from, so that a diagnostic can point at its tokens. Paths and
versions are without quotes; versions are in Go's canonical form, but for retracted ones, which Go leaves as
they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gowatchd.modfile.syntax import Line


class Module(NamedTuple):
    """The ``module`` line; ``deprecated`` is the message of its ``Deprecated:`` paragraph, or empty."""

    path: str
    deprecated: str
    line: Line


class Go(NamedTuple):
    """The ``go`` line."""

    version: str
    line: Line


class Toolchain(NamedTuple):
    """The ``toolchain`` line: ``go1.22.3`` or ``default``."""

    name: str
    line: Line


class Godebug(NamedTuple):
    """One ``godebug key=value``."""

    key: str
    value: str
    line: Line


class Require(NamedTuple):
    """One requirement; ``indirect`` says whether its comment marks it so."""

    path: str
    version: str
    indirect: bool
    line: Line


class Exclude(NamedTuple):
    """One version that must not be used."""

    path: str
    version: str
    line: Line


class Replace(NamedTuple):
    """One replacement; ``old_version`` is empty for all versions, ``new_version`` for a directory."""

    old_path: str
    old_version: str
    new_path: str
    new_version: str
    line: Line


class Retract(NamedTuple):
    """One version (``low`` and ``high`` are the same) or interval that its author takes back."""

    low: str
    high: str
    rationale: str
    line: Line


class Tool(NamedTuple):
    """The import path of one tool."""

    path: str
    line: Line


class Ignore(NamedTuple):
    """One directory that package patterns skip."""

    path: str
    line: Line


class Use(NamedTuple):
    """One directory that belongs to the workspace, as written."""

    path: str
    line: Line
