"""Our own drop-in: its text, and how it is known again."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from gowatchd.unitfile.effective import split_assignments
from gowatchd.unitfile.quoting import environment_line
from gowatchd.unitfile.static_unit import read_static

if TYPE_CHECKING:
    from collections.abc import Mapping

# Sorts before override.conf, which `systemctl edit` writes: the person keeps the last word.
NAME = "50-gowatchd.conf"

# Files of the same name hide each other, so an instance's own must not be called like its template's.
INSTANCE_NAME = "51-gowatchd-instance.conf"

_HEAD = """\
# Written by gowatchd: {why}.
# "gowatchctl env --undo {unit}" takes it back. Change it and gowatchd leaves it alone from then on.
"""
_SEAL = re.compile(r"^# gowatchd sha256:([0-9a-f]{64})\n", re.MULTILINE)


def render(unit: str, assignments: Mapping[str, str], why: str) -> str:
    """Return the drop-in that sets ``assignments`` for ``unit``; raises quoting.UnquotableError."""
    lines = [environment_line(name, value) for name, value in sorted(assignments.items())]
    body = "\n".join(["[Service]", *lines, ""])
    head = _HEAD.format(why=" ".join(why.split()), unit=unit)
    return f"{head}{seal(body)}{body}"


def seal(body: str) -> str:
    """Return the line above ``body`` by which ``is_ours`` knows it again."""
    return f"# gowatchd sha256:{_digest(body)}\n"


def is_ours(text: str) -> bool:
    """Say whether we wrote ``text`` and nobody changed what counts in it."""
    found = _SEAL.search(text)
    return found is not None and found[1] == _digest(text[found.end() :])


def assignments_of(text: str) -> dict[str, str]:
    """Return what a drop-in of ours sets."""
    return split_assignments(read_static([text], {}).assignments)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
