"""Adding directives to a file that may be there already: its comments and everything else stay.

What comes out is right but not pretty; ``style.formatter.tidy`` gives it the look.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from gowatchd.modfile import goversion
from gowatchd.modfile.quoting import auto_quote
from gowatchd.modfile.syntax import Block, CommentBlock, FileSyntax, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gowatchd.modfile import ModFile, WorkFile
    from gowatchd.modfile.syntax import Comment, Statement


class Substitute(NamedTuple):
    """A module path, at ``version`` or (without one) at all, and the directory that shall stand for it.

    ``directory`` is written as given: it starts with ``./``, ``../`` or ``/``.
    """

    path: str
    version: str
    directory: str

    @property
    def tokens(self) -> tuple[str, ...]:
        """The arguments of the replace directive."""
        version = (auto_quote(self.version),) if self.version else ()
        return (auto_quote(self.path), *version, "=>", auto_quote(self.directory))


def add_uses(file: FileSyntax, paths: Sequence[str]) -> FileSyntax:
    """Return ``file`` with a use directive for each of ``paths``, beside those that have no heading."""
    if not paths:
        return file
    lines = tuple(Line((auto_quote(path),), in_block=True) for path in paths)
    added = Line(("use", *lines[0].tokens)) if len(lines) == 1 else Block(("use",), lines)
    uses = [index for index, one in enumerate(file.statements) if _verb(one) == "use"]
    plain = [index for index in uses if not _comments(file.statements[index])]
    heads = [index for index, one in enumerate(file.statements) if _verb(one) in {"go", "toolchain"}]
    place = max(plain or uses or heads, default=len(file.statements) - 1) + 1
    return replace(file, statements=(*file.statements[:place], added, *file.statements[place:]))


def raise_go(work: WorkFile, version: str) -> FileSyntax:
    """Return the syntax of ``work`` with a go line of ``version``, above everything where it has none.

    A toolchain line that then says nothing more goes, as ``go work use`` has it; its comments stay.
    Source: cmd/go/internal/modload, UpdateWorkGoVersion.
    """
    statements: list[Statement] = []
    if work.go is None:
        place = next((n for n, one in enumerate(work.syntax.statements) if _verb(one)), 0)
        statements += work.syntax.statements[:place]
        statements.append(Line(("go", version)))
        statements += work.syntax.statements[place:]
    else:
        statements += work.syntax.statements
    for index, one in reversed(tuple(enumerate(statements))):
        if work.go is not None and one is work.go.line:
            statements[index] = replace(work.go.line, tokens=("go", version))
        elif work.toolchain is not None and one is work.toolchain.line:
            name = work.toolchain.name
            meant = goversion.of_toolchain(name)
            if name == f"go{version}" or any(
                goversion.compare(meant, floor) < 0 for floor in (version, "1.21")
            ):
                statements[index : index + 1] = _remains(work.toolchain.line)
    return replace(work.syntax, statements=tuple(statements))


def add_replacements(mod: ModFile, substitutes: Iterable[Substitute]) -> FileSyntax:
    """Return the syntax of ``mod`` in which ``substitutes`` count.

    As with ``go mod edit -replace``, each takes the place of a replace directive for the same module and
    version, and one for all versions that of every other for the module. Their comments stay.
    """
    wanted: dict[str, dict[str, Substitute]] = {}
    for one in substitutes:
        versions = wanted.setdefault(one.path, {})
        if not one.version:
            versions.clear()
        versions[one.version] = one
    superseded: dict[Substitute, list[Line]] = {
        one: [] for versions in wanted.values() for one in versions.values()
    }
    for old in mod.replace:
        versions = wanted.get(old.old_path, {})
        winner = versions.get(old.old_version) or versions.get("")
        if winner is not None:
            superseded[winner].append(old.line)
    swaps: dict[Line, tuple[Line, ...]] = {}
    for one, (kept, *dropped) in ((one, lines) for one, lines in superseded.items() if lines):
        comments = tuple(comment for line in dropped for comment in _comments(line))
        verb = () if kept.in_block else ("replace",)
        new = replace(kept, tokens=(*verb, *one.tokens), before=(*kept.before, *comments))
        swaps.update({kept: (new,), **dict.fromkeys(dropped, ())})
    added = tuple(Line(("replace", *one.tokens)) for one, lines in superseded.items() if not lines)
    return replace(mod.syntax, statements=(*_swapped(mod.syntax.statements, swaps), *added))


def _swapped(statements: Iterable[Statement], swaps: Mapping[Line, tuple[Line, ...]]) -> Iterator[Statement]:
    for one in statements:
        if isinstance(one, Block):
            yield replace(one, lines=tuple(line for old in one.lines for line in swaps.get(old, (old,))))
        elif isinstance(one, Line):
            yield from swaps.get(one, (one,))
        else:
            yield one


def _verb(statement: Statement) -> str:
    return "" if isinstance(statement, CommentBlock) else statement.tokens[0]


def _comments(statement: Statement) -> tuple[Comment, ...]:
    if isinstance(statement, CommentBlock):
        return statement.comments
    suffix = statement.suffix if isinstance(statement, Line) else statement.lparen_suffix
    return tuple(comment for comment in (*statement.before, suffix) if comment is not None and comment.text)


def _remains(line: Line) -> tuple[Statement, ...]:
    comments = _comments(line)
    return (CommentBlock(comments),) if comments else ()
