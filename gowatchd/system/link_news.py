"""What is seen through symbolic links: followed, and told when something on the way there changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.system.discovery import BESIDE_NAMES, FILE_NAMES
from gowatchd.system.folders import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.system.links import Links
    from gowatchd.system.pump import Pump
    from gowatchd.system.watch_listener import Listener

_BESIDE = (*sorted(map(os.fsdecode, BESIDE_NAMES)), "vendor/modules.txt")


class LinkNews:
    """Tells ``listener`` of what ``links`` lead to: at once, and again when that is watched."""

    def __init__(self, links: Links, pump: Pump, listener: Listener) -> None:
        self._links = links
        self._pump = pump
        self._listener = listener
        self._lead_anew: set[str] = set()

    def file(self, path: str) -> None:
        """Hear what happens to the target of the Go file ``path``, where that is a symbolic link."""
        if not os.path.islink(path):
            self._links.forget(path)
        elif self._links.follow(path, Reach.WAY):
            self._lead_anew.add(path)
            self._pump.scan_soon()

    def changed(self, place: str) -> None:
        """Look again at what is seen through ``place``, where a link came, went or changed."""
        for path in self._links.through(place):
            if path != place or self._links.reach(path) is not Reach.WAY:
                self._follow_again(path)

    def replaced(self, points: Iterable[str]) -> None:
        """Look again at what is seen through places at and below ``points``, where mounts came or went."""
        for path in self._links.through_below(points):
            self._follow_again(path)

    def settled(self) -> None:
        """Tell what may have changed where links lead anew, before it was watched; now it is."""
        lead_anew, self._lead_anew = self._lead_anew, set()
        for path in sorted(lead_anew):
            self._tell_led_to(path)

    def _follow_again(self, path: str) -> None:
        reach = self._links.reach(path)
        if reach is None:
            return
        before = self._links.real(path)
        if self._links.follow(path, reach):
            self._lead_anew.add(path)
            self._pump.scan_soon()
        if reach is not Reach.TREE:
            self._tell_led_to(path)
        elif self._links.real(path) != before:
            self._listener.on_root_moved(path)

    def _tell_led_to(self, path: str) -> None:
        """Have all looked at that is seen through the links of ``path``."""
        if self._links.reach(path) is Reach.WAY:
            self._listener.on_file(path)
        elif self._links.reach(path) is Reach.SINGLE:
            for name in sorted(FILE_NAMES):
                self._listener.on_file(f"{path}/{os.fsdecode(name)}")
            for beside in _BESIDE:
                self._listener.on_beside(f"{path}/{beside}")
