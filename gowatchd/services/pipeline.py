"""One event, from "look at this file" to a verdict on every workspace that it is part of.

Level-triggered: an event only says where to look, what counts is what stands on the disk. The verdict of our
own rules is out at once; formatting and the go command's own opinion follow when the file has rested.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from gowatchd.lint.catalog import check, sort_key
from gowatchd.services.go_work_setting import with_gowork
from gowatchd.services.ports import Look
from gowatchd.services.rechecking import Rechecking
from gowatchd.services.restriction import NOWHERE, wanted
from gowatchd.services.settling import Settling
from gowatchd.services.troubles import Troubles
from gowatchd.services.workspaces import Change
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.lint.facts import Facts
    from gowatchd.services.ports import Files, Reading, Scheduler
    from gowatchd.services.restriction import Restrictions
    from gowatchd.services.tidying import Tidier
    from gowatchd.services.workspaces import Workspaces
    from gowatchd.workspace.model import Workspace

# Editors and git take a file away for a few milliseconds before its new content stands, and shells truncate
# before they write: nothing and an empty file are believed only when they last (never less than this).
ABSENCE_SECONDS = 0.1

# The kernel tells of a close before the writer has let go of the file, some microseconds to milliseconds. So
# a file that still has a writer is looked at again after 1, 2, 4 ... ms; one that has it for longer than this
# will be closed later, which brings the next event.
WRITER_FIRST_SECONDS = 0.001
WRITER_MOST_SECONDS = 0.128

# What stands beside a file (go.sum, vendor/modules.txt) is looked at so long after the first of its events:
# go writes go.sum right after go.mod, and one look serves for all that it does in a moment.
BESIDE_SECONDS = 0.05

# A Save All, a checkout or a rebase saves many files of one workspace. The first is judged at once, and what
# follows this close as a whole: one verdict for each state of the workspace, not one for each file. While it
# goes on, the pauses between two verdicts grow: a checkout of hundreds of files takes seconds.
SAVE_ALL_SECONDS = 0.1
SAVE_ALL_MOST_SECONDS = 0.8

# The go command is asked when a workspace has rested this long: once for a Save All, a checkout, or a save
# and our own rewrite after it.
CROSS_CHECK_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the last check of one workspace said; ``checked_at`` is Unix seconds.

    ``by_go`` are those of the ``diagnostics`` that the go command added.
    """

    workspace: Workspace
    diagnostics: tuple[Diagnostic, ...]
    checked_at: float
    by_go: tuple[Diagnostic, ...] = ()

    @property
    def ours(self) -> tuple[Diagnostic, ...]:
        """Those that our own rules gave."""
        return tuple(one for one in self.diagnostics if one not in self.by_go)


class VerdictListener(Protocol):
    """Who wants to hear of verdicts."""

    def checked(self, verdict: Verdict, previous: Verdict | None) -> None:
        """A workspace was checked; ``previous`` is the verdict before, if there was one."""

    def vanished(self, verdict: Verdict) -> None:
        """A workspace is no more; ``verdict`` was the last on it."""

    def reading(self, trouble: str) -> None:
        """The system fails to read files, for the reason ``trouble``; "" means that it does again."""


class CrossChecker(Protocol):
    """The go command's opinion on a workspace, off the main thread."""

    def check(
        self,
        workspace: Workspace,
        ours: tuple[Diagnostic, ...],
        done: Callable[[tuple[Diagnostic, ...]], None],
    ) -> None:
        """Call ``done`` with ``ours`` and what go adds to them; never, if a newer call takes its place."""


