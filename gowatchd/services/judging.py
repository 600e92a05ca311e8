"""The verdicts: what our own rules say of a workspace at once, and what go adds to that when it rests."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from gowatchd.lint.catalog import check, sort_key
from gowatchd.lint.diagnostic import Severity
from gowatchd.services.go_work_setting import with_gowork
from gowatchd.services.restriction import NOWHERE, wanted
from gowatchd.services.settling import Settling
from gowatchd.services.toolchain_at_hand import with_toolchain
from gowatchd.services.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.lint.facts import Facts
    from gowatchd.services.ports import Files, Scheduler
    from gowatchd.services.restriction import Restrictions
    from gowatchd.services.verdict import VerdictListener
    from gowatchd.workspace.model import Workspace

# The go command is asked when a workspace has rested this long: once for a Save All, a checkout, or a save
# and our own rewrite after it.
CROSS_CHECK_SECONDS = 0.3

# Diagnostics of one workspace that are kept, errors first: each is a line of the log and of a signal.
MOST = 1000


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
class Judging:
    """Checks workspaces by the rules that are not in ``disable``, and keeps the last verdict on each."""

    scheduler: Scheduler
    clock: Callable[[], float]
    files: Files
    listener: VerdictListener
    facts: Facts
    disable: frozenset[str] = frozenset()
    restrictions: Restrictions = NOWHERE
    cross_checker: CrossChecker | None = None
    _verdicts: dict[str, Verdict] = field(default_factory=dict)
    _cross_checks: Settling = field(init=False)

    def __post_init__(self) -> None:
        self._cross_checks = Settling(self.scheduler, CROSS_CHECK_SECONDS, self._cross_check)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The last verdict on every workspace, by path."""
        return tuple(self._verdicts[path] for path in sorted(self._verdicts))

    def known(self, workspace: Workspace) -> tuple[Diagnostic, ...]:
        """Return what the last check of ``workspace`` said."""
        verdict = self._verdicts.get(workspace.path)
        return () if verdict is None else verdict.diagnostics

    def is_judged(self, workspace: Workspace) -> bool:
        """Say whether the last verdict is on ``workspace`` as it is now."""
        verdict = self._verdicts.get(workspace.path)
        return verdict is not None and verdict.workspace.parts == workspace.parts

    def judge(self, workspace: Workspace) -> tuple[Diagnostic, ...]:
        """Return what our own rules say of ``workspace``, and tell nobody."""
        found = check(workspace, self._facts_for(workspace), self.disable)
        return _most_severe(wanted(found, workspace.path, self.restrictions))

    def _facts_for(self, workspace: Workspace) -> Facts:
        return with_toolchain(with_gowork(self.facts, self.files), workspace, self.files)

    def check(self, workspace: Workspace) -> None:
        """Judge by our own rules; what go said before stands until it is heard again."""
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

    def vanished(self, path: str) -> None:
        """Drop the verdict on the workspace of ``path``, which is no more."""
        self._cross_checks.cancel(path)
        verdict = self._verdicts.pop(path, None)
        if verdict is not None:
            self.listener.vanished(verdict)

    def close(self) -> None:
        """Call off all that is planned, and take no answer of go any more."""
        self._cross_checks.clear()
        self._verdicts.clear()

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


def _most_severe(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    if len(diagnostics) <= MOST:
        return diagnostics
    severities = tuple(Severity)
    kept = sorted(diagnostics, key=lambda one: severities.index(one.severity))[:MOST]
    return tuple(sorted(kept, key=sort_key))
