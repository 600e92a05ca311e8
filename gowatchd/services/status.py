"""How the daemon is, as one line and as one JSON object."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Severity
from gowatchd.services.changes import local_time, wall_time
from gowatchd.services.parts import CONFIGURATION
from gowatchd.services.report import SCHEMA, diagnostic_report, readable
from gowatchd.services.standing import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.changes import Change
    from gowatchd.services.choices import Mute, Pause
    from gowatchd.services.standing import Standing
    from gowatchd.services.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Off:
    """A part that does not work, or is switched off, and why."""

    part: str
    reason: str


@dataclass(frozen=True, slots=True)
class GoCommand:
    """The go command in use."""

    path: str
    version: str


@dataclass(frozen=True, slots=True)
class Status:
    """A moment of the daemon; ``since`` is Unix seconds."""

    version: str
    pid: int
    since: float
    go: GoCommand | None
    roots: tuple[str, ...]
    folders_watched: int
    scanning: bool
    verdicts: tuple[Verdict, ...]
    standings: tuple[Standing, ...]
    mute_of: Callable[[str], Mute | None]
    notify_level: str
    notify_server: str | None
    last_change: Change | None
    off: tuple[Off, ...]
    paused: Pause | None = None

    def line(self) -> str:
        """Return the summary that ``systemctl --user status`` shows."""
        modules = {module.file.path for verdict in self.verdicts for module in verdict.workspace.members}
        parts = [
            *([] if self.paused is None else [_paused(self.paused)]),
            f"Watching {_count(len(self.verdicts), 'workspace')}, {_count(len(modules), 'module')}",
            *self._problems(),
        ]
        if self.scanning:
            parts.append("still looking for others")
        pending = sum(standing.state is State.PENDING for standing in self.standings)
        if pending:
            parts.append(f"{_count(pending, 'file')} to be formatted")
        off = [one.part for one in self.off if one.part != CONFIGURATION]
        if len(off) < len(self.off):
            parts.append("mistake in the configuration")
        if off:
            parts.append(f"off: {', '.join(off)}")
        return f"{'; '.join(parts)} ({self.version})"

    def report(self) -> dict[str, object]:
        """Return what ``gowatchctl status --json`` prints."""
        return {
            "schema": SCHEMA,
            "version": self.version,
            "pid": self.pid,
            "since": local_time(self.since),
            "line": readable(self.line()),
            "go": None if self.go is None else {"path": readable(self.go.path), "version": self.go.version},
            "roots": [readable(root) for root in self.roots],
            "folders_watched": self.folders_watched,
            "scanning": self.scanning,
            "paused": None if self.paused is None else {"until": _end(self.paused)},
            "workspaces": [self._workspace(verdict) for verdict in self.verdicts],
            "notifications": {"level": self.notify_level, "server": self.notify_server},
            "last_change": None if self.last_change is None else _change(self.last_change),
            "off": [{"part": off.part, "reason": readable(off.reason)} for off in self.off],
        }

    def _problems(self) -> list[str]:
        broken = [verdict for verdict in self.verdicts if count(verdict, Severity.ERROR)]
        if not broken:
            return []
        first = readable(posixpath.basename(broken[0].workspace.root))
        others = f" and {_count(len(broken) - 1, 'other')}" if len(broken) > 1 else ""
        errors = sum(count(verdict, Severity.ERROR) for verdict in broken)
        return [f"{_count(errors, 'error')} in {first}{others}"]

    def _workspace(self, verdict: Verdict) -> dict[str, object]:
        workspace = verdict.workspace
        errors, warnings = count(verdict, Severity.ERROR), count(verdict, Severity.WARNING)
        files = {file.path for file in workspace.files}
        return {
            "root": readable(workspace.root),
            "kind": workspace.kind.value,
            "modules": len(workspace.members),
            "state": "problems" if errors or warnings else "ok",
            "errors": errors,
            "warnings": warnings,
            "muted": mute_report(self.mute_of(workspace.root)),
            "checked_at": local_time(verdict.checked_at),
            "format": [_standing(standing) for standing in self.standings if standing.path in files],
            "diagnostics": [diagnostic_report(one) for one in verdict.diagnostics],
        }


def mute_report(mute: Mute | None) -> dict[str, object] | None:
    """Return a mute as JSON; ``until`` is None for one without an end."""
    if mute is None:
        return None
    return {"folder": readable(mute.folder), "until": _end(mute)}


def count(verdict: Verdict, severity: Severity) -> int:
    """Return how many diagnostics of ``severity`` stand."""
    return sum(one.severity is severity for one in verdict.diagnostics)


def _end(limit: Mute | Pause) -> str | None:
    return None if limit.until is None else local_time(limit.until)


def _paused(pause: Pause) -> str:
    return "Paused" if pause.until is None else f"Paused until {wall_time(pause.until)}"


def _change(change: Change) -> dict[str, object]:
    entry = change.as_json()
    return {key: entry[key] for key in ("id", "path", "kind", "at")}


def _standing(standing: Standing) -> dict[str, str]:
    return {
        "path": readable(standing.path),
        "state": standing.state.value,
        "reason": readable(standing.reason),
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
