"""Telling go.work from go.mod by what is in it."""

from __future__ import annotations

import re

from gowatchd.modfile import Kind

_TELLING = re.compile(rb"(?m)^[ \t]*(?:(use)|module|require|exclude|retract|tool|ignore)[ \t\r(]")


def kind_of_content(data: bytes) -> Kind:
    """Return the kind that has the first directive which only one of the two knows; without any, go.work.

    Where there is none, both read the file in the same way.
    """
    found = _TELLING.search(data)
    return Kind.MOD if found and not found[1] else Kind.WORK
