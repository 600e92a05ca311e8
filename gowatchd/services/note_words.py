"""What the texts of notes are made of: harmless, short, in the language of the person."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.services.notes import FIX, MUTE, OPEN, RESTART, SHOW, UNDO
from gowatchd.services.plain_text import escape, shorten
from gowatchd.translation import N_, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

LISTED = 5  # lines or names in one note; more is a log
LINE = 200  # characters: a go error can carry a whole command's output
LABELS = {
    FIX: N_("Fix"),
    OPEN: N_("Open"),
    SHOW: N_("Show diff"),
    UNDO: N_("Undo"),
    RESTART: N_("Restart unit"),
    MUTE: N_("Mute 1 h"),
}


def buttons(*keys: str) -> tuple[tuple[str, str], ...]:
    """Return the actions of ``keys`` with their labels; an empty key is none."""
    return tuple((key, _(LABELS[key])) for key in keys if key)


def short(path: str) -> str:
    """Return the file with the folder that it is in: what tells two go.mod apart."""
    folder, name = os.path.split(path)
    return clean(os.path.join(os.path.basename(folder), name))


def folder_of(path: str) -> str:
    """Return the folder that the file ``path`` is in, to be read."""
    return clean(os.path.dirname(path))


def listed(items: Sequence[str], separator: str = "\n") -> str:
    """Return ``items``, the first few of them and how many more there are."""
    shown = [clean(item) for item in items[:LISTED]]
    left = len(items) - LISTED
    if left > 0:
        shown.append(ngettext("and {count} more", "and {count} more", left).format(count=left))
    return separator.join(shown)


def clean(text: str) -> str:
    """Return ``text`` of any origin as one harmless line of a bounded length."""
    return shorten(escape(text), LINE)
