"""The meaning of a go.work file.

Follows golang.org/x/mod/modfile (work.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gowatchd.modfile.directive import Use
from gowatchd.modfile.parser import parse_syntax
from gowatchd.modfile.reader import Reader

if TYPE_CHECKING:
    from gowatchd.modfile.directive import Go, Godebug, Replace, Toolchain
    from gowatchd.modfile.syntax import Block, FileSyntax, Line


class WorkFile(NamedTuple):
    """A go.work file that Go accepts; directives stand in file order."""

    syntax: FileSyntax
    go: Go | None = None
    toolchain: Toolchain | None = None
    godebug: tuple[Godebug, ...] = ()
    use: tuple[Use, ...] = ()
    replace: tuple[Replace, ...] = ()


def parse_work(data: bytes, name: str = "go.work") -> WorkFile:
    """Return the meaning of ``data``; raise ParseError where Go 1.27 rejects it."""
    reader = _WorkReader(parse_syntax(data, name))
    reader.read()
    return WorkFile(
        reader.syntax,
        reader.go,
        reader.toolchain,
        tuple(reader.godebug),
        tuple(reader.use),
        tuple(reader.replace),
    )


class _WorkReader(Reader):
    blocks = Reader.blocks | {"use"}

    def __init__(self, syntax: FileSyntax) -> None:
        super().__init__(syntax)
        self.use: list[Use] = []
        self.handlers["use"] = self._use

    def _use(self, line: Line, _: Block | None) -> None:
        self.use.append(Use(self.only_string(line, "usage: use local/dir"), line))
