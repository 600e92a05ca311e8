"""What a repository asks of us by its .gowatchd.toml: less than we would do, never more."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.lint.diagnostic import Diagnostic

FILE_NAME = ".gowatchd.toml"
LEVELS = ("off", "problems", "changes", "all")  # of notifications, each with those before it


@dataclass(frozen=True, slots=True)
class Restriction:
    """What is switched off at a path. ``unformatted`` and ``unwatched`` say by what, or are empty.

    ``excludes`` are the patterns of ``[watch] exclude``, each with the folder that it counts from.
    ``problems`` are mistakes in the files, each with its place and what comes of it.
    """

    unformatted: str = ""
    unwatched: str = ""
    cross_check: bool = True
    disable: frozenset[str] = frozenset()
    level: str = LEVELS[-1]
    excludes: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = field(default=(), compare=False)

    def and_also(self, other: Restriction) -> Restriction:
        """Return what both of them switch off."""
        return Restriction(
            self.unformatted or other.unformatted,
            self.unwatched or other.unwatched,
            self.cross_check and other.cross_check,
            self.disable | other.disable,
            min(self.level, other.level, key=LEVELS.index),
            self.excludes + other.excludes,
            self.problems + other.problems,
        )

    def left_out(self, path: str) -> str:
        """Say what leaves out the file at ``path``, or nothing."""
        if self.unwatched:
            return self.unwatched
        for folder, pattern in self.excludes:
            if _excludes(folder, pattern, path):
                return f'{folder}/{FILE_NAME}: [watch] exclude has "{pattern}"'
        return ""


UNRESTRICTED = Restriction()


class Restrictions(Protocol):
    """Who knows what is switched off where."""

    def of(self, path: str, /) -> Restriction:
        """Return what counts for the file at ``path``, as the disk says now."""


class Unrestricted:
    """``Restrictions`` where there are none."""

    def of(self, _path: str) -> Restriction:
        """Return nothing that is switched off."""
        return UNRESTRICTED


NOWHERE: Restrictions = Unrestricted()


def wanted(diagnostics: Iterable[Diagnostic], at: str, restrictions: Restrictions) -> tuple[Diagnostic, ...]:
    """Return those of ``diagnostics`` that are not disabled at ``at``, their workspace, nor at their file."""
    disabled = {at: restrictions.of(at).disable}  # asked of the disk once for each file
    found = []
    for one in diagnostics:
        if one.path not in disabled:
            disabled[one.path] = restrictions.of(one.path).disable
        if one.code not in disabled[at] and one.code not in disabled[one.path]:
            found.append(one)
    return tuple(found)


def _excludes(folder: str, pattern: str, path: str) -> bool:
    """Say whether a folder between ``folder`` and ``path`` is one that ``pattern`` names."""
    steps = posixpath.relpath(posixpath.dirname(path), folder).split("/")
    pattern = pattern.rstrip("/")
    for end in range(1, len(steps) + 1):
        here = "/".join(steps[:end])
        if "/" not in pattern:
            matches = fnmatchcase(steps[end - 1], pattern)
        elif pattern.startswith("/"):
            matches = fnmatchcase(here, pattern[1:])
        else:
            matches = fnmatchcase(f"/{here}", f"*/{pattern}")
        if matches:
            return True
    return False
