"""Rules on replace directives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Fix, Severity
from gowatchd.lint.edits import removal
from gowatchd.lint.rule import Finding
from gowatchd.modfile.kind import Kind
from gowatchd.workspace.loading import loadings
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.directive import Replace
    from gowatchd.workspace.model import Module, Replacement, Workspace


_NOT_READ = frozenset({State.MISSING, State.SPECIAL, State.DENIED})


def replaced_workspace_module(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.work replaces one of its own modules.

    What: a replace line of go.work, without a version, names a module that go.work uses.
    Why: every go command in the workspace fails, for the module is already taken from its directory.
    Bad:
        -- go.work --
        go 1.22

        use ./api

        replace example.com/api => ./other
        -- api/go.mod --
        module example.com/api
        -- other/go.mod --
        module example.com/api
    Good:
        -- go.work --
        go 1.22

        use ./api

        replace example.com/api v1.0.0 => ./other
        -- api/go.mod --
        module example.com/api
        -- other/go.mod --
        module example.com/api
    """
    for replacement in workspace.replacements:
        path, version = replacement.old
        if not version and workspace.member_by_path(path) is not None:
            yield _at_old(
                workspace.path,
                replacement.directive,
                f"workspace module {path} is replaced at all versions in the go.work file. To fix, "
                "remove the replacement from the go.work file or specify the version at which to replace "
                "the module.",
                Fix(f"Stop replacing {path}", (removal(workspace.path, replacement.directive.line),)),
            )


def conflicting_replacements(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """One file replaces the same module twice, differently.

    What: two replace lines of a file have the same module and version on the left and different targets.
    Why: every go command fails. ``go mod edit -fmt`` would silently keep the last of them.
    Bad:
        -- go.mod --
        module example.com/m

        replace example.com/r => ./r1
        replace example.com/r => ./r2
        -- r1/go.mod --
        module example.com/r
        -- r2/go.mod --
        module example.com/r
    Good:
        -- go.mod --
        module example.com/m

        replace example.com/r => ./r1
        -- r1/go.mod --
        module example.com/r
    """
    for path, replacements in _by_file(workspace):
        if len(replacements) < 2:
            continue
        first: dict[tuple[str, str], Replace] = {}
        for replacement in replacements:
            one = replacement.directive
            earlier = first.setdefault(replacement.old, one)
            if (earlier.new_path, earlier.new_version) != (one.new_path, one.new_version):
                yield _at_old(
                    path,
                    one,
                    f"conflicting replacements for {_version(*replacement.old)}: "
                    f"{_version(earlier.new_path, earlier.new_version)} (line {earlier.line.lineno}) and "
                    f"{_version(one.new_path, one.new_version)}; keep one of them",
                )


def conflicting_member_replacements(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """Two modules of a workspace replace the same module differently.

    What: replace lines of two used modules have the same module and version on the left, and different
    targets (relative directories count as what they mean, absolute ones as they are written). A replace of
    that module in go.work, at any version, settles it.
    Why: a replacement of one module counts for the whole workspace, so every go command fails.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./web
        -- api/go.mod --
        module example.com/api

        replace example.com/r => ../r1
        -- web/go.mod --
        module example.com/web

        replace example.com/r => ../r2
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

        replace example.com/r => ../r1
        -- web/go.mod --
        module example.com/web

        replace example.com/r => ../r2
        -- r1/go.mod --
        module example.com/r
        -- r2/go.mod --
        module example.com/r
    """
    if workspace.kind is Kind.MOD:
        return
    settled = {replacement.old[0] for replacement in workspace.replacements}
    first: dict[tuple[str, str], tuple[Replacement, str]] = {}
    for member in workspace.members:
        for replacement in member.replacements:
            if replacement.old[0] in settled:
                continue
            earlier, owner = first.setdefault(replacement.old, (replacement, member.file.path))
            if owner != member.file.path and earlier.compared != replacement.compared:
                yield _at_old(
                    member.file.path,
                    replacement.directive,
                    f"conflicting replacements for {_version(*replacement.old)}: "
                    f"{_version(*earlier.compared)} "
                    f"({workspace.shorten(owner)}:{earlier.directive.line.lineno}) and "
                    f"{_version(*replacement.compared)}; "
                    f'use "go work edit -replace {_version(*replacement.old)}=[override]" to resolve',
                )


def replacement_missing(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A replace directive names a directory that holds no module.

    What: the directory on the right is missing, or has no go.mod file that may be read.
    Why: whatever needs the module fails: ``go list -m all``, and the build of what imports it. Where nothing
    here requires it, or another replacement counts, nothing fails yet, and this is a warning.
    Bad:
        -- go.mod --
        module example.com/m

        require example.com/r v1.0.0

        replace example.com/r => ./r
    Good:
        -- go.mod --
        module example.com/m

        require example.com/r v1.0.0

        replace example.com/r => ./r
        -- r/go.mod --
        module example.com/r
    """
    gone = [
        (path, replacement, target)
        for path, replacement, target in workspace.local_replacements()
        if target.file.state in _NOT_READ
    ]
    needed = {one.replacement for one in loadings(workspace)} if gone else set()
    for path, replacement, target in gone:
        message = _missing(workspace, replacement, target)
        yield Finding(
            path,
            replacement.directive.line.argument_span(-1),
            message if replacement in needed else f"{message} (nothing here needs it yet)",
            Severity.ERROR if replacement in needed else Severity.WARNING,
        )


def _missing(workspace: Workspace, replacement: Replacement, target: Module) -> str:
    written = replacement.directive.new_path
    what = f"{_version(*replacement.old)} (replaced by {written})"
    if not target.directory_exists:
        return f"{what}: replacement directory {written} does not exist; correct the path or remove this line"
    name = workspace.shorten(target.file.path)
    if target.file.state is State.SPECIAL:
        return (
            f"{what}: reading {name}: read {target.file.path}: {target.file.reason}; put a go.mod file there"
        )
    if target.file.state is State.DENIED:
        return f"{what}: reading {name}: open {target.file.path}: permission denied; make it readable"
    reason = f"open {target.file.path}: no such file or directory"
    return f"{what}: reading {name}: {reason}; run 'go mod init' there"


def _by_file(workspace: Workspace) -> Iterator[tuple[str, tuple[Replacement, ...]]]:
    """Yield every file's path and replacements, go.work's first."""
    if workspace.replacements:
        yield workspace.path, workspace.replacements
    for member in workspace.members:
        if member.replacements:
            yield member.file.path, member.replacements


def _version(path: str, version: str) -> str:
    """Return how Go prints a module at a version."""
    return f"{path}@{version}" if version else path


def _at_old(path: str, directive: Replace, message: str, fix: Fix | None = None) -> Finding:
    return Finding(path, directive.line.argument_span(0), message, fix=fix)
