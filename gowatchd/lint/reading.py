"""Rules on files that cannot be read, or do not mean anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.rule import Finding
from gowatchd.modfile.position import Span
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.problem import Problem
    from gowatchd.workspace.model import Workspace

TOP = Span.at(1)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CONFLICT_MARKERS = ("<<<<<<<", "=======", ">>>>>>>")

PROBLEMS_MOST = 100  # of one file that are told; one that is no go.mod at all has one in each line


def syntax(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.work or go.mod does not parse.

    What: a line that Go's own parser rejects: an unknown directive, a wrong number of words, a version or
    path of the wrong form, a block without its closing parenthesis, a byte order mark.
    Why: no go command works in the module or workspace until it is mended.
    Bad:
        -- go.mod --
        module example.com/m

        requires example.com/r v1.0.0
    Good:
        -- go.mod --
        module example.com/m

        require example.com/r v1.0.0
    """
    for file in workspace.files:
        for problem in file.problems[:PROBLEMS_MOST]:
            span = problem.span or Span(problem.position, problem.position)
            text = f"errors parsing {workspace.shorten(file.path)}: {problem.message}"
            yield Finding(file.path, span, f"{text}{_remedy(file.data, problem)}")


def _remedy(data: bytes, problem: Problem) -> str:
    """Return what to do where the parser's words do not say it."""
    line = problem.position.line
    if line == 1 and data.startswith(BYTE_ORDER_MARK):
        return "; save the file as UTF-8 without a byte order mark"
    text = data.split(b"\n")[line - 1].decode(errors="replace")
    if text.startswith(CONFLICT_MARKERS):
        return "; a merge left its conflict here: decide it and remove the markers"
    return ""


def unreadable_file(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.work or go.mod may not be read.

    What: the system refuses to open the file that makes the workspace.
    Why: Go cannot read it either ("permission denied"), so that no go command works below it.
    """
    file = workspace.file
    if file.state is State.DENIED:
        name = workspace.shorten(file.path)
        yield Finding(
            file.path,
            TOP,
            f"reading {name}: open {name}: permission denied; make it readable: chmod u+r {name}",
        )


def special_file(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.work or go.mod is not a regular file.

    What: a FIFO, device, socket or directory stands in its place.
    Why: reading it could hang, Go's own reading too; nothing is checked.
    """
    file = workspace.file
    if file.state is State.SPECIAL:
        yield Finding(
            file.path, TOP, f"not a regular file ({file.reason}), so it was not read; replace or remove it"
        )


def file_too_large(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.work or go.mod is too large to be checked.

    What: the file is larger than any real one, and was not read.
    Why: reading whatever bears the name would take time and memory without bound. Go would read it.
    """
    for file in workspace.files:
        if file.state is State.TOO_LARGE:
            yield Finding(file.path, TOP, f"not checked: {file.reason}")


def missing_module_directive(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod has no module directive.

    What: a go.mod that does not say which module it makes; an empty one, too.
    Why: no go command works in it, nor in a workspace that uses it.
    Bad:
        -- go.mod --
        go 1.22
    Good:
        -- go.mod --
        module example.com/m

        go 1.22
    """
    for member in workspace.members:
        mod = member.file.mod
        if mod is not None and mod.module is None:
            name = workspace.shorten(member.file.path)
            yield Finding(
                member.file.path,
                TOP,
                f"error reading {name}: missing module declaration. "
                "To specify the module path: go mod edit -module=example.com/mod",
            )
