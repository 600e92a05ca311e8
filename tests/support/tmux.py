"""A command in a terminal of tmux: type into it, look at it, and ask what state the terminal is in."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.bus import wait_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Tmux:
    """A shell ``command`` in a window of its own server, whose socket lies in ``folder``."""

    def __init__(
        self,
        folder: Path,
        command: str,
        *,
        start: Path,
        environment: Mapping[str, str],
        size: tuple[int, int] = (100, 40),
    ) -> None:
        if shutil.which("tmux") is None:
            pytest.skip("tmux is not installed")
        self._socket = str(folder / "tmux")
        self._command = command
        self._options = ["-x", str(size[0]), "-y", str(size[1]), "-c", str(start)]
        for name, value in {**environment, "LC_ALL": "C.UTF-8"}.items():
            self._options += ["-e", f"{name}={value}"]

    def __enter__(self) -> Tmux:  # noqa: PYI034 typing.Self is of Python 3.11
        self._tmux("-f", "/dev/null", "new-session", "-d", *self._options, self._command)
        return self

    def __exit__(self, *_details: object) -> None:
        self._tmux("kill-server")

    def type(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def asked(self, what: str) -> str:
        """Return a format of tmux(1), such as ``#{alternate_on}``."""
        return self._tmux("display-message", "-p", what).strip()

    def resize(self, columns: int, lines: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def wait_for(self, text: str) -> str:
        """Wait until ``text`` stands on the screen; return all of it."""
        try:
            wait_for(lambda: text in self.screen(), text)
        except AssertionError as error:
            raise AssertionError(f"{error}\nthe screen:\n{self.screen()}") from None
        return self.screen()

    def _tmux(self, *arguments: str) -> str:
        run = ["tmux", "-S", self._socket, *arguments]
        return subprocess.run(run, check=True, capture_output=True, text=True, timeout=90).stdout
