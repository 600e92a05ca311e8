"""The text form of a status: what ``systemctl status`` would look like if it knew of Go workspaces."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from gowatchd.cli import quantity
from gowatchd.cli.quantity import listed
from gowatchd.cli.spoken_time import ago, until
from gowatchd.cli.table import fit, home_as_tilde, pad, widths
from gowatchd.cli.terminal import (
    BOLD,
    DIM,
    GREEN,
    RED,
    YELLOW,
    printable,
    stdout_paint,
    stdout_speaks_unicode,
)
from gowatchd.translation import N_, _

if TYPE_CHECKING:
    import argparse

    from gowatchd.cli.terminal import Paint

SYMBOLS = {"on": "●", "problem": "×", "off": "○"}  # noqa: RUF001 this is the sign that systemctl uses
ASCII_SYMBOLS = {"on": "*", "problem": "x", "off": "o"}  # those of systemctl, in a locale without UTF-8
STYLES = {"on": GREEN, "problem": RED, "off": DIM}
SEVERITIES = ("error", "warning")  # the worst first; what is merely an opinion is no problem
WAITING_MOST = 8  # lines; more than somebody has open at once, and --json has all
NOT_FORMATTED = {
    "pending": N_("{file}: formatting waits: {reason}"),
    "kept": N_("{file}: left as it is: {reason}"),
    "off": N_("{file}: not formatted: {reason}"),
}
CHANGES = {
    "format": N_("Last change: formatted {file} {ago}   (gowatchctl undo {id})"),
    "fix": N_("Last change: fixed {file} {ago}   (gowatchctl undo {id})"),
    "env": N_("Last change: wrote {file} {ago}   (gowatchctl undo {id})"),
    "undo": N_("Last change: undid a change of {file} {ago}   (gowatchctl undo {id})"),
}
CHANGED = N_("Last change: {file} {ago}   (gowatchctl undo {id})")


class StatusPage:
    """Makes lines of a status; ``columns`` is how long one may be."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._paint: Paint = stdout_paint(arguments.color)
        unicode = stdout_speaks_unicode()
        self._symbols = SYMBOLS if unicode else ASCII_SYMBOLS
        self._dash = "—" if unicode else "-"

    def lines(self, status: dict[str, Any], columns: int) -> list[str]:
        """Return the page."""
        now = datetime.now(tz=timezone.utc)
        lines = [self._head(status, columns)]
        rows = [_row(workspace, now) for workspace in status["workspaces"]]
        cells = widths([row for _, row in rows]) if rows else []
        for state, row in rows:
            text = "  ".join(pad(cell, length) for cell, length in zip(row, cells, strict=True)).rstrip()
            lines.append(f"  {self._symbol(state)} {fit(text, columns - 4)}")
        lines += [f"  {fit(printable(line), columns - 2)}" for line in _foot(status, now)]
        lines += [f"  {self._warning(text, columns)}" for text in _warnings(status, now)]
        return lines

    def absent(self, message: str, columns: int) -> list[str]:
        """Return the page of a daemon that does not run."""
        return [f"{self._symbol('off')} {fit(printable(message), columns - 2)}"]

    def _head(self, status: dict[str, Any], columns: int) -> str:
        found = status["workspaces"]
        modules = sum(workspace["modules"] for workspace in found)
        go = status["go"]
        watching = _("watching {workspaces}, {modules}").format(
            workspaces=quantity.workspaces(len(found)), modules=quantity.modules(modules)
        )
        go_text = f"go {go['version']}, {home_as_tilde(go['path'])}" if go else _("no go command")
        title = self._paint(f"gowatchd {printable(status['version'])}", BOLD)
        rest = fit(printable(f"{self._dash} {watching} ({go_text})"), columns - 12 - len(status["version"]))
        return f"{self._symbol('off' if status.get('paused') else 'on')} {title} {rest}"

    def _warning(self, text: str, columns: int) -> str:
        return f"{self._symbol('off')} {self._paint(fit(printable(text), columns - 4), YELLOW)}"

    def _symbol(self, state: str) -> str:
        return self._paint(self._symbols[state], STYLES[state])


