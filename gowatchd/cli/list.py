"""``gowatchctl list``: what was found, and why it is watched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.errors import Exit
from gowatchd.cli.quantity import listed, problems
from gowatchd.cli.status_page import muted
from gowatchd.cli.table import home_as_tilde, pad, widths
from gowatchd.cli.terminal import BOLD, DIM, printable, stdout_paint
from gowatchd.translation import N_, _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from gowatchd.cli.terminal import Paint

# What the daemon says of a state, of who decided, and of how a folder came in; it says that in English.
STATES = {"ok": N_("ok"), "off": N_("off")}
WHO = {
    "configuration": N_("configuration"),
    "added by you": N_("added by you"),
    "removed by you": N_("removed by you"),
    "remembered": N_("remembered"),
    "left out": N_("left out"),
}
BELOW = "below "
PLACES = {"used by ": N_("used by {path}"), "replaced by ": N_("replaced by {path}")}


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Print all that is watched, and what is not."""
    with Client() as client:
        listing = client.ask("List")
    if arguments.json:
        print(json.dumps(listing))
    else:
        print("\n".join(_lines(listing, stdout_paint(arguments.color))))
    return Exit.OK


def _lines(listing: dict[str, Any], paint: Paint) -> Iterator[str]:
    rows = [_row(one) for one in listing["workspaces"]]
    yield from _with_notes(_table(rows), listing["workspaces"]) if rows else (_("no workspaces"),)
    if listing["scanning"]:
        yield paint(_("still looking for others"), DIM)
    for title, entries, key in (
        (_("brought in from elsewhere:"), listing["outside"], "path"),
        (_("looked for below:"), listing["roots"], "path"),
        (_("left out:"), listing["excluded"], "what"),
    ):
        if entries:
            yield paint(title, BOLD)
            yield from (f"  {line}" for line in _table([_pair(one, key) for one in entries]))
    yield paint(
        _("what you added, removed and muted is kept in {file}").format(file=_shown(listing["choices"])), DIM
    )


def _with_notes(lines: list[str], workspaces: list[dict[str, Any]]) -> Iterator[str]:
    """Yield each line, and below it what the repository itself switched off."""
    for line, workspace in zip(lines, workspaces, strict=True):
        yield line
        yield from ("  " + _("off: {setting}").format(setting=_shown(text)) for text in workspace["off"])


def _row(workspace: dict[str, Any]) -> list[str]:
    return [
        _shown(workspace["root"]),
        f"go.{workspace['kind']}",
        _state(workspace),
        printable(_why(workspace["why"])),
        "" if workspace["repository"] is None else f"git {_shown(workspace['repository'])}",
    ]


def _state(workspace: dict[str, Any]) -> str:
    count = workspace["errors"] + workspace["warnings"]
    state = problems(count) if count else _(STATES.get(workspace["state"], workspace["state"]))
    return listed(filter(None, (state, muted(workspace))))


def _why(why: str) -> str:
    """Return in the person's language what the daemon says in English."""
    for beginning, said in PLACES.items():
        if why.startswith(beginning):
            return _(said).format(path=home_as_tilde(why[len(beginning) :]))
    if why.startswith(BELOW):
        path, _comma, who = why[len(BELOW) :].rpartition(", ")
        return _("below {path}, {why}").format(path=home_as_tilde(path), why=_(WHO.get(who, who)))
    return _(WHO.get(why, why))


def _pair(entry: dict[str, str], key: str) -> list[str]:
    return [_shown(entry[key]), printable(_why(entry["why"]))]


def _shown(path: str) -> str:
    return printable(home_as_tilde(path))


def _table(rows: list[list[str]]) -> list[str]:
    cells = widths(rows)
    return [
        "  ".join(pad(cell, length) for cell, length in zip(row, cells, strict=True)).rstrip() for row in rows
    ]
