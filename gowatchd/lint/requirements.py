"""Rules on what makes Go say "updates to go.mod needed".

A workspace hides these mistakes in the modules that it uses, and they come back with GOWORK=off, in
continuous integration for instance: there they are warnings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.rule import Finding
from gowatchd.modfile import goversion
from gowatchd.modfile.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Workspace

FIRST_TOOLCHAIN = "1.21"  # there were no toolchain lines before


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
            first = lines[0]
            for one in lines[1:]:
                if one.version != first.version:
                    yield Finding(
                        member.file.path,
                        one.line.argument_span(1),
                        f"{updates_needed(workspace)}: {path} is required at {first.version} "
                        f"(line {first.line.lineno}) and at {one.version}; "
                        "keep the higher one or run 'go mod tidy'",
                        severity_of(workspace),
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


def useless_toolchain(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A toolchain line says nothing beyond the go line, and Go wants it gone.

    What: the toolchain of a go.mod is exactly that of its go line, or older than go1.21, the first there was.
    Why: Go refuses to work until the line is removed.
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
        if mod is None or mod.toolchain is None or mod.go is None:
            continue
        name = mod.toolchain.name
        version = goversion.of_toolchain(name)
        if name == f"go{mod.go.version}" or (version and goversion.compare(version, FIRST_TOOLCHAIN) < 0):
            yield Finding(
                member.file.path,
                mod.toolchain.line.argument_span(0),
                f"{updates_needed(workspace)}: toolchain {name} adds nothing to go {mod.go.version}; "
                "remove this line or run 'go mod tidy'",
                severity_of(workspace),
            )
