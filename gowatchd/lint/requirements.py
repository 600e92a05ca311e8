"""Rules on what makes Go say "updates to go.mod needed".

A workspace hides these mistakes in the modules that it uses, and they come back with GOWORK=off, in
continuous integration for instance: there they are warnings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Fix, Severity
from gowatchd.lint.edits import removal
from gowatchd.lint.rule import Finding
from gowatchd.modfile import semver
from gowatchd.modfile.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Workspace


def updates_needed(workspace: Workspace) -> str:
    """Return Go's words for a go.mod that it wants tidied, and when it says them."""
    words = "updates to go.mod needed"
    return words if workspace.kind is Kind.MOD else f"with GOWORK=off, {words}"


def severity_of(workspace: Workspace) -> Severity:
    """Return how much it matters that a go.mod wants to be tidied."""
    return Severity.ERROR if workspace.kind is Kind.MOD else Severity.WARNING


def duplicate_require(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod requires the same module at different versions.

    What: two require lines name one module, with different versions. Equal lines do no harm.
    Why: Go would take the higher one, but refuses to work until the file says so.
    Bad:
        -- go.mod --
        module example.com/m

        require example.com/r v1.0.0
        require example.com/r v1.1.0
    Good:
        -- go.mod --
        module example.com/m

        require example.com/r v1.1.0
    """
    for member in workspace.members:
        mod = member.file.mod
        if mod is None or len(mod.require) == len(member.required):
            continue
        for path, lines in member.required.items():
            if len(lines) < 2:
                continue
            highest = max(lines, key=lambda one: semver.sort_key(one.version))
            excluded = any((one.path, one.version) == (path, highest.version) for one in mod.exclude)
            for one in lines:
                if one.version != highest.version:
                    yield Finding(
                        member.file.path,
                        one.line.argument_span(1),
                        f"{updates_needed(workspace)}: {path} is required at {one.version}, and at "
                        f"{highest.version} in line {highest.line.lineno}, which is what counts; "
                        "remove this line or run 'go mod tidy'",
                        severity_of(workspace),
                        None
                        if excluded
                        else Fix(
                            f"Require {path} at {highest.version} only",
                            (removal(member.file.path, one.line),),
                        ),
                    )


def excluded_require(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod requires a version that it excludes.

    What: a module at one version stands in a require and in an exclude line.
    Why: Go ignores the requirement, and refuses to work until the file says what counts.
    Bad:
        -- go.mod --
        module example.com/m

        require example.com/r v1.0.0

        exclude example.com/r v1.0.0
    Good:
        -- go.mod --
        module example.com/m

        require example.com/r v1.1.0

        exclude example.com/r v1.0.0
    """
    for member in workspace.members:
        mod = member.file.mod
        if mod is None or not mod.exclude:
            continue
        excluded = {(one.path, one.version): one.line.lineno for one in mod.exclude}
        for one in mod.require:
            lineno = excluded.get((one.path, one.version))
            if lineno is not None:
                yield Finding(
                    member.file.path,
                    one.line.argument_span(1),
                    f"{updates_needed(workspace)}: ignoring requirement on excluded version {one.path} "
                    f"{one.version}, which line {lineno} excludes; "
                    "require another version or run 'go mod tidy'",
                    severity_of(workspace),
                )


def self_require(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod requires its own module.

    What: a require line names the module that the same go.mod declares.
    Why: what is built is what stands here, whatever the version. Still ``go list -m all`` and its like look
    for that version, and fail where it cannot be had or go.sum lacks it.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/m v1.0.0
    Good:
        -- go.mod --
        module example.com/m

        go 1.22
    """
    for member in workspace.members:
        for one in member.required.get(member.path, ()):
            replaced = any(
                other.applies(one.version, member.replacements)
                for other in member.replacements
                if other.old[0] == one.path
            )
            yield Finding(
                member.file.path,
                one.line.argument_span(0),
                f"{one.path} requires itself at {one.version}, which 'go list -m all' looks for "
                "(missing go.sum entry for go.mod file) and no build uses; remove this line",
                Severity.INFO if replaced else None,
                Fix(
                    f"Remove the requirement of {one.path} on itself", (removal(member.file.path, one.line),)
                ),
            )
