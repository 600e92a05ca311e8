"""What ``topology --json`` prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.services.report import SCHEMA, readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.services.topology import Difference
    from gowatchd.workspace.model import Workspace


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found of one workspace; ``unknown`` says what go could not tell here, and why.

    ``modules`` counts what go lists. ``binary`` is the path of the file that was compared too, or empty.
    """

    workspace: Workspace
    differences: tuple[Difference, ...]
    modules: int
    unknown: str = ""
    binary: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether go could tell nothing, so that there was nothing to compare with."""
        return bool(self.unknown) and not self.modules and not self.binary


def topology_report(comparisons: Iterable[Comparison], go_version: str) -> dict[str, object]:
    """Return the whole answer, for the go command of ``go_version``."""
    return {
        "schema": SCHEMA,
        "go": go_version,
        "workspaces": [
            {
                "root": readable(one.workspace.root),
                "kind": one.workspace.kind.value,
                "modules": one.modules,
                "binary": readable(one.binary) or None,
                "unknown": readable(one.unknown) or None,
                "differences": [_difference(difference) for difference in one.differences],
            }
            for one in comparisons
        ],
    }


def _difference(difference: Difference) -> dict[str, object]:
    return {
        "code": difference.code,
        "subject": readable(difference.subject),
        "message": readable(difference.message),
        "path": readable(difference.path),
        "line": difference.line,
    }
