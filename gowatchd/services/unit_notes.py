"""What notes on user units say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.services.note_words import buttons, clean, listed
from gowatchd.services.notes import RESTART, SHOW, UNDO, UNTIL_CLOSED, Note, Urgency
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence


def unit_repaired(
    unit: str, names: Sequence[str], change: int, *, runs: bool, diff: Sequence[str] = ()
) -> Note:
    """A user unit got what it lacked; ``diff`` are the lines of what was written."""
    still = _("It still runs without it. See gowatchctl env {unit}")
    body = still if runs else _("It has it from its next start on. See gowatchctl env {unit}")
    return Note(
        key=unit_key(unit),
        title=_("Gave {unit} {variables}").format(unit=clean(unit), variables=listed(list(names), ", ")),
        body=body.format(unit=clean(unit)),
        milliseconds=UNTIL_CLOSED,
        lasting=True,
        once=True,
        actions=buttons(SHOW if diff else "", UNDO, RESTART if runs else ""),
        click=SHOW if diff else "",
        changes=(change,),
        details="\n".join(diff),
    )


def unit_lacks(unit: str, names: Sequence[str]) -> Note:
    """A user unit lacks what the login shell has, and its person decides."""
    return Note(
        key=unit_key(unit),
        title=_("{unit} lacks {variables}").format(unit=clean(unit), variables=listed(list(names), ", ")),
        body=_("gowatchctl env {unit} --apply gives it that").format(unit=clean(unit)),
        urgency=Urgency.LOW,
        lasting=True,
        once=True,
    )


def unit_not_repaired(unit: str, message: str) -> Note:
    """A user unit could not be given what it lacks."""
    title = _("{unit} was not repaired").format(unit=clean(unit))
    return Note(key=unit_key(unit), title=title, body=clean(message), lasting=True, once=True)


def unit_key(unit: str) -> str:
    """Return the key of the note on ``unit``."""
    return f"unit:{unit}"
