"""``gowatchctl log``: what the daemon and ``gowatchctl fix`` did."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gowatchd.cli import log_filter
from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.log_line import log_line
from gowatchd.cli.own_history import ask_history
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse

    from gowatchd.cli.log_filter import LogFilter

LINES = 20  # as many as fit on a screen with the prompt
MOST_LINES = 1000  # the daemon keeps no more


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take which and how much to show, and whether to go on."""
    parser.add_argument(
        "-n",
        "--lines",
        type=_lines,
        metavar="N",
        help=_("show the last N changes; {number}, or all with --since").format(number=LINES),
    )
    parser.add_argument(
        "-f", "--follow", action="store_true", help=_("go on with what happens, until Ctrl-C")
    )
    log_filter.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the last changes, and with --follow those to come; JSON Lines then."""
    wanted = log_filter.of_arguments(arguments)
    lines = arguments.lines
    if lines is None:
        lines = LINES if arguments.since is None else MOST_LINES
    if not arguments.follow:
        log = _last(lines if wanted.takes_all else MOST_LINES)
        entries = _newest(wanted.among(log["entries"]), lines)
        if arguments.json:
            print(json.dumps({**log, "entries": entries}))
        else:
            _print(entries, as_json=False)
        return Exit.OK
    with Client() as client:
        client.subscribe()  # first, so that no change falls between the two
        log = _last(MOST_LINES)
        _print(_newest(wanted.among(log["entries"]), lines), as_json=arguments.json)
        last = log["entries"][-1]["id"] if log["entries"] else 0
        _follow(client, last, wanted, as_json=arguments.json)
    return Exit.OK


def _last(lines: int) -> dict[str, Any]:
    """Return the last changes, of the daemon or of the history itself."""
    return ask_history("GetLog", "xu", 0, lines, alone=lambda history: history.log(0, lines))


def _newest(entries: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    return entries[-number:] if number else []


def _follow(client: Client, last: int, wanted: LogFilter, *, as_json: bool) -> None:
    """Print the changes after ``last``, whenever a signal says that there may be some, for ever."""
    for _event in client.events():
        try:
            entries = client.ask("GetLog", "xu", last, MOST_LINES)["entries"]
        except CommandError as error:
            if error.code != Exit.NOT_RUNNING:
                raise
            continue  # its start is an event too
        _print(wanted.among(entries), as_json=as_json)
        last = entries[-1]["id"] if entries else last


def _print(entries: list[dict[str, Any]], *, as_json: bool) -> None:
    for entry in entries:
        print(json.dumps({"schema": 1, **entry}) if as_json else log_line(entry), flush=True)


def _lines(text: str) -> int:
    """Read how many; argparse turns the ValueError into its usage message."""
    number = int(text)
    if not 0 <= number <= MOST_LINES:
        raise ValueError
    return number


_lines.__name__ = f"number (0 to {MOST_LINES})"  # what argparse calls it: "invalid number (0 to 1000) value"
