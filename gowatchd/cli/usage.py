"""Usage messages: what argparse prints, as wide as the terminal."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, NoReturn

from gowatchd.translation import _

COLUMNS = 80  # where no terminal says otherwise, as shutil has it


class Parser(argparse.ArgumentParser):
    """argparse's own, which would print a word that it does not know as it was given."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and ``message``, none of it a command to the terminal, and end with 2."""
        from gowatchd.cli.terminal import printable_lines  # noqa: PLC0415 only a mistake needs it

        super().error(printable_lines(message))


class Formatter(argparse.HelpFormatter):
    """argparse's own, which asks for the width itself: argparse asks shutil, whose import takes 3 ms.

    It would ask at every start, because it tries to format each argument that it is given.
    """

    def __init__(self, prog: str, indent_increment: int = 2, max_help_position: int = 24) -> None:
        super().__init__(prog, indent_increment, max_help_position, columns() - 2)

    # What follows is argparse's, but with wide characters as wide as they are shown.

    def _split_lines(self, text: str, width: int) -> list[str]:
        from gowatchd.cli.table import wrapped  # noqa: PLC0415 only who asks for help needs it

        return wrapped(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}" for line in self._split_lines(text, width - len(indent)))

    def _format_usage(self, *given: Any) -> str:  # noqa: ANN401 its arguments are argparse's own affair
        """Indent the lines below the first by the cells of "usage: ", where argparse counts characters."""
        from gowatchd.cli.table import width as cells  # noqa: PLC0415 as above

        first, *others = super()._format_usage(*given).split("\n")
        word = _("usage: ")
        margin = " " * (cells(word) - len(word))
        return "\n".join((first, *(f"{margin}{line}" if line else line for line in others)))


class LinesFormatter(argparse.RawDescriptionHelpFormatter, Formatter):
    """The same, with the line ends of description and epilog as they stand."""


def columns() -> int:
    """Return the width that COLUMNS demands, or that of the terminal on stdout."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or COLUMNS if sys.__stdout__ else COLUMNS
    except (OSError, ValueError):
        return COLUMNS
