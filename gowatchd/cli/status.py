"""``gowatchctl status``: what the daemon watches, and how it is."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.errors import Exit
from gowatchd.cli.table import ago, fit, home_as_tilde, pad, widths
from gowatchd.cli.terminal import BOLD, DIM, RED, YELLOW, Paint, printable, stdout_paint

if TYPE_CHECKING:
    import argparse

GREEN = "32"
SYMBOLS = {"on": "●", "problem": "×", "off": "○"}  # noqa: RUF001 this is the sign that systemctl uses
ASCII_SYMBOLS = {"on": "*", "problem": "x", "off": "o"}  # those of systemctl, in a locale without UTF-8
STYLES = {"on": GREEN, "problem": RED, "off": DIM}
NOT_FORMATTED = {"pending": "formatting waits", "kept": "left as it is", "off": "not formatted"}
WAITING_MOST = 8  # lines; more than somebody has open at once, and --json has all
VERBS = {"format": "formatted", "fix": "fixed", "env": "wrote", "undo": "undid a change of"}


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Print how the daemon is; the exit code only says whether it runs, as that of systemctl status does."""
    with Client() as client:
        status = client.ask("GetStatus")
    if arguments.json:
        print(json.dumps(status))
        return Exit.OK
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    page = _Page(
        stdout_paint(arguments.color), SYMBOLS if unicode else ASCII_SYMBOLS, "—" if unicode else "-"
    )
    print("\n".join(page.lines(status, datetime.now(tz=timezone.utc), stdout_columns())))
    return Exit.OK


def stdout_columns() -> int:
    """Return how wide the terminal is; a pipe or a file has no end."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or sys.maxsize
    except (OSError, ValueError):
        return sys.maxsize


class _Page:
    """The text form of a status, see docs/man/gowatchctl.1.md."""

    def __init__(self, paint: Paint, symbols: dict[str, str], dash: str) -> None:
        self._paint = paint
        self._symbols = symbols
        self._dash = dash

    def lines(self, status: dict[str, Any], now: datetime, columns: int) -> list[str]:
        """Return the page, no line longer than ``columns``."""
        lines = [self._head(status, columns)]
        rows = [self._row(workspace, now) for workspace in status["workspaces"]]
        cells = widths([row for _, row in rows]) if rows else []
        for state, row in rows:
            text = "  ".join(pad(cell, length) for cell, length in zip(row, cells, strict=True)).rstrip()
            lines.append(f"  {self._symbol(state)} {fit(text, columns - 4)}")
        lines += [f"  {fit(line, columns - 2)}" for line in _foot(status, now)]
        lines += [f"  {self._warning(part, columns)}" for part in status["off"]]
        return lines

    def _head(self, status: dict[str, Any], columns: int) -> str:
        found = status["workspaces"]
        modules = sum(workspace["modules"] for workspace in found)
        go = status["go"]
        go_text = f"go {go['version']}, {home_as_tilde(go['path'])}" if go else "no go command"
        watching = f"watching {_count(len(found), 'workspace')}, {_count(modules, 'module')}"
        title = self._paint(f"gowatchd {printable(status['version'])}", BOLD)
        rest = fit(printable(f"{self._dash} {watching} ({go_text})"), columns - 12 - len(status["version"]))
        return f"{self._symbol('on')} {title} {rest}"

    def _row(self, workspace: dict[str, Any], now: datetime) -> tuple[str, list[str]]:
        count = workspace["errors"] + workspace["warnings"]
        state = "problem" if workspace["errors"] else "on"
        row = [
            home_as_tilde(workspace["root"]),
            f"go.{workspace['kind']}",
            _count(workspace["modules"], "module"),
            ", ".join(filter(None, (_count(count, "problem") if count else "ok", muted(workspace)))),
            _detail(workspace, now),
        ]
        return state, [printable(cell) for cell in row]

    def _warning(self, part: dict[str, str], columns: int) -> str:
        text = fit(printable(f"{part['part']} is off: {part['reason']}"), columns - 4)
        return f"{self._symbol('off')} {self._paint(text, YELLOW)}"

    def _symbol(self, state: str) -> str:
        return self._paint(self._symbols[state], STYLES[state])


def _detail(workspace: dict[str, Any], now: datetime) -> str:
    """Return the most urgent thing to say about one workspace."""
    for found in workspace["diagnostics"]:
        return f"{os.path.relpath(found['path'], workspace['root'])}:{found['line']} {found['message']}"
    for waiting in workspace["format"]:
        name = os.path.relpath(waiting["path"], workspace["root"])
        why = NOT_FORMATTED.get(waiting["state"], waiting["state"])
        return f"{name}: {why}: {waiting['reason']}"
    return f"checked {ago(workspace['checked_at'], now)}"


def muted(workspace: dict[str, Any]) -> str:
    """Return that a workspace is muted, and until when, or nothing."""
    mute = workspace.get("muted")
    if mute is None:
        return ""
    return "muted" if mute["until"] is None else f"muted until {mute['until'][:16].replace('T', ' ')}"


def _foot(status: dict[str, Any], now: datetime) -> list[str]:
    lines = _waiting(status)[:WAITING_MOST]
    roots = ", ".join(map(home_as_tilde, status["roots"]))
    looking = ", still looking for others" if status.get("scanning") else ""
    lines.append(f"Looking below: {roots or 'no folder'}{looking}   (gowatchctl list)")
    change = status["last_change"]
    if change is not None:
        what = f"{VERBS.get(change['kind'], change['kind'])} {home_as_tilde(change['path'])}"
        lines.append(f"Last change: {what} {ago(change['at'], now)}   (gowatchctl undo {change['id']})")
    notifications = status["notifications"]
    server = notifications["server"] or "no notification server now"
    lines.append(f"Notifications: {notifications['level']} ({server})")
    return [printable(line) for line in lines]


def _waiting(status: dict[str, Any]) -> list[str]:
    """Return what waits to be formatted in workspaces whose own line tells of a problem."""
    return [
        f"Formatting waits: {home_as_tilde(one['path'])}: {one['reason']}"
        for workspace in status["workspaces"]
        if workspace["diagnostics"]
        for one in workspace["format"]
        if one["state"] == "pending"
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
