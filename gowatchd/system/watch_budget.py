"""How many of the user's inotify watches are ours to take, and what to say when they do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.system.folders import Rank
from gowatchd.system.inotify import limit_advice, max_user_watches

if TYPE_CHECKING:
    from gowatchd.system.watch_table import WatchTable

_SHARE = 4  # we take at most this part of the user's watches: VS Code and gopls live from the same ones
_RESERVE = 8192  # and leave this many for what an editor opens next: a large repository in VS Code
_LEAST = 16  # this part is taken whatever the others have: enough for the folders with Go files
_LEAST_MOST = 1024  # of which a home with 100,000 folders has about 400

_THEN = ", then: systemctl --user restart gowatchd"  # which counts anew

_WHAT = {
    Rank.GO: "some folders with Go files",
    Rank.ASIDE: "folders without Go files so far, and some .git and vendor folders",
    Rank.SOURCE: "folders without Go files so far",
}


class WatchBudget:
    """The most watches that we take: ``configured``, or a share of what the user has."""

    def __init__(self, configured: int | None = None) -> None:
        self._configured = configured
        self._limit = max_user_watches()
        self._others = 0  # the watches of the user's other processes when they were counted last

    @property
    def watches(self) -> int:
        """The number."""
        if self._configured is not None:
            return self._configured
        reserve = min(_RESERVE, self._limit // _SHARE)
        fair = min(self._limit // _SHARE, self._limit - self._others - reserve)
        return max(fair, min(self._limit // _LEAST, _LEAST_MOST))

    def matters(self, used: int) -> bool:
        """Say whether it is worth counting the watches of the others, where we use ``used`` ourselves."""
        return self._configured is None and used > min(self._limit // _LEAST, _LEAST_MOST)

    def counted(self, others: int) -> None:
        """Take note that the user's other processes have ``others`` watches now."""
        self._limit = max_user_watches()
        self._others = others

    def shortage(self, table: WatchTable) -> str:
        """Return what is not watched, why and what to do about it; nothing where all is."""
        if not table.refused:
            return ""
        return f"not watched: {_WHAT[table.short_of]}; {self._remedy(table)}"

    def _remedy(self, table: WatchTable) -> str:
        if self._configured is not None and not table.limit_reached:
            return f"all {table.budget} watches of [watch] budget are taken: raise it in the configuration"
        if table.limit_reached:
            why = f"all {self._limit} inotify watches of this user are taken"
        else:
            why = f"gowatchd takes {table.budget} of this user's {self._limit} inotify watches"
        wanted = len(table) + table.refused
        enough = max(wanted * _SHARE, wanted + self._others + _RESERVE, self._limit + 1)
        # a power of two, so that the text stays the same while folders come and go
        return f"{why}; {limit_advice('max_user_watches', 1 << (enough - 1).bit_length())}{_THEN}"
