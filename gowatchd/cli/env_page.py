"""The text forms of ``gowatchctl env``: a table of the units, and what there is to say about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gowatchd.cli.quantity import listed
from gowatchd.cli.table import fit, home_as_tilde, pad, widths, wrapped
from gowatchd.cli.terminal import BOLD, DIM, GREEN, YELLOW, printable
from gowatchd.translation import N_, _

if TYPE_CHECKING:
    from gowatchd.cli.terminal import Paint

OK, REPAIRED, REPAIRABLE, LEFT = N_("ok"), N_("repaired"), N_("can be repaired"), N_("needs you")
STYLES = {OK: DIM, REPAIRED: GREEN, REPAIRABLE: YELLOW, LEFT: YELLOW}
PROBLEMS = {  # of a finding, by its kind
    "missing": N_("lacks {name}"),
    "literal": N_("unexpanded {name}"),
    "invalid": N_("never set: {name}"),
    "not-found": N_("not found: {name}"),
    "failed": N_("failed ({name})"),
    "lost-file": N_("no file {name}"),
    "stale": N_("runs with an older {name}"),
}
ORIGINS = {"configuration": N_("configuration"), "login shell": N_("login shell")}
NARROW = 72  # columns: below, where a value would come from has no room
NARROWEST = 12  # cells for what is wrong: less says nothing


def why_no_diff(answer: dict[str, Any]) -> str:
    """Return why nothing would mend the unit of ``answer``."""
    unit = answer["unit"]
    if answer.get("refused"):
        return _("{unit} is not repaired: {reason}").format(unit=unit, reason=answer["refused"])
    if answer["findings"]:
        return _("no drop-in mends {unit}: gowatchctl env {unit} says what does").format(unit=unit)
    return _("{unit} lacks nothing").format(unit=unit)


def table(answer: dict[str, Any], paint: Paint, columns: int) -> str:
    """Return the units of ``answer``, one in a line of ``columns`` cells at most."""
    rows = [(_("UNIT"), _("PROBLEM"), _("FROM"), _("STATE")), *map(_row, answer["units"])]
    if len(rows) == 1:
        return _("You have no service units of your own.")
    if _total(widths(rows)) > columns < NARROW:
        rows = [(*row[:2], row[3]) for row in rows]
    sizes = widths(rows)
    over = max(0, _total(sizes) - columns)
    both = sizes[0] + sizes[1] - over
    sizes[0] = max(min(sizes[0], both // 2), both - sizes[1], NARROWEST)
    sizes[1] = max(both - sizes[0], NARROWEST)
    lines = [paint(_line(rows[0], sizes, columns), BOLD)]
    for row, unit in zip(rows[1:], answer["units"], strict=True):
        text, state = _line(row, sizes, columns), row[-1]
        if text.endswith(state):  # a very narrow terminal has no room for it
            text = f"{text[: len(text) - len(state)]}{paint(state, STYLES[_state(unit)])}"
        lines.append(text)
    first = next((unit for unit in answer["units"] if unit["findings"]), None)
    if first is not None:
        said = _("gowatchctl env {unit} says why, and what helps")
        lines += [
            "",
            *wrapped(printable(said.format(unit=first["unit"])), columns),
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
    row = (unit["unit"], listed(problems) or "-", listed(map(_origin, origins)) or "-", _(_state(unit)))
    return tuple(printable(cell) for cell in row)


def _state(unit: dict[str, Any]) -> str:
    """Return how a unit is, untranslated."""
    if unit["findings"]:
        return REPAIRABLE if any(one["origin"] for one in unit["findings"]) else LEFT
    return REPAIRED if unit["drop_in"] else OK


def _origin(origin: str) -> str:
    """Return where a value comes from."""
    return _(ORIGINS.get(origin, origin))


def _problem(finding: dict[str, Any]) -> str:
    """Return what is wrong in two words."""
    name = finding["name"]
    said = PROBLEMS.get(finding["kind"])
    return f"{finding['kind']} {name}" if said is None else _(said).format(name=home_as_tilde(name))


def details(answer: dict[str, Any], paint: Paint, columns: int) -> str:
    """Return all that is known of the unit of ``answer``."""
    lines = [paint(printable(answer["unit"]), BOLD)]

    def say(text: str, indent: int, *styles: str) -> None:
        lines.extend(
            f"{'':{indent}}{paint(line, *styles)}" for line in wrapped(printable(text), columns - indent)
        )

    if answer["drop_in"]:
        say(_("repaired by {file}").format(file=home_as_tilde(answer["drop_in"])), 2, GREEN)
    for one in answer["findings"]:
        say(one["message"], 2, YELLOW)
        if one["value"] is not None:
            assignment = _("{name}={value}   (from: {origin})").format(
                name=one["name"], value=one["value"], origin=_origin(one["origin"])
            )
            lines.append(f"    {printable(assignment)}")
        if one["advice"]:
            say(one["advice"], 4)
    if answer.get("refused"):
        say(_("not repaired: {reason}").format(reason=answer["refused"]), 2)
    if not answer["findings"]:
        say(_("nothing is missing"), 2)
    elif answer["diff"]:
        said = _("gowatchctl env {unit} --diff shows the repair, --apply makes it")
        say(said.format(unit=answer["unit"]), 2)
    return "\n".join(lines)
