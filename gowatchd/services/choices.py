"""What the person chose with ``gowatchctl``: folders added and removed, workspaces muted, a pause."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gowatchd.services.whereabouts import is_below, is_plain_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of each kind. Who comes near it wants a pattern in the configuration instead.
MAX_CHOICES = 256

# Unix seconds; the longest that D-Bus lets anybody ask for ends in 2162. A later time has no name of a day.
MOST_UNTIL = 2**33


@dataclass(frozen=True, slots=True)
class Mute:
    """No notifications of what is at or below ``folder``, until Unix seconds or for ever (None)."""

    folder: str
    until: float | None

    def holds(self, now: float) -> bool:
        """Say whether it is still in force."""
        return self.until is None or self.until > now


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing written and nothing notified, until Unix seconds or for ever (None)."""

    until: float | None

    def holds(self, now: float) -> bool:
        """Say whether it is still in force."""
        return self.until is None or self.until > now


@dataclass(frozen=True, slots=True)
class Choices:
    """All of it; folders are absolute, without symbolic links, each once and sorted."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    muted: tuple[Mute, ...] = ()
    paused: Pause | None = None

    def adding(self, folder: str) -> Choices:
        """Return them with ``folder`` added."""
        return replace(self, added=_with(self.added, folder))

    def taking_back(self, folder: str) -> Choices:
        """Return them without the removal of ``folder``."""
        return replace(self, removed=tuple(one for one in self.removed if one != folder))

    def removing(self, folder: str) -> Choices:
        """Return them with ``folder`` removed."""
        return replace(self, removed=_with(self.removed, folder))

    def dropping(self, folder: str) -> Choices:
        """Return them without anything added at or below ``folder``."""
        kept = tuple(one for one in self.added if not at_or_below(one, folder))
        return replace(self, added=kept)

    def muting(self, mute: Mute) -> Choices:
        """Return them with ``mute``, in place of one for the same folder."""
        others = self.unmuting(mute.folder).muted
        return replace(self, muted=tuple(sorted((*others, mute), key=lambda one: one.folder)))

    def unmuting(self, folder: str) -> Choices:
        """Return them with nothing muted at or below ``folder``."""
        return replace(self, muted=tuple(one for one in self.muted if not at_or_below(one.folder, folder)))

    def pausing(self, pause: Pause | None) -> Choices:
        """Return them with ``pause`` in place of another one, or without one."""
        return replace(self, paused=pause)

    def at(self, now: float) -> Choices:
        """Return them without the mutes, and the pause, that are over."""
        muted = tuple(one for one in self.muted if one.holds(now))
        return replace(self, muted=muted, paused=self.pause(now))

    def pause(self, now: float) -> Pause | None:
        """Return the pause in force, if there is one."""
        return self.paused if self.paused is not None and self.paused.holds(now) else None

    def mute_of(self, folder: str, now: float) -> Mute | None:
        """Return the mute in force for ``folder`` that lasts longest, if there is one."""
        found = [one for one in self.muted if one.holds(now) and at_or_below(folder, one.folder)]
        return max(found, key=lambda one: math.inf if one.until is None else one.until, default=None)

    def too_many(self) -> bool:
        """Say whether they are more than are kept."""
        return max(len(self.added), len(self.removed), len(self.muted)) > MAX_CHOICES

    def as_json(self) -> dict[str, Any]:
        """Return what is kept."""
        value: dict[str, Any] = {
            "added": list(self.added),
            "removed": list(self.removed),
            "muted": {one.folder: one.until for one in self.muted},
        }
        if self.paused is not None:
            value["paused"] = {"until": self.paused.until}
        return value

    @classmethod
    def of_json(cls, value: dict[str, Any]) -> Choices:
        """Return what was kept; raises ValueError, KeyError or TypeError where it is something else."""
        muted = value["muted"]
        if not isinstance(muted, dict):
            raise TypeError("muted is no object")
        mutes = (Mute(folder, _end(muted[folder])) for folder in _folders(list(muted)))
        pause = Pause(_end(value["paused"]["until"])) if "paused" in value else None
        choices = cls(_folders(value["added"]), _folders(value["removed"]), tuple(mutes), pause)
        if choices.too_many():
            raise ValueError("more than were ever kept")
        return choices


def at_or_below(path: str, folder: str) -> bool:
    """Say whether ``path`` is ``folder`` or below it."""
    return path == folder or is_below(path, folder)


def _with(folders: Iterable[str], folder: str) -> tuple[str, ...]:
    return tuple(sorted({*folders, folder}))


def _end(until: object) -> float | None:
    """Return when something ends, None for never."""
    if until is None:
        return None
    if isinstance(until, bool) or not isinstance(until, (int, float)):
        raise TypeError(f"{until!r:.40} is no time")
    if not 0 <= until < MOST_UNTIL:  # nor is NaN
        raise ValueError(f"{until!r:.40} is no possible time")
    return float(until)


def _folders(names: object) -> tuple[str, ...]:
    if not isinstance(names, list):
        raise TypeError("folders are no list")
    for name in names:
        if not isinstance(name, str) or not is_plain_folder(name):
            raise ValueError(f"{name!r:.40} is not the absolute path of a folder as we write it")
        name.encode("utf-8", "surrogateescape")  # raises ValueError for what no path holds
    return tuple(sorted(set(names)))
