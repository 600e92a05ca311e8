"""The pause that a person asked for: whether it holds, when it ends, and who has to hear of that."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gowatchd.services.changes import wall_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.choices import Pause
    from gowatchd.services.ports import Handle, Scheduler
    from gowatchd.system.choosing import Choosing

# The end is a time of the day, and the timers of the main loop stand still while the machine sleeps: so the
# clock is looked at this often, and only during a pause that has an end.
LOOK_SECONDS = 60.0


class Pausing:
    """Answers pause and resume, and calls ``changed`` whenever a pause began or ended."""

    def __init__(
        self,
        choosing: Choosing,
        scheduler: Scheduler,
        changed: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._choosing = choosing
        self._scheduler = scheduler
        self._changed = changed
        self._clock = clock
        self._was = self.current
        self._timer: Handle | None = None
        self._plan()

    @property
    def current(self) -> Pause | None:
        """The pause in force, if there is one."""
        return self._choosing.choices.pause(self._clock())

    def reason(self) -> str:
        """Return why nothing may be written just now, "" where it may."""
        pause = self.current
        if pause is None:
            return ""
        until = "gowatchctl resume" if pause.until is None else wall_time(pause.until)
        return f"gowatchd is paused until {until}"

    def pause(self, seconds: int, *, dry_run: bool) -> dict[str, object]:
        """Write and notify nothing for ``seconds``, or for ever for 0."""
        answer = self._choosing.pause(seconds or None, dry_run=dry_run)
        self._look()
        return answer

    def resume(self, *, dry_run: bool) -> dict[str, object]:
        """End the pause."""
        answer = self._choosing.resume(dry_run=dry_run)
        self._look()
        return answer

    def close(self) -> None:
        """Look at the clock no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        pause = self.current
        if pause != self._was:
            self._was = pause
            self._changed()
        self._plan()

    def _plan(self) -> None:
        self.close()
        self._timer = None
        if self._was is not None and self._was.until is not None:
            left = max(0.0, self._was.until - self._clock())
            self._timer = self._scheduler.call_later(min(left, LOOK_SECONDS), self._look)
