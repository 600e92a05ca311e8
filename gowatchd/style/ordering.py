"""The order of the lines in a block, which is Go's own: the next ``go`` command would undo any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.modfile import semver
from gowatchd.modfile.syntax import Block, Line
from gowatchd.style.groups import without_blank_start

if TYPE_CHECKING:
    from gowatchd.modfile.syntax import FileSyntax, Statement
    from gowatchd.style.groups import SortKey

_NOT_MERGED = frozenset({"retract", "godebug"})  # godebug is merged where it does not contradict itself


def sort_key(file: FileSyntax, verb: str) -> SortKey:
    """Return what sorts the lines of a block of ``verb``, but not of ``retract``: as text, token by token.

    Excluded versions are sorted as versions where the go line is 1.21 or newer (SortBlocks in x/mod/modfile).
    """
    if verb == "exclude" and semver.compare("v" + _go_version(file), "v1.21") >= 0:
        return lambda line: (_text(line)[0], semver.sort_key(line.tokens[1]))
    return _text


def sort_blocks(file: FileSyntax) -> FileSyntax:
    """Sort the lines of the blocks that no rule merges; ``retract`` from the newest version to the oldest.

    Why: Go does it.

    Bad::

        module example.com/m

        // Published by mistake.
        retract (
            v1.0.0
            v1.1.0
        )

    Good::

        module example.com/m

        // Published by mistake.
        retract (
            v1.1.0
            v1.0.0
        )
    """
    return replace(file, statements=tuple(_sorted(file, statement) for statement in file.statements))


def _sorted(file: FileSyntax, statement: Statement) -> Statement:
    if not isinstance(statement, Block) or statement.verb not in _NOT_MERGED:
        return statement
    if statement.verb == "retract":
        first, *others = sorted(statement.lines, key=_interval, reverse=True)
    else:
        first, *others = sorted(statement.lines, key=sort_key(file, statement.verb))
    return replace(statement, lines=(replace(first, before=without_blank_start(first.before)), *others))


def _go_version(file: FileSyntax) -> str:
    lines = (it for it in file.statements if isinstance(it, Line) and it.tokens[0] == "go")
    return next((line.tokens[1] for line in lines), "")


def _text(line: Line) -> list[bytes]:
    return [token.encode("utf-8", "surrogateescape") for token in line.tokens]


def _interval(line: Line) -> tuple[semver.Key, semver.Key]:
    low, high = (line.tokens[0], line.tokens[0]) if len(line.tokens) == 1 else line.tokens[1:4:2]
    return semver.sort_key(low), semver.sort_key(high)
