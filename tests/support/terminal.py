"""A program in a terminal of its own, whose screen a test can read."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import shutil
import struct
import subprocess
import termios
import threading
import time
from typing import TYPE_CHECKING

import pyte
import pytest

from tests.support.bus import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

COLUMNS, LINES = 120, 24
REST_SECONDS = 0.3


class _Screen(pyte.Screen):
    """pyte's screen, deaf to the private forms (vim, mcedit) of what it knows in one form only."""

    def select_graphic_rendition(self, *attributes: int, **private: object) -> None:
        if not private:
            super().select_graphic_rendition(*attributes)

    def report_device_status(self, mode: int, **private: object) -> None:
        if not private:
            super().report_device_status(mode)

    def set_margins(self, *margins: int, **private: object) -> None:
        if not private:
            super().set_margins(*margins)


class Terminal:
    """A program in a terminal; leaving it kills the program.

    ``environment`` should hold HOME, so that no settings of this machine are read.
    """

    def __init__(self, command: tuple[str, ...], folder: Path, environment: Mapping[str, str]) -> None:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        self._keyboard, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._screen = _Screen(COLUMNS, LINES)
        self._screen.write_process_input = self.press
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self._drawn = time.monotonic()
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *command],
            cwd=folder,
            env={**environment, "TERM": "xterm", "LC_ALL": "C.UTF-8"},
            stdin=inside,
            stdout=inside,
            stderr=inside,
        )
        os.close(inside)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:  # noqa: PYI034 typing.Self is of Python 3.11
        return self

    def __exit__(self, *_details: object) -> None:
        self.kill()
        self._reader.join(10)
        os.close(self._keyboard)

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # Linux ends a terminal without a program with EIO
            while drawn := os.read(self._keyboard, 65536):
                with self._lock:
                    self._stream.feed(drawn)
                    self._drawn = time.monotonic()

    @property
    def text(self) -> str:
        """What stands on the screen, without the space at the ends of lines."""
        with self._lock:
            return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def at_cursor(self) -> str:
        """The line that the cursor is on."""
        with self._lock:
            return str(self._screen.display[self._screen.cursor.y]).rstrip()

    def press(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    def wait_for(self, condition: Callable[[], object], what: str) -> None:
        try:
            wait_for(condition, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\nthe screen:\n{self.text}") from None

    def shows(self, words: str) -> None:
        """Wait until ``words`` stand on the screen."""
        self.wait_for(lambda: words in self.text, f"{words!r} on the screen")

    def hides(self, words: str) -> None:
        """Wait until ``words`` do not stand on the screen any more."""
        self.wait_for(lambda: words not in self.text, f"no {words!r} on the screen")

    def rests(self) -> None:
        """Wait until nothing was drawn for a while: the program has done what it was told."""
        self.wait_for(lambda: time.monotonic() - self._drawn > REST_SECONDS, "the program to rest")

    def ended(self) -> None:
        """Wait for the program to end by itself."""
        self.wait_for(lambda: self.process.poll() is not None, "the program to end")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)
