"""Rules on paths that parse, but name nothing that Go could load."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import TYPE_CHECKING

from gowatchd.lint.rule import Finding
from gowatchd.modfile import goversion, modulepath
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.position import Span
from gowatchd.workspace.loading import listed, loadings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Workspace

# The names under which Go itself stands in a module graph. Up to 1.25 it took a module called toolchain.
RESERVED = frozenset({"go", "toolchain"})
TOOLCHAIN_RESERVED_SINCE = "1.26"

# a workspace's modules require the same ones, and every save asks again
check_path = lru_cache(maxsize=8192)(modulepath.check_path)

# every save asks again for the paths of all members, in turn: a cache smaller than the workspace never hits
check_import_path = lru_cache(maxsize=8192)(modulepath.check_import_path)


def invalid_module_path(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
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
        if path == "toolchain" and _is_older(facts.go_version, TOOLCHAIN_RESERVED_SINCE):
            continue
        if path in RESERVED:
            name = workspace.shorten(member.file.path)
            problem = f'error reading {name}: invalid module path: "{path}", which is reserved'
        else:
            problem = (check_import_path(path) or "").replace("import", "module", 1)
        if problem:
            span = mod.module.line.argument_span(0)
            yield Finding(member.file.path, span, f"{problem}; choose another module path")


def malformed_require(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A require names something that is no module path.

    What: the path of a require has a character or an element that module paths may not have, or no dot in its
    first element, and neither a module of the workspace nor a replacement stands in for it. The require may
    be in the go.mod of a directory that replaces a module, where Go reads that.
    Why: nothing can be downloaded by that name, so 'go list -m all' fails, as does whatever needs the module.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/what? v1.0.0
    Good:
        -- go.mod --
        module example.com/m

        go 1.22
    """
    neighbours = workspace.neighbours.values()
    required = {path for module in (*workspace.members, *neighbours) for path in module.required}
    if not any(map(check_path, required)) and not any(one.file.problems for one in neighbours):
        return
    malformed = {
        (one.path, one.version): one.asker
        for one in (*loadings(workspace), *listed(workspace))
        if one.replacement is None and one.path not in workspace.module_paths and check_path(one.path)
    }
    for member in workspace.members:
        for lines in member.required.values():
            for one in lines:
                if (one.path, one.version) in malformed:
                    problem = f"{check_path(one.path)}; correct the path or remove this line"
                    yield Finding(member.file.path, one.line.argument_span(0), problem)
    members = {member.directory for member in workspace.members}
    for path, replacement, target in workspace.local_replacements():
        for (required_path, _), asker in malformed.items():
            if asker.directory == target.directory and target.directory not in members:
                name = workspace.shorten(target.file.path)
                problem = f"{check_path(required_path)}; correct the require in {name}"
                yield Finding(path, replacement.directive.line.argument_span(-1), problem)


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


def _is_older(version: str | None, than: str) -> bool:
    return version is not None and goversion.compare(version, than) < 0
