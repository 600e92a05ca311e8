"""Fixes applied: from the edits of diagnostics to the bytes that the files should hold.

Nothing here writes. A fix is applied whole or not at all, and only to the very bytes that the diagnostic was
made from; what it makes has to parse and to keep every comment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.lint.catalog import sort_key
from gowatchd.modfile import Kind, ModFile, ParseError, WorkFile, parse_mod, parse_work
from gowatchd.services.overlay import OverlayFiles
from gowatchd.services.ports import Look
from gowatchd.services.report import readable
from gowatchd.services.source_reading import kind_of
from gowatchd.services.workspaces import Workspaces
from gowatchd.style.formatter import tidy
from gowatchd.style.proof import comments_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from gowatchd.lint.diagnostic import Diagnostic, Edit, Fix
    from gowatchd.modfile.position import Position, Span
    from gowatchd.services.ports import Files
    from gowatchd.workspace.model import Workspace

# One fix may reveal another: a raised go line, a toolchain line that it makes useless. A chain longer than
# this is two rules that undo each other.
ROUNDS_MOST = 5


class FixError(Exception):
    """Edits that cannot be applied; the text says why."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What becomes of one file; ``titles`` are those of the fixes that make ``after`` of ``before``."""

    path: str
    before: bytes
    after: bytes
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fix of ``path`` that is not made, and why."""

    path: str
    title: str
    reason: str

    def as_json(self) -> dict[str, str]:
        """Return it as ``gowatchctl fix --json`` prints it."""
        return {"path": readable(self.path), "title": readable(self.title), "reason": readable(self.reason)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What fixing comes to: a rewrite for each file that changes, and the fixes that cannot be made."""

    rewrites: tuple[Rewrite, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def plan(
    files: Files,
    paths: Iterable[str],
    check: Callable[[Workspace], Iterable[Diagnostic]],
    wanted: Callable[[Workspace, Diagnostic], bool],
    *,
    indent: str = "tab",
) -> Plan:
    """Return what it takes to fix the ``wanted`` diagnostics of the workspaces that ``paths`` make.

    Each file is fixed and then formatted, with ``indent``; what that reveals is fixed too. ``check`` says
    what is wrong with a workspace.
    """
    planning = _Planning(OverlayFiles(files), indent)
    loaded = Workspaces(planning.files)
    loaded.load(paths)
    for _ in range(ROUNDS_MOST):
        found = {
            one: None
            for workspace in loaded
            for one in check(workspace)
            if one.fix is not None and wanted(workspace, one)
        }
        touched = planning.advance(sorted(found, key=sort_key))
        if not touched:
            break
        for path in touched:
            loaded.changed(path)
    return planning.result()


def apply_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return ``data`` with ``edits`` made, whose spans count in ``data`` as it is.

    Several insertions at one place keep their order. Raises FixError where two edits overlap, or one names a
    place that ``data`` does not have.
    """
    places = _Places(data)
    pieces: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        start, end = places.offset(edit.span.start), places.offset(edit.span.end)
        if start < done or end < start:
            raise FixError(f"two edits overlap in line {edit.span.start.line}")
        pieces += (data[done:start], edit.new_text.encode("utf-8", "surrogateescape"))
        done = end
    return b"".join((*pieces, data[done:]))


class _Places:
    """Where a position is in bytes; a byte that is not UTF-8 is a character of its own, as in the parser."""

    def __init__(self, data: bytes) -> None:
        self._lines = data.split(b"\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._starts[-1] -= 1  # the line after the last one is the end of the file

    def offset(self, position: Position) -> int:
        """Return the offset of ``position``; raise FixError where there is no such place."""
        line = position.line - 1
        if line == len(self._lines) and position.column == 1:
            return self._starts[line]
        if 0 <= line < len(self._lines):
            text = self._lines[line].decode("utf-8", "surrogateescape")
            if 1 <= position.column <= len(text) + 1:
                before = text[: position.column - 1].encode("utf-8", "surrogateescape")
                return self._starts[line] + len(before)
        raise FixError(f"there is no line {position.line}, column {position.column}: the file has changed")


@dataclass(slots=True)
class _Planning:
    """Rewrites in the making, on top of the real files."""

    files: OverlayFiles
    indent: str
    _titles: dict[str, dict[str, None]] = field(default_factory=dict)
    _refused: dict[Fix, Refusal] = field(default_factory=dict)

    def advance(self, diagnostics: Iterable[Diagnostic]) -> tuple[str, ...]:
        """Make one round of fixes, leaving out those that collide; return the files that changed."""
        chosen = _apart(diagnostics, self._refused)
        try:
            texts = self._apply(chosen)
        except FixError:  # one of them, or two that do not go together
            chosen, texts = self._one_by_one(chosen)
        for path, text in texts.items():
            titles = (fix.title for fix in chosen if any(edit.path == path for edit in fix.edits))
            self._titles.setdefault(path, {}).update(dict.fromkeys(titles))
            tidied = tidy(text, kind_of(path), indent=self.indent)
            self.files.put(path, text if tidied.data is None else tidied.data)
        return tuple(texts)

    def _one_by_one(self, fixes: dict[Fix, Diagnostic]) -> tuple[dict[Fix, Diagnostic], dict[str, bytes]]:
        """Return those of ``fixes`` that go together, and the texts; refuse what is wrong by itself."""
        order = tuple(fixes)
        made: dict[Fix, Diagnostic] = {}
        texts: dict[str, bytes] = {}
        joined: dict[str, list[int]] = {}  # by path: what is made in it and in what fixes join to it
        for number, (fix, one) in enumerate(fixes.items()):
            before = sorted({other for edit in fix.edits for other in joined.get(edit.path, ())})
            try:
                new = self._apply((*(order[other] for other in before), fix))
            except FixError as error:
                if not before:  # else the next round will show
                    self._refused[fix] = Refusal(one.path, fix.title, str(error))
                continue
            made[fix] = one
            texts.update(new)
            joined.update((path, [*before, number]) for path in new)
        return made, texts

    def result(self) -> Plan:
        """Return what came out, leaving out what went back to where it was."""
        rewrites = (
            Rewrite(path, before, after, tuple(self._titles[path]))
            for path, before, after in self.files.changes()
        )
        return Plan(tuple(rewrites), tuple(self._refused.values()))

    def _apply(self, fixes: Iterable[Fix]) -> dict[str, bytes]:
        """Return the texts with all of ``fixes``; raise FixError."""
        edits: dict[str, list[Edit]] = {}
        for fix in fixes:
            for edit in fix.edits:
                edits.setdefault(edit.path, []).append(edit)
        fixed = {}
        for path, own in edits.items():
            reading = self.files.read(path)
            if reading.look is not Look.CONTENT:
                raise FixError(f"{path}: {reading.reason or reading.look.value}")
            text = apply_edits(reading.data, own)
            _demand_sound(path, reading.data, text)
            fixed[path] = text
        if fixed and all(self.files.read(path).data == text for path, text in fixed.items()):
            raise FixError("it would change nothing")
        return fixed


def _apart(diagnostics: Iterable[Diagnostic], refused: Container[Fix]) -> dict[Fix, Diagnostic]:
    """Return the fixes of ``diagnostics`` that are not ``refused`` and overlap with none before them."""
    chosen: dict[Fix, Diagnostic] = {}
    taken: dict[str, list[Span]] = {}
    for one in diagnostics:
        fix = one.fix
        if fix is None or fix in refused or fix in chosen:
            continue
        if not any(_overlap(edit.span, other) for edit in fix.edits for other in taken.get(edit.path, ())):
            chosen[fix] = one
            for edit in fix.edits:
                taken.setdefault(edit.path, []).append(edit.span)
    return chosen


def _overlap(one: Span, other: Span) -> bool:
    """Say whether two edits change the same characters, or one inserts into what the other changes."""
    return one.start < other.end and other.start < one.end


def _demand_sound(path: str, before: bytes, after: bytes) -> None:
    """Raise FixError unless ``after`` parses, if ``before`` does, and has every comment of it."""
    try:
        old = _parse(path, before)
    except ParseError:
        return
    try:
        new = _parse(path, after)
    except ParseError as error:
        raise FixError(f"the file would not parse: {error}") from error
    lost = comments_of(old.syntax) - comments_of(new.syntax)
    if lost:
        raise FixError(f"the comment {next(iter(lost))} would be lost")


def _parse(path: str, data: bytes) -> ModFile | WorkFile:
    return parse_work(data, path) if kind_of(path) is Kind.WORK else parse_mod(data, path)
