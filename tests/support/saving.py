"""Editors that cannot be had here, saving as their sources say; each is one person with one open file."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ConflictError(Exception):
    """The editor would ask its person what to do: the file on the disk is newer than its buffer."""


@dataclass
class VisualStudioCode:
    """The text file part of VS Code (textFileEditorModel.ts, diskFileSystemProvider.ts).

    A save truncates and writes in place, flushes, and closes; the time and size that a stat finds later are
    then taken for those of the own save. A save is refused where the disk has a later time, another size and
    other bytes.
    """

    file: Path
    text: str = ""
    dirty: bool = False
    _time: int = 0
    _size: int = 0
    history: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._read()

    def type(self, text: str) -> None:
        """Append ``text`` to the buffer."""
        self.text += text
        self.dirty = True

    def save(self, before_stat: float = 0.002) -> None:
        """Save; the stat comes ``before_stat`` seconds later. Raises ``ConflictError`` to ask the person."""
        found = self.file.stat()
        newer = found.st_mtime_ns > self._time and found.st_size != self._size
        if newer and self.file.read_text() != self.text:
            raise ConflictError(f"the content of {self.file} is newer")
        self.write()
        time.sleep(before_stat)  # not waited for by a test: the way between its two processes
        self.resolve()

    def write(self) -> None:
        """Put the buffer on the disk, as a save does first."""
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            os.write(descriptor, self.text.encode())
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)
        self.history.append(self.text)

    def resolve(self) -> None:
        """Take what a stat says for the own save, as a save does last."""
        found = self.file.stat()
        self._time, self._size = found.st_mtime_ns, found.st_size
        self.dirty = False

    def notice(self) -> None:
        """Hear from the watcher that the file changed: a buffer without changes is read anew."""
        found = self.file.stat()
        if not self.dirty and (found.st_mtime_ns, found.st_size) != (self._time, self._size):
            self._read()

    def revert(self) -> None:
        """Read the file anew, whatever the buffer holds: the person's answer to the question."""
        self._read()

    def _read(self) -> None:
        found = self.file.stat()
        self.text = self.file.read_text()
        self._time, self._size, self.dirty = found.st_mtime_ns, found.st_size, False
