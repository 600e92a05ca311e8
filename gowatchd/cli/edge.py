"""The edge of a program: what it does where something comes out of it that nobody had a word for."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import NoReturn

NOWHERE = "the current directory is gone: go to one that is there, or name one with -C DIR"


def end_process(code: int) -> NoReturn:
    """End with ``code`` at once, as mypy does: a check has up to a million values, which would all be freed.

    That is a tenth of the time that a large check takes, for memory that the kernel takes back in one go.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody is left to be told
            stream.flush()
    os._exit(code)


def is_nowhere() -> bool:
    """Say whether the directory that we were started in is gone: a checkout or a clean-up took it away."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def forget_stdout() -> None:
    """Keep the interpreter from complaining, at its exit, that it cannot flush into the closed pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def report_bug(program: str) -> None:
    """Print the exception that is being handled, and whose mistake it is."""
    import traceback  # noqa: PLC0415 3 ms that only a bug has to pay

    traceback.print_exc()
    print(f"{program}: this is a bug in {program}; please report the lines above", file=sys.stderr)
