"""Which values are known for variables that a unit lacks, and which of them may be copied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from gowatchd.services.unit_findings import Offer, Origin
from gowatchd.unitfile.effective import NO_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping


class Programs(Protocol):
    """The file system, as far as a search along PATH needs it."""

    def find(self, program: str, path: str) -> str | None:
        """Return where ``program`` stands along the PATH ``path``."""

    def is_trusted(self, directory: str) -> bool:
        """Say whether only this person and root can put programs into ``directory``."""


@dataclass(frozen=True, slots=True)
class Values:
    """What other places know.

    ``toolchain`` is the folder of the go command, ``go_folders`` are where the person's Go programs stand.
    """

    configured: Mapping[str, str] = field(default_factory=dict)
    login_shell: Mapping[str, str] = field(default_factory=dict)
    go_env: Mapping[str, str] = field(default_factory=dict)
    toolchain: str = ""
    go_folders: tuple[str, ...] = ()

    def find(self, name: str, *, required: bool = True) -> Offer | None:
        """Return the value for ``name``, from the strongest place that has one.

        What ``go env`` says counts only for a ``required`` one: go itself knows its own defaults.
        """
        places = [
            (Origin.CONFIGURATION, self.configured),
            (Origin.LOGIN_SHELL, self.login_shell),
            (Origin.GO_ENV, self.go_env if required else NO_VARIABLES),
        ]
        for origin, values in places:
            if values.get(name):
                return Offer(values[name], origin)
        return None

    def path_with(self, program: str, path: str, programs: Programs) -> Offer | None:
        """Return a PATH that finds ``program``: ``path`` and the one folder that it lacks.

        The toolchain's folder goes first, so that its go wins over an older one of the system; any other
        goes last, so that nothing in it hides a program of the system.
        """
        folder, origin = self._folder_of(program, programs)
        if not folder or not folder.startswith("/") or ":" in folder or not programs.is_trusted(folder):
            return None
        first = folder == self.toolchain
        return Offer(":".join(filter(None, [folder, path] if first else [path, folder])), origin)

    def _folder_of(self, program: str, programs: Programs) -> tuple[str, Origin]:
        if self.toolchain and programs.find(program, self.toolchain):
            return self.toolchain, Origin.GO_ENV
        for folder in self.go_folders:
            if programs.find(program, folder):
                return folder, Origin.GO_ENV
        found = programs.find(program, self.login_shell.get("PATH", ""))
        return (found.rpartition("/")[0] if found else ""), Origin.LOGIN_SHELL
