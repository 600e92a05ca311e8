"""The text of a unit file as settings by section, before any of them is understood (systemd.syntax(7))."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTION = re.compile(r"\[(.*)\]", re.DOTALL)
_BLANKS = " \t\n\r"
_LINE_END = re.compile(r"\r\n|\n\r|[\n\r\0]")


class Setting(NamedTuple):
    """One ``key=value`` line of a section."""

    section: str
    key: str
    value: str


def settings(text: str) -> Iterator[Setting]:
    """Yield the settings of ``text`` in order.

    A line that ends in a backslash goes on in the next one, with a space in its place; comments in between
    are left out. Lines that are no settings are passed over, as systemd does.
    """
    section = ""
    for whole in _logical_lines(text):
        line = whole.strip(_BLANKS)
        header = _SECTION.fullmatch(line)
        if header is not None:
            section = header[1]
            continue
        key, equals, value = line.partition("=")
        if equals:
            yield Setting(section, key.strip(_BLANKS), value.strip(_BLANKS))


def _logical_lines(text: str) -> Iterator[str]:
    begun = ""
    for line in _LINE_END.split(text):
        if line.lstrip(_BLANKS).startswith(("#", ";")):
            continue
        begun += line
        if begun.endswith("\\") and not _is_escaped(begun):
            begun = f"{begun[:-1]} "
            continue
        yield begun
        begun = ""
    if begun:
        yield begun


def _is_escaped(line: str) -> bool:
    """Say whether the backslash at the end is itself escaped."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 0
