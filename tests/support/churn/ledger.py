"""Every byte that was saved, held against what stands in the files afterwards."""

from __future__ import annotations

import json
from pathlib import Path

from gowatchd.modfile.kind import Kind
from gowatchd.style.formatter import tidy


class LostError(Exception):
    """A file holds neither what was saved last nor that in its formatted form."""


def tidied(name: str, saved: bytes) -> bytes:
    """Return what becomes of ``saved``: its formatted form, or itself where that cannot be."""
    kind = Kind.WORK if name == "go.work" else Kind.MOD
    return tidy(saved, kind).data or saved


class Ledger:
    """What was saved last in each file, remembered in the file at ``place`` from one churn to the next."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.saved: dict[str, bytes] = {}
        if place.exists():
            self.saved = {path: text.encode() for path, text in json.loads(place.read_text()).items()}

    def keep(self) -> None:
        self._place.write_text(json.dumps({path: text.decode() for path, text in self.saved.items()}))

    def audit(self, path: Path) -> None:
        """Raise LostError unless the file holds what was saved last, formatted or not."""
        saved = self.saved.get(str(path))
        if saved is None:
            return
        found = path.read_bytes()
        if found not in (saved, tidied(path.name, saved)):
            raise LostError(f"{path}\nsaved: {saved!r}\nfound: {found!r}")
