"""``gowatchctl list``: what was found, and why it is watched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.errors import Exit
from gowatchd.cli.status_page import muted
from gowatchd.cli.table import home_as_tilde, pad, widths
from gowatchd.cli.terminal import BOLD, DIM, printable, stdout_paint

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from gowatchd.cli.terminal import Paint


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
    yield from _with_notes(_table(rows), listing["workspaces"]) if rows else ("no workspaces",)
    if listing["scanning"]:
        yield paint("still looking for others", DIM)
    for title, entries, key in (
        ("brought in from elsewhere", listing["outside"], "path"),
        ("looked for below", listing["roots"], "path"),
        ("left out", listing["excluded"], "what"),
    ):
        if entries:
            yield paint(f"{title}:", BOLD)
            yield from (f"  {line}" for line in _table([_pair(one, key) for one in entries]))
    yield paint(f"what you added, removed and muted is kept in {_shown(listing['choices'])}", DIM)


def _with_notes(lines: list[str], workspaces: list[dict[str, Any]]) -> Iterator[str]:
    """Yield each line, and below it what the repository itself switched off."""
    for line, workspace in zip(lines, workspaces, strict=True):
        yield line
        yield from (f"  off: {_shown(text)}" for text in workspace["off"])


def _row(workspace: dict[str, Any]) -> list[str]:
    return [
        _shown(workspace["root"]),
        f"go.{workspace['kind']}",
        _state(workspace),
        printable(_why(workspace["why"])),
        "" if workspace["repository"] is None else f"git {_shown(workspace['repository'])}",
    ]


def _state(workspace: dict[str, Any]) -> str:
    problems = workspace["errors"] + workspace["warnings"]
    state = f"{problems} problem{'s' if problems != 1 else ''}" if problems else workspace["state"]
    return ", ".join(filter(None, (state, muted(workspace))))


def _why(why: str) -> str:
    verb, space, rest = why.partition(" ")
    return f"{verb} {home_as_tilde(rest)}" if space and verb == "below" else why


def _pair(entry: dict[str, str], key: str) -> list[str]:
    return [_shown(entry[key]), printable(entry["why"])]


def _shown(path: str) -> str:
    return printable(home_as_tilde(path))


def _table(rows: list[list[str]]) -> list[str]:
    cells = widths(rows)
    return [
        "  ".join(pad(cell, length) for cell, length in zip(row, cells, strict=True)).rstrip() for row in rows
    ]
