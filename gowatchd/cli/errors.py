"""How a command ends: its exit codes, and the one exception that carries a message to the edge."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every program here; scripts rely on them (69, 70, 78 are those of sysexits.h)."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    NOT_RUNNING = 3
    NO_SUCH_THING = 4
    UNAVAILABLE = 69
    BUG = 70
    CONFIGURATION = 78
    INTERRUPTED = 130
    BROKEN_PIPE = 141  # what a shell shows for a program that SIGPIPE ended


class CommandError(Exception):
    """A command cannot go on; ``message`` says why and what to do, ``code`` is what the program returns."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
