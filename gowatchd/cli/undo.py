"""``gowatchctl undo``: take back what the daemon or ``gowatchctl fix`` wrote."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from gowatchd.cli.errors import Exit
from gowatchd.cli.own_history import ask_history
from gowatchd.cli.table import home_as_tilde
from gowatchd.cli.terminal import printable, printable_lines
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse

    from gowatchd.services.history import History

CODES = {"undone": Exit.OK, "already-undone": Exit.OK, "unknown": Exit.NO_SUCH_THING}
LARGEST_ID = 2**63 - 1  # a D-Bus "x"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the change, and --dry-run."""
    parser.add_argument(
        "id",
        nargs="?",
        type=_change,
        default=0,
        metavar="ID",
        help=_("a change of 'gowatchctl log'; the latest"),
    )
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help=_("show what would change, and do nothing")
    )


def run(arguments: argparse.Namespace) -> int:
    """Undo one change, or say why not."""
    return _preview(arguments) if arguments.dry_run else _undo(arguments)


def _undo(arguments: argparse.Namespace) -> int:
    result = ask_history("Undo", "x", arguments.id, alone=lambda history: _take_back(history, arguments.id))
    code = CODES.get(result["outcome"], Exit.PROBLEMS)
    if arguments.json:
        print(json.dumps(result))
        return code
    print(printable(result["message"]), file=sys.stdout if code == Exit.OK else sys.stderr)
    if result["diff"]:
        print(_("undoing it would have changed:"), file=sys.stderr)
        print(printable_lines(result["diff"]), end="")
    return code


def _preview(arguments: argparse.Namespace) -> int:
    preview = ask_history(
        "PreviewUndo", "x", arguments.id, alone=lambda history: history.preview(arguments.id)
    )
    if arguments.json:
        print(json.dumps(preview))
    elif preview["diff"]:
        print(printable_lines(preview["diff"]), end="")
    else:
        name = printable(home_as_tilde(preview["path"]))
        said = _("{file} holds already what undoing change {change} would put back")
        print(said.format(file=name, change=preview["id"]), file=sys.stderr)
    return Exit.OK


def _take_back(history: History, change: int) -> dict[str, Any]:
    history.recover()  # as the daemon does when it starts: a write that was cut off is completed
    return history.undo(change).as_json()


def _change(text: str) -> int:
    """Read an id; argparse turns the ValueError into its usage message."""
    number = int(text)
    if not 0 < number <= LARGEST_ID:
        raise ValueError
    return number


_change.__name__ = "change"  # what argparse calls it: "invalid change value"
