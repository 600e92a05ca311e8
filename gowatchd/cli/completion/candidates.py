"""``gowatchctl --complete KIND``: what is known just now and may stand at the cursor, a line each.

A line is the word, a tab and what it stands for. The files that the package gives to the shells ask this and
nobody else should: it may change with every version. What goes wrong is nobody's matter here: then there is
nothing to complete. A word that a terminal or a shell could take for something else is left out.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.own_history import ask_history
from gowatchd.cli.table import home_as_tilde
from gowatchd.cli.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CHANGES = 20  # as many as log shows
MOST = 200  # of anything: nobody reads a longer menu


def run(arguments: Sequence[str]) -> int:
    """Print what ``arguments``, one kind, asks for; nothing and 2 where there is no such kind."""
    known = KINDS.get(" ".join(arguments))
    if known is None:
        return Exit.USAGE
    try:
        found = tuple(islice((pair for pair in known() if _is_plain(pair[0])), MOST))
    except CommandError as error:
        return error.code
    for word, about in found:
        print(f"{word}\t{printable(about)}")
    return Exit.OK


def _is_plain(word: str) -> bool:
    """Say whether ``word`` comes through a shell and a terminal as what it is."""
    return bool(word) and word == printable(word) and "\ufffd" not in word and not word.startswith("-")


def _changes() -> Iterator[tuple[str, str]]:
    log = ask_history("GetLog", "xu", 0, CHANGES, alone=lambda history: history.log(0, CHANGES))
    for entry in reversed(log["entries"]):
        if entry["state"] == "done":
            about = f"{entry['kind']} {home_as_tilde(entry['path'])} {_minute(entry['at'])}"
            yield str(entry["id"]), about


def _units() -> Iterator[tuple[str, str]]:
    with Client() as client:
        units = client.ask("GetUnits", "b", False)["units"]  # noqa: FBT003 D-Bus has no names of arguments
    for unit in units:
        first = next((one["message"] for one in unit["findings"]), "")
        yield unit["unit"], first or "nothing is missing"


def _workspaces() -> Iterator[tuple[str, str]]:
    return ((one["root"], f"go.{one['kind']}, {one['state']}") for one in _listed())


def _muted() -> Iterator[tuple[str, str]]:
    mutes = {one["muted"]["folder"]: one["muted"]["until"] for one in _listed() if one["muted"]}
    for folder, until in mutes.items():
        yield folder, f"muted until {_minute(until)}" if until else "muted"


def _minute(moment: str) -> str:
    """Return an ISO 8601 ``moment`` as short as a menu wants it."""
    return moment[:16].replace("T", " ")


def _listed() -> list[dict[str, Any]]:
    with Client() as client:
        listed: list[dict[str, Any]] = client.ask("List")["workspaces"]
    return listed


KINDS: dict[str, Callable[[], Iterator[tuple[str, str]]]] = {
    "changes": _changes,
    "units": _units,
    "workspaces": _workspaces,
    "muted": _muted,
}
