"""Where the daemon keeps what makes a start better, and what it can do without."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gowatchd.services.note_memory import memory_of
from gowatchd.services.remembering import folders_of
from gowatchd.system.state_file import StateFile, StateFileError

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

BOOT = Path("/proc/sys/kernel/random/boot_id")


class MemoryFile:
    """A ``Store`` of the services, the file ``name`` in ``folder``: it never fails, and may forget.

    ``what`` names in the log what ``check`` checks.
    """

    def __init__(self, folder: str, name: str, check: Callable[[dict[str, Any]], object], what: str) -> None:
        self._file = StateFile(folder, name, check)
        self._what = what

    @classmethod
    def of_folders(cls, state_folder: str) -> MemoryFile:
        """Return the store of ``services.remembering``: without it a start is slower."""
        return cls(state_folder, "folders.json", folders_of, "the known folders")

    @classmethod
    def of_notes(cls, state_folder: str) -> MemoryFile:
        """Return the store of ``services.note_memory``: without it notes are told again."""
        return cls(state_folder, "notes.json", memory_of, "what was on show")

    def read(self) -> dict[str, Any] | None:
        """Return what was written last, None where there is nothing of use."""
        try:
            return self._file.read()
        except StateFileError as error:
            log.warning("%s cannot be read: %s", self._what, error)
            return None

    def write(self, value: dict[str, Any]) -> None:
        """Keep ``value``; a power cut may take it away."""
        try:
            self._file.write(value, durable=False)
        except StateFileError as error:
            log.warning("%s cannot be kept: %s", self._what, error)


def boot_id() -> str:
    """Return what tells this run of the machine from the others, nothing where the kernel does not say."""
    try:
        return BOOT.read_text().strip()
    except OSError:
        return ""
