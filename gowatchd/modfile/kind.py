"""The two kinds of file."""

from __future__ import annotations

from enum import Enum


class Kind(str, Enum):
    """What a file is; the value is the go subcommand that edits it."""

    WORK = "work"
    MOD = "mod"

    @property
    def file_name(self) -> str:
        """What such a file is called: ``go.work`` or ``go.mod``."""
        return f"go.{self.value}"

    @classmethod
    def of(cls, path: str) -> Kind | None:
        """Return the kind of the file at ``path`` by the end of its name (``.work``, ``.mod``), or None."""
        return next((kind for kind in cls if path.endswith(f".{kind.value}")), None)
