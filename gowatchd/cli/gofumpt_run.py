"""One run of ``gofumpt-work`` over everything that was named."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.cli import walk
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.kinds import kind_of_content
from gowatchd.cli.terminal import printable
from gowatchd.modfile import Kind
from gowatchd.style.formatter import tidy

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from gowatchd.style.formatter import Tidied

STANDARD_INPUT = "<standard input>"


class Run:
    """Formats what ``arguments`` name, prints or writes it, and remembers what went wrong."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._out = sys.stdout.buffer
        self._failed = False
        self._differs = False

    def all(self) -> Exit:
        """Do it; return PROBLEMS where a file could not be done or, under ``--check``, would change."""
        if not self._arguments.paths:
            self._file(STANDARD_INPUT, partial(walk.read_limited, sys.stdin.buffer))
        for path in self._files():
            self._file(path, partial(walk.read, path))
        return Exit.PROBLEMS if self._failed or (self._arguments.check and self._differs) else Exit.OK

    def _files(self) -> Iterator[str]:
        for path in self._arguments.paths:
            if not os.path.isdir(path) or os.path.basename(path) in walk.NAMES:
                yield path
                continue
            try:
                yield from walk.find(path)
            except OSError as error:
                self._complain(path, f"cannot be searched: {error.strerror}")

    def _file(self, path: str, read: Callable[[], bytes]) -> None:
        try:
            data = read()
        except walk.UnreadableError as error:
            self._complain(path, str(error))
            return
        tidied = self._tidied(path, data)
        for problem in tidied.problems:
            place = f"{path}:{problem.position.line}:{problem.position.column}"
            self._complain(place, problem.message)
        if tidied.data is not None:
            if tidied.reason:
                _message(path, tidied.reason)
            self._deliver(path, data, tidied.data)
        elif not tidied.problems:
            self._complain(path, tidied.reason)

    def _tidied(self, path: str, data: bytes) -> Tidied:
        options = self._arguments
        kind = Kind(options.kind) if options.kind else Kind.of(path) or kind_of_content(data)
        return tidy(data, kind, path, indent=options.indent, canonical_only=options.canonical)

    def _deliver(self, path: str, old: bytes, new: bytes) -> None:
        options = self._arguments
        if not (options.list or options.write or options.diff or options.check):
            self._print(new)
        elif old != new:
            self._differs = True
            if options.list:
                self._print(os.fsencode(path) + b"\n")
            if options.write:
                self._write(path, old, new)
            if options.diff:
                from gowatchd.cli.difference import unified  # noqa: PLC0415 only who asks pays for difflib

                self._print(unified(path, old, new))

    def _write(self, path: str, old: bytes, new: bytes) -> None:
        from gowatchd.services.ports import SwapOutcome  # noqa: PLC0415 reading and printing do without
        from gowatchd.system.files import SafeFiles  # noqa: PLC0415 as above

        swap = SafeFiles().swap(os.path.abspath(path), old, new)
        if swap.outcome is not SwapOutcome.WRITTEN:
            self._complain(path, f"not written: {swap.reason or swap.outcome.value}")

    def _print(self, data: bytes) -> None:
        """Print ``data`` at once: names appear while a large tree is still being searched."""
        try:
            self._out.write(data)
            self._out.flush()
        except BrokenPipeError:
            raise  # nobody reads on, which is no mistake
        except OSError as error:
            raise CommandError(f"standard output: {error.strerror}", Exit.PROBLEMS) from error

    def _complain(self, place: str, text: str) -> None:
        self._failed = True
        _message(place, text)


def _message(place: str, text: str) -> None:
    print(f"{printable(place)}: {printable(text)}", file=sys.stderr)
