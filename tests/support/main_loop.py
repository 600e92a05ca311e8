"""The daemon's main loop, for tests that wait for what happens on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gi.repository import GLib

from gowatchd.system import loop

if TYPE_CHECKING:
    from collections.abc import Callable


class MainLoop(loop.MainLoop):
    """A main loop that turns while ``run_until`` waits."""

    def run_until(self, condition: Callable[[], object], seconds: float = 60.0) -> None:
        """Turn the loop until ``condition`` holds; fail when it does not within ``seconds``."""
        context = GLib.MainContext.default()
        late: list[bool] = []
        timer = self.call_later(seconds, lambda: late.append(True))
        while not condition():
            assert not late, f"not within {seconds} s"
            assert self._status is None, "a callback failed: see the log"
            context.iteration(may_block=True)
        timer.cancel()
