"""Rules on go and toolchain lines."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Fix, Severity
from gowatchd.lint.rule import Finding
from gowatchd.lint.work_edits import raise_go_line
from gowatchd.modfile import goversion
from gowatchd.modfile.position import Span
from gowatchd.workspace.loading import as_dependency, loadings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Module, Replacement, Workspace

sort_key = lru_cache(maxsize=256)(goversion.sort_key)  # a workspace holds few versions, many times

STRICT = sort_key("1.21")  # from this version on a go line is a demand, not a hint (gover.GoStrictVersion)


def go_line_too_low(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """The go line of go.work is below that of a module it uses.

    What: a used module demands a Go version from 1.21 on, and go.work lists an older one, or none, which
    counts as 1.18. Note that 1.26 is older than 1.26.0.
    Why: every go command in the workspace fails, but ``go work use``, which raises the line.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        -- api/go.mod --
        module example.com/api

        go 1.23
    Good:
        -- go.work --
        go 1.23

        use ./api
        -- api/go.mod --
        module example.com/api

        go 1.23
    """
    work = workspace.file.work
    if work is None:
        return
    listed = sort_key(workspace.go_version)
    demands = [
        (key, module)
        for module in workspace.members
        if (key := sort_key(module.go_version)) > listed and key >= STRICT
    ]
    if not demands:
        return
    highest: Module = max(demands, key=lambda demand: demand[0])[1]
    others = f" (and {len(demands) - 1} more)" if len(demands) > 1 else ""
    verb = "lists" if work.go is not None else "implicitly requires"
    message = (
        f"module {workspace.shorten(highest.directory)} listed in go.work file requires go >= "
        f"{highest.go_version}{others}, but go.work {verb} go {workspace.go_version}; "
        "raise it with 'go work use'"
    )
    span = Span.at(1) if work.go is None else work.go.line.argument_span(0)
    title = f"{'Write the go line' if work.go is None else 'Raise the go line to'} {highest.go_version}"
    fix = Fix(title, (raise_go_line(workspace.path, work, highest.go_version),))
    yield Finding(workspace.path, span, message, fix=fix)


def go_line_too_new(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """The go line demands a newer Go than the one that runs.

    What: the go line of go.work, or of a go.mod outside a workspace, is above the version of the go command;
    or that of a directory which replaces a module that something here requires. A toolchain that go fetched
    before, or finds on PATH, and hands over to by GOTOOLCHAIN, counts as the go command.
    Why: with GOTOOLCHAIN=local every go command fails. Otherwise Go fetches the newer toolchain, which needs
    the network; that is a warning here, for it works on most machines. A go before 1.21 tries to build
    nonetheless.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.99
    Good:
        -- go.mod --
        module example.com/m

        go 1.22
    """
    running = facts.go_version
    if running is None:
        return
    severity = Severity.WARNING
    if sort_key(running) < STRICT:
        fate = f"running go {running}, which tries nonetheless"
    elif facts.switches_toolchain:
        fate = f"running go {running}; Go will have to download it"
    else:
        severity = Severity.ERROR
        fate = f"running go {running}; GOTOOLCHAIN={facts.environment.gotoolchain or 'local'}"
    parsed = workspace.file.work or workspace.file.mod
    if parsed is not None and parsed.go is not None and sort_key(parsed.go.version) > sort_key(running):
        wanted = parsed.go.version
        yield Finding(
            workspace.path,
            parsed.go.line.argument_span(0),
            f"{workspace.shorten(workspace.path)} requires go >= {wanted} ({fate}); "
            f"install Go {wanted} or lower the line",
            severity,
        )
    for path, one, target in _too_new(workspace, running):
        name, wanted = workspace.shorten(target.file.path), target.go_version
        yield Finding(
            path,
            one.directive.line.argument_span(-1),
            f"{one.old[0]}: module {one.directive.new_path} requires go >= {wanted} ({fate}); "
            f"install Go {wanted} or lower the go line in {name}",
            severity,
        )


def _too_new(workspace: Workspace, running: str) -> Iterator[tuple[str, Replacement, Module]]:
    """Yield the replacements by directories, with their files, that bring in what is too new to be loaded."""
    newest = max(sort_key(running), STRICT)
    modules = (*workspace.neighbours.values(), *workspace.members)
    found = {
        module.directory: dependency
        for module in modules
        if (dependency := as_dependency(module)) is not None and sort_key(dependency.go_version) > newest
    }
    if not found:
        return
    loaded = {one.replacement for one in loadings(workspace)}
    for path, one, target in workspace.local_replacements():
        if one in loaded and target.directory in found:
            yield path, one, found[target.directory]
