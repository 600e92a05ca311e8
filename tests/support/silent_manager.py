"""A user manager that says what a test has it say: for what a real one does only when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.unit_ports import LoadedUnit, ManagerState

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.unit_state import Process, UnitState


class SilentManager:
    """The ``UserManager`` port. Every answer waits in ``owed`` until ``answer`` gives them all."""

    def __init__(self, *units: UnitState) -> None:
        self.units = {unit.name: unit for unit in units}
        self.state: ManagerState | None = ManagerState({"PATH": "/usr/bin"}, ("/u",))
        self.loaded: tuple[LoadedUnit, ...] = ()
        self.changed: tuple[str, ...] = ()
        self.errors: list[str] = []  # what the next reloads answer
        self.reloads = 0
        self.asked: list[str] = []
        self.owed: list[Callable[[], None]] = []

    def answer(self) -> None:
        while self.owed:
            self.owed.pop(0)()

    def read_manager(self, done: Callable[[ManagerState | None], None]) -> None:
        self.owed.append(lambda: done(self.state))

    def list_services(self, done: Callable[[tuple[LoadedUnit, ...]], None]) -> None:
        self.owed.append(lambda: done(self.loaded))

    def read_unit(self, name: str, done: Callable[[UnitState | None], None]) -> None:
        self.asked.append(name)
        self.owed.append(lambda: done(self.units.get(name)))

    def read_process(self, name: str, done: Callable[[Process | None], None]) -> None:
        self.asked.append(f"{name}: process")
        unit = self.units.get(name)
        self.owed.append(lambda: done(None if unit is None or unit.needs_reload else unit.process))

    def unloaded(self, done: Callable[[tuple[str, ...]], None]) -> None:
        self.owed.append(lambda: done(self.changed))

    def reload(self, done: Callable[[str], None]) -> None:
        self.reloads += 1
        error = self.errors.pop(0) if self.errors else ""
        self.owed.append(lambda: done(error))
