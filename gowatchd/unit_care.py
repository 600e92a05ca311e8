"""The care for user units: finds those that lack their environment, tells, and repairs what it may."""

from __future__ import annotations

import difflib
import logging
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.services.manager import NoSuchUnitError, RequestError
from gowatchd.services.shared_care import SharedCare
from gowatchd.services.unit_auditing import Inspection, Inspector
from gowatchd.services.unit_loading import Loading
from gowatchd.services.unit_plan import RefusedError, drop_in_path, plan
from gowatchd.services.unit_report import report, unit_report
from gowatchd.services.unit_response import Response
from gowatchd.system.drop_in_files import clean_unit_folders, is_drop_in
from gowatchd.system.folder_watch import FolderWatch
from gowatchd.system.unit_folders import UnitFolderScan
from gowatchd.unit_knowledge import UnitKnowledge

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.config.models import Env
    from gowatchd.services.history import History
    from gowatchd.services.ports import Contents, Handle
    from gowatchd.services.unit_findings import Audit
    from gowatchd.services.unit_plan import Repair
    from gowatchd.services.unit_response import Teller
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
        self._closed = False
        self._timer: Handle | None = None
        self._folders = UnitFolderScan(os.path.expanduser("~"), os.environ.get("XDG_RUNTIME_DIR", ""))
        self._inspector = Inspector(
            means.loop, means.manager, self._folders, self._knowledge.surroundings, self._inspected
        )
        self._response = Response(
            means.manager,
            self._folders,
            means.history,
            means.files,
            lambda state: self._knowledge.surroundings(state.environment),
            teller,
            apply=config.policy == "apply",
            units=config.units,
            paused=means.paused,
        )
        self.shared = SharedCare(self, means.manager, means.history, means.files)
        self._loading = Loading(means.manager, means.files)
        self._fresh = True  # no audit since the manager appeared
        self._watch = FolderWatch(means.loop, self._again)
        means.manager.listen(self)

    def close(self) -> None:
        """Stop for good."""
        self._closed = True  # the login shell, the journal and the manager may still answer
        if self._timer is not None:
            self._timer.cancel()
        self._inspector.close()
        self._response.give_up("gowatchd stops, or begins anew with another configuration")
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
            self._response.give_up(reason)
            self.shared.give_up(reason)
        else:
            self._fresh = True
            self._response.begin_anew()
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
        self._response.repair(found.unit, self._last.manager, reload_others=reload_others)

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
        self._response.act()

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
        if self._closed:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._means.loop.call_later(seconds, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._knowledge.gather(self._gathered)

    def _gathered(self) -> None:
        if not self._closed:
            self._inspector.inspect()

    def _inspected(self, inspection: Inspection) -> None:
        if inspection.reason:
            self.reason = inspection.reason
            return
        self.reason = ""
        self._last = inspection
        self._response.take(inspection)
        if inspection.manager is not None:
            own = [one for one in inspection.manager.unit_path if self._folders.is_own(one)]
            try:
                self._watch.watch(own)
            except OSError as error:
                log.warning("changes of unit files are not noticed: %s", error)
            if self._fresh:
                clean_unit_folders(own)
        folder = None if inspection.manager is None else self._folders.place(inspection.manager)
        if self._fresh and folder is not None:
            self._loading.complete(inspection.states, folder, partial(self._loaded, inspection))
        else:
            self._response.act()

    def _loaded(self, inspection: Inspection, units: tuple[str, ...], error: str) -> None:
        if self._closed:
            return
        self._fresh = False
        if units:
            said = f"not loaded: {error}" if error else "loaded now"
            log.info("the drop-ins of %s were changed before a stop: %s", ", ".join(units), said)
        if inspection is self._last:
            self._response.act()


def _warn(what: str, error: str) -> None:
    if error:
        log.warning("%s: %s", what, error)
