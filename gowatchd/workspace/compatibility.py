"""Which Go versions take a module or a workspace, and what in its files the others stumble over.

Decided from the files alone, for Go 1.18 and later. Since when Go knows a directive was tried with 1.19 and
1.21 to 1.27, and read in golang.org/x/mod where no toolchain was at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from gowatchd.modfile import goversion
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.syntax import CommentBlock
from gowatchd.workspace.loading import loadings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gowatchd.workspace.model import Module, Workspace
    from gowatchd.workspace.source import SourceFile

OLDEST = "1.18"  # workspaces began there
NEWEST = "1.27"  # the newest Go that this was held against
STRICT = "1.21"  # from here on a go line is a demand; before it, go built all the same
DIRECTIVES = {"retract": "1.16", "toolchain": "1.21", "godebug": "1.23", "tool": "1.24", "ignore": "1.25"}
FAR_AHEAD = 6  # digits of a minor version that no Go will have; a go line may hold any number of them
BARE_DOTS = "1.22"  # the first to take "replace m => .." without a slash


class Verdict(Enum):
    """Whether a Go version takes it. MAYBE: it tries, though a go line asks for a newer one."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Need:
    """Something in the file ``path`` at ``line`` that not every Go version takes.

    ``version`` is the first that does, and empty where none does; those before ``minded_from`` overlook it.
    """

    version: str
    reason: str
    path: str
    line: int = 1
    minded_from: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One Go version: exactly ``1.22.10``, or with ``1.22`` whatever release of it will do."""

    version: str
    installed: bool = False

    @property
    def is_family(self) -> bool:
        """Say whether it stands for all releases of a minor version."""
        return goversion.language(self.version) == self.version

    def satisfies(self, need: Need) -> bool:
        """Say whether this Go takes what is needed."""
        if not need.version:
            return False
        wanted = goversion.language(need.version) if self.is_family else need.version
        return goversion.compare(wanted, self.version) <= 0

    def minds(self, need: Need) -> bool:
        """Say whether this Go refuses to go on without it."""
        return not need.minded_from or goversion.compare(self.version, need.minded_from) >= 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What one Go version makes of one row.

    ``reasons`` are the needs it does not satisfy. ``from_version`` is given where only some releases of the
    column will do: the first of them.
    """

    column: Column
    verdict: Verdict
    reasons: tuple[Need, ...] = ()
    from_version: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One module by itself, or a go.work with all that it uses; ``path`` is that of the file."""

    name: str
    path: str
    cells: tuple[Cell, ...]

    @property
    def reasons(self) -> tuple[Need, ...]:
        """Every need that some column does not satisfy: first what no Go satisfies, then the newest."""
        needs = dict.fromkeys(need for cell in self.cells for need in cell.reasons)
        known = sorted(needs, key=lambda need: goversion.sort_key(need.version), reverse=True)
        return tuple(sorted(known, key=lambda need: need.version != ""))


def matrix(
    workspace: Workspace,
    alone: Mapping[str, Workspace],
    broken: Mapping[str, tuple[Need, ...]],
    columns: Iterable[Column],
) -> tuple[Row, ...]:
    """Return a row for the go.work, if it is one, and one for each of its modules by itself (GOWORK=off).

    ``alone`` has the workspace that each member is without go.work, and ``broken`` what is wrong with any of
    them in every Go version, both by the path of the file.
    """
    columns = tuple(columns)
    rows = []
    if workspace.kind is Kind.WORK:
        work_needs = (*needs_of(workspace), *broken.get(workspace.path, ()))
        rows.append(_row("go.work", workspace.path, work_needs, columns))
    for member in workspace.members:
        path = member.file.path
        own = workspace if workspace.kind is Kind.MOD else alone.get(path)
        if own is None or (member.file.mod is None and not member.file.problems):
            needs: tuple[Need, ...] = (_unreadable(member.file),)
        else:
            needs = needs_of(own)
        name = member.path or workspace.shorten(member.directory)
        rows.append(_row(name, path, (*needs, *broken.get(path, ())), columns))
    return tuple(rows)


def default_columns(workspace: Workspace, installed: str | None) -> tuple[Column, ...]:
    """Return the minor versions from the lowest go line to the newest known, and the one ``installed``."""
    readable = (member.go_version for member in workspace.members if member.file.mod is not None)
    lowest = min(_minor(version) for version in (workspace.go_version, *readable))
    newest = max(_minor(NEWEST), _minor(installed or NEWEST))
    first = max(_minor(OLDEST), min(lowest, newest))
    versions = [f"1.{minor}" for minor in range(first, newest + 1)]
    return columns_of([*versions, installed] if installed else versions, installed)


def columns_of(versions: Iterable[str], installed: str | None) -> tuple[Column, ...]:
    """Return a column for each of ``versions``, the oldest first, and mark the one ``installed``."""
    return tuple(Column(one, one == installed) for one in sorted(set(versions), key=goversion.sort_key))


def needs_of(workspace: Workspace) -> tuple[Need, ...]:
    """Return what the files of ``workspace`` need of Go, with the directories that it is built from."""
    return tuple(dict.fromkeys(_needs(workspace)))


def _needs(workspace: Workspace) -> Iterator[Need]:
    if workspace.kind is Kind.WORK:
        yield Need(OLDEST, "workspaces", workspace.path)
        yield from _needs_of_file(workspace.file, demands_go=True)
        yield from _too_new_for(workspace)
    yield from _godebug_default(workspace.file)
    for member in workspace.members:
        yield from _needs_of_file(member.file, demands_go=workspace.kind is Kind.MOD)
    for path, module in _local_dependencies(workspace):
        reason = f"the go line of {path}, which {workspace.shorten(module.directory)} replaces"
        yield Need(module.go_version, reason, module.file.path, _go_line(module.file), STRICT)


def _local_dependencies(workspace: Workspace) -> list[tuple[str, Module]]:
    """Return the directories outside the workspace whose go.mod Go loads, with the paths they stand for."""
    members = {member.directory for member in workspace.members}
    found: dict[str, tuple[str, Module]] = {}
    for one in loadings(workspace):
        if one.module is not None and one.module.directory not in members:
            found.setdefault(one.module.directory, (one.path, one.module))
    return [found[directory] for directory in sorted(found)]


def _needs_of_file(file: SourceFile, *, demands_go: bool) -> Iterator[Need]:
    parsed = file.mod or file.work
    if parsed is None:
        return
    if parsed.go is not None:
        version, line = parsed.go.version, parsed.go.line.lineno
        if goversion.language(version) != version:
            yield Need(STRICT, f"a go line with more than two numbers, {version}", file.path, line)
        if demands_go:
            yield Need(version, "the go line", file.path, line, STRICT)
    seen: set[str] = set()
    for statement in parsed.syntax.statements:
        if isinstance(statement, CommentBlock) or statement.tokens[0] in seen:
            continue
        verb = statement.tokens[0]
        seen.add(verb)
        if verb in DIRECTIVES:
            yield Need(DIRECTIVES[verb], f"the {verb} directive", file.path, statement.lineno)
    for one in parsed.replace:
        if one.new_path in {".", ".."}:
            reason = f"a replacement by {one.new_path} without a slash"
            yield Need(BARE_DOTS, reason, file.path, one.line.lineno)


def _too_new_for(workspace: Workspace) -> Iterator[Need]:
    """Yield the members whose go line is above that of go.work: no Go from 1.21 on goes on there."""
    for member in workspace.members:
        version = member.go_version
        if (
            goversion.compare(version, workspace.go_version) > 0
            and goversion.compare(version, STRICT) >= 0
            and member.file.mod is not None
        ):
            name = workspace.shorten(member.file.path)
            yield Need(
                "",
                f"{name} has go {version}, above go {workspace.go_version} of go.work: run 'go work use'",
                member.file.path,
                _go_line(member.file),
                STRICT,
            )


def _godebug_default(file: SourceFile) -> Iterator[Need]:
    """Yield the Go that ``godebug default=go1.N`` asks for; it counts in the main file only."""
    parsed = file.mod or file.work
    for one in parsed.godebug if parsed is not None else ():
        version = one.value.removeprefix("go")
        if one.key == "default" and goversion.is_valid(version):
            yield Need(version, f"godebug default={one.value}", file.path, one.line.lineno)


def _unreadable(file: SourceFile) -> Need:
    return Need("", file.reason or "there is no go.mod to read", file.path)


def _row(name: str, path: str, needs: tuple[Need, ...], columns: tuple[Column, ...]) -> Row:
    return Row(name, path, tuple(_cell(needs, column) for column in columns))


def _cell(needs: tuple[Need, ...], column: Column) -> Cell:
    unmet = tuple(need for need in needs if not column.satisfies(need))
    refused = tuple(need for need in unmet if column.minds(need))
    if refused:
        return Cell(column, Verdict.NO, refused)
    if unmet:
        return Cell(column, Verdict.MAYBE, unmet)
    highest = max((need.version for need in needs), key=goversion.sort_key, default="")
    partly = column.is_family and goversion.compare(highest, f"{column.version}.0") > 0
    return Cell(column, Verdict.YES, from_version=highest if partly else "")


def _go_line(file: SourceFile) -> int:
    return file.mod.go.line.lineno if file.mod is not None and file.mod.go is not None else 1


def _minor(version: str) -> int:
    digits = goversion.language(version).partition(".")[2]
    return int(digits or 0) if len(digits) < FAR_AHEAD else 10**FAR_AHEAD
