"""The rule on vendor folders that are not what go.mod or go.work ask for any more.

Follows cmd/go/internal/modload (vendor.go: checkVendorConsistency; init.go: setDefaultBuildMod).
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gowatchd.lint.go_env import mod_flag
from gowatchd.lint.rule import Finding
from gowatchd.lint.versions import sort_key
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.position import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.model import Replacement, Workspace
    from gowatchd.workspace.vendor import VendorList, Version

VENDORING = sort_key("1.14")  # from this go line on a vendor folder is used without being asked for
WORK_VENDORING = sort_key("1.22")  # the first go with `go work vendor`


def inconsistent_vendoring(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """The vendor folder is out of date.

    What: vendor/modules.txt does not have the requirements and replacements that go.mod, or the modules of a
    workspace, have. A folder that was made for the other of the two counts for nothing, and so does one
    beside a file whose go line is below 1.14, or missing.
    Why: go builds from the vendor folder, and refuses to where it is out of date.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.1.0
        -- vendor/modules.txt --
        # example.com/r v1.0.0
        ## explicit
    Good:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.1.0
        -- vendor/modules.txt --
        # example.com/r v1.1.0
        ## explicit
    """
    vendor = workspace.vendor
    if vendor is None or not is_vendored(workspace, facts):
        return
    problems: dict[str, list[tuple[Span, str]]] = {}
    for path, span, text in _problems(workspace, vendor):
        problems.setdefault(path, []).append((span, text))
    remedy = f"run 'go {workspace.kind.value} vendor'"
    for path, found in problems.items():
        span, text = found[0]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        yield Finding(path, span, f"inconsistent vendoring in {workspace.root}: {text}{more}; {remedy}")


def is_vendored(workspace: Workspace, facts: Facts) -> bool:
    """Say whether go builds from the vendor folder beside the file."""
    vendor = workspace.vendor
    if vendor is None:
        return False
    parsed = workspace.file.work or workspace.file.mod
    if parsed is None or parsed.go is None or sort_key(parsed.go.version) < VENDORING:
        return False
    of_work = workspace.kind is Kind.WORK
    if of_work and facts.go_version is not None and sort_key(facts.go_version) < WORK_VENDORING:
        return False
    return vendor.for_workspace == of_work and mod_flag(facts.environment.goflags) in {None, "vendor"}


def _problems(workspace: Workspace, vendor: VendorList) -> Iterator[tuple[str, Span, str]]:
    """Yield file, place and go's words for everything that is out of date."""
    required = set()
    for member in workspace.members:
        for one in member.file.mod.require if member.file.mod is not None else ():
            required.add((one.path, one.version))
            if (one.path, one.version) not in vendor.explicit:
                text = "is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt"
                span = one.line.argument_span(0)
                yield member.file.path, span, f"{one.path}@{one.version}: {text}"
    yield from _replacement_problems(workspace, vendor)
    a_file = "a go.mod" if workspace.kind is Kind.WORK else "go.mod"
    the_file = "the workspace" if workspace.kind is Kind.WORK else "go.mod"
    for module in vendor.providing:
        if module in vendor.explicit and module not in required:
            text = f"is marked as explicit in vendor/modules.txt, but not explicitly required in {a_file}"
            yield workspace.path, Span.at(1), f"{_name(module)}: {text}"
    for module in vendor.replaced:
        if _in_force(workspace, module) is None:
            text = f"is marked as replaced in vendor/modules.txt, but not replaced in {the_file}"
            yield workspace.path, Span.at(1), f"{_name(module)}: {text}"


def _replacement_problems(workspace: Workspace, vendor: VendorList) -> Iterator[tuple[str, Span, str]]:
    seen: set[Version] = set()
    groups = [(member.file.path, member.replacements) for member in workspace.members]
    if workspace.kind is Kind.WORK:
        groups.append((workspace.path, workspace.replacements))
    for path, replacements in groups:
        for replacement in replacements:
            in_force = None if replacement.old in seen else _in_force(workspace, replacement.old)
            seen.add(replacement.old)
            if in_force is None:
                continue
            source, target = in_force
            marked = vendor.replaced.get(replacement.old)
            if marked == target:
                continue
            where = workspace.shorten(source)
            text = (
                f"is replaced in {where}, but not marked as replaced in vendor/modules.txt"
                if marked is None
                else f"is replaced by {_name(target)} in {where}, but marked as replaced by {_name(marked)} "
                "in vendor/modules.txt"
            )
            yield path, replacement.directive.line.argument_span(0), f"{_name(replacement.old)}: {text}"


def _in_force(workspace: Workspace, old: Version) -> tuple[str, Version] | None:
    """Return the file that replaces ``old``, and by what, as vendor/modules.txt names it."""
    path, version = old
    if not version and workspace.member_by_path(path) is not None:
        return None
    if workspace.kind is Kind.WORK:
        for one in _applicable(workspace.replacements, old):
            return workspace.path, (one.directive.new_path, one.directive.new_version)
    for member in reversed(workspace.members):  # go takes the last
        for one in _applicable(member.replacements, old):
            return member.file.path, _target(workspace, one)
    return None


def _applicable(replacements: tuple[Replacement, ...], old: Version) -> Iterator[Replacement]:
    path, version = old
    for one in replacements:
        if one.old == old or (version and one.old[0] == path and one.applies(version, replacements)):
            yield one


def _target(workspace: Workspace, replacement: Replacement) -> Version:
    written = replacement.directive.new_path
    if workspace.kind is Kind.MOD or replacement.directory is None or posixpath.isabs(written):
        return written, replacement.directive.new_version
    relative = posixpath.relpath(replacement.directory, workspace.root)
    return relative if relative.startswith(("./", "../")) else f"./{relative}", ""


def _name(module: Version) -> str:
    path, version = module
    return f"{path}@{version}" if version else path
