"""Looks at a file until what is read can be believed: nobody writes it, and nothing fails meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from gowatchd.services.ports import Look
from gowatchd.services.settling import Settling
from gowatchd.services.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Files, Reading, Scheduler

# Editors and git take a file away for a few milliseconds before its new content stands, and shells truncate
# before they write: nothing and an empty file are believed only when they last (never less than this).
ABSENCE_SECONDS = 0.1

# The kernel tells of a close before the writer has let go of the file, some microseconds to milliseconds. So
# a file that still has a writer is looked at again after 1, 2, 4 ... ms; one that has it for longer than this
# will be closed later, which brings the next event.
WRITER_FIRST_SECONDS = 0.001
WRITER_MOST_SECONDS = 0.128


class Take(Protocol):
    """Who takes what was read."""

    def __call__(self, path: str, reading: Reading, *, saved: bool) -> None:
        """Take ``reading`` for what ``path`` holds; ``saved`` by somebody, or merely come across."""


@dataclass(slots=True)
class Looking:
    """Reads ``files`` and hands what stands in one to ``take``, now or when it has lasted.

    An absence has to last for ``absence_seconds``. ``tell`` hears why files cannot be read, "" when they can
    again.
    """

    scheduler: Scheduler
    files: Files
    absence_seconds: float
    take: Take
    tell: Callable[[str], None]
    _absences: Settling = field(init=False)
    _writers: Settling = field(init=False)
    _patience: dict[str, float] = field(default_factory=dict)
    _troubles: Troubles = field(init=False)

    def __post_init__(self) -> None:
        self._absences = Settling(self.scheduler, ABSENCE_SECONDS, self._believe_absence)
        self._writers = Settling(self.scheduler, WRITER_FIRST_SECONDS, self.look)
        self._troubles = Troubles(self.scheduler, self._look_again, self._tell_trouble)

    @property
    def trouble(self) -> str:
        """Why files cannot be read just now, "" where they can."""
        return self._troubles.reason

    def look(self, path: str, *, saved: bool = True) -> None:
        """Look at ``path``: it may have been ``saved``, have appeared or have gone."""
        reading = self.files.read(path)
        if reading.look is Look.TROUBLE:
            self._troubles.failed(path, reading.reason, saved=saved)
            return
        saved = self._troubles.over(path) or saved
        if reading.look is Look.WRITER:
            self._wait_for_writer(path)
            return
        self._patience.pop(path, None)
        self._writers.cancel(path)
        if reading.look is Look.MISSING or (reading.look is Look.CONTENT and not reading.data):
            self._absences.wait(path, max(ABSENCE_SECONDS, self.absence_seconds))
        else:
            self._absences.cancel(path)
            self.take(path, reading, saved=saved)

    def close(self) -> None:
        """Call off all that is planned."""
        self._absences.clear()
        self._writers.clear()
        self._troubles.clear()

    def _wait_for_writer(self, path: str) -> None:
        patience = self._patience.get(path, WRITER_FIRST_SECONDS)
        if patience > WRITER_MOST_SECONDS:
            self._patience.pop(path)
            return
        self._patience[path] = patience * 2
        self._writers.wait(path, patience)

    def _believe_absence(self, path: str) -> None:
        reading = self.files.read(path)
        if reading.look is Look.TROUBLE:
            self._troubles.failed(path, reading.reason, saved=True)
        elif reading.look is not Look.WRITER:
            self.take(path, reading, saved=True)

    def _look_again(self, path: str, saved: bool) -> None:  # noqa: FBT001 - called by nobody but Troubles
        self.look(path, saved=saved)

    def _tell_trouble(self) -> None:
        self.tell(self._troubles.reason)
