"""The edge of a program: what it does where something comes out of it that nobody had a word for."""

from __future__ import annotations

import os
import sys


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
