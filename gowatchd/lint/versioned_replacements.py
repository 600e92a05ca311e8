"""The rule on one version that two modules of a workspace replace in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.rule import Finding
from gowatchd.modfile.kind import Kind
from gowatchd.workspace.loading import loadings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Module, Replacement, Workspace


def conflicting_versioned_replacement(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A module replaces one version of what another module of the workspace replaces too, differently.

    What: two used modules have replace directives that count for the same version of a module, at least the
    second for that version alone, with different words on the right. Relative directories count as they are
    written, even where they mean the same. A replace of that version, or of all, in go.work settles it.
    Why: what loads that version, such as ``go list -m all``, fails. Where nothing here requires it, it may
    still come in from a module that is downloaded: there it is a warning.
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
    versioned = {one.old: None for member in workspace.members for one in member.replacements if one.old[1]}
    conflicts = {old: found for old in versioned if (found := _conflict(workspace, *old)) is not None}
    needed = {(one.path, one.version) for one in loadings(workspace)} if conflicts else set()
    for (path, version), (first, second, replacement) in conflicts.items():
        yield Finding(
            second.file.path,
            replacement.directive.line.argument_span(0),
            f"conflicting replacements found for {path}@{version} in workspace modules defined by "
            f"{first.file.path} and {second.file.path}; replace that version in go.work, which settles it",
            None if (path, version) in needed else Severity.WARNING,
        )


def _conflict(workspace: Workspace, path: str, version: str) -> tuple[Module, Module, Replacement] | None:
    """Return two modules that contradict each other, and the replacement in the second of them.

    As go does, hold each replacement for this version alone against the one before it.
    """
    in_work = [one.old for one in workspace.replacements if one.old[0] == path]
    if {(path, ""), (path, version)} & set(in_work):
        return None
    earlier: tuple[Module, Replacement] | None = None
    for member in workspace.members:
        own = _applicable(member, path, version)
        if own is None:
            continue
        if earlier is not None and own.old[1] and earlier[1].written != own.written:
            # conflicting-member-replacements says the rest
            told = not in_work and earlier[1].old == own.old and earlier[1].compared != own.compared
            return None if told else (earlier[0], member, own)
        earlier = member, own
    return None


def _applicable(member: Module, path: str, version: str) -> Replacement | None:
    for one in member.replacements:
        if one.old[0] == path and one.applies(version, member.replacements):
            return one
    return None
