"""The edge of a program: what it does where something comes out of it that nobody had a word for."""

from __future__ import annotations

import contextlib
import io
import os
import select
import sys
from typing import TYPE_CHECKING, NoReturn

from gowatchd.cli.errors import CommandError, Exit

if TYPE_CHECKING:
    from typing import Any

STANDARD_OUTPUT = "standard output"
NOWHERE = "the current directory is gone: go to one that is there, or name one with -C DIR"


def end_process(code: int) -> NoReturn:
    """End with ``code`` at once, as mypy does: a check has up to a million values, which would all be freed.

    That is a tenth of the time that a large check takes, for memory that the kernel takes back in one go.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody is left to be told
            stream.flush()
    os._exit(code)


def open_streams() -> None:
    """Have standard output and error go nowhere where they were closed: one would take the other's."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 for as long as the process lives
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 as above


class _StandardOutput(io.FileIO):
    """Standard output that is named in its errors: those of any descriptor look alike without.

    It takes all that it gets, also where somebody who shares it made it non-blocking, as Node.js does.
    """

    def write(self, data: Any, /) -> int:  # noqa: ANN401 whatever holds bytes
        rest = memoryview(data).cast("B")
        try:
            while rest:
                written = super().write(rest)
                if written is None:
                    select.select((), (self,), ())
                else:
                    rest = rest[written:]
        except OSError as error:
            error.filename = STANDARD_OUTPUT
            raise
        return memoryview(data).nbytes


def name_stdout() -> None:
    """Have the errors of standard output say whose they are; for a process that is ours alone."""
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        raw = _StandardOutput(out.fileno(), "w", closefd=False)
        sys.stdout = io.TextIOWrapper(
            raw if out.write_through else io.BufferedWriter(raw),  # as Python itself does
            out.encoding,
            out.errors,
            "\n",
            out.line_buffering,
            out.write_through,
        )


def explanation(error: Exception) -> CommandError | None:
    """Return what the world did to us that led to ``error``, or None where the mistake is our own."""
    if isinstance(error, FileNotFoundError) and _is_nowhere():
        return CommandError(NOWHERE, Exit.NO_SUCH_THING)
    if isinstance(error, OSError) and error.filename == STANDARD_OUTPUT:
        forget_stdout()
        return CommandError(f"{STANDARD_OUTPUT}: {error.strerror}", Exit.PROBLEMS)
    return None


def _is_nowhere() -> bool:
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
