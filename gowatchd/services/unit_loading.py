"""What a stop in the middle leaves undone: a drop-in of ours that was written or removed, and not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.ports import Look
from gowatchd.services.unit_plan import drop_in_path
from gowatchd.unitfile import drop_in
from gowatchd.unitfile.effective import split_assignments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.services.ports import Contents
    from gowatchd.services.unit_ports import UserManager
    from gowatchd.services.unit_state import UnitState


class Loading:
    """Finds units of which the manager knows another drop-in of ours than the disk has, and has it reload.

    Once after the manager appeared: while we run, every write of ours is followed by a reload.
    """

    def __init__(self, manager: UserManager, files: Contents) -> None:
        self._manager = manager
        self._files = files

    def complete(
        self, units: Iterable[UnitState], folder: str, done: Callable[[tuple[str, ...], str], None]
    ) -> None:
        """Call ``done`` with the units that owed a reload, and with why there was none ("" for success).

        As at a repair, what somebody else changed and did not load is not loaded by us.
        """
        paths = {unit.name: drop_in_path(unit, folder) for unit in units}
        present = {name for name, path in paths.items() if self._ours(path)}

        def with_changed(changed: tuple[str, ...]) -> None:
            asked = sorted(present | {name for name in changed if name in paths})
            owing: list[str] = []
            left = [len(asked)]

            def with_unit(unit: UnitState | None) -> None:
                left[0] -= 1
                if unit is not None and unit.name in paths and self._owes(unit, paths[unit.name]):
                    owing.append(unit.name)
                if not left[0]:
                    self._reload(tuple(owing), changed, done)

            for name in asked:
                self._manager.read_unit(name, with_unit)
            if not asked:
                done((), "")

        self._manager.unloaded(with_changed)

    def _ours(self, path: str) -> dict[str, str]:
        """Return what our drop-in at ``path`` sets; nothing where there is none."""
        reading = self._files.read(path)
        text = reading.data.decode("utf-8", "replace") if reading.look is Look.CONTENT else ""
        return drop_in.assignments_of(text) if drop_in.is_ours(text) else {}

    def _owes(self, unit: UnitState, path: str) -> bool:
        ours = self._ours(path)
        if bool(ours) != (path in unit.drop_ins):
            return bool(ours) or not self._files.read(path).data
        held = split_assignments(unit.settings.assignments)
        return unit.needs_reload and any(held.get(name) != value for name, value in ours.items())

    def _reload(
        self, owing: tuple[str, ...], changed: tuple[str, ...], done: Callable[[tuple[str, ...], str], None]
    ) -> None:
        others = [name for name in changed if name not in owing]
        if not owing:
            done((), "")
        elif others:
            done(owing, f"{others[0]} changed on disk and is not loaded yet")
        else:
            self._manager.reload(lambda error: done(owing, error))
