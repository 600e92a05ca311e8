"""One event, from "look at this file" to a verdict on every workspace that it is part of.

Level-triggered: an event only says where to look, what counts is what stands on the disk. The verdict of our
own rules is out at once; formatting and the go command's own opinion follow when the file has rested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.looking import Looking
from gowatchd.services.pacing import Pacing
from gowatchd.services.ports import Look
from gowatchd.services.rechecking import Rechecking
from gowatchd.services.settling import Settling
from gowatchd.services.tally import Tally
from gowatchd.services.workspaces import Change
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.services.judging import Judging
    from gowatchd.services.ports import Reading, Scheduler
    from gowatchd.services.tidying import Tidier
    from gowatchd.services.verdict import Verdict
    from gowatchd.services.workspaces import Workspaces
    from gowatchd.workspace.model import Workspace

# What stands beside a file (go.sum, vendor/modules.txt) is looked at so long after the first of its events:
# go writes go.sum right after go.mod, and one look serves for all that it does in a moment.
BESIDE_SECONDS = 0.05


class Pipeline:
    """Leads every saved file through ``judging``, and hands it on to the tidier."""

    def __init__(
        self,
        scheduler: Scheduler,
        workspaces: Workspaces,
        judging: Judging,
        tidier: Tidier,
        tally: Tally | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._tally = tally or Tally()
        self._saved: dict[str, float] = {}  # files that are being looked at, and when they were saved
        self._asked: dict[str, float] = {}  # workspaces to be checked, and when what asks for it was saved
        self.workspaces = workspaces
        self.judging = judging
        self.tidier = tidier
        self._looking = Looking(
            scheduler, judging.files, tidier.options.settle_seconds, self._take, judging.listener.reading
        )
        self._besides = Settling(scheduler, BESIDE_SECONDS, self._look_beside)
        self._pacing = Pacing(scheduler, self._check_at)
        self._rechecking = Rechecking(scheduler, self._check_at)

    @property
    def trouble(self) -> str:
        """Why files cannot be read just now, "" where they can."""
        return self._looking.trouble

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The last verdict on every workspace, by path."""
        return self.judging.verdicts

    def begin(self, paths: Iterable[str]) -> None:
        """Load and check the workspaces that ``paths`` make; nothing is formatted for that."""
        for workspace in self.workspaces.load(paths):
            self._check(workspace)
            self._look_at_unread(workspace)

    def admit(self, paths: Iterable[str]) -> None:
        """Take ``paths`` for all that there are, after ``begin`` knew some; nothing is formatted for that."""
        change = self.workspaces.scan(paths)
        new = tuple(one for one in change.workspaces if not self.judging.is_judged(one))
        self._apply(Change(new, change.vanished))
        for workspace in new:
            self._look_at_unread(workspace)

    def look(self, path: str, *, saved: bool = True) -> None:
        """Look at ``path``: it may have been saved, have appeared or have gone.

        Without ``saved`` it was merely come across, and what is known already is not news to the tidier.
        """
        if saved:
            self._saved[path] = self._scheduler.now()
        self._looking.look(path, saved=saved)

    def look_beside(self, path: str) -> None:
        """Look soon at ``path``, which stands beside a go.work or go.mod: a go.sum or vendor/modules.txt.

        The workspaces that go would read it for are built and checked again; nothing is formatted for that.
        """
        if self.workspaces.beside(path):
            self._besides.expect(path, BESIDE_SECONDS)

    def recheck(self, workspaces: Iterable[Workspace]) -> None:
        """Check ``workspaces`` again, now."""
        for workspace in tuple(workspaces):
            self._check(workspace)

    def recheck_soon(self) -> None:
        """Check all workspaces again, as after a change of the go command: a few at a time."""
        self._rechecking.ask(workspace.path for workspace in self.workspaces)

    def close(self) -> None:
        """Call off all that is planned, and take no answer of go any more."""
        self._looking.close()
        self._besides.clear()
        self._rechecking.clear()
        self._pacing.clear()
        self._saved.clear()
        self._asked.clear()
        self.judging.close()
        self.tidier.close()

    def _look_at_unread(self, workspace: Workspace) -> None:
        for file in workspace.files:
            if file.state is State.UNKNOWN:
                self.look(file.path, saved=False)

    def _look_beside(self, path: str) -> None:
        self._apply(self.workspaces.changed_beside(path))

    def _take(self, path: str, reading: Reading, *, saved: bool) -> None:
        since = self._saved.pop(path, None)
        known = self.workspaces.source(path)
        news = (
            reading.look is not Look.CONTENT
            or known is None
            or (known.state, known.data) != (State.PRESENT, reading.data)
        )
        if news:
            self._tally.saves += saved
            change = self.workspaces.changed(path, reading)
            if since is not None:
                for workspace in change.workspaces:
                    self._asked.setdefault(workspace.path, since)
            self._apply(change, path)
            if path == self.judging.facts.environment.gowork:  # which every workspace is told of
                self.recheck_soon()
        if reading.look is not Look.CONTENT:
            self.tidier.gone(path)
        elif (saved or news) and self.workspaces.covers(path):  # what lies elsewhere is only looked at
            if self.tidier.options.fix_on_save:
                for workspace in self.workspaces.owning(path):
                    self._pacing.hurry(workspace.path)  # what is to be fixed is what the verdicts say
            self.tidier.saved(path, reading.data)

    def _apply(self, change: Change, cause: str = "") -> None:
        """Check what a look at ``cause`` changed: at once, or together with what other files just changed."""
        for path in change.vanished:
            self._pacing.forget(path)
            self._asked.pop(path, None)
            self.judging.vanished(path)
        for workspace in change.workspaces:
            self._pacing.changed(workspace.path, cause)

    def _check_at(self, path: str) -> None:
        workspace = self.workspaces.get(path)
        if workspace is not None:
            self._check(workspace)

    def _check(self, workspace: Workspace) -> None:
        self._pacing.checked(workspace.path)
        self.judging.check(workspace)
        since = self._asked.pop(workspace.path, None)
        if since is not None:
            self._tally.verdict_seconds.observe(self._scheduler.now() - since)
