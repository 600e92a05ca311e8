"""What the care for user units needs of the world; the adapters in ``gowatchd.system`` fulfil it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gowatchd.services.unit_state import Process, UnitState


@dataclass(frozen=True, slots=True)
class ManagerState:
    """What the user manager says of itself; ``unit_path`` are the folders of unit files, strongest first."""

    environment: Mapping[str, str]
    unit_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadedUnit:
    """A unit in the manager's memory: ``active`` is ``active``, ``inactive``, ``failed`` and so on."""

    name: str
    load_state: str
    active: str


@dataclass(frozen=True, slots=True)
class UnitFiles:
    """The files of one unit: ``texts`` are the fragment's, then those of the drop-ins in systemd's order."""

    name: str
    fragment: str
    drop_ins: tuple[str, ...]
    texts: tuple[str, ...]
    own: bool


class UserManager(Protocol):
    """systemd's user manager. Every answer comes later, and None or a reason where it did not answer."""

    def read_manager(self, done: Callable[[ManagerState | None], None]) -> None:
        """Ask for its environment and folders."""

    def list_services(self, done: Callable[[tuple[LoadedUnit, ...]], None]) -> None:
        """Ask for the service units that are loaded."""

    def read_unit(self, name: str, done: Callable[[UnitState | None], None]) -> None:
        """Ask for one unit; that loads it."""

    def read_process(self, name: str, done: Callable[[Process | None], None]) -> None:
        """Ask how the main process of a unit runs; None where only ``read_unit`` can tell.

        That is so where its files changed since they were loaded: then they say nothing of the process.
        """

    def unloaded(self, done: Callable[[tuple[str, ...]], None]) -> None:
        """Ask which services changed on the disk since they were loaded."""

    def reload(self, done: Callable[[str], None]) -> None:
        """Have all unit files read again; ``done`` hears "" or what went wrong."""


class UnitFolders(Protocol):
    """The unit files on the disk."""

    def units(self, state: ManagerState, also: tuple[str, ...]) -> Iterator[UnitFiles]:
        """Yield the units of which a file lies in a folder of the person, and those in ``also``."""

    def place(self, state: ManagerState) -> str | None:
        """Return the strongest folder in which the person keeps units for good."""

    def environment_files(
        self, named: Iterable[str]
    ) -> tuple[tuple[Mapping[str, str], ...], tuple[str, ...]]:
        """Return what the files of EnvironmentFile= set, and those that are missed; a ``-`` allows that."""
