"""The groups that blank lines and comments make of the lines of a block.

Go sorts a block as a whole, so a group can live inside a block only as long as no other line sorts between
its own. A group that cannot is given a block of its own, with its comment as the heading.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gowatchd.modfile.syntax import BLANK, Block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gowatchd.modfile.syntax import Comment, Line

    SortKey = Callable[[Line], Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that stay together; nearly always a single one.

    ``lines`` carry the comments that are theirs, without blank lines at the start. ``heading`` is the comment
    over all of them. ``apart`` says that blank lines set the group off from its neighbours.
    """

    lines: tuple[Line, ...]
    heading: tuple[Comment, ...] = ()
    apart: bool = False

    @property
    def starts_with_comment(self) -> bool:
        """Say whether a comment is the first thing of the group."""
        return bool(self.heading or self.lines[0].before)


def groups_of(lines: Sequence[Line]) -> list[Group]:
    """Return the groups that the lines of one block form.

    Blank lines make paragraphs of them. A paragraph that starts with a comment is a group; that comment is
    its heading if a blank line follows or if it is the only one. All other lines are on their own.
    """
    if not any(line.before for line in lines):
        return [Group((line,)) for line in lines]
    paragraphs = _paragraphs(lines)
    groups: list[Group] = []
    for paragraph in paragraphs:
        bare = [replace(line, before=without_blank_start(line.before)) for line in paragraph]
        first = bare[0].before
        if not first or (len(paragraphs) == 1 and not has_blank(first)):
            groups += [Group((line,)) for line in bare]
        elif any(line.before for line in bare[1:]) and not has_blank(first):
            groups.append(Group(tuple(bare), apart=True))
        else:
            groups.append(Group((replace(bare[0], before=()), *bare[1:]), heading=first, apart=True))
    return groups


def lines_of(groups: Iterable[Group]) -> tuple[Line, ...]:
    """Return the lines of a block that holds ``groups`` in this order, with the blank lines between them."""
    groups = list(groups)
    if not any(group.starts_with_comment for group in groups):
        return tuple(line for group in groups for line in group.lines)
    divided = any(group.apart for group in groups)
    lines: list[Line] = []
    after_gap = True  # the start of the block counts as one
    for group in groups:
        # A comment over the first line of a paragraph reads as its heading: keep other lines from under it.
        apart = group.apart or (divided and after_gap and group.starts_with_comment)
        gap = (BLANK,) if lines and (apart or after_gap) else ()
        first, *others = group.lines
        lines += [replace(first, before=(*gap, *group.heading, *first.before)), *others]
        after_gap = apart
    return tuple(lines)


def arrange(groups: Iterable[Group], key: SortKey) -> tuple[list[Group], list[Group]]:
    """Sort groups and the lines in each; return those that share a block, and those that need their own."""
    groups = list(groups)
    if all(len(group.lines) == 1 for group in groups):
        return sorted(groups, key=lambda group: key(group.lines[0])), []
    sorted_groups = sorted(
        (replace(group, lines=tuple(sorted(group.lines, key=key))) for group in groups),
        key=lambda group: key(group.lines[0]),
    )
    together: list[Group] = []
    own: list[Group] = []
    for group, whole in zip(sorted_groups, _uninterrupted(sorted_groups, key), strict=True):
        if len(group.lines) == 1 or (whole and group.starts_with_comment):
            together.append(group)
        elif group.heading:
            own.append(group)
        else:
            together += [Group((line,)) for line in group.lines]
    together.sort(key=lambda group: key(group.lines[0]))
    if own and len(together) == 1 and together[0].heading and len(together[0].lines) > 1:
        own.append(together.pop())
        own.sort(key=lambda group: key(group.lines[0]))
    return together, own


def own_block(verb: str, group: Group) -> Block:
    """Return the block of a group that stands by itself, with its heading above."""
    return Block((verb,), group.lines, before=tuple(comment for comment in group.heading if comment.text))


def _uninterrupted(groups: Sequence[Group], key: SortKey) -> list[bool]:
    """Say for each of the sorted groups whether none of the others has a line that sorts between its own."""
    answers: list[bool] = []
    furthest: Any = None
    for index, group in enumerate(groups):
        first, last = key(group.lines[0]), key(group.lines[-1])
        free_before = furthest is None or furthest < first
        free_after = index + 1 == len(groups) or last < key(groups[index + 1].lines[0])
        answers.append(free_before and free_after)
        furthest = last if furthest is None else max(furthest, last)
    return answers


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    paragraphs: list[list[Line]] = []
    for line in lines:
        if not paragraphs or has_blank(line.before):
            paragraphs.append([])
        paragraphs[-1].append(line)
    return paragraphs


def has_blank(comments: Iterable[Comment]) -> bool:
    """Say whether a blank line stands among ``comments``."""
    return any(not comment.text for comment in comments)


def without_blank_start(comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
    """Return ``comments`` from the first that is no blank line."""
    start = 0
    while start < len(comments) and not comments[start].text:
        start += 1
    return comments[start:]
