"""What is done about a unit that lacks something: repaired or told, by the policy, once for what it lacks."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from gowatchd.services.unit_auditing import Inspection
from gowatchd.services.unit_plan import Outcome
from gowatchd.services.unit_repair import Repairer

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.history import History
    from gowatchd.services.ports import Contents
    from gowatchd.services.unit_audit import Surroundings
    from gowatchd.services.unit_findings import Audit
    from gowatchd.services.unit_plan import Repair
    from gowatchd.services.unit_ports import ManagerState, UnitFolders, UserManager


class Teller(Protocol):
    """Who passes on what was found and done."""

    def unit_lacks(self, found: Audit) -> None:
        """A unit lacks what is known, and the policy leaves the repair to its person."""

    def unit_is_fine(self, unit: str) -> None:
        """A unit lacks nothing that is known."""

    def unit_repaired(self, repair: Repair, *, asked: bool, runs: bool) -> None:
        """A repair ended; ``runs`` says whether the unit still runs with the older environment."""


@dataclass(slots=True)
class Response:
    """Repairs the person's own ``units``, shell patterns, where it is to ``apply``, and else tells of them.

    ``surroundings`` makes what an audit stands on of the manager's state; ``paused`` returns why nothing may
    be done unasked just now, "" where it may.
    """

    manager: UserManager
    folders: UnitFolders
    history: History
    files: Contents
    surroundings: Callable[[ManagerState], Surroundings]
    teller: Teller
    apply: bool
    units: tuple[str, ...]
    paused: Callable[[], str]
    _repairer: Repairer = field(init=False)
    _last: Inspection = field(init=False, default_factory=Inspection)
    _tried: dict[str, dict[str, str]] = field(init=False, default_factory=dict)  # unit -> repaired, suggested
    _asked: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._repairer = Repairer(
            self.manager,
            self.folders,
            self.history,
            self.files,
            self.surroundings,
            self._repaired,
            self.paused,
        )

    def take(self, inspection: Inspection) -> None:
        """Go by ``inspection`` from now on."""
        self._last = inspection

    def act(self) -> None:
        """Do what the policy says about all that was found."""
        for found in self._last.audits:
            self._act(found)

    def repair(self, unit: str, manager: ManagerState, *, reload_others: bool) -> None:
        """Repair ``unit`` because its person asked for it; the teller hears how it ended."""
        self._asked.add(unit)
        self._repairer.repair(unit, manager, asked=True, reload_others=reload_others)

    def begin_anew(self) -> None:
        """Take nothing for tried: what the manager could not load it may load now."""
        self._tried.clear()

    def give_up(self, reason: str) -> None:
        """End every repair: the manager is gone, or we are about to be."""
        self._repairer.give_up(reason)

    def _act(self, found: Audit) -> None:
        manager = self._last.manager
        if not found.own or not self._is_chosen(found.unit) or manager is None:
            return
        if not found.assignments:
            self.teller.unit_is_fine(found.unit)
            return
        if self._tried.get(found.unit) == found.assignments or self.paused():
            return
        self._tried[found.unit] = found.assignments
        if self.apply:
            self._repairer.repair(found.unit, manager, asked=False)
        else:
            self.teller.unit_lacks(found)

    def _is_chosen(self, unit: str) -> bool:
        return any(fnmatch.fnmatchcase(unit, pattern) for pattern in self.units)

    def _repaired(self, repair: Repair) -> None:
        asked = repair.unit in self._asked
        self._asked.discard(repair.unit)
        if repair.outcome is Outcome.POSTPONED:
            self._tried.pop(repair.unit, None)  # the next reload, or the end of a pause, brings it here again
            if self.paused() and not asked:
                return
        state = next((one for one in self._last.states if one.name == repair.unit), None)
        runs = state is not None and state.process.pid != 0
        self.teller.unit_repaired(repair, asked=asked, runs=runs)
