"""How ``init`` writes: a new go.work in one step, a change of one that is there after it was shown."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.question import confirm
from gowatchd.cli.terminal import printable, printable_lines
from gowatchd.services.ports import SwapOutcome
from gowatchd.services.report import diagnostic_report, readable
from gowatchd.system.files import SafeFiles
from gowatchd.system.new_file import create
from gowatchd.system.write_out import write_out_file
from gowatchd.translation import _, ngettext

if TYPE_CHECKING:
    import argparse

    from gowatchd.services.beginning import Plan


def carry_out(arguments: argparse.Namespace, plan: Plan, *, asks: bool = False) -> int:
    """Write or show what ``plan`` says; where ``asks``, only if the person agrees. Return an exit code."""
    if plan.errors:
        return _refuse(arguments, plan)
    if plan.old == plan.new:
        return _end(arguments, plan, "unchanged", "")
    is_seen = arguments.json or arguments.dry_run or plan.old is not None
    diff = _diff(plan) if is_seen else ""
    if arguments.dry_run:
        return _end(arguments, plan, "planned", diff)
    if plan.old is not None and not arguments.json:
        print(printable_lines(diff), end="", flush=True)
    if (
        asks
        and plan.old is not None
        and not confirm(_("Change {file} like this?").format(file=printable(shown(plan.path))))
    ):
        say(_("nothing was changed"))
        return Exit.OK
    if plan.old is None:
        swap = create(plan.path, plan.new)
    else:
        swap = SafeFiles().swap(plan.path, plan.old, plan.new)
        write_out_file(plan.path)
    if swap.outcome is not SwapOutcome.WRITTEN:
        raise CommandError(f"{printable(shown(plan.path))} was not written: {swap.reason}", Exit.PROBLEMS)
    return _end(arguments, plan, "written", diff)


def _diff(plan: Plan) -> str:
    from gowatchd.cli.difference import unified  # noqa: PLC0415 a new go.work is not shown, and needs no difflib

    return unified(shown(plan.path), plan.old or b"", plan.new).decode("utf-8", "surrogateescape")


def _refuse(arguments: argparse.Namespace, plan: Plan) -> int:
    for one in plan.errors:
        place = f"{shown(one.path)}:{one.span.start.line}:{one.span.start.column}"
        say(f"{place}: {one.severity.value}: {one.message} [{one.code}]")
    said = (
        _("{file} was not written, for go would not accept it: correct these first")
        if arguments.replace
        else _(
            "{file} was not written, for go would not accept it: correct these, or leave modules out "
            "with --exclude"
        )
    )
    say(said.format(file=shown(plan.path)))
    if arguments.json:
        print(json.dumps(_report(plan, "refused", "")))
    return Exit.PROBLEMS


def _end(arguments: argparse.Namespace, plan: Plan, outcome: str, diff: str) -> int:
    if arguments.json:
        print(json.dumps(_report(plan, outcome, diff)))
        return Exit.OK
    name = printable(shown(plan.path))
    if outcome == "planned":
        print(printable_lines(diff), end="")
    elif outcome == "unchanged":
        print(_("{file} says all of that already").format(file=name))
    elif plan.added:
        count = len(plan.added)
        said = ngettext(
            "{file}: {number} module added, {all} in all",
            "{file}: {number} modules added, {all} in all",
            count,
        )
        print(said.format(file=name, number=count, all=len(plan.modules)))
    else:
        print(_("{file}: written").format(file=name))
    return Exit.OK


def _report(plan: Plan, outcome: str, diff: str) -> dict[str, object]:
    return {
        "schema": 1,
        "path": readable(plan.path),
        "outcome": outcome,
        "modules": [
            {"directory": readable(one.directory), "path": readable(one.path)} for one in plan.modules
        ],
        "added": [readable(one) for one in plan.added],
        "diff": readable(diff),
        "diagnostics": [diagnostic_report(one) for one in plan.errors],
    }


def shown(path: str) -> str:
    """Return ``path`` as Go prints it: relative to the current directory where that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(path) else path


def say(text: str) -> None:
    """Tell the person ``text``, on standard error."""
    print(printable(text), file=sys.stderr)
