"""The meaning of a go.mod file.

Follows golang.org/x/mod/modfile (rule.go).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gowatchd.modfile.character import SPACE
from gowatchd.modfile.directive import Exclude, Ignore, Module, Require, Retract, Tool
from gowatchd.modfile.modulepath import SHARED
from gowatchd.modfile.parser import parse_syntax
from gowatchd.modfile.quoting import parse_string, quote
from gowatchd.modfile.reader import DirectiveError, Reader, check_major, major_of, rewrite, string, version_of
from gowatchd.modfile.syntax import Line

if TYPE_CHECKING:
    from gowatchd.modfile.directive import Go, Godebug, Replace, Toolchain
    from gowatchd.modfile.syntax import Block, FileSyntax

_DEPRECATED = re.compile(r"(?:^|\n\n)Deprecated: *(.*?)(?:\Z|\n\n)", re.DOTALL)
_SPACES = re.compile(f"[{SPACE}]+")


class ModFile(NamedTuple):
    """A go.mod file that Go accepts in a main module; directives stand in file order."""

    syntax: FileSyntax
    module: Module | None = None
    go: Go | None = None
    toolchain: Toolchain | None = None
    godebug: tuple[Godebug, ...] = ()
    require: tuple[Require, ...] = ()
    exclude: tuple[Exclude, ...] = ()
    replace: tuple[Replace, ...] = ()
    retract: tuple[Retract, ...] = ()
    tool: tuple[Tool, ...] = ()
    ignore: tuple[Ignore, ...] = ()


def parse_mod(data: bytes, name: str = "go.mod") -> ModFile:
    """Return the meaning of ``data``; raise ParseError where Go 1.27 rejects it."""
    reader = ModReader(parse_syntax(data, name))
    reader.read()
    return reader.result()


def is_indirect(line: Line) -> bool:
    """Say whether the comment at the end of ``line`` is ``// indirect``, alone or before ``;`` and more."""
    if line.suffix is None or line.suffix.text == "// indirect":
        return line.suffix is not None
    fields = _SPACES.split(line.suffix.text[2:].strip(SPACE), maxsplit=1)
    return fields == ["indirect"] or (len(fields) > 1 and fields[0] == "indirect;")


class ModReader(Reader):
    """Reads a go.mod file as that of a main module."""

    blocks = Reader.blocks | {"module", "require", "exclude", "retract", "tool", "ignore"}

    def __init__(self, syntax: FileSyntax) -> None:
        super().__init__(syntax)
        self.module: Module | None = None
        self.require: list[Require] = []
        self.exclude: list[Exclude] = []
        self.retract: list[Retract] = []
        self.tool: list[Tool] = []
        self.ignore: list[Ignore] = []
        self._seen_module = False
        self.handlers.update(
            module=self._module,
            require=self._require,
            exclude=self._exclude,
            retract=self._retract,
            tool=self._tool,
            ignore=self._ignore,
        )

    def result(self) -> ModFile:
        """Return what was read."""
        return ModFile(
            syntax=self.syntax,
            module=self.module,
            go=self.go,
            toolchain=self.toolchain,
            godebug=tuple(self.godebug),
            require=tuple(self.require),
            exclude=tuple(self.exclude),
            replace=tuple(self.replace),
            retract=tuple(self.retract),
            tool=tuple(self.tool),
            ignore=tuple(self.ignore),
        )

    def _module(self, line: Line, block: Block | None) -> None:
        if self._seen_module:
            raise DirectiveError("repeated module statement")
        self._seen_module = True
        path = self.only_string(line, "usage: module module/path")
        match = _DEPRECATED.search(_comment_text(line, block))
        self.module = Module(path, match[1] if match else "", line)

    def _require(self, line: Line, _: Block | None) -> None:
        arguments = line.tokens if line.in_block else line.tokens[1:]
        if len(arguments) != 2 or not _is_settled(*arguments):
            arguments = _path_version(line, "require")
        path, version = arguments
        self.require.append(Require(path, version, line.suffix is not None and is_indirect(line), line))

    def _exclude(self, line: Line, _: Block | None) -> None:
        path, version = _path_version(line, "exclude")
        self.exclude.append(Exclude(path, version, line))

    def _retract(self, line: Line, block: Block | None) -> None:
        rationale = _comment_text(line, block)
        low, high = _interval(line)
        self.retract.append(Retract(low, high, rationale, line))

    def _tool(self, line: Line, _: Block | None) -> None:
        self.tool.append(Tool(self.only_string(line, "tool directive expects exactly one argument"), line))

    def _ignore(self, line: Line, _: Block | None) -> None:
        path = self.only_string(line, "ignore directive expects exactly one argument")
        self.ignore.append(Ignore(path, line))


@lru_cache(maxsize=SHARED)
def _is_settled(path: str, version: str) -> bool:
    """Say whether these arguments of a require mean what they say, are right, and are written as Go does.

    The modules of a workspace require much the same, so that most need no more than this answer.
    """
    line = Line((path, version), in_block=True)
    try:
        return _path_version(line, "require") == (path, version) == line.tokens
    except DirectiveError:
        return False


def _path_version(line: Line, verb: str) -> tuple[str, str]:
    count = len(line.tokens) - (not line.in_block)
    if count != 2:
        raise DirectiveError(f"usage: {verb} module/path v1.2.3", 2 if count > 2 else None)
    path = string(line, 0)
    version = version_of(line, 1, verb, path)
    check_major(verb, path, version, major_of(path, 0), 1)
    return path, version


def _interval(line: Line) -> tuple[str, str]:
    count = len(line.arguments)
    if count == 0 or line.arguments[0] == "(":
        raise DirectiveError("expected '[' or version")
    if line.arguments[0] != "[":
        low = high = _retracted(line, 0)
        used = 1
    else:
        low = _retracted_after(line, 1, "'['")
        _expect(line, 2, ",")
        high = _retracted_after(line, 3, "','")
        _expect(line, 4, "]")
        used = 5
    if count > used:
        raise DirectiveError(f"unexpected token after version: {quote(line.arguments[used])}", used)
    return low, high


def _retracted_after(line: Line, index: int, what: str) -> str:
    if index >= len(line.arguments):
        raise DirectiveError(f"expected version after {what}")
    return _retracted(line, index)


def _retracted(line: Line, index: int) -> str:
    token = line.arguments[index]
    try:
        version, _ = parse_string(token)
    except ValueError as error:
        raise DirectiveError(f"retract: version {quote(token)} invalid: {error}", index) from None
    if version != token:
        rewrite(line, index, version)  # bare, even where that is not one token: so does Go
    return version


def _expect(line: Line, index: int, token: str) -> None:
    if line.arguments[index : index + 1] != (token,):
        found = index if index < len(line.arguments) else None
        raise DirectiveError(f"expected '{token}' after version", found)


def _comment_text(line: Line, block: Block | None) -> str:
    """Return what the comments on ``line`` say, or those on its block where the line has none."""
    before, suffix = line.before, line.suffix
    if block and not before and not suffix:
        before = block.before
    comments = (*before, suffix) if suffix else before
    return "\n".join(comment.text[2:].strip(SPACE) for comment in comments if comment.text)