@dataclass(slots=True)
class Pipeline:
    """Leads every saved file through validation, and hands it on to the tidier."""

    scheduler: Scheduler
    clock: Callable[[], float]
    files: Files
    workspaces: Workspaces
    tidier: Tidier
    listener: VerdictListener
    facts: Facts
    cross_checker: CrossChecker | None = None
    disable: frozenset[str] = frozenset()
    restrictions: Restrictions = NOWHERE
    _verdicts: dict[str, Verdict] = field(default_factory=dict)
    _absences: Settling = field(init=False)
    _cross_checks: Settling = field(init=False)
    _writers: Settling = field(init=False)
    _besides: Settling = field(init=False)
    _checks: Settling = field(init=False)
    _patience: dict[str, float] = field(default_factory=dict)
    _troubles: Troubles = field(init=False)
    _last_checks: dict[str, tuple[float, str, float]] = field(default_factory=dict)
    _rechecking: Rechecking = field(init=False)

    def __post_init__(self) -> None:
        self._absences = Settling(self.scheduler, ABSENCE_SECONDS, self._believe_absence)
        self._cross_checks = Settling(self.scheduler, CROSS_CHECK_SECONDS, self._cross_check)
        self._writers = Settling(self.scheduler, WRITER_FIRST_SECONDS, self.look)
        self._troubles = Troubles(self.scheduler, self._look_again, self._tell_trouble)
        self._rechecking = Rechecking(self.scheduler, self._check_again)
        self._besides = Settling(self.scheduler, BESIDE_SECONDS, self._look_beside)
        self._checks = Settling(self.scheduler, SAVE_ALL_SECONDS, self._check_now)

    @property
    def trouble(self) -> str:
        """Why files cannot be read just now, "" where they can."""
        return self._troubles.reason

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The last verdict on every workspace, by path."""
        return tuple(self._verdicts[path] for path in sorted(self._verdicts))

    def known(self, workspace: Workspace) -> tuple[Diagnostic, ...]:
        """Return what the last check of ``workspace`` said."""
        verdict = self._verdicts.get(workspace.path)
        return () if verdict is None else verdict.diagnostics

    def judge(self, workspace: Workspace) -> tuple[Diagnostic, ...]:
        """Return what our own rules say of ``workspace``, and tell nobody."""
        return wanted(
            check(workspace, with_gowork(self.facts, self.files), self.disable),
            workspace.path,
            self.restrictions,
        )

    def begin(self, paths: Iterable[str]) -> None:
        """Load and check the workspaces that ``paths`` make; nothing is formatted for that."""
        for workspace in self.workspaces.load(paths):
            self._check(workspace)
            self._look_at_unread(workspace)

    def admit(self, paths: Iterable[str]) -> None:
        """Take ``paths`` for all that there are, after ``begin`` knew some; nothing is formatted for that."""
        change = self.workspaces.scan(paths)
        new = tuple(one for one in change.workspaces if not self._is_judged(one))
        self._apply(Change(new, change.vanished))
        for workspace in new:
            self._look_at_unread(workspace)

    def look(self, path: str, *, saved: bool = True) -> None:
        """Look at ``path``: it may have been saved, have appeared or have gone.

        Without ``saved`` it was merely come across, and what is known already is not news to the tidier.
        """
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
            self._absences.wait(path, max(ABSENCE_SECONDS, self.tidier.options.settle_seconds))
        else:
            self._take(path, reading, saved=saved)

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
        self._absences.clear()
        self._writers.clear()
        self._troubles.clear()
        self._besides.clear()
        self._rechecking.clear()
        self._cross_checks.clear()
        self._checks.clear()
        self._verdicts.clear()
        self.tidier.close()

    def _look_at_unread(self, workspace: Workspace) -> None:
        for file in workspace.files:
            if file.state is State.UNKNOWN:
                self.look(file.path, saved=False)

    def _is_judged(self, workspace: Workspace) -> bool:
        verdict = self._verdicts.get(workspace.path)
        return verdict is not None and verdict.workspace.parts == workspace.parts

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
            self._take(path, reading)

    def _look_again(self, path: str, saved: bool) -> None:  # noqa: FBT001 - called by nobody but Troubles
        self.look(path, saved=saved)

    def _tell_trouble(self) -> None:
        self.listener.reading(self._troubles.reason)

    def _check_again(self, path: str) -> None:
        workspace = self.workspaces.get(path)
        if workspace is not None:
            self._check(workspace)

    def _look_beside(self, path: str) -> None:
        self._apply(self.workspaces.changed_beside(path))

    def _take(self, path: str, reading: Reading, *, saved: bool = True) -> None:
        self._absences.cancel(path)
        known = self.workspaces.source(path)
        news = (
            reading.look is not Look.CONTENT
            or known is None
            or (known.state, known.data) != (State.PRESENT, reading.data)
        )
        if news:
            self._apply(self.workspaces.changed(path, reading), path)
            if path == self.facts.environment.gowork:  # which every workspace is told of
                self.recheck_soon()
        if reading.look is not Look.CONTENT:
            self.tidier.gone(path)
        elif (saved or news) and self.workspaces.covers(path):  # what lies elsewhere is only looked at
            if self.tidier.options.fix_on_save:
                self._check_what_waits(path)  # what is to be fixed is what the verdicts say
            self.tidier.saved(path, reading.data)

    def _apply(self, change: Change, cause: str = "") -> None:
        """Check what a look at ``cause`` changed: at once, or together with what other files just changed."""
        for path in change.vanished:
            self._cross_checks.cancel(path)
            self._checks.cancel(path)
            self._last_checks.pop(path, None)
            verdict = self._verdicts.pop(path, None)
            if verdict is not None:
                self.listener.vanished(verdict)
        now = self.scheduler.now()
        for workspace in change.workspaces:
            at, last_cause, pause = self._last_checks.get(workspace.path, (now, cause, 0.0))
            alone = cause == last_cause and not self._checks.is_waiting(workspace.path)
            if now - at < pause and not alone:
                self._checks.expect(workspace.path, at + pause - now)
            else:
                self._last_checks[workspace.path] = now, cause, SAVE_ALL_SECONDS
                self._check(workspace)

    def _check_now(self, path: str) -> None:
        workspace = self.workspaces.get(path)
        if workspace is not None:
            _, _, pause = self._last_checks.get(path, (0.0, "", SAVE_ALL_SECONDS))
            self._last_checks[path] = self.scheduler.now(), "", min(pause * 2, SAVE_ALL_MOST_SECONDS)
            self._check(workspace)

    def _check_what_waits(self, path: str) -> None:
        for workspace in self.workspaces.owning(path):
            if self._checks.is_waiting(workspace.path):
                self._check_now(workspace.path)

    def _check(self, workspace: Workspace) -> None:
        """Judge by our own rules; what go said before stands until it is heard again."""
        self._checks.cancel(workspace.path)
        diagnostics = self.judge(workspace)
        by_go: tuple[Diagnostic, ...] = ()
        before = self._verdicts.get(workspace.path)
        asks_go = self.cross_checker is not None and self.restrictions.of(workspace.path).cross_check
        if before is not None and asks_go:
            still = wanted(before.by_go, workspace.path, self.restrictions)
            by_go = tuple(one for one in still if one not in diagnostics)
            diagnostics = tuple(sorted((*diagnostics, *by_go), key=sort_key))
        self._publish(Verdict(workspace, diagnostics, self.clock(), by_go))
        if asks_go:
            self._cross_checks.wait(workspace.path, CROSS_CHECK_SECONDS)

    def _cross_check(self, path: str) -> None:
        verdict = self._verdicts.get(path)
        if verdict is not None and self.cross_checker is not None:
            done = partial(self._cross_checked, verdict)
            self.cross_checker.check(verdict.workspace, verdict.ours, done)

    def _cross_checked(self, asked: Verdict, diagnostics: tuple[Diagnostic, ...]) -> None:
        current = self._verdicts.get(asked.workspace.path)
        diagnostics = wanted(diagnostics, asked.workspace.path, self.restrictions)
        if current is asked and diagnostics != asked.diagnostics:
            ours = asked.ours
            by_go = tuple(one for one in diagnostics if one not in ours)
            self._publish(Verdict(asked.workspace, diagnostics, self.clock(), by_go))

    def _publish(self, verdict: Verdict) -> None:
        previous = self._verdicts.get(verdict.workspace.path)
        self._verdicts[verdict.workspace.path] = verdict
        self.listener.checked(verdict, previous)
