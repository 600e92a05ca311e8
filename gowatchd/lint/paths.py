"""Rules on paths that parse, but name nothing that Go could load."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import TYPE_CHECKING

from gowatchd.lint.rule import Finding
from gowatchd.modfile import modulepath
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.position import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Workspace

RESERVED = frozenset({"go", "toolchain"})  # the names under which Go itself stands in a module graph

# every save asks again for the paths of all members, in turn: a cache smaller than the workspace never hits
check_import_path = lru_cache(maxsize=8192)(modulepath.check_import_path)


def invalid_module_path(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A module path cannot be imported.

    What: the module line of a go.mod holds a character or an element that import paths may not have, nothing
    at all, or one of the reserved names ``go`` and ``toolchain``.
    Why: every go command fails, in the module and in a workspace that uses it.
    Bad:
        -- go.mod --
        module example.com/what?
    Good:
        -- go.mod --
        module example.com/what
    """
    for member in workspace.members:
        mod = member.file.mod
        if mod is None or mod.module is None:
            continue
        path = mod.module.path
        if path in RESERVED:
            name = workspace.shorten(member.file.path)
            problem = f'error reading {name}: invalid module path: "{path}", which is reserved'
        else:
            problem = (check_import_path(path) or "").replace("import", "module", 1)
        if problem:
            span = mod.module.line.argument_span(0)
            yield Finding(member.file.path, span, f"{problem}; choose another module path")


def invalid_tool_path(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A tool line names something that is no import path.

    What: a tool line holds a relative directory, or a character that import paths may not have.
    Why: every go command fails, in the module and in a workspace that uses it.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.24

        tool ./cmd/gen
    Good:
        -- go.mod --
        module example.com/m

        go 1.24

        tool example.com/m/cmd/gen
    """
    for member in workspace.members:
        for tool in member.file.mod.tool if member.file.mod is not None else ():
            problem = check_import_path(tool.path)
            if problem:
                yield Finding(
                    member.file.path,
                    tool.line.argument_span(0),
                    f"{problem.replace('import', 'tool', 1)}; write the import path of the command's package",
                )


def module_in_temp_root(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A go.mod stands in the system's folder for temporary files.

    What: the go.mod of a module that no go.work uses is directly in TMPDIR, or in /tmp where that is not set.
    Why: Go does not look at it, for anybody may write there: what stands below is in no module.
    Bad:
        -- go/env --
        TMPDIR=/example
        -- go.mod --
        module example.com/m

        go 1.22
    Good:
        -- go/env --
        TMPDIR=/example
        -- try/go.mod --
        module example.com/m

        go 1.22
    """
    tmpdir = facts.environment.tmpdir
    if workspace.kind is Kind.MOD and tmpdir and workspace.root == posixpath.normpath(tmpdir):
        yield Finding(
            workspace.path,
            Span.at(1),
            f"ignoring go.mod in system temp root {workspace.root}; move it to a folder of its own",
        )
