"""From syntax to meaning: what go.mod and go.work have in common.

Follows golang.org/x/mod/modfile (rule.go, work.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.modfile import goversion
from gowatchd.modfile.directive import Go, Godebug, Replace, Toolchain
from gowatchd.modfile.modulepath import (
    canonical_version,
    check_path_major,
    is_directory_path,
    split_path_version,
)
from gowatchd.modfile.position import Position, Span
from gowatchd.modfile.problem import ParseError, Problem
from gowatchd.modfile.quoting import parse_string, quote
from gowatchd.modfile.syntax import Block, Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.modfile.syntax import FileSyntax

    Handler = Callable[[Line, "Block | None"], None]

_REPLACE_USAGE = (
    "usage: replace module/path [v1.2.3] => other/module v1.4\n"
    "\t or replace module/path [v1.2.3] => ../local/directory"
)
_GODEBUG_USAGE = "usage: godebug key=value"


class DirectiveError(Exception):
    """A line that is not a proper directive; ``str()`` is Go's text.

    ``argument`` is the number of the one at fault, as in ``Line.arguments``, or None where it is the line.
    """

    def __init__(self, message: str, argument: int | None = None) -> None:
        super().__init__(message)
        self.argument = argument


class Reader:
    """Reads the directives of one file, statement by statement, and gathers what is wrong.

    It writes strings and versions back into the lines in their canonical form, as Go's parser does; a tree is
    not shown to anybody before it is done.
    """

    blocks = frozenset({"godebug", "replace"})

    def __init__(self, syntax: FileSyntax) -> None:
        self.syntax = syntax
        self.go: Go | None = None
        self.toolchain: Toolchain | None = None
        self.godebug: list[Godebug] = []
        self.replace: list[Replace] = []
        self.handlers: dict[str, Handler] = {
            "go": self._go,
            "toolchain": self._toolchain,
            "godebug": self._godebug,
            "replace": self._replace,
        }
        self._problems: list[Problem] = []

    def read(self) -> None:
        """Read the whole file; raise ParseError with everything that is wrong."""
        for statement in self.syntax.statements:
            if isinstance(statement, Line):
                self._line(statement, statement.tokens[0], None)
            elif isinstance(statement, Block):
                verb = " ".join(statement.tokens)
                if verb not in self.blocks or len(statement.tokens) > 1:
                    span = Span(statement.start, statement.span(len(statement.tokens) - 1).end)
                    self.unknown(statement.start, f"unknown block type: {verb}", span)
                    continue
                for line in statement.lines:
                    self._line(line, verb, statement)
        if self._problems:
            raise ParseError(self.syntax.name, tuple(self._problems))

    def _line(self, line: Line, verb: str, block: Block | None) -> None:
        handler = self.handlers.get(verb)
        if handler is None:
            self.unknown(line.start, f"unknown directive: {verb}", line.span(0))
            return
        try:
            handler(line, block)
        except DirectiveError as error:
            span = line.whole if error.argument is None else line.argument_span(error.argument)
            self._fail(line.start, str(error), span)

    def unknown(self, start: Position, message: str, span: Span) -> None:
        """Take note of a statement that is no directive: a mistake in the file of a main module."""
        self._fail(start, message, span)

    def _fail(self, start: Position, message: str, span: Span) -> None:
        self._problems.append(Problem(start, message, span))

    def _go(self, line: Line, _: Block | None) -> None:
        if self.go:
            raise DirectiveError("repeated go statement")
        version = self._only(line, "go directive expects exactly one argument")
        if not goversion.is_go_line(version):
            raise DirectiveError(f"invalid go version '{version}': must match format 1.23.0", 0)
        self.go = Go(version, line)

    def _toolchain(self, line: Line, _: Block | None) -> None:
        if self.toolchain:
            raise DirectiveError("repeated toolchain statement")
        name = self._only(line, "toolchain directive expects exactly one argument")
        if not goversion.is_toolchain_line(name):
            raise DirectiveError(
                f"invalid toolchain version '{name}': must match format go1.23.0 or default", 0
            )
        self.toolchain = Toolchain(name, line)

    def _godebug(self, line: Line, _: Block | None) -> None:
        argument = self._only(line, _GODEBUG_USAGE)
        key, equals, value = argument.partition("=")
        if not equals or not frozenset("\"`',").isdisjoint(argument):
            raise DirectiveError(_GODEBUG_USAGE, 0)
        self.godebug.append(Godebug(key, value, line))

    def _replace(self, line: Line, _: Block | None) -> None:
        arguments = line.arguments
        arrow = 1 if arguments[1:2] == ("=>",) else 2
        if len(arguments) not in (arrow + 2, arrow + 3) or arguments[arrow] != "=>":
            raise DirectiveError(_REPLACE_USAGE)
        old_path = string(line, 0)
        path_major = major_of(old_path, 0, f"replace {old_path}: ")
        old_version = ""
        if arrow == 2:
            old_version = version_of(line, 1, "replace", old_path)
            check_major("replace", old_path, old_version, path_major, 1)
        new_path = string(line, arrow + 1)
        new_version = ""
        if len(arguments) == arrow + 2:
            _check_directory(new_path, arrow + 1)
        else:
            new_version = version_of(line, arrow + 2, "replace", new_path)
            if is_directory_path(new_path):
                raise DirectiveError(
                    f"replacement module directory path {quote(new_path)} cannot have version", arrow + 2
                )
        self.replace.append(Replace(old_path, old_version, new_path, new_version, line))

    @staticmethod
    def _only(line: Line, usage: str) -> str:
        arguments = line.arguments
        if len(arguments) != 1:
            raise DirectiveError(usage, 1 if len(arguments) > 1 else None)
        return arguments[0]

    def only_string(self, line: Line, usage: str) -> str:
        """Return the single argument of ``line`` without quotes; raise DirectiveError."""
        self._only(line, usage)
        return string(line, 0)


def string(line: Line, index: int) -> str:
    """Return argument ``index`` without quotes, and write it back with no more quotes than it needs."""
    token = line.arguments[index]
    try:
        value, written = parse_string(token)
    except ValueError as error:
        raise DirectiveError(f"invalid quoted string: {error}", index) from None
    if written != token:
        rewrite(line, index, written)
    return value


def version_of(line: Line, index: int, verb: str, path: str) -> str:
    """Return argument ``index`` as a canonical version, and write that back."""
    token = line.arguments[index]
    version = canonical_version(token)
    if not version:
        try:
            version = _quoted_version(token, f"{verb} {path}: " if path else f"{verb}: ")
        except ValueError as error:
            raise DirectiveError(str(error), index) from None
    if version != token:
        rewrite(line, index, version)
    return version


def rewrite(line: Line, index: int, text: str) -> None:
    """Replace the text of argument ``index``."""
    index += not line.in_block
    line.tokens = (*line.tokens[:index], text, *line.tokens[index + 1 :])


def major_of(path: str, index: int, prefix: str = "") -> str:
    """Return the major version that ``path``, argument ``index``, ends in."""
    parts = split_path_version(path)
    if parts is None:
        raise DirectiveError(f"{prefix}invalid module path", index)
    return parts[1]


def check_major(verb: str, path: str, version: str, path_major: str, index: int) -> None:
    """Check that the canonical ``version``, argument ``index``, fits the major version in ``path``."""
    if not path_major and version.startswith(("v0.", "v1.")):
        return
    reason = check_path_major(version, path_major)
    if reason:
        raise DirectiveError(f"{verb} {path}: {reason}" if path else f"{verb}: {reason}", index)


def _quoted_version(token: str, prefix: str) -> str:
    """Return a ``token`` that is no plain version as a canonical one; raise ValueError with Go's words."""
    try:
        value, _ = parse_string(token)
    except ValueError as error:
        raise ValueError(f"{prefix}version {quote(token)} invalid: {error}") from None
    version = canonical_version(value)
    if not version:
        raise ValueError(f"{prefix}version {quote(value)} invalid: must be of the form v1.2.3")
    return version


def _check_directory(path: str, index: int) -> None:
    if not is_directory_path(path):
        if "@" in path:
            raise DirectiveError(
                "replacement module must match format 'path version', not 'path@version'", index
            )
        raise DirectiveError(
            "replacement module without version must be directory path (rooted or starting with . or ..)",
            index,
        )
    if "\\" in path:
        raise DirectiveError(
            "replacement directory appears to be Windows path (on a non-windows system)", index
        )
