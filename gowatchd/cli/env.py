"""``gowatchctl env``: which user units lack their environment, and what a drop-in can do about it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.table import fit, home_as_tilde, pad, widths, wrapped
from gowatchd.cli.terminal import (
    BOLD,
    DIM,
    GREEN,
    YELLOW,
    Paint,
    printable,
    printable_lines,
    stdout_paint,
    stdout_size,
)
from gowatchd.cli.undo import CODES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

# Seconds: a reload of a manager with many units, twice, where a repair is taken back.
REPAIR_SECONDS = 70.0
DONE = {"repaired", "nothing"}
SHARED = "environment.d"  # what the signal calls it where a unit's name stands otherwise

OK, REPAIRED, REPAIRABLE, LEFT = "ok", "repaired", "can be repaired", "needs you"
STYLES = {OK: DIM, REPAIRED: GREEN, REPAIRABLE: YELLOW, LEFT: YELLOW}
NARROW = 72  # columns: below, where a value would come from has no room
NARROWEST = 12  # cells for what is wrong: less says nothing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the unit and what to do with it."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="UNIT",
        help="one unit in detail, such as sync.service or sync; with --shared: variables",
    )
    parser.add_argument("--all", action="store_true", help="also units that are not your own")
    parser.add_argument(
        "--shared",
        action="store_true",
        help="variables of all units, in ~/.config/environment.d; none named: what several units lack",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--diff", action="store_true", help="show the file that would mend it")
    what.add_argument("--apply", action="store_true", help="write it and have systemd load it")
    what.add_argument("--undo", action="store_true", help="remove our file again")
    parser.add_argument(
        "--reload",
        action="store_true",
        help="with --apply: even if other units changed and are not loaded yet",
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
            print(printable(f"no audit: {answer['reason']}"), file=sys.stderr)
        return Exit.UNAVAILABLE
    lacking = any(unit["findings"] for unit in answer["units"])
    return _show(arguments, answer, lambda: _table(answer, paint, stdout_size().columns), wrong=lacking)


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
            print(printable(_why_no_diff(answer)), file=sys.stderr)
        return _show(arguments, answer, lambda: printable_lines(answer["diff"]), wrong=bool(answer["diff"]))
    return _show(
        arguments,
        answer,
        lambda: _details(answer, paint, stdout_size().columns),
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
        print("no variable is lacked by several units that this could give them", file=sys.stderr)
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


def _why_no_diff(answer: dict[str, Any]) -> str:
    if answer.get("refused"):
        return f"{answer['unit']} is not repaired: {answer['refused']}"
    if answer["findings"]:
        return f"no drop-in mends {answer['unit']}: gowatchctl env {answer['unit']} says what does"
    return f"{answer['unit']} lacks nothing"


def _table(answer: dict[str, Any], paint: Paint, columns: int) -> str:
    rows = [("UNIT", "PROBLEM", "FROM", "STATE"), *map(_row, answer["units"])]
    if len(rows) == 1:
        return "You have no service units of your own."
    if _total(widths(rows)) > columns < NARROW:
        rows = [(unit, problem, state) for unit, problem, _, state in rows]
    sizes = widths(rows)
    over = max(0, _total(sizes) - columns)
    both = sizes[0] + sizes[1] - over
    sizes[0] = max(min(sizes[0], both // 2), both - sizes[1], NARROWEST)
    sizes[1] = max(both - sizes[0], NARROWEST)
    lines = [paint(_line(rows[0], sizes, columns), BOLD)]
    for row in rows[1:]:
        text, state = _line(row, sizes, columns), row[-1]
        if text.endswith(state):  # a very narrow terminal has no room for it
            text = f"{text[: len(text) - len(state)]}{paint(state, STYLES[state])}"
        lines.append(text)
    first = next((unit for unit in answer["units"] if unit["findings"]), None)
    if first is not None:
        lines += [
            "",
            *wrapped(printable(f"gowatchctl env {first['unit']} says why, and what helps"), columns),
        ]
    return "\n".join(lines)


def _total(sizes: list[int]) -> int:
    return sum(sizes) + 2 * (len(sizes) - 1)


def _line(row: tuple[str, ...], sizes: list[int], columns: int) -> str:
    cells = [pad(fit(cell, size), size) for cell, size in zip(row, sizes, strict=True)]
    return fit("  ".join(cells).rstrip(), columns)


def _row(unit: dict[str, Any]) -> tuple[str, ...]:
    findings = unit["findings"]
    problems = list(dict.fromkeys(map(_problem, findings)))
    origins = list(dict.fromkeys(one["origin"] for one in findings if one["origin"]))
    state = REPAIRED if unit["drop_in"] else OK
    if findings:
        state = REPAIRABLE if origins else LEFT
    row = (unit["unit"], ", ".join(problems) or "-", ", ".join(origins) or "-", state)
    return tuple(printable(cell) for cell in row)


def _problem(finding: dict[str, Any]) -> str:
    """Return what is wrong in two words."""
    name = finding["name"]
    words = {
        "missing": f"lacks {name}",
        "literal": f"unexpanded {name}",
        "invalid": f"never set: {name}",
        "not-found": f"not found: {name}",
        "failed": f"failed ({name})",
        "lost-file": f"no file {home_as_tilde(name)}",
        "stale": f"runs with an older {name}",
    }
    return words.get(finding["kind"], f"{finding['kind']} {name}")


def _details(answer: dict[str, Any], paint: Paint, columns: int) -> str:
    lines = [paint(printable(answer["unit"]), BOLD)]

    def say(text: str, indent: int, *styles: str) -> None:
        lines.extend(
            f"{'':{indent}}{paint(line, *styles)}" for line in wrapped(printable(text), columns - indent)
        )

    if answer["drop_in"]:
        say(f"repaired by {home_as_tilde(answer['drop_in'])}", 2, GREEN)
    for one in answer["findings"]:
        say(one["message"], 2, YELLOW)
        if one["value"] is not None:
            lines.append(printable(f"    {one['name']}={one['value']}   (from: {one['origin']})"))
        if one["advice"]:
            say(one["advice"], 4)
    if answer.get("refused"):
        say(f"not repaired: {answer['refused']}", 2)
    if not answer["findings"]:
        say("nothing is missing", 2)
    elif answer["diff"]:
        say(f"gowatchctl env {answer['unit']} --diff shows the repair, --apply makes it", 2)
    return "\n".join(lines)
