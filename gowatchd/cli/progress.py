"""One line on the terminal that says how far a slow command is, and is gone when that is done."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from gowatchd.cli.table import fit
from gowatchd.cli.terminal import printable
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from gowatchd.services.ports import Files, Reading, Swap

PATIENCE_SECONDS = 0.5  # what is quicker needs no words
REFRESH_SECONDS = 0.1  # more often than that nobody can read it
ERASE = "\r\x1b[K"


class Progress:
    """Tells on stderr, if that is a terminal, from half a second after it was made on."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._enabled = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._next = clock() + PATIENCE_SECONDS
        self._shown = False

    def __enter__(self) -> Progress:  # noqa: PYI034 typing.Self is of Python 3.11
        return self

    def __exit__(self, *_exception: object) -> None:
        self.clear()

    def tell(self, text: str) -> None:
        """Show ``text`` in place of what was shown before, unless it is too soon."""
        if self._enabled and (now := self._clock()) >= self._next:
            self._next = now + REFRESH_SECONDS
            self._shown = True
            self._stream.write(ERASE + fit(printable(text), self._columns() - 1))
            self._stream.flush()

    def clear(self) -> None:
        """Take it away, so that other words may follow."""
        if self._shown:
            self._shown = False
            self._stream.write(ERASE)
            self._stream.flush()

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except (OSError, ValueError):
            return 80


class TellingFiles:
    """The port ``Files`` that tells ``progress`` of every read; ``expected`` is how many there will be."""

    def __init__(self, files: Files, progress: Progress, expected: int) -> None:
        self._files = files
        self._progress = progress
        self._expected = expected
        self._read = 0

    def read(self, path: str, largest: int | None = None) -> Reading:
        """Read ``path``."""
        self._read += 1
        expected = max(self._read, self._expected)
        self._progress.tell(_("reading {number} of {count} files").format(number=self._read, count=expected))
        return self._files.read(path, largest)

    def mark(self, path: str) -> object:
        """Return the mark of ``path``."""
        return self._files.mark(path)

    def is_directory(self, path: str) -> bool:
        """Say whether ``path`` is a directory."""
        return self._files.is_directory(path)

    def exists(self, path: str) -> bool:
        """Say whether anything is at ``path``."""
        return self._files.exists(path)

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        """Replace the bytes of ``path``."""
        return self._files.swap(path, expected, new)

    def flush(self, path: str) -> None:
        """Have the bytes of ``path`` on the disk."""
        self._files.flush(path)
