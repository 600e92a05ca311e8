"""The audit of all units: read cheaply first, then ask systemd about those where something may be wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.services.unit_audit import Surroundings, audit
from gowatchd.services.unit_state import UnitState
from gowatchd.unitfile.effective import Settings
from gowatchd.unitfile.static_unit import read_static
from gowatchd.unitfile.unit_name import specifiers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gowatchd.services.ports import Handle, Scheduler
    from gowatchd.services.unit_findings import Audit
    from gowatchd.services.unit_ports import (
        LoadedUnit,
        ManagerState,
        UnitFiles,
        UnitFolders,
        UserManager,
    )
    from gowatchd.services.unit_state import Process
    from gowatchd.unitfile.static_unit import StaticUnit

# Seconds of reading at a time, so that a save in between is answered at once.
SLICE_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one audit of all units led to; ``reason`` says why there is none."""

    audits: tuple[Audit, ...] = ()
    states: tuple[UnitState, ...] = ()
    manager: ManagerState | None = None
    reason: str = ""


@dataclass(slots=True)
class Inspector:
    """Audits all units of a person, now and again when something changed.

    ``surroundings`` makes what an audit stands on of the manager's environment; it is called once an audit.
    ``done`` hears what each led to.
    """

    scheduler: Scheduler
    manager: UserManager
    folders: UnitFolders
    surroundings: Callable[[Mapping[str, str]], Surroundings]
    done: Callable[[Inspection], None]
    _run: _Run | None = field(init=False, default=None)

    def inspect(self) -> None:
        """Audit everything; an audit that is under way is given up for it."""
        self.close()
        self._run = _Run(self, self._finished)
        self._run.start()

    def close(self) -> None:
        """Give up the audit that is under way."""
        if self._run is not None:
            self._run.close()
            self._run = None

    def _finished(self, inspection: Inspection) -> None:
        self._run = None
        self.done(inspection)


class _Run:
    """One audit of everything, with what its ``inspector`` works with."""

    def __init__(self, inspector: Inspector, done: Callable[[Inspection], None]) -> None:
        self._scheduler = inspector.scheduler
        self._manager = inspector.manager
        self._folders = inspector.folders
        self._surroundings = inspector.surroundings
        self._done = done
        self._closed = False
        self._timer: Handle | None = None
        self._state: ManagerState | None = None
        self._around: Surroundings | None = None
        self._loaded: dict[str, LoadedUnit] = {}
        self._files: Iterator[UnitFiles] = iter(())
        self._audits: dict[str, Audit] = {}
        self._states: dict[str, UnitState] = {}
        self._owed = 0
        self._all_read = False

    def start(self) -> None:
        self._manager.read_manager(self._with_manager)

    def close(self) -> None:
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()

    def _with_manager(self, state: ManagerState | None) -> None:
        if self._closed:
            return
        if state is None:
            self._done(Inspection(reason="the user manager does not answer"))
            return
        self._state = state
        self._around = self._surroundings(state.environment)
        self._manager.list_services(self._with_loaded)

    def _with_loaded(self, loaded: tuple[LoadedUnit, ...]) -> None:
        if self._closed or self._state is None:
            return
        self._loaded = {unit.name: unit for unit in loaded}
        self._files = self._folders.units(self._state, tuple(name for name in self._loaded if "@" in name))
        self._slice()

    def _slice(self) -> None:
        """Read some units, then let others have the main loop."""
        deadline = self._scheduler.now() + SLICE_SECONDS
        for files in self._files:
            self._take(files)
            if self._scheduler.now() > deadline:
                self._timer = self._scheduler.call_later(0, self._slice)
                return
        self._all_read = True
        self._perhaps_done()

    def _take(self, files: UnitFiles) -> None:
        around = self._around
        if around is None:
            return
        if not files.own:
            return
        static = read_static(files.texts, {**around.specifiers, **specifiers_of(files.name)})
        loaded = self._loaded.get(files.name)
        runs = loaded is not None and loaded.active == "active" and bool(static.assignments)
        if static.unsure or (loaded is not None and loaded.active == "failed"):
            self._ask(files.name)
        elif runs:
            self._owed += 1
            assumed = self._assumed(files, static, loaded)
            self._manager.read_process(files.name, partial(self._with_process, assumed))
        else:
            self._judge(self._assumed(files, static, loaded))

    def _ask(self, name: str) -> None:
        self._owed += 1
        self._manager.read_unit(name, self._with_unit)

    def _assumed(self, files: UnitFiles, static: StaticUnit, loaded: LoadedUnit | None) -> UnitState:
        """Return the unit as its files make it; before it is repaired, systemd is asked all the same."""
        environments, lost = self._folders.environment_files(static.files)
        settings = Settings(
            assignments=tuple(static.assignments),
            files=environments,
            passed=tuple(static.passed),
            unset=tuple(static.unset),
            search_path=tuple(static.search_path),
        )
        return UnitState(
            name=files.name,
            fragment=files.fragment,
            drop_ins=files.drop_ins,
            load_state="loaded" if loaded is None else loaded.load_state,
            commands=tuple(command for group in static.commands.values() for command in group),
            settings=settings,
            lost_files=lost,
        )

    def _judge(self, unit: UnitState) -> None:
        if self._around is not None and unit.name not in self._audits:  # an alias is the same unit
            self._states[unit.name] = unit
            self._audits[unit.name] = audit(unit, self._around)

    def _with_process(self, assumed: UnitState, process: Process | None) -> None:
        if self._closed:
            return
        self._owed -= 1
        if process is None:
            self._ask(assumed.name)
        else:
            self._judge(replace(assumed, process=process))
        self._perhaps_done()

    def _with_unit(self, unit: UnitState | None) -> None:
        if self._closed:
            return
        self._owed -= 1
        if unit is not None:
            self._judge(unit)
        self._perhaps_done()

    def _perhaps_done(self) -> None:
        if self._all_read and not self._owed:
            audits = tuple(self._audits[name] for name in sorted(self._audits))
            states = tuple(self._states[name] for name in sorted(self._states))
            self._done(Inspection(audits, states, self._state))
