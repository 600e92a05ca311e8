"""What stands on a real bus in the place of a daemon, and gowatchctl as a process that asks it."""

import os
import subprocess
import sys
from pathlib import Path

from gowatchd.services.manager import HistoryOffError
from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system.bus_address import BUS_NAME
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.session_bus import SessionBus
from tests.support.bus import beside

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = b"module  a\n", b"module a\n"
STATUS = {
    "schema": 1,
    "version": "0.2.0",
    "pid": 4711,
    "since": "2026-11-22T20:00:00+00:00",
    "line": "Watching 3 workspaces",
    "go": {"path": "/usr/local/go/bin/go", "version": "1.24.1"},
    "roots": ["/home/me"],
    "folders_watched": 99,
    "workspaces": [
        {
            "root": "/home/me/src/app",
            "kind": "work",
            "modules": 4,
            "state": "ok",
            "errors": 0,
            "warnings": 0,
            "checked_at": "2000-01-01T00:00:00+00:00",
            "format": [],
            "diagnostics": [],
        },
        {
            "root": "/home/me/src/工具",
            "kind": "mod",
            "modules": 1,
            "state": "problems",
            "errors": 1,
            "warnings": 1,
            "checked_at": "2000-01-01T00:00:00+00:00",
            "format": [],
            "diagnostics": [
                {"path": "/home/me/src/工具/go.mod", "line": 3, "severity": "info", "message": "an opinion"},
                {"path": "/home/me/src/工具/go.mod", "line": 9, "severity": "warning", "message": "maybe"},
                {
                    "path": "/home/me/src/工具/go.mod",
                    "line": 14,
                    "severity": "error",
                    "message": "replace \x1b[31m ../x",
                },
            ],
        },
        {
            "root": "/home/me/src/old",
            "kind": "mod",
            "modules": 1,
            "state": "ok",
            "errors": 0,
            "warnings": 0,
            "checked_at": "2000-01-01T00:00:00+00:00",
            "format": [{"path": "/home/me/src/old/go.mod", "state": "pending", "reason": "open in vim"}],
            "diagnostics": [],
        },
    ],
    "notifications": {"level": "changes", "server": None},
    "last_change": {
        "id": 17,
        "path": "/home/me/src/app/go.mod",
        "kind": "format",
        "at": "2000-01-01T00:00:00+00:00",
    },
    "off": [{"part": "cross-check", "reason": "no go command"}],
}


class Desk:
    def __init__(self, history):
        self.history = history
        self.answer = STATUS

    def status(self):
        return self.answer

    def undo(self, change):
        return self.history.undo(change).as_json()

    def preview(self, change):
        return self.history.preview(change)

    def shown(self, change):
        return self.history.shown(change)

    def log(self, after, limit):
        if self.history is None:
            raise HistoryOffError("the history is off: disk full")
        return self.history.log(after, limit)


class Daemon:
    """What stands on the bus, and gowatchctl as a process that asks it."""

    def __init__(self, loop, bus, history):
        self.loop = loop
        self.bus = bus
        self.desk = Desk(history)
        self.history = history
        self.exported = ManagerObject(self.desk)
        self.place = None

    def start(self):
        changes = []
        self.place = SessionBus(self.loop, self.exported, (), lambda: changes.append(1))
        self.place.start()
        self.loop.run_until(lambda: changes)
        assert self.place.reason is None

    def stop(self):
        self.place.stop()
        self.loop.run_until(lambda: not self.bus.ask("NameHasOwner", "s", BUS_NAME)[0])

    def ctl(self, *arguments, **environment):
        return beside(self.loop, lambda: ctl(*arguments, **environment))

    def format(self, path):
        path.write_bytes(NEW)
        change = self.history.begin(str(path), OLD, NEW)
        self.history.finish(change, Swap(SwapOutcome.WRITTEN))
        self.exported.file_formatted(change, str(path))
        return change


COMMAND = [sys.executable, "-m", "gowatchd.cli.main"]


def ctl(*arguments, program=COMMAND, **environment):
    variables = {
        **os.environ,
        "HOME": "/home/me",
        "PYTHONIOENCODING": "utf-8",
        "NO_COLOR": "1",
        **environment,
    }
    return subprocess.run(
        [*program, *arguments], env=variables, capture_output=True, text=True, timeout=20, check=False
    )
