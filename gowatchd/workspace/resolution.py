"""What a requirement leads to in a workspace: a member, a directory that replaces it, or the outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.modfile import goversion
from gowatchd.value import value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.workspace.model import Module, Replacement, Workspace


PRUNED_FROM = "1.17"  # cmd/go/internal/gover: ExplicitIndirectVersion


@value
class Target:
    """Where a required module comes from.

    ``module`` is the member or the local directory, and None for what comes from outside; ``replacement`` is
    the replace directive that says so, and None where there is none.
    """

    module: Module | None = None
    replacement: Replacement | None = None


class Resolution:
    """Answers for one workspace as the go command does, without the network.

    A member stands for every version of its path. A replacement of go.work, at any version, switches off all
    replacements of that path in the members; otherwise those of all members count for all of them.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._replacements: dict[str, list[Replacement]] = {}
        for replacement in workspace.replacements:
            self._replacements.setdefault(replacement.old[0], []).append(replacement)
        decided = frozenset(self._replacements)
        for member in workspace.members:
            for replacement in member.replacements:
                if replacement.old[0] not in decided:
                    self._replacements.setdefault(replacement.old[0], []).append(replacement)

    def target(self, path: str, version: str) -> Target:
        """Return where the requirement of ``path`` at ``version`` leads."""
        member = self._workspace.member_by_path(path)
        if member is not None:
            return Target(member)
        candidates = self._replacements.get(path, [])
        for one in candidates:
            if one.applies(version, candidates):
                found = None if one.directory is None else self._workspace.module_at(one.directory)
                return Target(found, one)
        return Target()

    def targets(self, module: Module) -> Iterator[tuple[str, str, Target]]:
        """Yield path, version and target of everything that ``module`` requires, in file order."""
        for path, requirements in module.required.items():
            for requirement in requirements:
                yield path, requirement.version, self.target(path, requirement.version)

    def local_dependencies(self) -> tuple[tuple[str, Module], ...]:
        """Return the directories outside the workspace whose go.mod Go loads, with the paths they stand for.

        Those are what the members require. What these require in turn counts only where one of the two is
        older than 1.17: from then on a go.mod lists everything that its packages import (graph pruning).
        """
        found: dict[str, tuple[str, Module]] = {}
        pending = list(self._workspace.members)
        whole = any(_is_unpruned(member) for member in pending)
        while pending:
            for path, _, target in self.targets(pending.pop()):
                if target.module is None or target.replacement is None:
                    continue
                if target.module.directory not in found:
                    found[target.module.directory] = (path, target.module)
                    if whole or _is_unpruned(target.module):
                        pending.append(target.module)
        return tuple(found[directory] for directory in sorted(found))


def _is_unpruned(module: Module) -> bool:
    return goversion.compare(module.go_version, PRUNED_FROM) < 0
