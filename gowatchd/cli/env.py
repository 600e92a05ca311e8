"""``gowatchctl env``: which user units lack their environment, and what a drop-in can do about it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.env_page import details, table, why_no_diff
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.terminal import (
    Paint,
    printable,
    printable_lines,
    stdout_paint,
    stdout_size,
)
from gowatchd.cli.undo import CODES
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

# Seconds: a reload of a manager with many units, twice, where a repair is taken back.
REPAIR_SECONDS = 70.0
DONE = {"repaired", "nothing"}
SHARED = "environment.d"  # what the signal calls it where a unit's name stands otherwise


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the unit and what to do with it."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="UNIT|VARIABLE",
        help=_("one unit in detail, such as sync.service or sync; with --shared: variables"),
    )
    parser.add_argument("--all", action="store_true", help=_("also units that are not your own"))
    parser.add_argument(
        "--shared",
        action="store_true",
        help=_("variables of all units, in ~/.config/environment.d; none named: what several units lack"),
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--diff", action="store_true", help=_("show the file that would mend it"))
    what.add_argument("--apply", action="store_true", help=_("write it and have systemd load it"))
    what.add_argument("--undo", action="store_true", help=_("remove our file again"))
    parser.add_argument(
        "--reload",
        action="store_true",
        help=_("with --apply: even if other units changed and are not loaded yet"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Show or do it; return 1 if something is wrong, or was not done."""
    _refuse_nonsense(arguments)
    paint = stdout_paint(arguments.color)
    with Client() as client:
        if arguments.shared:
            return _run_shared(client, arguments)
        if arguments.names:
            return _run_unit(client, arguments, arguments.names[0], paint)
        answer = client.ask("GetUnits", "b", arguments.all)
    if answer["reason"]:
        if arguments.json:
            print(json.dumps(answer))
        else:
            print(printable(_("no audit: {reason}").format(reason=answer["reason"])), file=sys.stderr)
        return Exit.UNAVAILABLE
    lacking = any(unit["findings"] for unit in answer["units"])
    return _show(arguments, answer, lambda: table(answer, paint, stdout_size().columns), wrong=lacking)


def _refuse_nonsense(arguments: argparse.Namespace) -> None:
    does = arguments.diff or arguments.apply or arguments.undo
    if (does or arguments.reload) and not arguments.names and not arguments.shared:
        raise CommandError("--diff, --apply and --undo need a UNIT, or --shared", Exit.USAGE)
    if arguments.reload and not arguments.apply:
        raise CommandError("--reload belongs to --apply", Exit.USAGE)
    if arguments.shared and arguments.undo and arguments.names:
        raise CommandError("--shared --undo removes the whole file: name no variable", Exit.USAGE)
    if len(arguments.names) > 1 and not arguments.shared:
        raise CommandError("one UNIT at a time", Exit.USAGE)


def _run_unit(client: Client, arguments: argparse.Namespace, unit: str, paint: Paint) -> int:
    if arguments.apply:
        subjects = (unit, f"{unit}.service")
        return _applied(client, arguments, subjects, ("RepairUnit", "sb", unit, arguments.reload))
    if arguments.undo:
        return _undone(arguments, client.ask("UndoUnit", "s", unit))
    answer = client.ask("PreviewUnit", "s", unit)
    if arguments.diff:
        if not answer["diff"] and not arguments.json:
            print(printable(why_no_diff(answer)), file=sys.stderr)
        return _show(arguments, answer, lambda: printable_lines(answer["diff"]), wrong=bool(answer["diff"]))
    return _show(
        arguments,
        answer,
        lambda: details(answer, paint, stdout_size().columns),
        wrong=bool(answer["findings"]),
    )


def _run_shared(client: Client, arguments: argparse.Namespace) -> int:
    if arguments.apply:
        request = ("WriteShared", "asb", arguments.names, arguments.reload)
        return _applied(client, arguments, (SHARED,), request)
    if arguments.undo:
        return _undone(arguments, client.ask("UndoShared"))
    answer = client.ask("PreviewShared", "as", arguments.names)
    if not answer["diff"] and not arguments.json:
        print(_("no variable is lacked by several units that this could give them"), file=sys.stderr)
    return _show(arguments, answer, lambda: printable_lines(answer["diff"]), wrong=bool(answer["diff"]))


def _applied(
    client: Client, arguments: argparse.Namespace, subjects: tuple[str, ...], request: tuple[Any, ...]
) -> int:
    """Ask for a repair, and wait for the signal that tells how it ended."""
    answer = client.tell_and_wait(request, "UnitRepaired", subjects, REPAIR_SECONDS)
    return _said(arguments, answer, Exit.OK if answer["outcome"] in DONE else Exit.PROBLEMS)


def _undone(arguments: argparse.Namespace, answer: dict[str, Any]) -> int:
    return _said(arguments, answer, CODES.get(answer["outcome"], Exit.PROBLEMS))


def _said(arguments: argparse.Namespace, answer: dict[str, Any], code: Exit) -> int:
    if arguments.json:
        print(json.dumps(answer))
    else:
        print(printable(answer["message"]), file=sys.stdout if code is Exit.OK else sys.stderr)
    return code


def _show(
    arguments: argparse.Namespace, answer: dict[str, Any], text: Callable[[], str], *, wrong: bool
) -> int:
    said = json.dumps(answer) if arguments.json else text().rstrip("\n")
    if said:
        print(said)
    return Exit.PROBLEMS if wrong else Exit.OK
