"""Rules on what makes Go say "updates to go.mod needed".

A workspace hides these mistakes in the modules that it uses, and they come back with GOWORK=off, in
continuous integration for instance: there they are warnings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.rule import Finding
from gowatchd.lint.versions import STRICT, sort_key
from gowatchd.modfile import goversion
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

    What: the toolchain of a go.mod is exactly that of its go line, or ``default``, or not a version from 1.21
    on, which was the first to have toolchain lines. One that is merely below the go line is a warning.
    Why: Go refuses to work until the line is removed; where it is below the go line, only ``go list -m all``
    and its like do.
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
        version = sort_key(goversion.of_toolchain(name))  # below all where the name means no version
        refused = version < STRICT or (mod.go is not None and name == f"go{mod.go.version}")
        if refused or (mod.go is not None and version < sort_key(mod.go.version)):
            yield Finding(
                member.file.path,
                mod.toolchain.line.argument_span(0),
                f"{updates_needed(workspace)}: toolchain {name} says nothing beyond the go line; "
                "remove this line or run 'go mod tidy'",
                severity_of(workspace) if refused else Severity.WARNING,
            )


def go_line_below_dependency(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """The go line of a go.mod is below that of a module that a local replacement brings in.

    What: a required module is replaced by a directory whose go.mod demands a Go version from 1.21 on that is
    above this go line.
    Why: ``go list -m all``, and the build of what imports it, fail until ``go mod tidy`` raises the line. A
    workspace hides this, and it comes back with GOWORK=off: there it is a warning.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.21

        require example.com/r v1.0.0

        replace example.com/r => ./r
        -- r/go.mod --
        module example.com/r

        go 1.22
    Good:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0

        replace example.com/r => ./r
        -- r/go.mod --
        module example.com/r

        go 1.22
    """
    dependencies = (*workspace.neighbours.values(), *workspace.members)
    highest = max((sort_key(one.go_version) for one in dependencies), default=STRICT)
    for member in workspace.members:
        mod = member.file.mod
        if mod is None or mod.go is None or (own := sort_key(mod.go.version)) >= highest:
            continue
        for replacement in member.replacements:
            path = replacement.directive.old_path
            if replacement.directory is None or not any(
                replacement.applies(one.version, member.replacements) for one in member.required.get(path, ())
            ):
                continue
            dependency = workspace.module_at(replacement.directory)
            demanded = sort_key(dependency.go_version)
            if demanded <= own or demanded < STRICT:
                continue
            name = workspace.shorten(member.file.path)
            yield Finding(
                member.file.path,
                mod.go.line.argument_span(0),
                f"{updates_needed(workspace)}: {path} in {workspace.shorten(dependency.directory)} requires "
                f"go >= {dependency.go_version}, but {name} lists go {mod.go.version}; "
                "raise it or run 'go mod tidy'",
                severity_of(workspace),
            )
