"""Files that the system fails to read: looked at again, at growing intervals, until it can."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Handle, Scheduler

# A moment without descriptors or memory passes soon; a dying disk should not be asked often.
FIRST_SECONDS = 0.05
MOST_SECONDS = 30.0

# A moment of it is nobody's concern: it is told when a look fails after having waited this long.
TOLD_SECONDS = 1.0


@dataclass(slots=True)
class _Trouble:
    """One file: what the system said, how long to wait next, and whether a save of it is due to be seen."""

    reason: str
    saved: bool
    wait: float = FIRST_SECONDS
    timer: Handle | None = None


class Troubles:
    """Repeats looks that the system failed.

    ``look(path, saved)`` is called for each try; ``on_change`` when ``reason`` is another one.
    """

    def __init__(
        self, scheduler: Scheduler, look: Callable[[str, bool], None], on_change: Callable[[], None]
    ) -> None:
        self.reason = ""  # why files cannot be read, once that has lasted; "" while all is well
        self._scheduler = scheduler
        self._look = look
        self._on_change = on_change
        self._files: dict[str, _Trouble] = {}

    def failed(self, path: str, reason: str, *, saved: bool) -> None:
        """Note that a look at ``path`` failed, and plan the next one."""
        trouble = self._files.setdefault(path, _Trouble(reason, saved))
        trouble.reason, trouble.saved = reason, trouble.saved or saved
        if trouble.timer is not None:
            return  # another event meanwhile: the next try answers that too
        trouble.timer = self._scheduler.call_later(trouble.wait, partial(self._try_again, path, trouble))
        if trouble.wait >= TOLD_SECONDS:
            self._tell(f"{path}: {reason}")
        trouble.wait = min(trouble.wait * 2, MOST_SECONDS)

    def over(self, path: str) -> bool:
        """Note that ``path`` could be looked at; return whether a save of it had not been seen yet."""
        trouble = self._files.pop(path, None)
        if trouble is None:
            return False
        if trouble.timer is not None:
            trouble.timer.cancel()
        if not self._files:
            self._tell("")
        return trouble.saved

    def clear(self) -> None:
        """Call off everything, and tell nobody."""
        for trouble in self._files.values():
            if trouble.timer is not None:
                trouble.timer.cancel()
        self._files.clear()
        self.reason = ""

    def _try_again(self, path: str, trouble: _Trouble) -> None:
        trouble.timer = None
        self._look(path, trouble.saved)

    def _tell(self, reason: str) -> None:
        """One file stands for all: what one person can do about it is the same for the others."""
        if bool(reason) != bool(self.reason):
            self.reason = reason
            self._on_change()
