"""How the daemon is: put together for whoever asks, and told to systemd and the bus when it changes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gowatchd
from gowatchd.services.changes import HistoryError
from gowatchd.services.metrics import Metrics
from gowatchd.services.parts import CONFIGURATION
from gowatchd.services.status import Off, Status
from gowatchd.system.own_usage import own_usage
from gowatchd.system.readiness import Readiness

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.pausing import Pausing
    from gowatchd.services.choices import Mute
    from gowatchd.services.ports import Handle
    from gowatchd.settings import Settings
    from gowatchd.succession import Succession
    from gowatchd.surroundings import Surroundings
    from gowatchd.system.child import ChildPool
    from gowatchd.system.choosing import Choosing
    from gowatchd.system.loop import MainLoop
    from gowatchd.system.notifier import DesktopNotifier
    from gowatchd.system.session_bus import SessionBus

# The status is told once for all that happens within this time, not for every file of a checkout.
STATUS_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Sources:
    """The parts of the daemon that a status tells of; ``since`` is when it began, in Unix seconds."""

    since: float
    around: Surroundings
    runs: Succession
    bus: SessionBus
    choosing: Choosing
    notifier: DesktopNotifier
    mute_of: Callable[[str], Mute | None]
    pausing: Pausing
    git_pool: ChildPool

    def metrics(self, settings: Settings) -> Metrics:
        """Return what they have done so far, in numbers."""
        pools = {"go": self.around.go_pool, "git": self.git_pool, "walk": self.around.walk_pool}
        children = {name: pool.started for name, pool in pools.items()}
        return Metrics(self.around.tally, self.status(settings), own_usage(self.since), children)

    def status(self, settings: Settings) -> Status:
        """Return how they are under ``settings``."""
        run, history_off = self.runs.run, ""
        change = None
        try:
            change = self.around.history.last()
        except HistoryError as error:
            history_off = str(error)
        ours = (
            ("bus", self.bus.reason),
            (CONFIGURATION, settings.trouble),
            *(("a repository's own settings", text) for text in self.around.restrictions.problems()),
            ("choices", self.choosing.trouble),
            ("history", history_off),
        )
        return Status(
            version=gowatchd.__version__,
            pid=os.getpid(),
            since=self.since,
            go=run.go,
            roots=run.roots,
            folders_watched=run.folders_watched,
            scanning=run.scanning,
            verdicts=run.pipeline.verdicts,
            standings=run.pipeline.tidier.standings(),
            mute_of=self.mute_of,
            notify_level=self.runs.config.notify.level,
            notify_server=self.notifier.server,
            last_change=change,
            paused=self.pausing.current,
            off=(
                *(
                    one for one in run.off() if not settings.cautious or one.part != "formatting"
                ),  # see trouble
                *(Off(part, reason) for part, reason in ours if reason),
            ),
        )


class StatusBoard:
    """Tells systemd when the daemon is ready, and systemd and ``tell`` how it is whenever that changes.

    Ready means that whoever waits for us finds our name on the bus, or there is none for us, and that what
    was remembered is watched. ``status`` returns how the daemon is; it is not called before the main loop.
    """

    def __init__(self, loop: MainLoop, status: Callable[[], Status], tell: Callable[[str], None]) -> None:
        self._loop = loop
        self._status = status
        self._tell = tell
        self._readiness = Readiness()
        self._watching = False
        self._bus_known = False
        self._ready = False
        self._due: Handle | None = None

    def bus_changed(self) -> None:
        """Take note that we are on the bus, or that there is none for us."""
        self._bus_known = True
        self._ready_now()

    def begun(self) -> None:
        """Take note that what was remembered is watched."""
        self._watching = True
        self._ready_now()

    def changed(self) -> None:
        """Take note that the status may be another one, and tell it soon."""
        if self._due is None:
            self._due = self._loop.call_later(STATUS_SECONDS, self._tell_status)

    def reloading(self) -> None:
        """Say that the configuration is read again."""
        self._readiness.reloading()

    def reloaded(self) -> None:
        """Say that this is over."""
        self._readiness.ready(self._status().line())
        self.changed()

    def stopping(self) -> None:
        """Say that the daemon ends, and give no signs of life from now on."""
        self._readiness.stopping()
        self._readiness.end_watchdog()

    def _ready_now(self) -> None:
        if self._bus_known and self._watching and not self._ready:
            self._ready = True
            self._readiness.ready(self._status().line())
            self._readiness.begin_watchdog(self._loop)
        self.changed()

    def _tell_status(self) -> None:
        self._due = None
        line = self._status().line()
        self._readiness.status(line)
        self._tell(line)
