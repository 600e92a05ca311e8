"""The parts of the daemon that do not work for the moment, and why."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gowatchd.services.publishing import Publisher

# The part whose trouble is a mistake in a file of the person: it is not off, another one is in force.
CONFIGURATION = "configuration"

log = logging.getLogger(__name__)


class Parts:
    """Remembers what is off, and tells when that changes."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._off: dict[str, str] = {}

    def reason(self, part: str) -> str:
        """Return why ``part`` is off, or nothing."""
        return self._off.get(part, "")

    def reasons(self) -> dict[str, str]:
        """Return the parts that are off, each with the reason."""
        return dict(self._off)

    def degraded(self, part: str, reason: str) -> None:
        """Take note that ``part`` does not work."""
        self._off[part] = reason
        log.warning("%s: %s", part, reason)
        self._publisher.announcer.degraded(part, reason)
        self._publisher.changed()

    def restored(self, part: str) -> None:
        """Take note that ``part`` works."""
        if self._off.pop(part, None) is not None:
            log.info("%s: works again", part)
        self._publisher.announcer.restored(part)
        self._publisher.changed()
