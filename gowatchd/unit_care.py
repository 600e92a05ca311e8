"""The care for user units: finds those that lack their environment, tells, and repairs what it may."""

from __future__ import annotations

import contextlib
import difflib
import fnmatch
import glob
import logging
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from gowatchd.services.manager import NoSuchUnitError, RequestError
from gowatchd.services.shared_care import SharedCare
from gowatchd.services.unit_auditing import Inspection, Inspector
from gowatchd.services.unit_loading import Loading
from gowatchd.services.unit_plan import Outcome, RefusedError, drop_in_path, plan
from gowatchd.services.unit_repair import Repairer
from gowatchd.services.unit_report import report, unit_report
from gowatchd.system.drop_in_files import clean_drop_in_folder, is_drop_in
from gowatchd.system.unit_folders import UnitFolderScan
from gowatchd.system.unit_watch import UnitWatch
from gowatchd.unit_knowledge import UnitKnowledge

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.config.models import Env
    from gowatchd.services.history import History
    from gowatchd.services.ports import Contents, Handle
    from gowatchd.services.unit_findings import Audit
    from gowatchd.services.unit_plan import Repair
    from gowatchd.services.unit_state import UnitState
    from gowatchd.services.unit_values import Values
    from gowatchd.system.child import ChildPool
    from gowatchd.system.go_installation import GoInstallation
    from gowatchd.system.loop import MainLoop
    from gowatchd.system.user_manager import SystemdManager

log = logging.getLogger(__name__)

# Seconds after the manager appeared: at login it still starts units, and a desktop session uploads its
# environment within that.
FIRST_SECONDS = 5.0

# Seconds after a reload, a failure or a new session: they come in bursts.
AGAIN_SECONDS = 1.0


class Teller(Protocol):
    """Who passes on what was found and done."""

    def unit_lacks(self, found: Audit) -> None:
        """A unit lacks what is known, and the policy leaves the repair to its person."""

    def unit_is_fine(self, unit: str) -> None:
        """A unit lacks nothing that is known."""

    def unit_repaired(self, repair: Repair, *, asked: bool, runs: bool) -> None:
        """A repair ended; ``runs`` says whether the unit still runs with the older environment."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the care works with."""

    loop: MainLoop
    pool: ChildPool
    history: History
    files: Contents
    manager: SystemdManager
    paused: Callable[[], str]  # why nothing may be written unasked just now, "" where it may


