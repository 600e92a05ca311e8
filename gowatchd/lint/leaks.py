"""Rules on lines that count in one build and not in another: alone, in a workspace, or released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Fix, Severity
from gowatchd.lint.edits import removal
from gowatchd.lint.rule import Finding
from gowatchd.lint.siblings import NEVER_PUBLISHED
from gowatchd.modfile.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Module, Replacement, Workspace


def leaking_replace(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod outside any workspace replaces a module by a directory.

    What: a replace line with a directory on the right, in a go.mod that no go.work uses.
    Why: it counts only where this module is the main one. Who requires a release of it gets what the require
    line says, and ``go install M@VERSION`` refuses it. A go.work keeps such things out of releases. Told once
    for each go.mod.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0

        replace example.com/r => ./r
        -- r/go.mod --
        module example.com/r

        go 1.22
    Good:
        -- go.work --
        go 1.22

        use .
        use ./r
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0
        -- r/go.mod --
        module example.com/r

        go 1.22
    """
    if workspace.kind is Kind.WORK:
        return
    for member in workspace.members:
        local = [
            one for one in member.replacements if one.directory is not None and one.old[0] != member.path
        ]
        if local:
            others = f" (and {len(local) - 1} more)" if len(local) > 1 else ""
            yield Finding(
                member.file.path,
                local[0].directive.line.argument_span(-1),
                f"a release of this module would not have this replacement{others}: only a main module's "
                "count; a go.work with 'use' says the same and is not released",
            )


def redundant_replace(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod replaces a module by the directory that go.work uses for it.

    What: a used module replaces another used module, without a version, by that one's own directory.
    Why: in the workspace the line does nothing, and it must be kept in step with go.work. It only counts with
    GOWORK=off. Told once for each go.mod; the fix leaves those whose required version is no release.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./lib
        -- api/go.mod --
        module example.com/api

        go 1.22

        require example.com/lib v1.0.0

        replace example.com/lib => ../lib
        -- lib/go.mod --
        module example.com/lib

        go 1.22
    Good:
        -- go.work --
        go 1.22

        use ./api
        use ./lib
        -- api/go.mod --
        module example.com/api

        go 1.22

        require example.com/lib v1.0.0
        -- lib/go.mod --
        module example.com/lib

        go 1.22
    """
    redundant: dict[str, list[Replacement]] = {}
    for member, one, sibling in _replaced_siblings(workspace):
        if one.directory == sibling.directory:
            redundant.setdefault(member.file.path, []).append(one)
    unreleased = _unreleased(workspace) if redundant else frozenset()
    for path, replacements in redundant.items():
        first = replacements[0]
        others = f" (and {len(replacements) - 1} more)" if len(replacements) > 1 else ""
        spare = [one for one in replacements if one.old[0] not in unreleased]
        yield Finding(
            path,
            first.directive.line.whole,
            f"go.work uses {first.directive.new_path} for {first.old[0]} anyway{others}; "
            "remove the replacement unless you build with GOWORK=off",
            fix=_removal(path, *spare) if spare else None,
        )


def ignored_replace(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod replaces a module of its workspace, and Go ignores that.

    What: a used module replaces another used module, without a version, by something that is not that one's
    directory; or any go.mod replaces its own module.
    Why: in a workspace the module that go.work uses always counts, and a main module is never replaced. Go
    says nothing. With GOWORK=off the line counts, so that two builds differ.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./lib
        -- api/go.mod --
        module example.com/api

        go 1.22

        replace example.com/lib => ../fork
        -- lib/go.mod --
        module example.com/lib

        go 1.22
        -- fork/go.mod --
        module example.com/lib

        go 1.22
    Good:
        -- go.work --
        go 1.22

        use ./api
        use ./fork
        -- api/go.mod --
        module example.com/api

        go 1.22
        -- fork/go.mod --
        module example.com/lib

        go 1.22
    """
    for member, one, sibling in _replaced_siblings(workspace):
        if one.directory != sibling.directory:
            yield Finding(
                member.file.path,
                one.directive.line.whole,
                f"ignored: go.work uses {workspace.shorten(sibling.directory)} for {sibling.path}; "
                f"use {one.directive.new_path} there instead, or remove this line",
            )
    for member in workspace.members:
        for one in member.replacements:
            if one.old == (member.path, ""):
                yield Finding(
                    member.file.path,
                    one.directive.line.whole,
                    f"ignored: {member.path} is the module of this file, and a main module is never "
                    "replaced; remove this line",
                    Severity.INFO,
                    None if member.path in member.required else _removal(member.file.path, one),
                )


def ignored_godebug(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod sets a GODEBUG, and its workspace ignores it.

    What: a godebug line in a module that go.work uses.
    Why: in a workspace the godebug lines of go.work count, and no others. Go says nothing. Built with
    GOWORK=off the program behaves differently.
    Bad:
        -- go.work --
        go 1.23

        use ./api
        -- api/go.mod --
        module example.com/api

        go 1.23

        godebug panicnil=1
    Good:
        -- go.work --
        go 1.23

        godebug panicnil=1

        use ./api
        -- api/go.mod --
        module example.com/api

        go 1.23

        godebug panicnil=1
    """
    work = workspace.file.work
    if work is None:
        return
    said = {(one.key, one.value) for one in work.godebug}
    for member in workspace.members:
        for one in member.file.mod.godebug if member.file.mod is not None else ():
            if (one.key, one.value) not in said:
                yield Finding(
                    member.file.path,
                    one.line.argument_span(0),
                    f"ignored in this workspace, where only {workspace.shorten(workspace.path)} counts; "
                    f"add 'godebug {one.key}={one.value}' there",
                )


def _replaced_siblings(workspace: Workspace) -> Iterator[tuple[Module, Replacement, Module]]:
    """Yield member, replacement and the other member that it replaces at all versions."""
    if workspace.kind is Kind.WORK:
        for member in workspace.members:
            for one in member.replacements:
                path, version = one.old
                sibling = None if version else workspace.member_by_path(path)
                if sibling is not None and sibling is not member and path != member.path:
                    yield member, one, sibling


def _unreleased(workspace: Workspace) -> frozenset[str]:
    """Return the modules that a member requires at what is no release."""
    return frozenset(
        path
        for member in workspace.members
        for path, lines in member.required.items()
        if any(one.version in NEVER_PUBLISHED for one in lines)
    )


def _removal(path: str, *replacements: Replacement) -> Fix:
    names = replacements[0].old[0] if len(replacements) == 1 else f"{len(replacements)} modules"
    edits = tuple(removal(path, one.directive.line) for one in replacements)
    return Fix(f"Remove the replacement of {names}", edits)
