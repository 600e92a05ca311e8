"""One change of the history as one line for people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gowatchd.cli.table import home_as_tilde, pad, width
from gowatchd.cli.terminal import printable
from gowatchd.translation import N_, _

DONE = {"format": N_("formatted"), "fix": N_("fixed"), "env": N_("repaired"), "undo": N_("undone")}
NOT_DONE = {
    "format": N_("not formatted"),
    "fix": N_("not fixed"),
    "env": N_("not repaired"),
    "undo": N_("not undone"),
}


def log_line(entry: dict[str, Any]) -> str:
    """Return when it was, its id, what was done to which file, and what became of that."""
    at = datetime.fromisoformat(entry["at"]).strftime("%Y-%m-%d %H:%M:%S")
    widest = max(width(_(word)) for words in (DONE, NOT_DONE) for word in words.values())
    known = (DONE if entry["state"] == "done" else NOT_DONE).get(entry["kind"])
    what = pad(entry["kind"] if known is None else _(known), widest)
    notes = []
    if entry["undoes"] is not None:
        notes.append(_("change {id}").format(id=entry["undoes"]))
    if entry["undone"]:
        notes.append(_("undone since"))
    if entry["state"] == "intended":
        notes.append(_("in progress"))
    if entry["reason"]:
        notes.append(entry["reason"])
    note = f"  ({', '.join(notes)})" if notes else ""
    return printable(f"{at}  {entry['id']:>5}  {what}  {home_as_tilde(entry['path'])}{note}")
