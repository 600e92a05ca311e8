"""What a repair of a unit is to write, and how it ended."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from gowatchd.services.ports import Look
from gowatchd.unitfile import drop_in
from gowatchd.unitfile.quoting import UnquotableError
from gowatchd.unitfile.unit_name import template_of

if TYPE_CHECKING:
    from gowatchd.services.ports import Contents
    from gowatchd.services.unit_findings import Audit
    from gowatchd.services.unit_state import UnitState


class Outcome(str, Enum):
    """How a repair ended; the values are part of ``gowatchctl env --json``."""

    REPAIRED = "repaired"
    NOTHING = "nothing"  # there is nothing to repair
    REFUSED = "refused"  # a drop-in cannot help, or the place is somebody else's
    UNDONE = "undone"  # its person took exactly this back before
    POSTPONED = "postponed"  # a reload would load what somebody else is editing
    FAILED = "failed"  # the disk, the history or the manager said no; everything is as before


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of a repair: ``change`` is its number in the history, ``message`` is for people.

    ``diff`` are the lines that were written and removed, without the comments.
    """

    unit: str
    outcome: Outcome
    message: str
    path: str = ""
    change: int | None = None
    names: tuple[str, ...] = ()
    diff: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return what the bus tells."""
        return {
            "schema": 1,
            "unit": self.unit,
            "outcome": self.outcome.value,
            "message": self.message,
            "path": self.path,
            "change": self.change,
            "names": list(self.names),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """A drop-in to write: ``path`` holds ``before`` (nothing: it is not there) and shall hold ``after``."""

    unit: str
    path: str
    before: bytes
    after: bytes
    assignments: dict[str, str]

    @property
    def diff(self) -> tuple[str, ...]:
        """The assignments that are written and removed, marked with + and -."""
        old, new = (
            [line for line in data.decode("utf-8", "replace").splitlines() if line.startswith("Environment=")]
            for data in (self.before, self.after)
        )
        gone = [f"-{line}" for line in old if line not in new]
        return (*gone, *(f"+{line}" for line in new if line not in old))


class RefusedError(Exception):
    """A drop-in cannot be planned; the text says why."""


def plan(unit: UnitState, found: Audit, folder: str, files: Contents) -> Plan:
    """Return the drop-in that gives ``unit`` what it lacks; ``folder`` is the person's unit folder.

    What an earlier drop-in of ours sets stays in it. Raises RefusedError.
    """
    path = drop_in_path(unit, folder)
    reading = files.read(path)
    if reading.look is not Look.CONTENT:
        raise RefusedError(f"{path}: {reading.reason or reading.look.value}")
    text = reading.data.decode("utf-8", "replace")
    if reading.data and not drop_in.is_ours(text):
        raise RefusedError(f"{path} was edited or is not ours: it is left alone")
    kept = drop_in.assignments_of(text) if reading.data else {}
    assignments = {**kept, **found.assignments}
    why = "; ".join(f"{one.name} from {one.offer.origin.value}" for one in found.findings if one.offer)
    try:
        after = drop_in.render(unit.name, assignments, why)
    except UnquotableError as error:
        raise RefusedError(str(error)) from error
    return Plan(unit.name, path, reading.data, after.encode(), assignments)


def drop_in_path(unit: UnitState, folder: str) -> str:
    """Return where the drop-in for ``unit`` belongs.

    An instance of a template of the person's own gets it at the template: what the command needs is the same
    for all of them.
    """
    template = template_of(unit.name)
    if template is None:
        return posixpath.join(folder, f"{unit.name}.d", drop_in.NAME)
    if unit.fragment == posixpath.join(folder, template):
        return posixpath.join(folder, f"{template}.d", drop_in.NAME)
    return posixpath.join(folder, f"{unit.name}.d", drop_in.INSTANCE_NAME)
