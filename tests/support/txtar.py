"""The txtar archives in which the Go project keeps its script tests."""

from __future__ import annotations

import re
from itertools import zip_longest

_MARKER = re.compile(rb"^-- (\S.*?) --\s*$", re.MULTILINE)


def members(archive: bytes) -> list[tuple[str, bytes]]:
    """Return name and content of every file in the archive, in order."""
    markers = list(_MARKER.finditer(archive))
    ends = [marker.start() for marker in markers[1:]]
    return [
        (marker[1].decode(), archive[marker.end() : end].removeprefix(b"\n"))
        for marker, end in zip_longest(markers, ends)
    ]
