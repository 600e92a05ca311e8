"""``gowatchctl log``: what the daemon and ``gowatchctl fix`` did."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.own_history import ask_history
from gowatchd.cli.table import home_as_tilde
from gowatchd.cli.terminal import printable

if TYPE_CHECKING:
    import argparse

LINES = 20  # as many as fit on a screen with the prompt
MOST_LINES = 1000  # the daemon keeps no more
DONE = {"format": "formatted", "fix": "fixed", "env": "repaired", "undo": "undone"}
NOT_DONE = {"format": "not formatted", "fix": "not fixed", "env": "not repaired", "undo": "not undone"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how much to show, and whether to go on."""
    parser.add_argument(
        "-n", "--lines", type=_lines, default=LINES, metavar="N", help=f"show the last N changes; {LINES}"
    )
    parser.add_argument("-f", "--follow", action="store_true", help="go on with what happens, until Ctrl-C")


def run(arguments: argparse.Namespace) -> int:
    """Print the last changes, and with --follow those to come; JSON Lines then."""
    if not arguments.follow:
        log = _last(arguments.lines)
        if arguments.json:
            print(json.dumps(log))
        else:
            _print(log["entries"], as_json=False)
        return Exit.OK
    with Client() as client:
        client.subscribe()  # first, so that no change falls between the two
        entries = _last(max(arguments.lines, 1))["entries"]  # one at least, to know where to go on
        _print(entries if arguments.lines else [], as_json=arguments.json)
        _follow(client, entries[-1]["id"] if entries else 0, as_json=arguments.json)
    return Exit.OK


def _last(lines: int) -> dict[str, Any]:
    """Return the last changes, of the daemon or of the history itself."""
    return ask_history("GetLog", "xu", 0, lines, alone=lambda history: history.log(0, lines))


def _follow(client: Client, last: int, *, as_json: bool) -> None:
    """Print the changes after ``last``, whenever a signal says that there may be some, for ever."""
    for _ in client.events():
        try:
            entries = client.ask("GetLog", "xu", last, MOST_LINES)["entries"]
        except CommandError as error:
            if error.code != Exit.NOT_RUNNING:
                raise
            continue  # its start is an event too
        _print(entries, as_json=as_json)
        last = entries[-1]["id"] if entries else last


def _print(entries: list[dict[str, Any]], *, as_json: bool) -> None:
    for entry in entries:
        print(json.dumps({"schema": 1, **entry}) if as_json else _line(entry), flush=True)


def _line(entry: dict[str, Any]) -> str:
    at = datetime.fromisoformat(entry["at"]).strftime("%Y-%m-%d %H:%M:%S")
    words = DONE if entry["state"] == "done" else NOT_DONE
    what = words.get(entry["kind"], entry["kind"])
    notes = []
    if entry["undoes"] is not None:
        notes.append(f"change {entry['undoes']}")
    if entry["undone"]:
        notes.append("undone since")
    if entry["state"] == "intended":
        notes.append("in progress")
    if entry["reason"]:
        notes.append(entry["reason"])
    note = f"  ({', '.join(notes)})" if notes else ""
    return printable(f"{at}  {entry['id']:>5}  {what:<13}  {home_as_tilde(entry['path'])}{note}")


def _lines(text: str) -> int:
    """Read how many; argparse turns the ValueError into its usage message."""
    number = int(text)
    if not 0 <= number <= MOST_LINES:
        raise ValueError
    return number


_lines.__name__ = f"number (0 to {MOST_LINES})"  # what argparse calls it: "invalid number (0 to 1000) value"
