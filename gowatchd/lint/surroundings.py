"""Rules on what lies below, above and beside a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint import work_edits
from gowatchd.lint.diagnostic import Fix
from gowatchd.lint.rule import Finding
from gowatchd.lint.versions import STRICT, sort_key
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.position import Span
from gowatchd.modfile.syntax import CommentBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.work_file import WorkFile
    from gowatchd.workspace.model import Module, Workspace

NAMED_MOST = 5  # directories in one message


def module_not_in_use(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A module below go.work is not in use.

    What: a directory below go.work has a go.mod, no use line names it, and it is not what a replace directive
    names. The modules of another repository, of which go.work uses nothing, do not count.
    Why: go commands in that directory fail, and no other module gets its code from there. That may be meant,
    for tools or examples.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        -- api/go.mod --
        module example.com/api
        -- web/go.mod --
        module example.com/web
    Good:
        -- go.work --
        go 1.22

        use (
            ./api
            ./web
        )
        -- api/go.mod --
        module example.com/api

        go 1.22
        -- web/go.mod --
        module example.com/web

        go 1.22
    """
    work = workspace.file.work
    if work is None or not workspace.uses or not workspace.unused:
        return  # without any use, empty-workspace says it
    fix = fix_of_unused(workspace, work)
    if fix is None and all(module.path in workspace.module_paths for module in workspace.unused):
        remedy = "go.work uses another directory of that module: set GOWORK=off there, or use this one"
    else:
        remedy = f"add {'it' if len(workspace.unused) == 1 else 'them'} with 'go work use DIR'"
    names = [workspace.shorten(module.directory) for module in workspace.unused]
    more = f" and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else ""
    yield Finding(
        workspace.path,
        _use_span(work),
        f"not in use: {', '.join(names[:NAMED_MOST])}{more}; go commands there say 'current directory is "
        f"contained in a module that is not one of the workspace modules listed in go.work'; {remedy}",
        fix=fix,
    )


def fix_of_unused(workspace: Workspace, work: WorkFile) -> Fix | None:
    """Return the fix that uses all modules that can be used as they are."""
    paths = {module.path for module in workspace.members}
    taken: list[Module] = []
    for module in workspace.unused:
        if module.path and module.path not in paths:
            taken.append(module)
            paths.add(module.path)
    if not taken:
        return None
    edits = work_edits.use(workspace, work, [module.directory for module in taken])
    highest = max((module.go_version for module in taken), key=sort_key)
    if sort_key(highest) > sort_key(workspace.go_version) and sort_key(highest) >= STRICT:
        edits = (work_edits.raise_go_line(workspace.path, work, highest), *edits)
    name = workspace.shorten(taken[0].directory)
    return Fix(f"Use {name}" if len(taken) == 1 else f"Use all {len(taken)} modules", edits)


def _use_span(work: WorkFile) -> Span:
    """Return the first ``use``, or the start of the file."""
    for statement in work.syntax.statements:
        if not isinstance(statement, CommentBlock) and statement.tokens[0] == "use":
            return statement.span(0)
    return Span.at(1)


def captured_module(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.work far above captures a repository that never asked for it.

    What: the nearest go.work lies above the git repository of this module, and uses nothing in it.
    Why: go finds that go.work, and go commands here fail, though the repository is complete by itself.
    Bad:
        -- go.work --
        go 1.22

        use ./mine
        -- mine/go.mod --
        module example.com/mine
        -- theirs/.git/HEAD --
        ref: refs/heads/main
        -- theirs/go.mod --
        module example.com/theirs
    Good:
        -- mine/go.work --
        go 1.22

        use .
        -- mine/go.mod --
        module example.com/mine

        go 1.22
        -- theirs/.git/HEAD --
        ref: refs/heads/main
        -- theirs/go.mod --
        module example.com/theirs

        go 1.22
    """
    if workspace.kind is not Kind.MOD or not workspace.above:
        return
    mod = workspace.file.mod
    span = mod.module.line.argument_span(0) if mod is not None and mod.module is not None else Span.at(1)
    above = workspace.shorten(workspace.above)
    yield Finding(
        workspace.path,
        span,
        f"{above} captures this repository and uses nothing in it: go commands say 'current directory is "
        "contained in a module that is not one of the workspace modules listed in go.work'; set GOWORK=off "
        f"here, move {above} elsewhere or add this module there",
    )


def shadowed_workspace(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.work hides another one above it.

    What: there is a go.work in a folder above this one.
    Why: go takes the nearest go.work and merges none, so what the other one uses or replaces is without
    effect here. That is often meant.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        -- api/go.mod --
        module example.com/api
        -- tools/go.work --
        go 1.22

        use .
        -- tools/go.mod --
        module example.com/tools
    Good:
        -- go.work --
        go 1.22

        use ./api
        use ./tools
        -- api/go.mod --
        module example.com/api

        go 1.22
        -- tools/go.mod --
        module example.com/tools

        go 1.22
    """
    if workspace.kind is Kind.WORK and workspace.above:
        above = workspace.shorten(workspace.above)
        yield Finding(
            workspace.path,
            Span.at(1),
            f"{above} has no effect here: go takes the nearest go.work alone; "
            "merge the two, or leave it if that is meant",
        )
