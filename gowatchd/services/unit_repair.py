"""The repair of one unit: a drop-in of ours, written, loaded, read back, taken away if it does not hold."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.services.changes import ChangeKind, HistoryError
from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.services.unit_audit import audit
from gowatchd.services.unit_plan import Outcome, RefusedError, Repair, plan
from gowatchd.unitfile.effective import split_assignments

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.history import History
    from gowatchd.services.ports import Contents
    from gowatchd.services.unit_audit import Surroundings
    from gowatchd.services.unit_plan import Plan
    from gowatchd.services.unit_ports import ManagerState, UnitFolders, UserManager
    from gowatchd.services.unit_state import UnitState


@dataclass(slots=True)
class Repairer:
    """Repairs units one after the other, since each needs a reload of the manager.

    ``surroundings`` makes what an audit stands on of the manager's state; ``done`` hears how each ended.
    ``paused`` returns why nothing may be written unasked just now, "" where it may.
    """

    manager: UserManager
    folders: UnitFolders
    history: History
    files: Contents
    surroundings: Callable[[ManagerState], Surroundings]
    done: Callable[[Repair], None]
    paused: Callable[[], str] = str
    _waiting: deque[tuple[str, bool, bool]] = field(init=False, default_factory=deque)
    _state: ManagerState | None = field(init=False, default=None)
    _current: _RepairRun | None = field(init=False, default=None)

    def repair(self, unit: str, state: ManagerState, *, asked: bool, reload_others: bool = False) -> None:
        """Repair ``unit``. A person who ``asked`` for it may have it although they undid it before."""
        self._state = state
        under_way = self._current is not None and self._current.unit == unit
        if not under_way and all(unit != waiting for waiting, _, _ in self._waiting):
            self._waiting.append((unit, asked, reload_others))
            self._next()

    def give_up(self, reason: str) -> None:
        """End every repair: the manager is gone, and with it the answers that they wait for."""
        waiting = [unit for unit, _, _ in self._waiting]
        self._waiting.clear()
        if self._current is not None:
            self._current.give_up(reason)
        for unit in waiting:
            self.done(Repair(unit, Outcome.FAILED, reason))

    def _next(self) -> None:
        if self._current is None and self._waiting and self._state is not None:
            unit, asked, reload_others = self._waiting.popleft()
            run = _RepairRun(self, unit, self._state, asked=asked, reload_others=reload_others)
            self._current = run
            run.start()

    def finished(self, repair: Repair) -> None:
        """Tell how one ended, and begin the next."""
        self._current = None
        self.done(repair)
        self._next()


class _RepairRun:
    """One repair, from asking systemd how the unit is to reading back what became of it."""

    def __init__(
        self, repairer: Repairer, unit: str, state: ManagerState, *, asked: bool, reload_others: bool
    ) -> None:
        self._repairer = repairer
        self._manager, self._folders = repairer.manager, repairer.folders
        self._history, self._files = repairer.history, repairer.files
        self._around = repairer.surroundings(state)
        self.unit = unit
        self._state = state
        self._asked = asked
        self._reload_others = reload_others
        self._plan: Plan | None = None
        self._change: int | None = None
        self._ended = False

    def start(self) -> None:
        self._manager.read_unit(self.unit, self._with_unit)

    def give_up(self, reason: str) -> None:
        """Have everything as it was before, and ask the manager nothing."""
        if self._change is not None:
            reason = self._restored(reason)
        self._end(Outcome.FAILED, reason)

    def _end(self, outcome: Outcome, message: str) -> None:
        if self._ended:
            return
        self._ended = True
        plan = self._plan
        names = tuple(sorted(plan.assignments)) if plan is not None else ()
        path = plan.path if plan is not None else ""
        change = self._change if outcome is Outcome.REPAIRED else None
        diff = plan.diff if plan is not None else ()
        self._repairer.finished(Repair(self.unit, outcome, message, path, change, names, diff))

    def _with_unit(self, unit: UnitState | None) -> None:
        if self._ended:
            return
        if unit is None:
            self._end(Outcome.FAILED, "the user manager does not answer")
            return
        found = audit(unit, self._around)
        if not found.assignments:
            self._end(Outcome.NOTHING, f"{unit.name} lacks nothing that a drop-in can give it")
            return
        folder = self._folders.place(self._state)
        if folder is None:
            self._end(Outcome.REFUSED, "the user manager reads no folder of yours")
            return
        try:
            self._plan = plan(unit, found, folder, self._files)
            if not self._asked and self._history.undid(self._plan.path, self._plan.after):
                self._end(Outcome.UNDONE, "you took exactly this back before")
                return
        except RefusedError as error:
            self._end(Outcome.REFUSED, str(error))
        except HistoryError as error:
            self._end(Outcome.FAILED, f"no way back could be kept: {error}")
        else:
            self._manager.unloaded(self._with_unloaded)

    def _with_unloaded(self, others: tuple[str, ...]) -> None:
        if self._ended:
            return
        waiting = [name for name in others if name != self.unit]
        if waiting and not self._reload_others:
            self._end(
                Outcome.POSTPONED,
                f"{waiting[0]} changed on disk and is not loaded yet: when it is as you want it, run "
                "systemctl --user daemon-reload",
            )
        elif not self._asked and (pause := self._repairer.paused()):
            self._end(Outcome.POSTPONED, pause)
        else:
            self._write()

    def _write(self) -> None:
        plan = self._plan
        if plan is None:
            return
        try:
            change = self._history.begin(plan.path, plan.before, plan.after, ChangeKind.ENV)
        except HistoryError as error:
            self._end(Outcome.FAILED, f"no way back could be kept: {error}")
            return
        swap = self._files.swap(plan.path, plan.before, plan.after)
        written = swap.outcome is SwapOutcome.WRITTEN
        self._change = change if written else None
        try:
            self._history.finish(change, swap)
        except HistoryError as error:
            self._end(Outcome.FAILED, self._restored(f"no way back could be kept: {error}"))
            return
        if not written:
            refused = swap.outcome in {SwapOutcome.REFUSED, SwapOutcome.CHANGED}
            self._end(Outcome.REFUSED if refused else Outcome.FAILED, swap.reason)
            return
        self._history.secure(plan.path)
        self._manager.reload(self._reloaded)

    def _reloaded(self, error: str) -> None:
        if self._ended:
            return
        if error:
            self._take_back(f"the user manager could not reload: {error}")
        else:
            self._manager.read_unit(self.unit, self._verify)

    def _verify(self, unit: UnitState | None) -> None:
        plan = self._plan
        if self._ended:
            return
        if unit is None or plan is None:
            self._take_back("the user manager does not answer any more")
            return
        held = split_assignments(unit.settings.assignments)
        wrong = sorted(name for name, value in plan.assignments.items() if held.get(name) != value)
        if plan.path not in unit.drop_ins:
            self._take_back("the user manager does not read the drop-in")
        elif wrong:
            self._take_back(f"the user manager reads another {wrong[0]} than was written")
        else:
            names = ", ".join(sorted(plan.assignments))
            self._end(Outcome.REPAIRED, f"{self.unit} has {names} from its next start on")

    def _take_back(self, reason: str) -> None:
        """Have everything as it was before, in the manager's memory too."""
        reason = self._restored(reason)
        self._manager.reload(lambda _error: self._end(Outcome.FAILED, reason))

    def _restored(self, reason: str) -> str:
        """Put the old bytes back; return ``reason``, and why not where that failed.

        In the history it is a change that failed, and none that its person took back.
        """
        plan = self._plan
        if plan is None or self._change is None:
            return reason
        swap = self._files.swap(plan.path, plan.after, plan.before)
        if swap.outcome is not SwapOutcome.WRITTEN:
            return f"{reason}; and {swap.reason}"
        with contextlib.suppress(
            HistoryError
        ):  # then it stands there as done, and its undo finds nothing to do
            self._history.finish(self._change, Swap(SwapOutcome.FAILED, reason))
        return reason
