"""Rules on what the go line of a go.mod or go.work lets in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gowatchd.lint.diagnostic import Edit, Fix, Severity
from gowatchd.lint.edits import addition_below
from gowatchd.lint.requirements import updates_needed
from gowatchd.lint.rule import Finding
from gowatchd.lint.versions import sort_key
from gowatchd.modfile import goversion
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.work_file import WorkFile
from gowatchd.workspace.model import IMPLICIT_MOD_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.mod_file import ModFile
    from gowatchd.modfile.syntax import Line
    from gowatchd.workspace.model import Module, Workspace

# The first Go whose parser knows a directive. Toolchain lines came with 1.21, which is the first Go that can
# be switched to, and the older ones need no more than a look at the go line to give up.
SINCE = {"godebug": "1.23", "tool": "1.24", "ignore": "1.25"}

_PRERELEASE_OF_A_PATCH = re.compile(r"([0-9]+\.[0-9]+\.[0-9]+)[a-z]+[0-9]+\Z")

is_valid = lru_cache(maxsize=256)(goversion.is_valid)  # a workspace holds few versions, many times


def missing_go_line(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod has no go line.

    What: nothing says which version of the language the module is written in.
    Why: Go takes it for 1.16, without generics and all that came later, and ``go mod tidy`` writes the
    version that happens to run. The fix writes 1.16, which changes nothing; raise it to what the module is
    meant for.
    Bad:
        -- go.mod --
        module example.com/m
    Good:
        -- go.mod --
        module example.com/m

        go 1.22
    """
    for member in workspace.members:
        mod = member.file.mod
        if mod is None or mod.go is not None or mod.module is None:
            continue
        line = mod.module.line
        edit = addition_below(member.file.path, line, f"go {IMPLICIT_MOD_VERSION}")
        yield Finding(
            member.file.path,
            line.argument_span(0),
            f"no go line, which Go takes for go {IMPLICIT_MOD_VERSION}; add one, "
            "such as with 'go mod edit -go=VERSION'",
            fix=None if line.in_block else Fix(f"Write go {IMPLICIT_MOD_VERSION}, which counts now", (edit,)),
        )


def invalid_go_version(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go line has the form of a Go version, but Go cannot compare it with any.

    What: a pre-release of a patch release (``1.21.3rc1``), or a number with a leading zero.
    Why: Go takes it for older than every version: it wants the go.mod tidied, or the compiler gets no version
    at all, and only ``go list -m`` and its like work. In a go.work it merely counts as the oldest.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.21.3rc1
    Good:
        -- go.mod --
        module example.com/m

        go 1.21rc1
    """
    alone = workspace.kind is Kind.MOD
    words = updates_needed(workspace) if alone else 'invalid value "go" for -lang'
    for member in workspace.members:
        mod = member.file.mod
        if mod is not None and mod.go is not None and not is_valid(mod.go.version):
            yield _invalid(member.file.path, mod.go.line, mod.go.version, f"{words}: ", None)
    work = workspace.file.work
    if work is not None and work.go is not None and not is_valid(work.go.version):
        yield _invalid(workspace.path, work.go.line, work.go.version, "", Severity.WARNING)


def _invalid(path: str, line: Line, version: str, words: str, severity: Severity | None) -> Finding:
    span = line.argument_span(0)
    match = _PRERELEASE_OF_A_PATCH.match(version)
    fix = Fix(f"Write go {match[1]}", (Edit(path, span, match[1]),)) if match else None
    return Finding(
        path,
        span,
        f"{words}go {version} is no Go version, and counts as older than all; "
        "write one such as 1.21, 1.21rc1 or 1.21.3",
        severity,
        fix,
    )


class _Use(NamedTuple):
    """The lines of a directive in one file, and the newest Go that the file demands."""

    path: str
    verb: str
    lines: tuple[Line, ...]
    floor: str


def directive_too_new(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A file has a directive that a Go version which its go line lets in does not know.

    What: ``godebug`` (from Go 1.23), ``tool`` (1.24) or ``ignore`` (1.25) in a file whose go and toolchain
    lines are content with an older Go.
    Why: such a Go does not parse the file: "unknown directive". Where the go command at hand is itself too
    old, each such line is an error, else the first is told. Who merely requires the module is not hit.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        tool example.com/m/cmd/gen
    Good:
        -- go.mod --
        module example.com/m

        go 1.24

        tool example.com/m/cmd/gen
    """
    root = workspace.file.work or workspace.file.mod
    running = facts.go_version
    if running is not None and root is not None and facts.switches_toolchain:
        running = max(running, _floor(root), key=sort_key)
    for use in _uses(workspace):
        since = SINCE[use.verb]
        fails = running is not None and sort_key(running) < sort_key(since)
        if not fails and sort_key(use.floor) >= sort_key(since):
            continue
        too_old = running if fails else use.floor or IMPLICIT_MOD_VERSION
        remedy = f"install Go {since} or newer" if fails else f"raise the go line to {since}"
        for line in use.lines if fails else use.lines[:1]:
            what = "block type" if line.in_block else "directive"
            yield Finding(
                use.path,
                line.whole,
                f"errors parsing {workspace.shorten(use.path)}: unknown {what}: {use.verb}, says every Go "
                f"before {since}, and go {too_old} is one; {remedy} or remove this line",
                Severity.ERROR if fails else None,
            )


def _uses(workspace: Workspace) -> Iterator[_Use]:
    work = workspace.file.work
    if work is not None:
        yield from _uses_in(workspace.path, work)
    for _, use in workspace.each(_uses_of):
        yield use


def _uses_of(module: Module) -> tuple[_Use, ...]:
    mod = module.file.mod
    return () if mod is None else tuple(_uses_in(module.file.path, mod))


def _uses_in(path: str, parsed: ModFile | WorkFile) -> Iterator[_Use]:
    for verb, lines in _newer_directives(parsed):
        if lines:
            yield _Use(path, verb, lines, _floor(parsed))


def _newer_directives(parsed: ModFile | WorkFile) -> Iterator[tuple[str, tuple[Line, ...]]]:
    yield "godebug", tuple(one.line for one in parsed.godebug)
    if not isinstance(parsed, WorkFile):
        yield "tool", tuple(one.line for one in parsed.tool)
        yield "ignore", tuple(one.line for one in parsed.ignore)


def _floor(parsed: ModFile | WorkFile) -> str:
    """Return the oldest Go that is content with the file, or nothing where every one is."""
    go = parsed.go.version if parsed.go is not None else ""
    toolchain = goversion.of_toolchain(parsed.toolchain.name) if parsed.toolchain is not None else ""
    return max(go, toolchain, key=sort_key)
