"""The folders that had a go.work or go.mod when we last looked, so that the next start begins with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.services.ports import Handle, Scheduler

# A clone or a checkout changes the set many times in a row, and what the file lacks the next scan finds.
WRITE_SECONDS = 5.0

MAX_FOLDERS = 4096  # ten times a large home; those beyond are found by the scan, as on a first start


class Store(Protocol):
    """Where it is kept; neither raises."""

    def read(self) -> dict[str, Any] | None:
        """Return what was written last, None where there is nothing."""

    def write(self, value: dict[str, Any]) -> None:
        """Keep ``value``."""


class Remembering:
    """Knows ``folders``, and keeps them in ``store`` when they change."""

    def __init__(self, scheduler: Scheduler, store: Store) -> None:
        self._scheduler = scheduler
        self._store = store
        self._due: Handle | None = None
        value = store.read()
        self.folders = frozenset() if value is None else folders_of(value)

    def keep(self, folders: Iterable[str]) -> None:
        """Take ``folders`` for all there are; written some seconds later."""
        new = frozenset(folders)
        if len(new) > MAX_FOLDERS:
            new = frozenset(sorted(new)[:MAX_FOLDERS])
        if new != self.folders:
            self.folders = new
            if self._due is None:
                self._due = self._scheduler.call_later(WRITE_SECONDS, self._write)

    def close(self) -> None:
        """Write what is due."""
        if self._due is not None:
            self._due.cancel()
            self._write()

    def _write(self) -> None:
        self._due = None
        self._store.write({"folders": sorted(self.folders)})


def folders_of(value: dict[str, Any]) -> frozenset[str]:
    """Return the folders in what was kept; raises ValueError and the like where it is something else."""
    folders = value["folders"]
    if not isinstance(folders, list) or len(folders) > MAX_FOLDERS:
        raise ValueError("folders is not a list of a possible length")
    for folder in folders:
        if not isinstance(folder, str) or not folder.startswith("/") or "\0" in folder:
            raise ValueError(f"{folder!r} is not an absolute path")
    return frozenset(folders)
