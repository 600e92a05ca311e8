"""The whole formatter: strict where that is proved safe, else canonical, and never at a loss of anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.modfile import Kind, ParseError, parse_mod, parse_work, print_file
from gowatchd.modfile.canonical import arrange, canonical, stable
from gowatchd.modfile.problem import Problem
from gowatchd.modfile.syntax import Block
from gowatchd.style.proof import File, says_the_same
from gowatchd.style.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.modfile.directive import Replace
    from gowatchd.modfile.syntax import FileSyntax

# One does nearly always, and one more shows it. What a group leaves behind may then join other lines.
_MOST_PASSES = 5

# What one step of indentation is written as; Go's own commands turn everything into a tab at their next
# write.
INDENTS = {"tab": "\t", "2-space": "  "}


@dataclass(frozen=True, slots=True)
class Tidied:
    """What became of a file.

    ``data`` is how it should read; it is None where the file must be left alone. ``problems`` say what a
    person has to mend first, and where. ``reason`` says, in one line, why ``data`` is None, or why it is only
    canonical.
    """

    data: bytes | None
    problems: tuple[Problem, ...] = ()
    reason: str = ""


def tidy(
    data: bytes, kind: Kind, name: str = "", *, indent: str = "tab", canonical_only: bool = False
) -> Tidied:
    """Format the content of a go.work or go.mod file; accepts any bytes and never raises.

    ``name`` is what messages call the file. ``indent`` is a key of `INDENTS`. ``canonical_only`` asks for
    what Go's own -fmt prints, and nothing more.
    """
    name = name or kind.file_name
    try:
        file = _parse(data, kind, name)
    except ParseError as error:
        return Tidied(None, error.problems, str(error).partition("\n")[0])
    if canonical_only:
        return Tidied(_indented(canonical(data, kind, name), indent))
    conflicts = tuple(_conflicts(file))
    if conflicts:
        place = f"{name}:{conflicts[0].position.line}"
        return Tidied(None, conflicts, f"{place}: {conflicts[0].message}")
    formatted, reason = _strict_or_canonical(data, file, kind)
    return Tidied(formatted and _indented(formatted, indent), reason=reason)


def _strict_or_canonical(data: bytes, file: File, kind: Kind) -> tuple[bytes | None, str]:
    strict = _strict(data, file, kind)
    if strict is not None:
        return strict, ""
    plain = stable(data, kind, file.syntax.name)
    if plain == data or says_the_same(file, _parse(plain, kind, file.syntax.name)):
        return plain, f"only as go {kind.value} edit -fmt has it: the strict style would not be stable here"
    return None, "a comment would change its meaning if the lines were sorted: move it or the lines"


def _strict(data: bytes, file: File, kind: Kind) -> bytes | None:
    """Return the strict form, or None where it does not prove to say the same and to stay as it is."""
    text, read = data, file
    for _ in range(_MOST_PASSES):
        styled = print_file(_apply_rules(read.syntax, kind))
        if styled == text:
            break
        try:
            text, read = styled, _parse(styled, kind, file.syntax.name)
        except ParseError:
            return None
    else:
        return None
    return text if text == data or (says_the_same(file, read) and _go_agrees(text, read)) else None


def _apply_rules(syntax: FileSyntax, kind: Kind) -> FileSyntax:
    for rule in RULES[kind]:
        syntax = rule(syntax)
    return syntax


def _go_agrees(text: bytes, read: File) -> bool:
    """Say whether no Go since 1.21 would change ``text``; up to 1.22 it unwraps blocks that stay in 1.27."""
    short_blocks = any(isinstance(it, Block) and len(it.lines) < 2 for it in read.syntax.statements)
    return not short_blocks and print_file(arrange(read)) == text


def _conflicts(file: File) -> Iterator[Problem]:
    """Yield a problem for each replacement that contradicts an earlier one, which -fmt would drop."""
    first: dict[tuple[str, str], Replace] = {}
    for found in file.replace:
        earlier = first.setdefault((found.old_path, found.old_version), found)
        if (earlier.new_path, earlier.new_version) != (found.new_path, found.new_version):
            yield Problem(
                found.line.start,
                f"conflicting replacements for {found.old_path}: line {earlier.line.lineno} has another one; "
                "keep the one that you mean",
                found.line.whole,
            )


def _parse(data: bytes, kind: Kind, name: str) -> File:
    return parse_work(data, name) if kind is Kind.WORK else parse_mod(data, name)


def _indented(data: bytes, indent: str) -> bytes:
    return data if indent == "tab" else re.sub(rb"(?m)^\t", INDENTS[indent].encode(), data)
