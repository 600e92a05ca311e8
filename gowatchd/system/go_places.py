"""Where go commands stand, and of which version each is, without running any of them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_VERSION_SIZE = 4096  # bytes of a VERSION file: two lines
_VERSION = re.compile(r"(?:go|devel )(\S+)")
FOLDERS_MOST = 256  # of a PATH; a longer one is a loop in somebody's profile


@dataclass(frozen=True, slots=True)
class GoPlace:
    """A go command on a PATH.

    ``root`` is the toolchain that it belongs to, links followed, and ``version`` what that says of itself,
    such as ``1.22.10``; both are "" for a wrapper, which only knows when it runs.
    """

    path: str
    root: str
    version: str


def go_places(path: str) -> tuple[GoPlace, ...]:
    """Return the go commands along the PATH ``path``, the one that wins first, each toolchain once."""
    seen: set[str] = set()
    found: list[GoPlace] = []
    for go in _programs(path.split(":")):
        real = os.path.realpath(go)
        if real not in seen:
            seen.add(real)
            root = os.path.dirname(os.path.dirname(real))
            version = toolchain_version(root)
            found.append(GoPlace(go, root if version else "", version))
    return tuple(found)


def toolchain_version(root: str) -> str:
    """Return the version of the Go toolchain in ``root``, "" where none is there."""
    try:
        with open(os.path.join(root, "VERSION"), "rb") as file:
            text = file.read(_VERSION_SIZE).decode(errors="replace")
    except OSError:
        return ""
    version = _VERSION.match(text)
    return version[1] if version else ""


def _programs(folders: Iterable[str]) -> Iterator[str]:
    for number, folder in enumerate(dict.fromkeys(folders)):
        path = os.path.join(folder, "go")
        if (
            number < FOLDERS_MOST
            and os.path.isabs(path)
            and os.path.isfile(path)
            and os.access(path, os.X_OK)
        ):
            yield path
