"""Where we look: the roots, and what is left out below them, as the configuration and the person say."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.services.choices import Choices, at_or_below
from gowatchd.services.whereabouts import is_below

if TYPE_CHECKING:
    from collections.abc import Iterable

NONE = Choices()
CONFIGURED, ADDED, REMOVED = "configuration", "added by you", "removed by you"


@dataclass(frozen=True, slots=True)
class Root:
    """A folder below which we look, and who says so."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Territory:
    """``configured`` are absolute, without symbolic links; ``patterns`` are those of ``[watch] exclude``."""

    configured: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    choices: Choices = NONE

    @property
    def roots(self) -> tuple[Root, ...]:
        """The roots in force, without repetition."""
        removed = set(self.choices.removed)
        configured = [path for path in dict.fromkeys(self.configured) if path not in removed]
        added = [path for path in self.choices.added if path not in configured]
        return (*(Root(path, CONFIGURED) for path in configured), *(Root(path, ADDED) for path in added))

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the roots."""
        return tuple(root.path for root in self.roots)

    @property
    def excludes(self) -> tuple[str, ...]:
        """All that is left out, as patterns."""
        return (*self.patterns, *map(glob.escape, self.choices.removed))

    def root_of(self, path: str) -> Root | None:
        """Return the nearest root above ``path`` from which nothing that was removed parts it."""
        above = [root for root in self.roots if is_below(path, root.path)]
        for root in sorted(above, key=lambda one: len(one.path), reverse=True):
            if not any(is_below(one, root.path) and at_or_below(path, one) for one in self.choices.removed):
                return root
        return None


def excluded_report(territory: Territory) -> Iterable[dict[str, str]]:
    """Yield what is left out and by whom, for ``list``."""
    yield from ({"what": pattern, "why": CONFIGURED} for pattern in territory.patterns)
    yield from ({"what": folder, "why": REMOVED} for folder in territory.choices.removed)
