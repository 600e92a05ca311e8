"""What ``gowatchctl env --shared`` asks for: the variables of all units, in one file of environment.d."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Protocol

from gowatchd.services.manager import RequestError
from gowatchd.services.report import SCHEMA, readable
from gowatchd.services.shared_environment import SharedPlan, SharedWriter, plan_shared, shared_path
from gowatchd.services.unit_plan import RefusedError

if TYPE_CHECKING:
    from gowatchd.services.history import History
    from gowatchd.services.ports import Contents
    from gowatchd.services.unit_auditing import Inspection
    from gowatchd.services.unit_plan import Repair
    from gowatchd.services.unit_ports import UserManager
    from gowatchd.services.unit_values import Values


class Audited(Protocol):
    """The audit that it stands on."""

    @property
    def last(self) -> Inspection:
        """The last audit."""

    def place(self) -> str:
        """Return the person's folder of units; raises RequestError where there is none."""

    def values(self) -> Values:
        """Return what is known about variables."""

    def shared_written(self, repair: Repair) -> None:
        """Hear how a write ended."""


class SharedCare:
    """Plans and writes the file, for its person only."""

    def __init__(self, audited: Audited, manager: UserManager, history: History, files: Contents) -> None:
        self._audited = audited
        self._files = files
        self._writer = SharedWriter(manager, history, files, audited.shared_written)

    def preview(self, names: tuple[str, ...]) -> dict[str, object]:
        """Return the file that would be written as a diff."""
        plan = self._plan(names)
        old, new = (
            data.decode("utf-8", "replace").splitlines(keepends=True) for data in (plan.before, plan.after)
        )
        return {
            "schema": SCHEMA,
            "path": readable(plan.path),
            "names": list(plan.shared.names),
            "diff": readable("".join(difflib.unified_diff(old, new, plan.path, plan.path))),
        }

    def write(self, names: tuple[str, ...], *, reload_others: bool) -> None:
        """Write it; the listener hears how that ended."""
        try:
            self._writer.write(self._plan(names), reload_others=reload_others)
        except RefusedError as error:
            raise RequestError(str(error)) from error

    def path(self) -> str:
        """Return where the file stands, or would; raises RequestError."""
        return shared_path(self._audited.place())

    def give_up(self, reason: str) -> None:
        """End a write under way: the manager is gone."""
        self._writer.give_up(reason)

    def _plan(self, names: tuple[str, ...]) -> SharedPlan:
        folder = self._audited.place()
        try:
            return plan_shared(self._audited.last, names, self._audited.values(), folder, self._files)
        except RefusedError as error:
            raise RequestError(str(error)) from error
