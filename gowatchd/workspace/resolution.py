"""What a requirement leads to in a workspace: a member, a directory that replaces it, or the outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.workspace.model import Module, Replacement, Workspace


PRUNED_FROM = "1.17"  # cmd/go/internal/gover: ExplicitIndirectVersion


@dataclass(frozen=True, slots=True)
class Target:
    """Where a required module comes from.

    ``module`` is the member or the local directory, and None for what comes from outside; ``replacement`` is
    the replace directive that says so, and None where there is none.
    """

    module: Module | None = None
    replacement: Replacement | None = None


class Resolution:
    """Answers for one workspace as the go command does, without the network.

    A member stands for every version of its path. Of the replacements the one in go.work counts, if it has
    one for that version; else that of the last member that has one. Source: replacementFrom in
    cmd/go/internal/modload.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._work = {one.old: one for one in workspace.replacements}
        self._members: dict[str, list[dict[str, Replacement]]] = {}
        for member in workspace.members:
            of_member: dict[str, dict[str, Replacement]] = {}
            for one in member.replacements:
                of_member.setdefault(one.old[0], {})[one.old[1]] = one
            for path, by_version in of_member.items():
                self._members.setdefault(path, []).append(by_version)

    def replacement(self, path: str, version: str) -> Replacement | None:
        """Return what replaces ``path`` at ``version``: one for that version goes before one for all."""
        in_work = self._work.get((path, version)) or self._work.get((path, ""))
        if in_work is not None:
            return in_work
        found = None
        for by_version in self._members.get(path, ()):
            one = by_version.get(version) or by_version.get("")
            if one is None:
                continue
            if found is not None and one.old[1] and one.written != found.written:
                return found  # go complains of both, and takes the first
            found = one
        return found

    def target(self, path: str, version: str) -> Target:
        """Return where the requirement of ``path`` at ``version`` leads."""
        member = self._workspace.member_by_path(path)
        if member is not None:
            return Target(member)
        one = self.replacement(path, version)
        if one is None:
            return Target()
        return Target(None if one.directory is None else self._workspace.module_at(one.directory), one)

    def targets(self, module: Module) -> Iterator[tuple[str, str, Target]]:
        """Yield path, version and target of everything that ``module`` requires, in file order."""
        for path, requirements in module.required.items():
            for requirement in requirements:
                yield path, requirement.version, self.target(path, requirement.version)
