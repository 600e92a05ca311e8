"""Tells everybody what happened: the log, the bus, and the person."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from gowatchd.lint.diagnostic import Severity
from gowatchd.services import unit_notes
from gowatchd.services.notes import Level
from gowatchd.services.report import diagnostic_report
from gowatchd.services.status import count
from gowatchd.services.tally import Tally
from gowatchd.services.unit_plan import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.services.announcing import Announcer
    from gowatchd.services.standing import Standing
    from gowatchd.services.undoing import Undoing
    from gowatchd.services.unit_findings import Audit
    from gowatchd.services.unit_plan import Repair
    from gowatchd.services.verdict import Verdict

log = logging.getLogger(__name__)

READING = "reading files"  # the part of the daemon that is off while the system fails to read

NOT_REPAIRED = frozenset({Outcome.REFUSED, Outcome.FAILED, Outcome.POSTPONED})
LOG_LEVELS = {Severity.ERROR: logging.WARNING, Severity.WARNING: logging.WARNING, Severity.INFO: logging.INFO}


class Signals(Protocol):
    """What scripts hear over the bus; gowatchd/system/org.gowatchd.Manager1.xml describes each."""

    def workspace_checked(
        self, root: str, kind: str, errors: int, warnings: int, diagnostics: object
    ) -> None:
        """A workspace was checked."""

    def file_formatted(self, change: int, path: str) -> None:
        """A file was formatted."""

    def file_fixed(self, change: int, path: str, titles: tuple[str, ...]) -> None:
        """A file was fixed."""

    def change_undone(self, change: int, path: str) -> None:
        """A change was undone."""

    def unit_repaired(self, unit: str, result: dict[str, object]) -> None:
        """The repair of a user unit ended."""


@dataclass(slots=True)
class Publisher:
    """Hears verdicts and what became of saves, and passes them on, the bus first: scripts wait for it.

    ``owner`` returns the path of the workspace that a file belongs to; ``changed`` is called when the status
    is another one.
    """

    signals: Signals
    announcer: Announcer
    owner: Callable[[str], str]
    changed: Callable[[], None]
    tally: Tally = field(default_factory=Tally)

    def checked(self, verdict: Verdict, previous: Verdict | None) -> None:
        """Pass on the verdict; the log has only what is new."""
        self.tally.checks += 1
        workspace, diagnostics = verdict.workspace, verdict.diagnostics
        errors, warnings = count(verdict, Severity.ERROR), count(verdict, Severity.WARNING)
        report = [diagnostic_report(one) for one in diagnostics]
        self.signals.workspace_checked(workspace.root, workspace.kind.value, errors, warnings, report)
        self.announcer.checked(workspace.path, diagnostics)
        known = frozenset(map(_identity, previous.diagnostics)) if previous else frozenset()
        for one in diagnostics:
            if _identity(one) not in known:
                place = f"{one.path}:{one.span.start.line}:{one.span.start.column}"
                log.log(LOG_LEVELS[one.severity], "%s: %s: %s", place, one.code, one.message)
        if known and not diagnostics:
            log.info("%s: all problems are gone", workspace.path)
        self.changed()

    def vanished(self, verdict: Verdict) -> None:
        """Pass on that a workspace is no more."""
        log.info("%s is gone", verdict.workspace.path)
        self.announcer.vanished(verdict.workspace.path)
        self.changed()

    def reading(self, trouble: str) -> None:
        """Pass on that files cannot be read, or can again."""
        if trouble:
            log.warning("cannot read files: %s", trouble)
            self.announcer.degraded(READING, trouble)
        else:
            log.info("files can be read again")
            self.announcer.restored(READING)
        self.changed()

    def formatted(self, change: int, path: str) -> None:
        """Pass on that a file was rewritten."""
        self.tally.formatted += 1
        self.signals.file_formatted(change, path)
        self.announcer.formatted(change, path, self.owner(path))
        log.info("formatted %s (gowatchctl undo %d)", path, change)
        self.changed()

    def fixed(self, change: int, path: str, titles: tuple[str, ...], *, asked: bool = False) -> None:
        """Pass on that a file was fixed; the person who ``asked`` for it is told where they did."""
        self.tally.fixed += 1
        self.signals.file_fixed(change, path, titles)
        if not asked:
            self.announcer.fixed(change, path, self.owner(path), titles)
        log.info("fixed %s: %s (gowatchctl undo %d)", path, "; ".join(titles), change)
        self.changed()

    def would_format(self, path: str) -> None:
        """Log what --dry-run held back."""
        log.info("would format %s", path)

    def stands(self, standing: Standing) -> None:
        """Log why a file is not formatted; the status tells it to those who wonder."""
        log.debug("%s: format %s: %s", standing.path, standing.state.value, standing.reason)
        self.changed()

    def write_failed(self, path: str, reason: str) -> None:
        """Pass on that the system refused a write."""
        self.tally.writes_refused += 1
        log.error("could not write %s: %s", path, reason)
        self.announcer.write_failed(path, reason)

    def write_over(self, path: str) -> None:
        """Take back what was said of a refused write."""
        self.announcer.write_over(path)
        self.changed()

    def unit_lacks(self, found: Audit) -> None:
        """Pass on that a user unit lacks what is known, and that its person decides."""
        names = sorted(found.assignments)
        log.warning("%s lacks %s: gowatchctl env %s", found.unit, ", ".join(names), found.unit)
        self.announcer.unit(unit_notes.unit_lacks(found.unit, names))
        self.changed()

    def unit_is_fine(self, unit: str) -> None:
        """Take back what was said of a user unit."""
        self.announcer.unit_over(unit)

    def unit_repaired(self, repair: Repair, *, asked: bool, runs: bool) -> None:
        """Pass on how the repair of a user unit ended; who ``asked`` for it is told where they did."""
        self.signals.unit_repaired(repair.unit, repair.as_json())
        self.tally.units_repaired += repair.outcome is Outcome.REPAIRED
        self.tally.units_not_repaired += repair.outcome in NOT_REPAIRED
        if repair.outcome is Outcome.REPAIRED and repair.change is not None:
            log.info("%s (gowatchctl undo %d)", repair.message, repair.change)
            if not asked or runs:
                note = unit_notes.unit_repaired(
                    repair.unit, repair.names, repair.change, runs=runs, diff=repair.diff
                )
                self.announcer.unit(note)
        elif repair.outcome in NOT_REPAIRED:
            log.warning("%s was not repaired: %s", repair.unit, repair.message)
            if not asked:
                note = unit_notes.unit_not_repaired(repair.unit, repair.message)
                self.announcer.unit(note, least=Level.PROBLEMS)
        self.changed()

    def undone(self, undoing: Undoing) -> None:
        """Pass on that a change was taken back."""
        self.tally.undone += 1
        self.signals.change_undone(undoing.id, undoing.path)
        self.announcer.undone(undoing.id, undoing.path)
        log.info("undone: change %d of %s", undoing.id, undoing.path)
        self.changed()


def _identity(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """Return what makes a diagnostic the same one although lines moved."""
    return diagnostic.path, diagnostic.code, diagnostic.message
