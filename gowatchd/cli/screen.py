"""The whole terminal for a page that changes, given back as it was, however that ends."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.terminal import stdout_size

if TYPE_CHECKING:
    from types import FrameType

ENTER = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J"  # the other screen, as less and top use it, without a cursor
LEAVE = "\x1b[?25h\x1b[?1049l"
HOME, REST_OF_LINE, REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"
# A shutdown, a closed window, Ctrl-\; Ctrl-C is an exception already.
ENDS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Screen:
    """Shows pages while it is entered; Ctrl-Z gives the terminal back too, until the program goes on."""

    def __init__(self) -> None:
        self._shown = ""

    def __enter__(self) -> Screen:  # noqa: PYI034 typing.Self is of Python 3.11
        for number in ENDS:
            signal.signal(number, _end)
        signal.signal(signal.SIGTSTP, self._stop)
        _write(ENTER)
        return self

    def __exit__(self, *_exception: object) -> None:
        with contextlib.suppress(OSError):  # the window was closed
            _write(LEAVE)
        for number in (*ENDS, signal.SIGTSTP):
            signal.signal(number, signal.SIG_DFL)

    def show(self, lines: list[str]) -> None:
        """Show ``lines``, as many as there is room for, if they are other ones than before."""
        room = stdout_size().lines
        if len(lines) > room:
            lines = [*lines[: room - 1], "..."]
        text = "\r\n".join(f"{line}{REST_OF_LINE}" for line in lines)
        if text != self._shown:
            self._shown = text
            try:
                _write(f"{HOME}{text}{REST_OF_SCREEN}")
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                sys.exit(128 + signal.SIGHUP)  # the window is gone, and its signal may still be on its way

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        """Do what Ctrl-Z does, with the terminal given back meanwhile."""
        _write(LEAVE)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, self._stop)
        self._shown = ""
        _write(ENTER)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _write(text: str) -> None:
    """Write at once and whole; what the encoding of the terminal cannot say is escaped."""
    data = text.encode(sys.stdout.encoding or "ascii", "backslashreplace")
    while data:
        data = data[os.write(sys.stdout.fileno(), data) :]
