"""How much the person is told just now, of all and of one path: less where somebody asked for silence."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gowatchd.services.notes import Level

if TYPE_CHECKING:
    from gowatchd.config.models import Config
    from gowatchd.pausing import Pausing
    from gowatchd.services.choices import Mute
    from gowatchd.services.restriction import Restrictions
    from gowatchd.system.choosing import Choosing


class Silence:
    """What the configuration, a pause, a mute and a repository's own file let through."""

    def __init__(self, choosing: Choosing, pausing: Pausing, restrictions: Restrictions) -> None:
        self._choosing = choosing
        self._pausing = pausing
        self._restrictions = restrictions

    def level(self, config: Config) -> Level:
        """Return the most that may be told at all."""
        return Level.OFF if self._pausing.current else Level[config.notify.level.upper()]

    def limit(self, path: str) -> Level:
        """Return the most that may be told of what is at ``path``."""
        if self.mute_of(path) is not None:
            return Level.OFF
        return Level[self._restrictions.of(path).level.upper()]

    def mute_of(self, path: str) -> Mute | None:
        """Return the mute that holds for ``path``, if there is one."""
        return self._choosing.choices.mute_of(path, time.time())
