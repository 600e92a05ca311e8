"""What ``gowatchctl doctor`` prints for people: every diagnosis, as wide as the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli.checks.environment import NO_MATTER
from gowatchd.cli.diagnosis import State
from gowatchd.cli.table import fit, home_as_tilde, pad, width, wrapped
from gowatchd.cli.terminal import BOLD, DIM, GREEN, RED, YELLOW, Paint, printable
from gowatchd.translation import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gowatchd.cli.diagnosis import Diagnosis, Row

STYLES = {State.OK: GREEN, State.NOTE: YELLOW, State.PROBLEM: RED, State.UNKNOWN: DIM}
MARKS = {State.OK: "●", State.NOTE: "!", State.PROBLEM: "×", State.UNKNOWN: "○"}  # noqa: RUF001 the sign that status uses
ASCII_MARKS = {State.OK: "*", State.NOTE: "!", State.PROBLEM: "x", State.UNKNOWN: "o"}
QUIET = {State.OK, State.UNKNOWN}  # of which one line says enough
NARROWEST = 40  # cells: below, lines break by themselves
MARGIN = 4  # cells before whatever belongs to a diagnosis


class DoctorPage:
    """The text form, as wide as the terminal."""

    def __init__(self, paint: Paint, marks: dict[State, str], cells: int) -> None:
        self._paint = paint
        self._marks = marks
        self._cells = max(NARROWEST, cells)

    def lines(self, one: Diagnosis) -> list[str]:
        """Return the lines of one diagnosis; what is fine, or not known, takes one line."""
        mark = self._paint(self._marks[one.state], STYLES[one.state])
        title = self._paint(one.code, BOLD)
        verdict = one.verdict
        if one.state in QUIET and not verdict.rows and not verdict.commands:
            first, *more = self._wrapped(verdict.result, len(one.code) + 4)
            return [f"{mark} {title}: {first}", *(f"    {line}" for line in more)]
        labels = (_("if"), _("looked at"), _("found"), _("others"), _("helps"), _("run"))
        if_, looked, found, others, helps, run = labels
        column = max(map(width, labels)) + 1
        lines = [f"{mark} {title}"]
        for label, text in ((if_, one.symptom), (looked, one.looked), (found, verdict.result)):
            lines += self._labelled(label, text, column)
        for row in verdict.rows:
            if row.advice != _(NO_MATTER):
                lines += self._row(row)
        unimportant = ", ".join(row.name for row in verdict.rows if row.advice == _(NO_MATTER))
        if unimportant:
            text = _("{names}: {advice}").format(names=unimportant, advice=_(NO_MATTER))
            lines += self._labelled(others, text, column)
        if verdict.remedy:
            lines += self._labelled(helps, verdict.remedy, column, BOLD)
        # whole, however long: half a command is none
        for number, command in enumerate(verdict.commands):
            head = self._paint(pad("" if number else run, column), DIM)
            lines.append(f"{'':{MARGIN}}{head}{self._paint(printable(command), BOLD)}")
        return lines

    def summary(self, found: Sequence[Diagnosis], *, mended: bool) -> list[str]:
        """Return what all of it comes to; ``mended``: --fix was given, and nobody has to be told of it."""
        problems = sum(one.state is State.PROBLEM for one in found)
        notes = sum(one.state is State.NOTE for one in found)
        unknown = sum(one.state is State.UNKNOWN for one in found)
        offers = sum(bool(one.verdict.mending) for one in found)
        if not problems and not notes and not unknown:
            return ["", self._paint(_("Nothing is wrong."), GREEN)]
        told = [
            ngettext("{number} problem", "{number} problems", problems).format(number=problems),
            ngettext("{number} note", "{number} notes", notes).format(number=notes),
        ]
        if unknown:
            told.append(_("{number} not looked at").format(number=unknown))
        text = _(", ").join(told)
        lines = ["", self._paint(text, BOLD, RED if problems else YELLOW)]
        if offers and not mended:
            text = ngettext(
                "gowatchctl doctor --fix offers to mend {number} of them, and asks before it does.",
                "gowatchctl doctor --fix offers to mend {number} of them, and asks before each.",
                offers,
            ).format(number=offers)
            lines += self._wrapped(text, 0)
        return lines

    def _labelled(self, label: str, text: str, column: int, *styles: str) -> list[str]:
        first, *more = self._wrapped(text, MARGIN + column)
        head = f"{'':{MARGIN}}{self._paint(pad(label, column), DIM)}{self._paint(first, *styles)}"
        return [head, *(f"{'':{MARGIN + column}}{self._paint(line, *styles)}" for line in more)]

    def _row(self, row: Row) -> list[str]:
        places = (_("shell"), row.shell), (_("systemd"), row.manager)
        column = max(width(place) for place, _value in places) + 2
        room = self._cells - 8
        lines = [f"      {self._paint(printable(row.name), BOLD)}"]
        for place, value in places:
            shown = _("(not set)") if value is None else printable(home_as_tilde(value))
            lines.append(f"        {self._paint(pad(place, column), DIM)}{fit(shown, room - column)}")
        first, *more = self._wrapped(row.advice, 11)
        return [*lines, f"        {self._paint('->', DIM)} {first}", *(f"           {line}" for line in more)]

    def _wrapped(self, text: str, indent: int) -> list[str]:
        return wrapped(printable(text), self._cells - indent)
