"""The meaning of a go.mod file whose module is merely required.

Follows ParseLax of golang.org/x/mod/modfile (rule.go).
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from gowatchd.modfile.goversion import is_go_line
from gowatchd.modfile.mod_file import ModReader
from gowatchd.modfile.parser import parse_syntax
from gowatchd.modfile.reader import DirectiveError, rewrite

if TYPE_CHECKING:
    from gowatchd.modfile.mod_file import ModFile
    from gowatchd.modfile.position import Position, Span
    from gowatchd.modfile.syntax import Block, FileSyntax, Line

# All else is for main modules, or of a time to come.
READ = frozenset({"go", "module", "retract", "require", "ignore"})

# What old tools wrote where a version was wanted ("v1.13", "1.12.3.4"): only the first two numbers count.
_LOOSE_GO_LINE = re.compile(r"v?([1-9][0-9]*\.(?:0|[1-9][0-9]*))[^0-9].*\Z")


def parse_dependency(data: bytes, name: str = "go.mod", *, reads_ignore: bool = True) -> ModFile:
    """Return what Go reads in ``data`` where another module requires it; raise ParseError where it fails.

    Directives that count only in a main module are left out, be they right or wrong; so is ``ignore``, unless
    ``reads_ignore`` as Go does from 1.25 on.
    """
    reader = _DependencyReader(parse_syntax(data, name))
    if not reads_ignore:
        del reader.handlers["ignore"]
    reader.read()
    return reader.result()


class _DependencyReader(ModReader):
    def __init__(self, syntax: FileSyntax) -> None:
        super().__init__(syntax)
        self.handlers = {verb: handler for verb, handler in self.handlers.items() if verb in READ}

    def unknown(self, start: Position, message: str, span: Span) -> None:
        """Pass over it, for a newer Go may know what it is."""

    def _go(self, line: Line, block: Block | None) -> None:
        if len(line.arguments) == 1 and not is_go_line(line.arguments[0]):
            loose = _LOOSE_GO_LINE.match(line.arguments[0])
            if loose:
                rewrite(line, 0, loose[1])
        super()._go(line, block)

    def _retract(self, line: Line, block: Block | None) -> None:
        with suppress(DirectiveError):  # a newer Go may know more kinds of intervals
            super()._retract(line, block)
