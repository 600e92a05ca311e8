"""Directives that say again what another one says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.modfile.mod_file import is_indirect
from gowatchd.modfile.syntax import BLANK, Block, CommentBlock, Line
from gowatchd.style.groups import has_blank, without_blank_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.modfile.syntax import Comment, FileSyntax, Statement

    Meaning = tuple[object, ...]

# To say these twice says nothing more. A retraction's comments are its reason, so two of them may differ; a
# second godebug or go line is for the person to look at.
_REPEATABLE = frozenset({"use", "require", "replace", "exclude", "tool", "ignore"})


def drop_duplicates(file: FileSyntax) -> FileSyntax:
    """Keep only the first of the directives that say exactly the same; it takes over the others' comments.

    Why: a ``use`` that is there twice is an error, the others are noise. Versions are never weighed against
    each other: ``require`` of two versions stays, and so does one that is ``// indirect`` beside one that is
    not.

    Bad::

        use (
            ./a
            ./b
            // the web site
            ./a
        )

    Good::

        use (
            // the web site
            ./a
            ./b
        )
    """
    first: dict[Meaning, Line] = {}
    inherited: dict[int, list[Comment]] = {}
    dropped: set[int] = set()
    for verb, line in directive_lines(file):
        if verb in _REPEATABLE:
            kept = first.setdefault(meaning(verb, line), line)
            if kept is not line:
                dropped.add(id(line))
                inherited.setdefault(id(kept), []).extend(_bequest(verb, line))
    if not dropped:
        return file
    statements = tuple(_thinned(file, dropped, inherited))
    return replace(file, statements=statements)


def directive_lines(file: FileSyntax) -> Iterator[tuple[str, Line]]:
    """Yield every line with its verb, inside blocks and outside."""
    for statement in file.statements:
        if isinstance(statement, Block):
            for line in statement.lines:
                yield statement.verb, line
        elif isinstance(statement, Line):
            yield statement.tokens[0], statement


def meaning(verb: str, line: Line) -> Meaning:
    """Return what a directive says, apart from its comments."""
    return (verb, *line.arguments, verb == "require" and is_indirect(line))


def _bequest(verb: str, line: Line) -> list[Comment]:
    comments = [comment for comment in line.before if comment.text]
    marker = verb == "require" and line.suffix is not None and line.suffix.text[2:].split() == ["indirect"]
    if line.suffix is not None and not marker:
        comments.append(line.suffix)
    return comments


def _thinned(file: FileSyntax, dropped: set[int], inherited: dict[int, list[Comment]]) -> Iterator[Statement]:
    def heir(line: Line) -> Line:
        comments = inherited.get(id(line))
        return replace(line, before=(*line.before, *comments)) if comments else line

    for statement in file.statements:
        if isinstance(statement, CommentBlock):
            yield statement
        elif isinstance(statement, Line):
            if id(statement) not in dropped:
                yield heir(statement)
        else:
            lines: list[Line] = []
            gap = False  # a blank line above a dropped line goes to the line that follows
            for line in statement.lines:
                gap = gap or has_blank(line.before)
                if id(line) not in dropped:
                    kept = heir(line)
                    if gap and lines and not has_blank(kept.before):
                        kept = replace(kept, before=(BLANK, *kept.before))
                    elif not lines:
                        kept = replace(kept, before=without_blank_start(kept.before))
                    lines.append(kept)
                    gap = False
            yield replace(statement, lines=tuple(lines))
