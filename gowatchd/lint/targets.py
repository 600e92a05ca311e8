"""Rules on what stands where a replace directive points."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gowatchd.lint.dependencies import is_pruned, local_dependencies
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.go_lines import SINCE
from gowatchd.lint.requirements import severity_of
from gowatchd.lint.rule import Finding
from gowatchd.modfile import goversion
from gowatchd.modfile.dependency_file import parse_dependency
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.problem import ParseError
from gowatchd.workspace.loading import listed, loadings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.problem import Problem
    from gowatchd.workspace.model import Module, Replacement, Workspace
    from gowatchd.workspace.source import SourceFile


def shared_replacement(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """One target replaces two modules.

    What: two modules that a go.mod requires (below go 1.17 also: what those require in turn) are replaced by
    the same target, written the same way.
    Why: no build works of what imports one of them. In a workspace all its modules count together, with
    directories as they are seen from go.work; what strikes with GOWORK=off only is a warning there.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0
        require example.com/s v1.0.0

        replace example.com/r => ./r
        replace example.com/s => ./r
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
    told: set[Replacement] = set()
    for path, one, earlier in _shared_in_workspace(workspace):
        told.add(one)
        yield _shared(path, one, earlier, "")
    outside = "" if workspace.kind is Kind.MOD else "with GOWORK=off, "
    for member in workspace.members:
        by_target: dict[tuple[str, str], list[Replacement]] = {}
        for one in member.replacements:
            by_target.setdefault((one.directive.new_path, one.directive.new_version), []).append(one)
        for same in by_target.values():
            counting = [one for one in same if _counts(workspace, one, member)] if len(same) > 1 else []
            if not told.isdisjoint(counting):
                continue
            for one in counting:
                if counting[0].old[0] != one.old[0]:
                    yield _shared(member.file.path, one, counting[0].old[0], outside, severity_of(workspace))


def _shared(
    path: str, one: Replacement, earlier: str, outside: str, severity: Severity | None = None
) -> Finding:
    target = "@".join(one.written)
    return Finding(
        path,
        one.directive.line.argument_span(-1 if one.directory is not None else -2),
        f"{outside}{target} used for two different module paths ({earlier} and {one.old[0]}); "
        "give each its own, or require one of them only",
        severity,
    )


def _shared_in_workspace(workspace: Workspace) -> Iterator[tuple[str, Replacement, str]]:
    """Yield what counts in a workspace, but has the same target as an earlier one: file, it, earlier path."""
    if workspace.kind is Kind.MOD:
        return
    files = dict.fromkeys(workspace.replacements, workspace.path)
    files.update((one, member.file.path) for member in workspace.members for one in member.replacements)
    paths: dict[tuple[str, str], str] = {}
    if all(paths.setdefault(one.target, one.old[0]) == one.old[0] for one in files):
        return
    first: dict[tuple[str, str], str] = {}
    for loading in listed(workspace):
        later = loading.replacement
        if later is not None:
            earlier = first.setdefault(_source(workspace, later), loading.path)
            if earlier != loading.path:
                yield files[later], later, earlier


def _source(workspace: Workspace, one: Replacement) -> tuple[str, str]:
    """Return the target of ``one`` as go has it in a workspace (canonicalizeReplacePath in modload)."""
    as_written = one.directory is None or posixpath.isabs(one.directive.new_path)
    if as_written or one in workspace.replacements:
        return one.written
    relative = posixpath.relpath(one.directory or "", workspace.root)
    return relative if relative.startswith("../") or relative in {".", ".."} else f"./{relative}", ""


def replacement_other_path(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A directory replaces a module by whose name it does not go.

    What: the go.mod in the directory on the right declares another module path than the one on the left.
    Why: Go builds it all the same. A fork may mean just that; else its packages, which import each other by
    the name in their go.mod, are not found.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0

        replace example.com/r => ./r
        -- r/go.mod --
        module example.com/other

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
    for path, one, target in workspace.local_replacements():
        if target.path and target.path != one.old[0]:
            yield Finding(
                path,
                one.directive.line.argument_span(-1),
                f"{workspace.shorten(target.file.path)} declares its path as {target.path}, but replaces "
                f"{one.old[0]}; correct one of them unless it is a fork",
            )


def replacement_invalid(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A directory replaces a module, and its go.mod does not parse.

    What: Go's parser rejects the go.mod in the directory on the right. As a warning: only in what Go does not
    look at in a module that is merely used, or nothing here requires it.
    Why: ``go list -m all`` and its like fail.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0

        replace example.com/r => ./r
        -- r/go.mod --
        module example.com/r

        require example.com/s
    Good:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0

        replace example.com/r => ./r
        -- r/go.mod --
        module example.com/r
    """
    broken = [
        (path, one, target) for path, one, target in workspace.local_replacements() if target.file.problems
    ]
    loaded = {one.replacement for one in loadings(workspace)} if broken else set()
    for path, one, target in broken:
        fatal = _fatal(target.file, facts)
        problem = (fatal or target.file.problems)[0]
        name = workspace.shorten(target.file.path)
        old = "@".join(part for part in one.old if part)
        yield Finding(
            path,
            one.directive.line.argument_span(-1),
            f"{old} (replaced by {one.directive.new_path}): parsing {name}: line {problem.position.line}: "
            f"{problem.message}; correct {name}",
            None if fatal and one in loaded else Severity.WARNING,
        )


def _fatal(file: SourceFile, facts: Facts) -> tuple[Problem, ...]:
    """Return what Go minds in the go.mod of a module that is merely required."""
    running = facts.go_version
    reads_ignore = running is None or goversion.compare(running, SINCE["ignore"]) >= 0
    try:
        parse_dependency(file.data, file.path, reads_ignore=reads_ignore)
    except ParseError as error:
        return error.problems
    return ()


def _counts(workspace: Workspace, replacement: Replacement, member: Module) -> bool:
    """Say whether a build of ``member``, in whose go.mod it stands, needs ``replacement``."""
    path, version = replacement.old
    required = member.required.get(path, ())
    if any(replacement.applies(one.version, member.replacements) for one in required):
        return True
    reached = () if version or is_pruned(member) else local_dependencies(workspace, member)
    return any(path == one for one, _ in reached)
