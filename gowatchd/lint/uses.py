"""Rules on what go.work uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Fix
from gowatchd.lint.edits import removal
from gowatchd.lint.rule import Finding
from gowatchd.lint.surroundings import fix_of_unused
from gowatchd.modfile.position import Span
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.directive import Use
    from gowatchd.workspace.model import Workspace


def use_missing_module(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A directory that go.work uses has no go.mod that could be read.

    What: the directory is missing, or has no go.mod, or its go.mod is a directory or not readable.
    Why: every go command in the workspace fails, whatever module it is about.
    Bad:
        -- go.work --
        go 1.22

        use ./api
    Good:
        -- go.work --
        go 1.22

        use ./api
        -- api/go.mod --
        module example.com/api

        go 1.22
    """
    others_stay = any(member.file.state is not State.MISSING for member in workspace.members)
    for use, module in workspace.uses:
        if module.file.state is State.PRESENT:
            continue
        name = workspace.shorten(module.directory)
        fix = None
        if module.file.state is State.MISSING:
            problem = f"open {name}/go.mod: no such file or directory"
            remedy = (
                f"run 'go mod init' in {name} or remove this line"
                if module.directory_exists
                else "correct the path or remove this line"
            )
            if others_stay:
                fix = _stop_using(workspace, use)
        elif module.file.state is State.DENIED:
            problem, remedy = f"open {name}/go.mod: permission denied", "make it readable"
        elif module.file.state is State.SPECIAL:
            problem, remedy = f"read {name}/go.mod: {module.file.reason}", "put a go.mod file in its place"
        else:
            continue
        message = f"cannot load module {name} listed in go.work file: {problem}; {remedy}"
        yield _at(workspace, use, message, fix)


def use_invalid_module(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A directory that go.work uses has a go.mod that Go rejects.

    What: the go.mod does not parse, or has no module directive; its own diagnostics say where.
    Why: every go command in the workspace fails, whatever module it is about.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        -- api/go.mod --
        module example.com/api

        foo
    Good:
        -- go.work --
        go 1.22

        use ./api
        -- api/go.mod --
        module example.com/api

        go 1.22
    """
    for use, module in workspace.uses:
        file = module.file
        if file.state is not State.PRESENT or (file.mod is not None and file.mod.module is not None):
            continue
        name = workspace.shorten(file.path)
        if file.problems:
            first = file.problems[0]
            problem = f"errors parsing {name}: {name}:{first.position.line}: {first.message}"
        else:
            problem = f"error reading {name}: missing module declaration"
        directory = workspace.shorten(module.directory)
        yield _at(
            workspace,
            use,
            f"cannot load module {directory} listed in go.work file: {problem}; correct {name}",
        )


def duplicate_use(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.work uses the same directory twice.

    What: two use lines mean the same path, be it written differently (``./a``, ``a/``, ``./b/../a``).
    Why: every go command in the workspace fails.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./api/
        -- api/go.mod --
        module example.com/api
    Good:
        -- go.work --
        go 1.22

        use ./api
        -- api/go.mod --
        module example.com/api

        go 1.22
    """
    first: dict[str, Use] = {}
    for use, module in workspace.uses:
        earlier = first.setdefault(module.directory, use)
        if earlier is not use:
            yield _at(
                workspace,
                use,
                f"path {module.directory} appears multiple times in workspace; "
                f"remove this line, for line {earlier.line.lineno} has it",
                _stop_using(workspace, use),
            )


def duplicate_module(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """Two directories that go.work uses declare the same module.

    What: the go.mod files of two directories have the same module path; one directory, used by its name and
    through a symbolic link, counts as two.
    Why: every go command in the workspace fails.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./copy
        -- api/go.mod --
        module example.com/api
        -- copy/go.mod --
        module example.com/api
    Good:
        -- go.work --
        go 1.22

        use ./api
        use ./copy
        -- api/go.mod --
        module example.com/api

        go 1.22
        -- copy/go.mod --
        module example.com/copy

        go 1.22
    """
    for use, module in workspace.uses:
        same = workspace.members_by_path(module.path)
        if len(same) > 1 and module is not same[0]:
            yield _at(
                workspace,
                use,
                f"module {module.path} appears multiple times in workspace: in "
                f"{workspace.shorten(same[0].directory)} and {workspace.shorten(module.directory)}; "
                "rename one or stop using it",
            )


def empty_workspace(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.work uses nothing.

    What: a go.work without a use line, such as an empty one.
    Why: it still puts everything below it into workspace mode, where no module is left to build.
    Bad:
        -- go.work --
        go 1.22
    Good:
        -- go.work --
        go 1.22

        use .
        -- go.mod --
        module example.com/m

        go 1.22
    """
    work = workspace.file.work
    if work is not None and not workspace.uses:
        yield Finding(
            workspace.path,
            Span.at(1),
            "no modules were found in the current workspace; "
            "add one with 'go work use DIR' or remove go.work",
            fix=fix_of_unused(workspace, work),
        )


def _stop_using(workspace: Workspace, use: Use) -> Fix:
    return Fix(f"Stop using {use.path}", (removal(workspace.path, use.line),))


def _at(workspace: Workspace, use: Use, message: str, fix: Fix | None = None) -> Finding:
    return Finding(workspace.path, use.line.argument_span(0), message, fix=fix)
