"""The one way to write the directory of a ``use``."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.modfile.quoting import auto_quote, parse_string
from gowatchd.modfile.syntax import Block, Line

if TYPE_CHECKING:
    from gowatchd.modfile.syntax import FileSyntax, Statement

_DRIVE = re.compile("[A-Za-z]:")


def clean_use_paths(file: FileSyntax) -> FileSyntax:
    """Write the directories of ``use`` without detours, and relative ones with ``./`` or ``../`` in front.

    Why: one directory has one spelling, so that it sorts to one place and cannot stand there twice.

    Bad::

        use (
            ./cmd/
            ./lib/../tools
            web
        )

    Good::

        use (
            ./cmd
            ./tools
            ./web
        )
    """
    return replace(file, statements=tuple(_cleaned(statement) for statement in file.statements))


def clean_path(path: str) -> str:
    """Return the shortest path of the same directory: absolute, ``.``, or starting with ``./`` or ``../``."""
    if "\\" in path or _DRIVE.match(path):
        return path  # written for Windows, where it means something else than here
    clean = posixpath.normpath(path)
    if clean.startswith("//"):  # POSIX lets these be special, Go does not
        clean = clean[1:]
    if clean.startswith("/") or clean.split("/", 1)[0] in {".", ".."}:
        return clean
    return "./" + clean


def _cleaned(statement: Statement) -> Statement:
    if isinstance(statement, Line) and statement.tokens[0] == "use":
        return _cleaned_line(statement)
    if isinstance(statement, Block) and statement.verb == "use":
        return replace(statement, lines=tuple(_cleaned_line(line) for line in statement.lines))
    return statement


def _cleaned_line(line: Line) -> Line:
    *verb, token = line.tokens
    clean = auto_quote(clean_path(parse_string(token)[0]))
    return line if clean == token else replace(line, tokens=(*verb, clean))
