"""Where the known folders are kept from one start to the next."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from gowatchd.services.remembering import folders_of
from gowatchd.system.state_file import StateFile, StateFileError

if TYPE_CHECKING:
    from gowatchd.system.person import Person

log = logging.getLogger(__name__)


class KnownFolders:
    """The ``Store`` of ``services.remembering``: without it a start is merely slower, so it never fails."""

    def __init__(self, person: Person) -> None:
        self._file = StateFile(person.state_folder, "folders.json", folders_of)

    def read(self) -> dict[str, Any] | None:
        """Return what was written last, None where there is nothing of use."""
        try:
            return self._file.read()
        except StateFileError as error:
            log.warning("the known folders cannot be read: %s", error)
            return None

    def write(self, value: dict[str, Any]) -> None:
        """Keep ``value``; a power cut may take it away."""
        try:
            self._file.write(value, durable=False)
        except StateFileError as error:
            log.warning("the known folders cannot be kept: %s", error)
