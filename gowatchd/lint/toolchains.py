"""Rules on toolchain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Edit, Fix, Severity
from gowatchd.lint.edits import removal
from gowatchd.lint.requirements import severity_of, updates_needed
from gowatchd.lint.rule import Finding
from gowatchd.lint.versions import STRICT, sort_key
from gowatchd.modfile import goversion
from gowatchd.modfile.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.directive import Toolchain
    from gowatchd.workspace.model import Workspace


def useless_toolchain(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A toolchain line says nothing beyond the go line, and Go wants it gone.

    What: the toolchain of a go.mod is that of its go line or below, or ``default``, or not a version from
    1.21 on, which was the first to have toolchain lines. In a go.work it is an info: there it does no harm.
    Why: Go refuses to work until the line is removed; where it is merely below the go line, only
    ``go list -m all`` and its like do.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.21.5

        toolchain go1.21.5
    Good:
        -- go.mod --
        module example.com/m

        go 1.21.5

        toolchain go1.22.1
    """
    for member in workspace.members:
        mod = member.file.mod
        if mod is None or mod.toolchain is None:
            continue
        name = mod.toolchain.name
        if _is_refused(workspace, name, facts):
            continue
        version = sort_key(goversion.of_toolchain(name))  # below all where the name means no version
        floor = max(sort_key(mod.go.version), STRICT) if mod.go is not None else STRICT
        if version < floor or (mod.go is not None and name == f"go{mod.go.version}"):
            yield Finding(
                member.file.path,
                mod.toolchain.line.argument_span(0),
                f"{updates_needed(workspace)}: toolchain {name} says nothing beyond the go line; "
                "remove this line or run 'go mod tidy'",
                severity_of(workspace),
                _removal(member.file.path, mod.toolchain),
            )
    work = workspace.file.work
    if work is None or work.toolchain is None:
        return
    meant = goversion.of_toolchain(work.toolchain.name)
    if meant and sort_key(meant) <= max(sort_key(workspace.go_version), STRICT):
        yield Finding(
            workspace.path,
            work.toolchain.line.argument_span(0),
            f"toolchain {work.toolchain.name} says nothing beyond the go line; remove this line",
            Severity.INFO,
            _removal(workspace.path, work.toolchain),
        )


def invalid_toolchain(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A toolchain line names no toolchain that there could be.

    What: the name holds no Go version (``go1.x``), or a language version (``go1.99``) where the first release
    has three numbers (``go1.99.0``). Of a workspace only the line in go.work counts.
    Why: a go command that is to switch toolchains by itself, as it does by default, fails; for a language
    version, where it is older than that. With GOTOOLCHAIN=local the line means nothing.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.21.5

        toolchain go1.99
    Good:
        -- go.mod --
        module example.com/m

        go 1.21.5

        toolchain go1.99.0
    """
    parsed = workspace.file.work or workspace.file.mod
    if parsed is None or parsed.toolchain is None or parsed.toolchain.name == "default":
        return
    name = parsed.toolchain.name
    version = goversion.of_toolchain(name)
    span = parsed.toolchain.line.argument_span(0)
    if not version:
        if workspace.kind is Kind.MOD and not _is_refused(workspace, name, facts):
            return  # it is useless-toolchain's: go wants it tidied away
        yield Finding(
            workspace.path,
            span,
            f'invalid toolchain "{name}" in {workspace.shorten(workspace.path)}; '
            "name a release, such as go1.24.1, or remove this line",
            Severity.ERROR if facts.switches_toolchain else Severity.WARNING,
            _removal(workspace.path, parsed.toolchain),
        )
        return
    key = sort_key(version)
    if name != f"go{goversion.language(version)}" or key <= max(sort_key(workspace.go_version), STRICT):
        return
    running = facts.go_version
    fails = facts.switches_toolchain and running is not None and sort_key(running) < key
    yield Finding(
        workspace.path,
        span,
        f"invalid toolchain: {name} is a language version but not a toolchain version ({name}.x); "
        f"write {name}.0 or a later release",
        Severity.ERROR if fails else Severity.WARNING,
        Fix(f"Write toolchain {name}.0", (Edit(workspace.path, span, f"{name}.0"),)),
    )


def _is_refused(workspace: Workspace, name: str, facts: Facts) -> bool:
    """Say whether go refuses the toolchain ``name`` of a go.mod outright, before it wants it tidied away."""
    unknown = name != "default" and not goversion.of_toolchain(name)
    return unknown and workspace.kind is Kind.MOD and facts.switches_toolchain


def _removal(path: str, toolchain: Toolchain) -> Fix:
    return Fix("Remove the toolchain line", (removal(path, toolchain.line),))
