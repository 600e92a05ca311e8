"""``gowatchctl diff``: what a change did, or what formatting would do to files as they are."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.own_history import ask_history
from gowatchd.cli.terminal import painted_diff, printable, stdout_paint
from gowatchd.cli.undo import LARGEST_ID
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse


MOST_DIGITS = 100  # of an id, zeros before it among them
LAST = 0  # the id that stands for the last change


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take a change, or files and directories."""
    parser.add_argument(
        "what",
        nargs="*",
        metavar="ID|PATH",
        help=_("a change of 'gowatchctl log', by default the last; or files and directories as they are"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Print a diff; where it is one that formatting would make, that is exit code 1."""
    change = _change(arguments.what)
    if change is None:
        return _would_change(arguments)
    shown = ask_history("GetChange", "x", change, alone=lambda history: history.shown(change))
    if arguments.json:
        print(json.dumps(shown))
    elif shown["diff"]:
        print(painted_diff(shown["diff"], stdout_paint(arguments.color)), end="")
    else:
        text = _("change {id} changed nothing: {reason}")
        reason = shown["reason"] or shown["state"]
        print(printable(text.format(id=shown["id"], reason=reason)), file=sys.stderr)
    return Exit.OK


def _change(words: list[str]) -> int | None:
    """Return the id that ``words`` name, None where they are paths."""
    if not words:
        return LAST
    if len(words) == 1 and words[0].isdecimal() and not os.path.lexists(words[0]):
        # Python takes no number of more than 4300 digits
        number = int(words[0]) if len(words[0]) <= MOST_DIGITS else 0
        if not 0 < number <= LARGEST_ID:
            raise CommandError(
                _("{number} is no change: see gowatchctl log").format(number=words[0]), Exit.USAGE
            )
        return number
    return None


def _would_change(arguments: argparse.Namespace) -> int:
    """Print what formatting would do to the files at and below the paths that are named."""
    from gowatchd.cli.pending import Pending  # noqa: PLC0415 a change needs neither formatter nor configuration

    paint = stdout_paint(arguments.color)
    pending = Pending()
    reports = []
    for found in pending.look(arguments.what):
        reports.append(found)
        if arguments.json:
            continue
        for text in (*found.problems, *([found.reason] if found.diff and found.reason else [])):
            print(printable(text), file=sys.stderr)
        print(painted_diff(found.diff, paint), end="", flush=True)
    if arguments.json:
        print(json.dumps({"schema": 1, "files": [one.as_json() for one in reports]}))
    return Exit.PROBLEMS if any(one.diff or one.problems for one in reports) else Exit.OK
