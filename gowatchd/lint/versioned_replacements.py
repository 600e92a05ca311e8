"""The rule on one version that two modules of a workspace replace in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.rule import Finding
from gowatchd.modfile.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Module, Replacement, Workspace


def conflicting_versioned_replacement(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A module replaces one version of what another module of the workspace replaces too, differently.

    What: two used modules have replace directives that count for the same version of a module, at least the
    second for that version alone, with different words on the right. Relative directories count as they are
    written, even where they mean the same. A replace of the module in go.work settles it.
    Why: what loads that version, such as ``go list -m all``, fails. Where no used module requires it, it may
    still come in by another way: there it is a warning.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./web
        -- api/go.mod --
        module example.com/api

        require example.com/r v1.0.0

        replace example.com/r => ../r1
        -- web/go.mod --
        module example.com/web

        replace example.com/r v1.0.0 => ../r2
        -- r1/go.mod --
        module example.com/r
        -- r2/go.mod --
        module example.com/r
    Good:
        -- go.work --
        go 1.22

        use ./api
        use ./web

        replace example.com/r => ./r1
        -- api/go.mod --
        module example.com/api

        go 1.22

        require example.com/r v1.0.0

        replace example.com/r => ../r1
        -- web/go.mod --
        module example.com/web

        go 1.22

        replace example.com/r v1.0.0 => ../r2
        -- r1/go.mod --
        module example.com/r

        go 1.22
        -- r2/go.mod --
        module example.com/r

        go 1.22
    """
    if workspace.kind is Kind.MOD:
        return
    settled = {one.old[0] for one in workspace.replacements}
    versioned = {
        one.old: None
        for member in workspace.members
        for one in member.replacements
        if one.old[1] and one.old[0] not in settled
    }
    for path, version in versioned:
        conflict = _conflict(workspace, path, version)
        if conflict is None:
            continue
        first, second, replacement = conflict
        needed = any(
            one.version == version for member in workspace.members for one in member.required.get(path, ())
        )
        yield Finding(
            second.file.path,
            replacement.directive.line.argument_span(0),
            f"conflicting replacements found for {path}@{version} in workspace modules defined by "
            f"{first.file.path} and {second.file.path}; replace {path} in go.work, which settles it",
            None if needed else Severity.WARNING,
        )


def _conflict(workspace: Workspace, path: str, version: str) -> tuple[Module, Module, Replacement] | None:
    """Return two modules that contradict each other, and the replacement in the second of them.

    As go does, hold each replacement for this version alone against the one before it.
    """
    earlier: tuple[Module, Replacement] | None = None
    for member in workspace.members:
        own = _applicable(member, path, version)
        if own is None:
            continue
        if earlier is not None and own.old[1] and _written(earlier[1]) != _written(own):
            told = earlier[1].old == own.old and earlier[1].target != own.target
            return (
                None if told else (earlier[0], member, own)
            )  # conflicting-member-replacements says the rest
        earlier = member, own
    return None


def _applicable(member: Module, path: str, version: str) -> Replacement | None:
    for one in member.replacements:
        if one.old[0] == path and one.applies(version, member.replacements):
            return one
    return None


def _written(replacement: Replacement) -> tuple[str, str]:
    return replacement.directive.new_path, replacement.directive.new_version
