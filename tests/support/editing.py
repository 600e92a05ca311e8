"""A repository with a go.mod that somebody is about to save."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gowatchd.modfile import Kind
from gowatchd.style.formatter import tidy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.daemon import Daemon
    from tests.support.verdicts import Verdicts

TIDY = "module example.com/app\n\ngo 1.21\n"
MESSY = "module   example.com/app\ngo 1.21\n"


def text_of(file: Path) -> str:
    """Return what ``file`` holds, nothing while it is away: vim and git put another one in its place."""
    try:
        return file.read_text()
    except FileNotFoundError:
        return ""


@dataclass
class Place:
    """A repository with a go.mod that is to be saved, and what the daemon says of it."""

    daemon: Daemon
    verdicts: Verdicts
    folder: Path
    errors_expected: bool = False

    @property
    def file(self) -> Path:
        return self.folder / "go.mod"

    def standing(self) -> list[tuple[str, str]]:
        """Return what the status says of the files here that are not formatted, and why."""
        return [
            (one["state"], one["reason"]) for workspace in self.workspaces() for one in workspace["format"]
        ]

    def workspaces(self) -> list[dict[str, Any]]:
        """Return what the status says of the workspaces here."""
        root = os.path.realpath(self.folder)
        return [one for one in self.daemon.ask("GetStatus")["workspaces"] if one["root"] == root]

    def wait_until_known(self) -> None:
        """Wait until the daemon has this module among its own."""
        self.daemon.wait_for(self.workspaces, f"{self.folder} in the status")

    def wait_for_text(self, text: str) -> None:
        """Wait for exactly ``text`` in the file."""
        self.daemon.wait_for(lambda: text_of(self.file) == text, f"{self.file} to hold {text!r}")

    def wait_until_formatted(self, text: str) -> None:
        """Wait until the file holds what becomes of ``text``, which must not be its formatted form."""
        formatted = tidy(text.encode(), Kind.MOD).data
        assert formatted is not None
        assert formatted != text.encode()
        self.wait_for_text(formatted.decode())

    def wait_for_standing(self, state: str, words: str) -> None:
        self.daemon.wait_for(
            lambda: any(one == state and words in reason for one, reason in self.standing()),
            f"{state}: {words}",
        )
