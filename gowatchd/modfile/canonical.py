"""The canonical form of a file: what ``go work edit -fmt`` and ``go mod edit -fmt`` of Go 1.27 print.

Duplicate exclude, replace, tool and ignore lines are dropped, the lines of every block are sorted, and a
block with one line becomes a line. Follows golang.org/x/mod/modfile (SortBlocks, Cleanup).

Go loses something in these shapes, and only there the result is another one than Go's:

==========================================  ===============================================================
Go drops                                    here
==========================================  ===============================================================
all comments of a block without lines       they stay in its place, as comments that stand by themselves
``( // c`` and ``) // c`` of a block that   they go above the line; above it and a blank line for ``module``
becomes a line                              and ``retract``, whose comments have a meaning
the comments of a duplicate that goes       they go above the line that stays
the quotes that a token cannot do without   the file stays as it is: Go would write what it cannot read
(``use "("``, ``retract "a b"``)
==========================================  ===============================================================

What comes out of the first three, Go 1.21 to 1.27 leave alone. (Go up to 1.22 drops the comments before ``)``
when a block has one line; newer ones keep the block, and so do we.)

Go's own result is not always canonical: a blank line that sorting brings to the top of a block goes away only
the next time. `canonical` gives what one run of Go gives, `stable` what repeated runs come to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.modfile import semver
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.mod_file import ModFile, parse_mod
from gowatchd.modfile.parser import parse_syntax
from gowatchd.modfile.printer import print_file
from gowatchd.modfile.problem import ParseError
from gowatchd.modfile.quoting import must_quote
from gowatchd.modfile.syntax import BLANK, Block, Comment, CommentBlock, FileSyntax, Line, Statement
from gowatchd.modfile.work_file import WorkFile, parse_work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

File = ModFile | WorkFile

_SEMANTIC_EXCLUDES_SINCE = "v1.21"  # older go lines have exclude blocks sorted as text
_COMMENTS_MATTER = frozenset({"module", "retract"})  # deprecation message, rationale
_PUNCTUATION = frozenset("()[]{},")
_ENOUGH_PASSES = 8  # two suffice for every file we have seen


def canonical(data: bytes, kind: Kind, name: str = "") -> bytes:
    """Return the canonical form of ``data``; raise ParseError where Go 1.27 rejects it."""
    return _pass(data, kind, name or kind.file_name)


def stable(data: bytes, kind: Kind, name: str = "") -> bytes:
    """Return the first canonical form of ``data`` that is its own; raise ParseError as `canonical`."""
    for _ in range(_ENOUGH_PASSES):
        before, data = data, _pass(data, kind, name or kind.file_name)
        if data == before:
            break
    return data


def arrange(file: File) -> FileSyntax:
    """Return the syntax of ``file`` in canonical form."""
    gains = _duplicates(file)
    go = file.go.version if file.go else ""
    statements: list[Statement] = []
    for statement in file.syntax.statements:
        if isinstance(statement, Block):
            statements += _tidy(_keep(statement, gains) if gains else statement, go)
        elif not isinstance(statement, Line):
            statements.append(statement)
        elif (line := _merged(statement, gains)) is not None:
            statements.append(line)
    return FileSyntax(file.syntax.name, tuple(statements))


def _pass(data: bytes, kind: Kind, name: str) -> bytes:
    file = parse_work(data, name) if kind is Kind.WORK else parse_mod(data, name)
    syntax = arrange(file)
    text = print_file(syntax)
    if text != data and _is_doubtful(syntax) and not _is_read_back(syntax, text):
        return data
    return text


def _duplicates(file: File) -> dict[Line, tuple[Comment, ...] | None]:
    """Return the lines that duplicates change: None for one that goes, else what comments it gains."""
    gains: dict[Line, tuple[Comment, ...] | None] = {}
    _pair({r.line: (r.old_path, r.old_version) for r in reversed(file.replace)}, gains)
    if isinstance(file, ModFile):
        _pair({e.line: (e.path, e.version) for e in file.exclude}, gains)
        _pair({tool.line: tool.path for tool in file.tool}, gains)
        _pair({ignore.line: ignore.path for ignore in file.ignore}, gains)
    return gains


def _pair(keys: dict[Line, object], gains: dict[Line, tuple[Comment, ...] | None]) -> None:
    """Note the duplicates among lines that stand in the order of their right to stay."""
    stays: dict[object, Line] = {}
    for line, key in keys.items():
        first = stays.setdefault(key, line)
        if first is not line:
            gains[line] = None
            gains[first] = (gains.get(first) or ()) + _comments(line)


def _comments(line: Line) -> tuple[Comment, ...]:
    return tuple(comment for comment in (*line.before, line.suffix) if comment and comment.text)


def _merged(line: Line, gains: dict[Line, tuple[Comment, ...] | None]) -> Line | None:
    gain = gains.get(line, ())
    if not gain:
        return line if gain is not None else None
    blank = 1 if line.before[:1] == (BLANK,) else 0
    return replace(line, before=(*line.before[:blank], *gain, *line.before[blank:]))


def _keep(block: Block, gains: dict[Line, tuple[Comment, ...] | None]) -> Block:
    lines = (_merged(line, gains) for line in block.lines)
    return replace(block, lines=tuple(line for line in lines if line is not None))


def _tidy(block: Block, go: str) -> tuple[Statement, ...]:
    if not block.lines:
        comments = _present(*block.before, block.lparen_suffix, *block.rparen_before, block.rparen_suffix)
        return (CommentBlock(comments),) if comments else ()
    if len(block.lines) == 1 and not block.rparen_before:
        return _collapse(block, block.lines[0])
    lines = _sorted(block, go)
    return (block if lines == block.lines else replace(block, lines=lines),)


def _collapse(block: Block, line: Line) -> tuple[Statement, ...]:
    comments = _present(block.lparen_suffix, block.rparen_suffix)
    tokens = (*block.tokens, *line.tokens)
    if not comments or block.verb in _COMMENTS_MATTER:
        single = Line(tokens, before=(*block.before, *line.before), suffix=line.suffix)
        return (CommentBlock(comments), single) if comments else (single,)
    before = (*block.before, *_present(block.lparen_suffix), *line.before, *_present(block.rparen_suffix))
    return (Line(tokens, before=before, suffix=line.suffix),)


def _present(*comments: Comment | None) -> tuple[Comment, ...]:
    return tuple(comment for comment in comments if comment is not None)


def _sorted(block: Block, go: str) -> tuple[Line, ...]:
    if block.verb == "retract":
        return tuple(sorted(block.lines, key=_interval, reverse=True))
    key: Callable[[Line], Any] = _text
    if block.verb == "exclude" and semver.compare("v" + go, _SEMANTIC_EXCLUDES_SINCE) >= 0:
        key = _path_and_version
    return tuple(sorted(block.lines, key=key))


def _text(line: Line) -> list[bytes]:
    return [token.encode("utf-8", "surrogateescape") for token in line.tokens]


def _path_and_version(line: Line) -> tuple[bytes, semver.Key]:
    path, version = line.tokens
    return path.encode("utf-8", "surrogateescape"), semver.sort_key(version)


def _interval(line: Line) -> tuple[semver.Key, semver.Key]:
    low, high = (line.tokens[0], line.tokens[0]) if len(line.tokens) == 1 else line.tokens[1:4:2]
    return semver.sort_key(low), semver.sort_key(high)


def _is_doubtful(syntax: FileSyntax) -> bool:
    """Say whether a token is printed bare that may be read as something else."""
    return any(
        not _PUNCTUATION.isdisjoint(tokens) or (verb == "retract" and any(map(must_quote, tokens)))
        for verb, lines in _shape(syntax)
        for tokens in lines
    )


def _is_read_back(syntax: FileSyntax, text: bytes) -> bool:
    try:
        return list(_shape(parse_syntax(text, syntax.name))) == list(_shape(syntax))
    except ParseError:
        return False


def _shape(syntax: FileSyntax) -> Iterable[tuple[str, list[tuple[str, ...]]]]:
    for statement in syntax.statements:
        if isinstance(statement, Block):
            yield statement.verb, [line.tokens for line in statement.lines]
        elif isinstance(statement, Line):
            yield statement.tokens[0], [statement.tokens]
