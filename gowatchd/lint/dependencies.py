"""Rules on what a go.mod says against the modules that its local replacements bring in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Edit, Fix
from gowatchd.lint.edits import addition_below
from gowatchd.lint.requirements import severity_of, updates_needed
from gowatchd.lint.rule import Finding
from gowatchd.lint.versions import STRICT, sort_key
from gowatchd.modfile import semver
from gowatchd.workspace.loading import as_dependency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Module, Workspace

PRUNED = sort_key(
    "1.17"
)  # from this go line on a go.mod lists all that its builds need (gover.ExplicitIndirect)

_sort_key = lru_cache(maxsize=4096)(semver.sort_key)  # a workspace holds the same few thousand versions again


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
    modules = (*workspace.members, *map(as_dependency, workspace.neighbours.values()))
    versions = {one.go_version for one in modules if one is not None}
    if len(versions) < 2:
        return
    highest = max(map(sort_key, versions))
    for member in workspace.members:
        mod = member.file.mod
        if mod is None or mod.module is None or (own := sort_key(member.go_version)) >= highest:
            continue
        demands = [
            (key, path, dependency)
            for path, dependency in local_dependencies(workspace, member)
            if (key := sort_key(dependency.go_version)) > own and key >= STRICT
        ]
        if not demands:
            continue
        _, path, dependency = max(demands, key=lambda demand: demand[0])
        wanted = dependency.go_version
        others = f" (and {len(demands) - 1} more)" if len(demands) > 1 else ""
        if mod.go is None:
            span = mod.module.line.argument_span(0)
            edit = addition_below(member.file.path, mod.module.line, f"go {wanted}")
        else:
            span = mod.go.line.argument_span(0)
            edit = Edit(member.file.path, span, wanted)
        fixable = mod.go is not None or not mod.module.line.in_block
        lists = f"lists go {mod.go.version}" if mod.go is not None else "has no go line"
        yield Finding(
            member.file.path,
            span,
            f"{updates_needed(workspace)}: {path} in {workspace.shorten(dependency.directory)}{others} "
            f"requires go >= {wanted}, but {workspace.shorten(member.file.path)} {lists}; "
            "raise it or run 'go mod tidy'",
            severity_of(workspace),
            Fix(f"Raise the go line to {wanted}", (edit,)) if fixable else None,
        )


def require_below_dependency(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod requires less of a module than what a local replacement brings in requires of it.

    What: a required module is replaced by a directory whose own go.mod requires a third module at a higher
    version than this go.mod does.
    Why: Go would take the higher one, but ``go list -m all`` and its like fail until the file says so. A
    workspace hides this, and it comes back with GOWORK=off: there it is a warning. Told once for each go.mod.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0
        require example.com/third v1.0.0

        replace example.com/r => ./r
        -- r/go.mod --
        module example.com/r

        go 1.22

        require example.com/third v1.1.0
    Good:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0
        require example.com/third v1.1.0

        replace example.com/r => ./r
        -- r/go.mod --
        module example.com/r

        go 1.22

        require example.com/third v1.1.0
    """
    targets = {
        one.directory
        for member in workspace.members
        for one in member.replacements
        if one.directory is not None
    }
    dependencies = (as_dependency(workspace.module_at(directory)) for directory in targets)
    highest = _highest(one for one in dependencies if one is not None)
    for member in workspace.members if highest else ():
        mod = member.file.mod
        if mod is None or not member.replacements:
            continue
        own = _highest((member,))
        below = {
            path
            for path, version in own.items()
            if path != member.path and path in highest and _is_above(highest[path], version)
        }
        if not below:
            continue
        excluded = {(one.path, one.version) for one in mod.exclude}
        demanded: dict[str, tuple[str, Module]] = {}
        for _, dependency in local_dependencies(workspace, member):
            for path in below & dependency.required.keys():
                for one in dependency.required[path]:
                    known = demanded[path][0] if path in demanded else own[path]
                    if _is_above(one.version, known) and (path, one.version) not in excluded:
                        demanded[path] = one.version, dependency
                        if one.version == highest[path]:
                            below.discard(path)  # nobody can demand more
        if not demanded:
            continue
        edits = {
            path: Edit(member.file.path, require.line.argument_span(1), demanded[path][0])
            for path, lines in member.required.items()
            if path in demanded
            for require in lines
            if require.version == own[path]
        }
        path = next(iter(edits))
        version, dependency = demanded[path]
        others = f" (and {len(edits) - 1} more)" if len(edits) > 1 else ""
        yield Finding(
            member.file.path,
            edits[path].span,
            f"{updates_needed(workspace)}: {workspace.shorten(dependency.file.path)} requires {path} "
            f"{version}{others}, which is what counts; raise it or run 'go mod tidy'",
            severity_of(workspace),
            Fix(
                f"Require {path} at {version}" if len(edits) == 1 else f"Raise {len(edits)} requirements",
                tuple(edits.values()),
            ),
        )


def _highest(modules: Iterable[Module]) -> dict[str, str]:
    """Return the highest version at which ``modules`` require each path."""
    highest: dict[str, str] = {}
    for module in modules:
        for path, lines in module.required.items():
            for one in lines:
                if _is_above(one.version, highest.setdefault(path, one.version)):
                    highest[path] = one.version
    return highest


def _is_above(version: str, other: str) -> bool:
    return version != other and _sort_key(version) > _sort_key(other)


def is_pruned(module: Module) -> bool:
    """Say whether Go takes the go.mod of ``module`` to list all that its builds need."""
    return sort_key(module.go_version) >= PRUNED


def local_dependencies(workspace: Workspace, member: Module) -> Iterator[tuple[str, Module]]:
    """Yield path and module of whatever ``member`` depends on and its own go.mod replaces by a directory.

    These are the modules whose go.mod Go reads: those required, and what is required in turn by a module
    below Go 1.17, whose graph is not pruned. Source: cmd/go/internal/modload, readModGraph.
    """
    by_old = {one.old: one for one in member.replacements}
    excluded = {(one.path, one.version) for one in member.file.mod.exclude} if member.file.mod else set()
    queue = [
        (one.path, one.version, is_pruned(member)) for lines in member.required.values() for one in lines
    ]
    seen = set(queue)
    for path, version, pruned in queue:
        replacement = by_old.get((path, version)) or by_old.get((path, ""))
        if replacement is None or replacement.directory is None or (path, version) in excluded:
            continue
        dependency = as_dependency(workspace.module_at(replacement.directory))
        if dependency is None:
            continue
        yield path, dependency
        if pruned and is_pruned(dependency):
            continue
        for lines in dependency.required.values():
            for one in lines:
                step = one.path, one.version, False
                if one.path != member.path and step not in seen:
                    seen.add(step)
                    queue.append(step)
