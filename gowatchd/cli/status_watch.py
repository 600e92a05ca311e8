"""``gowatchctl status --watch``: the status as it changes, on a screen of its own or as JSON Lines.

The daemon tells when something happened; the status is asked for again then. What it does not tell of (a
notification server that came) is found by asking now and then. That the daemon stops, is replaced or does not
answer is a state like any other.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import NO_ANSWER
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.screen import Screen
from gowatchd.cli.terminal import stdout_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.cli.client import Client
    from gowatchd.cli.status_page import StatusPage

CLOCK_SECONDS = 1.0  # the page says "12 s ago", and a window may have another size by now
ASK_SECONDS = 5.0  # what no signal tells shows up within that; an answer costs the daemon a millisecond
# A checkout brings a hundred signals: what follows one this close is shown with it, though not for ever.
QUIET_SECONDS = 0.05
QUIET_MOST_SECONDS = 0.5
ABSENT = {"schema": 1, "running": False}
STUCK = {"schema": 1, "running": True, "answering": False}  # until it goes on, or is replaced


def watch_lines(client: Client) -> None:
    """Print a line of JSON now and whenever the status is another one, for ever."""
    last: dict[str, Any] = {}
    for status, _message in _statuses(client, ASK_SECONDS):
        if status != last:
            print(json.dumps(status), flush=True)
            last = status


def watch_screen(client: Client, page: StatusPage) -> None:
    """Repaint the terminal now and whenever what it shows is something else, until Ctrl-C."""
    with Screen() as screen:
        for status, message in _statuses(client, CLOCK_SECONDS):
            size = stdout_size()
            screen.show(page.absent(message, size.columns) if message else page.lines(status, size.columns))


def _statuses(client: Client, seconds: float) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the status, or why there is none, after each event and at least every ``seconds``, for ever."""
    client.subscribe()  # first, so that no change falls between the two
    status, message = _ask(client)
    asked = time.monotonic()
    while True:
        yield status, message
        event = client.next_event(seconds)
        if event is not None:
            _let_pass(client)
        if event is not None or time.monotonic() - asked >= ASK_SECONDS:
            status, message = _ask(client)
            asked = time.monotonic()


def _ask(client: Client) -> tuple[dict[str, Any], str]:
    try:
        return client.ask("GetStatus"), ""
    except CommandError as error:
        if error.message == NO_ANSWER:
            return STUCK, error.message
        if error.code != Exit.NOT_RUNNING:
            raise
        return ABSENT, error.message  # its start is an event too


def _let_pass(client: Client) -> None:
    """Wait until the signals of one moment are through."""
    most = time.monotonic() + QUIET_MOST_SECONDS
    while time.monotonic() < most and client.next_event(QUIET_SECONDS) is not None:
        pass
