"""One block for the directives of one kind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.modfile.mod_file import is_indirect
from gowatchd.modfile.syntax import Block, CommentBlock, Line
from gowatchd.style.blocks import unwrapped
from gowatchd.style.duplicates import directive_lines
from gowatchd.style.groups import Group, arrange, groups_of, lines_of, own_block
from gowatchd.style.ordering import sort_key
from gowatchd.style.sections import in_sections, verb_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gowatchd.modfile.syntax import Comment, FileSyntax, Statement
    from gowatchd.style.groups import SortKey


def merge_work_blocks(file: FileSyntax) -> FileSyntax:
    """Gather ``use`` into one sorted block, and so ``replace`` and ``godebug``; groups under a comment stay.

    Why: the modules of a workspace are one list. A comment above a line goes with it, and a comment above
    several lines keeps them together, in their own block where Go's sorting would scatter them.

    Bad::

        use ./web

        use ./api

        // Build tools.
        use (
            ./tools/lint
            ./tools/gen
        )

    Good::

        use (
            ./api
            ./web
        )

        // Build tools.
        use (
            ./tools/gen
            ./tools/lint
        )
    """
    return _merged(file, ("godebug", "use", "replace"))


def merge_mod_blocks(file: FileSyntax) -> FileSyntax:
    """Gather each of ``replace``, ``exclude``, ``tool``, ``ignore`` and ``godebug`` into one sorted block.

    Why: ``go mod edit`` and ``go get -tool`` add single lines, and Go never joins them. Groups under a
    comment stay together. ``retract`` stays as Go sorts it, because its comments are a part of it.

    Bad::

        replace example.com/b => ../b

        // Until the next release.
        replace example.com/a => ../a

    Good::

        replace (
            // Until the next release.
            example.com/a => ../a

            example.com/b => ../b
        )
    """
    return _merged(file, ("godebug", "replace", "exclude", "tool", "ignore"))


def merge_requires(file: FileSyntax) -> FileSyntax:
    """Gather ``require`` into one block of direct and one of indirect modules; groups under a comment stay.

    Why: ``go mod tidy`` keeps blocks apart that merges and scripts left behind, so that nobody sees at a
    glance what the module itself asks for. No version is ever changed.

    Bad::

        require (
            example.com/c v1.0.0
            example.com/b v1.0.0 // indirect
        )

        require example.com/a v1.0.0

    Good::

        require (
            example.com/a v1.0.0
            example.com/c v1.0.0
        )

        require example.com/b v1.0.0 // indirect
    """
    return _merged(file, ("require",), is_indirect)


@dataclass(slots=True)
class _Pool:
    """What goes into one block: groups of lines, and the comments before its closing parenthesis."""

    groups: list[Group] = field(default_factory=list)
    tail: list[Comment] = field(default_factory=list)


class _Section:
    """The directives between two free-standing comments, while those of one verb are gathered.

    There are two pools, for the lines that ``is_second`` is false and true for. Each stands where its first
    line stood, but the second never before the first.
    """

    def __init__(self, verb: str, key: SortKey, is_second: Callable[[Line], bool]) -> None:
        self._verb = verb
        self._key = key
        self._is_second = is_second
        self._slots: list[_Pool | Statement] = []
        self._pools: dict[bool, _Pool] = {}

    def add(self, directive: Block | Line) -> None:
        """Take the next directive of the section."""
        if verb_of(directive) != self._verb:
            self._slots.append(directive)
        elif isinstance(directive, Line):
            line = replace(directive, tokens=directive.tokens[1:], in_block=True, before=())
            self._gather([Group((line,), heading=directive.before, apart=bool(directive.before))])
        elif directive.before or directive.lparen_suffix or directive.rparen_suffix:
            self._slots += _laid_out(directive, groups_of(directive.lines), self._key)
        else:
            self._gather(groups_of(directive.lines))
            self._pool(self._is_second(directive.lines[-1])).tail.extend(directive.rparen_before)

    def statements(self) -> Iterator[Statement]:
        """Yield what the section has become."""
        for slot in self._slots:
            if isinstance(slot, _Pool):
                block = Block((self._verb,), rparen_before=tuple(slot.tail))
                yield from _laid_out(block, slot.groups, self._key)
            else:
                yield slot

    def _gather(self, groups: Iterable[Group]) -> None:
        mixed = []
        for group in groups:
            seconds = [self._is_second(line) for line in group.lines]
            if all(seconds) or not any(seconds):
                self._pool(seconds[0]).groups.append(group)
            elif group.heading:
                mixed.append(own_block(self._verb, group))
            else:
                for line, second in zip(group.lines, seconds, strict=True):
                    self._pool(second).groups.append(Group((line,)))
        self._slots += mixed

    def _pool(self, second: bool) -> _Pool:  # noqa: FBT001 it is which of the two
        if second not in self._pools:
            pool = self._pools[second] = _Pool()
            if not second and True in self._pools:
                self._slots.insert(self._slots.index(self._pools[True]), pool)
            else:
                self._slots.append(pool)
        return self._pools[second]


def _merged(
    file: FileSyntax, verbs: tuple[str, ...], is_second: Callable[[Line], bool] = lambda _line: False
) -> FileSyntax:
    there = {verb_of(it) for it in file.statements if not isinstance(it, CommentBlock)}
    for verb in verbs:
        if verb in there and not (verb == "godebug" and _contradicts_itself(file)):
            file = in_sections(file, partial(_merge, verb, sort_key(file, verb), is_second))
    return file


def _merge(
    verb: str, key: SortKey, is_second: Callable[[Line], bool], directives: list[Block | Line]
) -> Iterable[Statement]:
    section = _Section(verb, key, is_second)
    for directive in _joined_runs(directives, verb):
        section.add(directive)
    return section.statements()


def _laid_out(block: Block, groups: Iterable[Group], key: SortKey) -> Iterator[Statement]:
    """Yield ``block`` with ``groups`` as its lines, and the groups that have to leave it behind it."""
    together, own = arrange(groups, key)
    block = replace(block, lines=lines_of(together))
    if len(block.lines) > 1:
        yield block
    else:
        yield from unwrapped(block)
    yield from (own_block(block.verb, group) for group in own)


def _joined_runs(section: Iterable[Block | Line], verb: str) -> Iterator[Block | Line]:
    """Yield ``section`` with a block for lines of ``verb`` that follow each other without a blank line.

    Where the only comment is above the first of them, it is the heading of the block.
    """
    run: list[Line] = []
    for directive in section:
        joins = isinstance(directive, Line) and verb_of(directive) == verb
        if run and not (joins and _is_right_below(run[-1], directive)):
            yield _as_block(run)
            run = []
        if isinstance(directive, Line) and joins:
            run.append(directive)
        else:
            yield directive
    if run:
        yield _as_block(run)


def _is_right_below(line: Line, directive: Block | Line) -> bool:
    first = directive.before[0] if directive.before else directive
    return first.lineno == line.lineno + 1


def _as_block(run: list[Line]) -> Block | Line:
    if len(run) == 1:
        return run[0]
    lines = [replace(line, tokens=line.tokens[1:], in_block=True) for line in run]
    if any(line.before for line in lines[1:]):
        return Block(run[0].tokens[:1], tuple(lines))
    return Block(run[0].tokens[:1], (replace(lines[0], before=()), *lines[1:]), before=run[0].before)


def _contradicts_itself(file: FileSyntax) -> bool:
    """Say whether a godebug setting is there twice: which one counts must not depend on our order."""
    keys = [line.arguments[0].split("=")[0] for verb, line in directive_lines(file) if verb == "godebug"]
    return len(keys) != len(set(keys))
