"""Fixes inside the daemon: which are due for a file, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.services.fixing import Plan, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.services.ports import Files
    from gowatchd.services.workspaces import Workspaces
    from gowatchd.workspace.model import Workspace


@dataclass(frozen=True, slots=True)
class Repairs:
    """Plans fixes in the workspaces that a file is part of.

    ``known`` returns the diagnostics that stand for a workspace, ``check`` makes them anew.
    """

    files: Files
    workspaces: Workspaces
    known: Callable[[Workspace], Iterable[Diagnostic]]
    check: Callable[[Workspace], Iterable[Diagnostic]]
    indent: str = "tab"

    def due(self, path: str, codes: AbstractSet[str]) -> bool:
        """Say whether a diagnostic of ``codes`` with a fix stands where ``path`` belongs."""
        return any(
            one.fix is not None and one.code in codes
            for workspace in self.workspaces.owning(path)
            for one in self.known(workspace)
        )

    def plan(self, path: str, codes: AbstractSet[str]) -> Plan:
        """Return what it takes to fix the diagnostics of ``codes`` where ``path`` belongs, read anew."""
        owning = self.workspaces.owning(path)
        wanted = partial(_is_wanted, frozenset(one.path for one in owning), codes)
        paths = {file for workspace in owning for file in _surroundings(workspace)}
        return plan(self.files, paths, self.check, wanted, indent=self.indent)


def _is_wanted(
    owning: frozenset[str], codes: AbstractSet[str], workspace: Workspace, one: Diagnostic
) -> bool:
    return workspace.path in owning and one.code in codes


def _surroundings(workspace: Workspace) -> Iterable[str]:
    """Yield the files that have a say in what is wrong with ``workspace``."""
    yield from (file.path for file in workspace.files)
    yield from (module.file.path for module in (*workspace.neighbours.values(), *workspace.unused))
    if workspace.above:
        yield workspace.above
