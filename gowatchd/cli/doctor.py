"""``gowatchctl doctor``: looks at what gowatchd stands on, explains what it finds, and says what helps."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import State
from gowatchd.cli.environment_checks import CHECKS, NO_MATTER
from gowatchd.cli.errors import Exit
from gowatchd.cli.examination import Examination
from gowatchd.cli.table import fit, home_as_tilde, pad, wrapped
from gowatchd.cli.terminal import BOLD, DIM, GREEN, RED, YELLOW, Paint, printable, stdout_paint
from gowatchd.cli.usage import columns

if TYPE_CHECKING:
    import argparse

    from gowatchd.cli.diagnosis import Check, Diagnosis, Row

# Every check of the doctor, in the order in which one explains the next.
ALL: tuple[Check, ...] = CHECKS
STYLES = {State.OK: GREEN, State.NOTE: YELLOW, State.PROBLEM: RED}
MARKS = {State.OK: "●", State.NOTE: "!", State.PROBLEM: "×"}  # noqa: RUF001 the sign that status uses
ASCII_MARKS = {State.OK: "*", State.NOTE: "!", State.PROBLEM: "x"}
NARROWEST = 40  # cells: below, lines break by themselves


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Print every diagnosis as soon as it is there; return 1 if there is a problem among them."""
    examination = Examination()
    if arguments.json:
        found = [check(examination) for check in ALL]
        print(json.dumps({"schema": 1, "checks": [one.as_json() for one in found]}))
    else:
        unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        page = _Page(
            stdout_paint(arguments.color), MARKS if unicode else ASCII_MARKS, max(NARROWEST, columns())
        )
        found = []
        for check in ALL:
            found.append(check(examination))
            print("\n".join(page.lines(found[-1])), flush=True)
    problems = any(one.state is State.PROBLEM for one in found)
    return Exit.PROBLEMS if problems else Exit.OK


class _Page:
    """The text form, as wide as the terminal."""

    def __init__(self, paint: Paint, marks: dict[State, str], cells: int) -> None:
        self._paint = paint
        self._marks = marks
        self._cells = cells

    def lines(self, one: Diagnosis) -> list[str]:
        """Return the lines of one diagnosis; what is fine takes one line."""
        mark = self._paint(self._marks[one.state], STYLES[one.state])
        title = self._paint(one.code, BOLD)
        if one.state is State.OK and not one.rows:
            first, *more = self._wrapped(one.result, len(one.code) + 4)
            return [f"{mark} {title}: {first}", *(f"    {line}" for line in more)]
        lines = [f"{mark} {title}"]
        for label, text in (("if", one.symptom), ("looked at", one.looked), ("found", one.result)):
            lines += self._labelled(label, text)
        for row in one.rows:
            if row.advice != NO_MATTER:
                lines += self._row(row)
        others = ", ".join(row.name for row in one.rows if row.advice == NO_MATTER)
        if others:
            lines += self._labelled("others", f"{others}: {NO_MATTER}")
        return lines + (self._labelled("helps", one.remedy, BOLD) if one.remedy else [])

    def _labelled(self, label: str, text: str, *styles: str) -> list[str]:
        first, *more = self._wrapped(text, 14)
        head = f"    {self._paint(pad(label, 10), DIM)}{self._paint(first, *styles)}"
        return [head, *(f"{'':14}{self._paint(line, *styles)}" for line in more)]

    def _row(self, row: Row) -> list[str]:
        room = self._cells - 8
        lines = [f"      {self._paint(printable(row.name), BOLD)}"]
        for place, value in (("shell", row.shell), ("systemd", row.manager)):
            shown = "(not set)" if value is None else printable(home_as_tilde(value))
            lines.append(f"        {self._paint(pad(place, 9), DIM)}{fit(shown, room - 9)}")
        lines += [f"        {self._paint('->', DIM)} {line}" for line in self._wrapped(row.advice, 11)[:1]]
        lines += [f"           {line}" for line in self._wrapped(row.advice, 11)[1:]]
        return lines

    def _wrapped(self, text: str, indent: int) -> list[str]:
        return wrapped(printable(text), self._cells - indent)
