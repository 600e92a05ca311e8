"""The log: one event a line, on standard error, with a priority that the journal understands."""

from __future__ import annotations

import logging
import os
import sys
from abc import abstractmethod
from typing import TYPE_CHECKING, TextIO

from gowatchd.services.plain_text import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

LEVELS = ("debug", "info", "warning", "error")

# The same line is written three times a minute; what repeats faster is counted, and the count told with the
# next one that is written. 256 different lines are remembered.
REPEATS = 3
REPEAT_SECONDS = 60.0
REMEMBERED = 256

_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 3}


def set_up_logging(level: str, stream: TextIO = sys.stderr) -> None:
    """Write all log records from ``level`` (one of ``LEVELS``) on to ``stream``, and nowhere else."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PriorityFormatter() if is_journal(stream) else TimeFormatter())
    handler.addFilter(RepeatFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def is_journal(stream: TextIO) -> bool:
    """Say whether ``stream`` goes straight to the journal: $JOURNAL_STREAM names its device and inode."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):  # closed, or not a file at all
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


class _LineFormatter(logging.Formatter):
    """One line for the event, and one for each line of a traceback."""

    @abstractmethod
    def prefix(self, record: logging.LogRecord) -> str:
        """Return what every line begins with."""

    def format(self, record: logging.LogRecord) -> str:
        prefix = self.prefix(record)
        return "\n".join(prefix + escape(line) for line in self._lines(record))

    def _lines(self, record: logging.LogRecord) -> Iterator[str]:
        left_out = getattr(record, "left_out", 0)
        yield record.getMessage() + (f" (and {left_out} times more before)" if left_out else "")
        if record.exc_info:
            yield from self.formatException(record.exc_info).splitlines()
        if record.stack_info:
            yield from record.stack_info.splitlines()


class PriorityFormatter(_LineFormatter):
    """For the journal, which has its own clock: ``<4>text`` (sd-daemon(3))."""

    def prefix(self, record: logging.LogRecord) -> str:
        """Return the priority in angle brackets."""
        return f"<{_PRIORITIES.get(record.levelno, 6)}>"


class TimeFormatter(_LineFormatter):
    """For people: ``2025-11-22 22:16:01 warning: text``."""

    def prefix(self, record: logging.LogRecord) -> str:
        """Return local time and level."""
        return f"{self.formatTime(record, '%Y-%m-%d %H:%M:%S')} {record.levelname.lower()}: "


class RepeatFilter(logging.Filter):
    """Lets the same line pass ``REPEATS`` times in ``REPEAT_SECONDS``."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[int, str], tuple[float, int]] = {}  # (level, line) -> (since, how often)

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether ``record`` is written; tell it how many like it were not."""
        line = (record.levelno, record.getMessage())
        since, count = self._seen.pop(line, (record.created, 0))
        if record.created - since >= REPEAT_SECONDS:
            record.left_out = max(0, count - REPEATS)
            since, count = record.created, 0
        self._seen[line] = (since, count + 1)
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return count < REPEATS