class UnitCare:
    """Audits at the start, when unit files change, after a reload, a failure and at a new desktop session.

    ``reason`` says why there is no audit, "" where there is one.
    """

    def __init__(self, means: Means, config: Env, teller: Teller) -> None:
        self.reason = "no audit yet"
        self._means = means
        self._config = config
        self._teller = teller
        self._knowledge = UnitKnowledge(means.pool, config)
        self._last = Inspection()
        self._tried: dict[str, dict[str, str]] = {}  # unit -> what was repaired or suggested
        self._asked: set[str] = set()
        self._timer: Handle | None = None
        self._folders = UnitFolderScan(os.path.expanduser("~"), os.environ.get("XDG_RUNTIME_DIR", ""))
        self._inspector = Inspector(
            means.loop, means.manager, self._folders, self._knowledge.surroundings, self._inspected
        )
        self._repairer = Repairer(
            means.manager,
            self._folders,
            means.history,
            means.files,
            lambda state: self._knowledge.surroundings(state.environment),
            self._repaired,
        )
        self.shared = SharedCare(self, means.manager, means.history, means.files)
        self._loading = Loading(means.manager, means.files)
        self._fresh = True  # no audit since the manager appeared
        self._watch = UnitWatch(means.loop, self._again)
        means.manager.listen(self)

    def close(self) -> None:
        """Stop for good."""
        if self._timer is not None:
            self._timer.cancel()
        self._inspector.close()
        self._repairer.give_up("gowatchd stops, or begins anew with another configuration")
        self._watch.close()

    def set_go(self, go: GoInstallation) -> None:
        """Take ``go`` for the go command of the person."""
        self._knowledge.go = go
        self._again()

    def session_appeared(self) -> None:
        """Look again: a desktop session is there, and its environment with it."""
        self._again()

    def manager_changed(self, reason: str | None) -> None:
        """Hear from the manager that it is there, or why not."""
        if self._config.policy == "off":
            self.reason = '[env] policy = "off"'
        elif reason is not None:
            self.reason = reason
            self._inspector.close()
            self._repairer.give_up(reason)
            self.shared.give_up(reason)
        else:
            self._fresh = True
            self._tried.clear()  # what the manager could not load may be loaded now
            self._plan(FIRST_SECONDS)

    def reloaded(self) -> None:
        """Hear from the manager that it read all unit files again."""
        self._again()

    def failed(self, unit: str) -> None:
        """Hear from the manager that a service failed."""
        log.debug("%s failed: looking at its environment", unit)
        self._knowledge.failed()
        self._again()

    def report(self, *, everybodys: bool) -> dict[str, object]:
        """Return what ``gowatchctl env --json`` prints."""
        return report(self._last, self._config.policy, self.reason, everybodys=everybodys)

    def preview(self, unit: str) -> dict[str, object]:
        """Return what was found about ``unit``, and the drop-in that would mend it as a diff."""
        found, state = self._find(unit)
        answer = unit_report(found, self._last)
        folder = None if self._last.manager is None else self._folders.place(self._last.manager)
        if not found.assignments or folder is None:
            return {**answer, "path": None, "diff": ""}
        try:
            planned = plan(state, found, folder, self._means.files)
        except RefusedError as error:
            return {**answer, "path": None, "diff": "", "refused": str(error)}
        old, new = (
            data.decode("utf-8", "replace").splitlines(keepends=True)
            for data in (planned.before, planned.after)
        )
        diff = "".join(difflib.unified_diff(old, new, planned.path, planned.path))
        return {**answer, "path": planned.path, "diff": diff}

    def repair(self, unit: str, *, reload_others: bool) -> None:
        """Repair ``unit`` because its person asked for it; the teller hears how it ended."""
        found, _ = self._find(unit)
        if self._last.manager is None:
            raise RequestError(self.reason)
        self._asked.add(found.unit)
        self._repairer.repair(found.unit, self._last.manager, asked=True, reload_others=reload_others)

    @property
    def last(self) -> Inspection:
        """The last audit."""
        return self._last

    def place(self) -> str:
        """Return the person's folder of units; raises RequestError where there is none."""
        if self._last.manager is None:
            raise RequestError(self.reason)
        folder = self._folders.place(self._last.manager)
        if folder is None:
            raise RequestError("the user manager reads no folder of yours")
        return folder

    def values(self) -> Values:
        """Return what is known about variables."""
        return self._knowledge.values()

    def shared_written(self, repair: Repair) -> None:
        """Hear how the file for all units was written; its person asked for it."""
        self._teller.unit_repaired(repair, asked=True, runs=False)

    def drop_in_of(self, unit: str) -> str:
        """Return the path of our drop-in for ``unit``."""
        _, state = self._find(unit)
        return drop_in_path(state, self.place())

    def undone(self, path: str) -> None:
        """Have the manager forget what was taken back, if ``path`` is one of our drop-ins."""
        if is_drop_in(path):
            self._means.manager.reload(partial(_warn, "reload after an undo"))

    def resumed(self) -> None:
        """Act on what was found: a pause is over."""
        self._act_on(self._last)

    def restart(self, unit: str) -> None:
        """Restart ``unit``, if it runs."""
        self._means.manager.restart(unit, partial(_warn, unit))

    def _find(self, unit: str) -> tuple[Audit, UnitState]:
        names = {unit, f"{unit}.service"}
        found = next((one for one in self._last.audits if one.unit in names), None)
        state = next((one for one in self._last.states if one.name in names), None)
        if found is None or state is None:
            raise NoSuchUnitError(f"{unit} is no service that was looked at: see gowatchctl env")
        return found, state

    def _again(self) -> None:
        if self._last.manager is not None:
            self._plan(AGAIN_SECONDS)

    def _plan(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._means.loop.call_later(seconds, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._knowledge.gather(self._inspector.inspect)

    def _inspected(self, inspection: Inspection) -> None:
        if inspection.reason:
            self.reason = inspection.reason
            return
        self.reason = ""
        self._last = inspection
        if inspection.manager is not None:
            own = [one for one in inspection.manager.unit_path if self._folders.is_own(one)]
            try:
                self._watch.watch(own)
            except OSError as error:
                log.warning("changes of unit files are not noticed: %s", error)
            self._clean(own)
        folder = None if inspection.manager is None else self._folders.place(inspection.manager)
        if self._fresh and folder is not None:
            self._loading.complete(inspection.states, folder, partial(self._loaded, inspection))
        else:
            self._act_on(inspection)

    def _clean(self, folders: list[str]) -> None:
        """Remove what a kill in the middle of a write left in the folders of our drop-ins."""
        if not self._fresh:
            return
        for folder in folders:
            for path in glob.glob(os.path.join(glob.escape(folder), "*.service.d")):
                with contextlib.suppress(OSError):  # a hidden file, which systemd does not read
                    clean_drop_in_folder(path)

    def _loaded(self, inspection: Inspection, units: tuple[str, ...], error: str) -> None:
        self._fresh = False
        if units:
            said = f"not loaded: {error}" if error else "loaded now"
            log.info("the drop-ins of %s were changed before a stop: %s", ", ".join(units), said)
        if inspection is self._last:
            self._act_on(inspection)

    def _act_on(self, inspection: Inspection) -> None:
        for found in inspection.audits:
            self._act(found)

    def _act(self, found: Audit) -> None:
        """Repair or suggest, once for a unit and content."""
        manager = self._last.manager
        if not found.own or not self._is_chosen(found.unit) or manager is None:
            return
        if not found.assignments:
            self._teller.unit_is_fine(found.unit)
            return
        if self._tried.get(found.unit) == found.assignments or self._means.paused():
            return
        self._tried[found.unit] = found.assignments
        if self._config.policy == "apply":
            self._repairer.repair(found.unit, manager, asked=False)
        else:
            self._teller.unit_lacks(found)

    def _is_chosen(self, unit: str) -> bool:
        return any(fnmatch.fnmatchcase(unit, pattern) for pattern in self._config.units)

    def _repaired(self, repair: Repair) -> None:
        asked = repair.unit in self._asked
        self._asked.discard(repair.unit)
        if repair.outcome is Outcome.POSTPONED:
            self._tried.pop(repair.unit, None)  # the next reload brings it here again
        state = next((one for one in self._last.states if one.name == repair.unit), None)
        runs = state is not None and state.process.pid != 0
        self._teller.unit_repaired(repair, asked=asked, runs=runs)


def _warn(what: str, error: str) -> None:
    if error:
        log.warning("%s: %s", what, error)