def muted(workspace: dict[str, Any]) -> str:
    """Return that a workspace is muted, and until when, or nothing."""
    mute = workspace.get("muted")
    if mute is None:
        return ""
    if mute["until"] is None:
        return _("muted")
    return _("muted until {time}").format(time=until(mute["until"], datetime.now(tz=timezone.utc)))


def _row(workspace: dict[str, Any], now: datetime) -> tuple[str, list[str]]:
    quiet = muted(workspace)
    problems = workspace["errors"] + workspace["warnings"]
    states = [quantity.problems(problems), quiet] if problems else [quiet or _("ok")]
    row = [
        home_as_tilde(workspace["root"]),
        f"go.{workspace['kind']}",
        quantity.modules(workspace["modules"]),
        listed(filter(None, states)),
        _detail(workspace, now),
    ]
    symbol = "problem" if workspace["errors"] else "off" if quiet else "on"
    return symbol, [printable(cell) for cell in row]


def _detail(workspace: dict[str, Any], now: datetime) -> str:
    """Return the most urgent thing to say about one workspace."""
    problems = [one for one in workspace["diagnostics"] if one["severity"] in SEVERITIES]
    if problems:
        found = min(problems, key=lambda one: SEVERITIES.index(one["severity"]))
        return f"{os.path.relpath(found['path'], workspace['root'])}:{found['line']} {found['message']}"
    for waiting in workspace["format"]:
        name = os.path.relpath(waiting["path"], workspace["root"])
        text = NOT_FORMATTED.get(waiting["state"], NOT_FORMATTED["off"])
        return _(text).format(file=name, reason=waiting["reason"])
    return _("checked {ago}").format(ago=ago(workspace["checked_at"], now))


def _foot(status: dict[str, Any], now: datetime) -> list[str]:
    lines = _waiting(status)[:WAITING_MOST]
    roots = listed(map(home_as_tilde, status["roots"])) or _("no folder")
    if status.get("scanning"):
        lines.append(
            _("Looking below: {folders}, still looking for others   (gowatchctl list)").format(folders=roots)
        )
    else:
        lines.append(_("Looking below: {folders}   (gowatchctl list)").format(folders=roots))
    change = status["last_change"]
    if change is not None:
        text = _(CHANGES.get(change["kind"], CHANGED))
        file = home_as_tilde(change["path"])
        lines.append(text.format(file=file, ago=ago(change["at"], now), id=change["id"]))
    notifications = status["notifications"]
    server = notifications["server"] or _("no notification server now")
    lines.append(_("Notifications: {level} ({server})").format(level=notifications["level"], server=server))
    return lines


def _waiting(status: dict[str, Any]) -> list[str]:
    """Return what waits to be formatted in workspaces whose own line tells of a problem."""
    return [
        _("Formatting waits: {file}: {reason}").format(file=home_as_tilde(one["path"]), reason=one["reason"])
        for workspace in status["workspaces"]
        if workspace["errors"] or workspace["warnings"]
        for one in workspace["format"]
        if one["state"] == "pending"
    ]


def _warnings(status: dict[str, Any], now: datetime) -> list[str]:
    """Return what does not work or is switched off, the pause first."""
    pause = status.get("paused")
    lines = []
    if pause is not None and pause["until"] is None:
        lines.append(_("paused: nothing is written or notified   (gowatchctl resume)"))
    elif pause is not None:
        text = _("paused until {time}: nothing is written or notified   (gowatchctl resume)")
        lines.append(text.format(time=until(pause["until"], now)))
    texts = {"configuration": _("mistake in the configuration: {reason}")}
    part_is_off = _("{part} is off: {reason}")
    return lines + [texts.get(one["part"], part_is_off).format(**one) for one in status["off"]]
