"""Rules on what the modules of one workspace are to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint import work_edits
from gowatchd.lint.diagnostic import Fix
from gowatchd.lint.rule import Finding
from gowatchd.lint.versions import STRICT, sort_key
from gowatchd.modfile.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.directive import Require
    from gowatchd.workspace.model import Module, Workspace

# What hand-written requirements between unpublished siblings, and gopls, have for a version.
NEVER_PUBLISHED = frozenset({"v0.0.0", "v0.0.0-00010101000000-000000000000"})


def go_line_spelling(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """Two go lines of a workspace name one release in two ways.

    What: one says 1.26 and another one 1.26.0, which are not the same: 1.26 is older, and stands for the
    release candidates too.
    Why: nothing fails yet. It does, when the lower spelling gets into go.work and the higher one stays in a
    module.
    Bad:
        -- go.work --
        go 1.26.0

        use ./api
        -- api/go.mod --
        module example.com/api

        go 1.26
    Good:
        -- go.work --
        go 1.26.0

        use ./api
        -- api/go.mod --
        module example.com/api

        go 1.26.0
    """
    work = workspace.file.work
    if work is None:
        return
    versions = {one.go_version for one in workspace.members} | {workspace.go_version}
    if not any(f"{one}.0" in versions for one in versions):
        return
    listed = [(workspace.file, work.go)] if work.go is not None else []
    listed += [(one.file, mod.go) for one in workspace.members if (mod := one.file.mod) and mod.go]
    first = {go.version: file for file, go in reversed(listed)}
    for file, go in listed:
        release = f"{go.version}.0"
        if release not in first or sort_key(go.version) < STRICT or file is workspace.file:
            continue
        yield Finding(
            file.path,
            go.line.argument_span(0),
            f"go {go.version} is older than go {release}, which {workspace.shorten(first[release].path)} "
            "lists; write the same in both",
        )


def case_collision(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """Two modules of a workspace differ in upper and lower case alone.

    What: the module paths, or the directories, of two used modules are the same but for the case of letters.
    Why: a build that needs packages of both fails, as does a checkout on macOS or Windows.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./web
        -- api/go.mod --
        module example.com/api
        -- web/go.mod --
        module example.com/API
    Good:
        -- go.work --
        go 1.22

        use ./api
        use ./web
        -- api/go.mod --
        module example.com/api

        go 1.22
        -- web/go.mod --
        module example.com/web

        go 1.22
    """
    if workspace.kind is Kind.MOD:
        return
    paths: dict[str, str] = {}
    directories: dict[str, str] = {}
    for use, module in workspace.uses:
        folded_directory, folded_path = module.once(_folded)
        directory = directories.setdefault(folded_directory, module.directory)
        path = paths.setdefault(folded_path, module.path)
        if path != module.path:
            problem = f'case-insensitive import collision: "{path}" and "{module.path}"'
        elif directory != module.directory:
            both = f"{workspace.shorten(directory)} and {workspace.shorten(module.directory)}"
            problem = f"{both} are one directory on macOS and Windows"
        else:
            continue
        yield Finding(workspace.path, use.line.argument_span(0), f"{problem}; rename one of them")


def _folded(module: Module) -> tuple[str, str]:
    return module.directory.casefold(), module.path.casefold()


def unpublished_requirement(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A module requires its sibling at a version that was never published.

    What: a used module requires another used one at v0.0.0, and no replace directive says what that is.
    Why: builds in the workspace take the sibling's directory. But ``go list -m all``, ``go work sync`` and
    their like want to download that version, and fail.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./web
        -- api/go.mod --
        module example.com/api
        -- web/go.mod --
        module example.com/web

        require example.com/api v0.0.0
    Good:
        -- go.work --
        go 1.22

        use ./api
        use ./web

        replace example.com/api v0.0.0 => ./api
        -- api/go.mod --
        module example.com/api

        go 1.22
        -- web/go.mod --
        module example.com/web

        go 1.22

        require example.com/api v0.0.0
    """
    if workspace.kind is Kind.MOD:
        return
    paths = workspace.module_paths
    wanted = [(member, one) for member, one in workspace.each(_never_published) if one.path in paths]
    if not wanted:
        return
    groups = (workspace.replacements, *(member.replacements for member in workspace.members))
    replaced = {one.old for group in groups for one in group}
    for member, one in wanted:
        if replaced.isdisjoint({(one.path, ""), (one.path, one.version)}):
            yield _unpublished(workspace, member, one)


def _never_published(module: Module) -> tuple[Require, ...]:
    mod = module.file.mod
    requirements = mod.require if mod is not None else ()
    return tuple(one for one in requirements if one.version in NEVER_PUBLISHED and one.path != module.path)


def _unpublished(workspace: Workspace, member: Module, require: Require) -> Finding:
    path, version, line = require.path, require.version, require.line
    directory = workspace.members_by_path(path)[0].directory
    edit = work_edits.replace(workspace, path, version, directory)
    addition = edit.new_text.strip()
    return Finding(
        member.file.path,
        line.argument_span(1),
        f"{path}@{version} was never published: 'go list -m all' and 'go work sync' would have to download "
        f"it; drop the requirement, or add '{addition}' to go.work",
        fix=Fix(f"Add '{addition}' to go.work", (edit,)),
    )
