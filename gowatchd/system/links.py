"""Symbolic links on the way to what is watched: looked at again when one of them comes, goes or changes."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.system.folders import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.system.pump import Pump
    from gowatchd.system.watch_tree import WatchTree

_LINKS_MOST = 40  # as many as the kernel follows (path_resolution(7))


@dataclass(frozen=True, slots=True)
class _Way:
    """How a path was resolved: every place where a link stood or may come to stand, and what it led to."""

    real: str
    places: frozenset[str]
    lookouts: frozenset[str]  # the folders in which those links stand


class Links:
    """The folders and files that are followed through symbolic links, whether there are any yet or not.

    A folder is asked for with its reach where the links lead; of a file (``Reach.WAY``) the folder around it.
    """

    def __init__(self, tree: WatchTree, pump: Pump) -> None:
        self._tree = tree
        self._pump = pump
        self._followed: dict[str, tuple[Reach, _Way]] = {}
        self._through: dict[str, set[str]] = {}  # a place -> what is followed through it
        self._names: Counter[str] = Counter()
        self._aliases: dict[str, set[str]] = {}  # where links lead -> the folders that lead there

    def follow(self, path: str, reach: Reach) -> bool:
        """Follow ``path``, or look at the way to it again; return whether that is another one than before."""
        way = _resolve(path)
        before = self._followed.get(path)
        if before is not None and before[1] == way:
            return False
        self._followed[path] = reach, way
        for folder, asked in _goals(reach, way):
            self._tree.add(os.fsencode(folder), asked)
        for place in way.places:
            self._watch_place(place, path)
        if reach is Reach.SINGLE and way.real != path:
            self._aliases.setdefault(way.real, set()).add(path)
        if before is not None:
            self._leave(path, *before, keep=way)
        return True

    def forget(self, path: str) -> None:
        """Follow ``path`` no more."""
        before = self._followed.pop(path, None)
        if before is not None:
            self._leave(path, *before)

    def reach(self, path: str) -> Reach | None:
        """Return how far ``path`` is followed, None where it is not."""
        followed = self._followed.get(path)
        return None if followed is None else followed[0]

    def real(self, path: str) -> str:
        """Return where ``path`` leads, as far as it was followed."""
        followed = self._followed.get(path)
        return path if followed is None else followed[1].real

    def through(self, place: str) -> tuple[str, ...]:
        """Return what is followed through ``place``, sorted."""
        return tuple(sorted(self._through.get(place, ())))

    def through_below(self, folders: Iterable[str]) -> tuple[str, ...]:
        """Return what is followed through places at and below ``folders``, sorted."""
        tops = tuple(folders)
        found: set[str] = set()
        for place, paths in self._through.items():
            if any(place == top or place.startswith(top.rstrip("/") + "/") for top in tops):
                found |= paths
        return tuple(sorted(found))

    def aliases(self, folder: str) -> tuple[str, ...]:
        """Return the followed folders that lead to ``folder`` from elsewhere, sorted."""
        return tuple(sorted(self._aliases.get(folder, ())))

    def _watch_place(self, place: str, path: str) -> None:
        paths = self._through.setdefault(place, set())
        if not paths:
            self._tree.places.add(os.fsencode(place))
            name = os.path.basename(place)
            self._names[name] += 1
            self._pump.hear(os.fsencode(name))
        paths.add(path)

    def _leave(self, path: str, reach: Reach, way: _Way, keep: _Way | None = None) -> None:
        for place in way.places - (keep.places if keep is not None else frozenset()):
            paths = self._through[place]
            paths.discard(path)
            if not paths:
                del self._through[place]
                self._tree.places.discard(os.fsencode(place))
                name = os.path.basename(place)
                self._names[name] -= 1
                if not self._names[name]:
                    del self._names[name]
                    self._pump.unhear(os.fsencode(name))
        if keep is None or keep.real != way.real:
            aliases = self._aliases.get(way.real, set())
            aliases.discard(path)
            if not aliases:
                self._aliases.pop(way.real, None)
        for folder, asked in _goals(reach, way):
            self._tree.remove(os.fsencode(folder), asked)


def _goals(reach: Reach, way: _Way) -> list[tuple[str, Reach]]:
    goals = [(folder, Reach.WAY) for folder in sorted(way.lookouts)]
    target = (os.path.dirname(way.real), Reach.WAY) if reach is Reach.WAY else (way.real, reach)
    return [*goals, target]


def _resolve(path: str) -> _Way:
    """Resolve ``path`` as realpath(3) does, and remember the way; what is not there is taken as it is."""
    here = "/"
    places: list[str] = []
    lookouts: list[str] = []
    waiting = path.split("/")[::-1]
    while waiting:
        name = waiting.pop()
        if name in {"", "."}:
            continue
        if name == "..":
            here = os.path.dirname(here)
            continue
        place = os.path.join(here, name)
        places.append(place)
        target = _link_at(place) if len(lookouts) < _LINKS_MOST else None
        if target is None:
            here = place
            continue
        lookouts.append(here)
        here = "/" if target.startswith("/") else here
        waiting.extend(target.split("/")[::-1])
    return _Way(here, frozenset(places), frozenset(lookouts))


def _link_at(place: str) -> str | None:
    try:
        return os.readlink(place)
    except OSError:
        return None  # no link, or nothing there
