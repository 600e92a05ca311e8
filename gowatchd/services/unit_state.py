"""What is known of one user unit: what systemd says of it, its files, and how its process runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.unitfile.effective import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gowatchd.unitfile.needs import Command


@dataclass(frozen=True, slots=True)
class Process:
    """How the main process of a unit runs or ended.

    ``result`` and ``status`` are the properties ``Result`` and ``ExecMainStatus``; ``environment`` is that of
    the running process, None where there is none or it cannot be read.
    """

    pid: int = 0
    result: str = "success"
    status: int = 0
    environment: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class UnitState:
    """One unit as it is loaded.

    ``fragment`` and ``drop_ins`` are paths, ``own`` says whether one of them lies in a folder of the person;
    ``commands`` are all Exec lines that run with the unit's environment; ``lost_files`` are those that
    EnvironmentFile= demands and that cannot be read.
    """

    name: str
    fragment: str = ""
    drop_ins: tuple[str, ...] = ()
    own: bool = True
    load_state: str = "loaded"
    file_state: str = ""
    transient: bool = False
    needs_reload: bool = False
    commands: tuple[Command, ...] = ()
    settings: Settings = field(default_factory=Settings)
    lost_files: tuple[str, ...] = ()
    process: Process = field(default_factory=Process)

    @property
    def repairable(self) -> bool:
        """Say whether a drop-in can help: it is loaded from a file, not masked, and here to stay."""
        return self.load_state == "loaded" and bool(self.fragment) and not self.transient
