"""status, as a program, against what the daemon puts on a real bus."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.bus import beside
from tests.support.desk import COMMAND, STATUS

PROBLEM = "\N{MULTIPLICATION SIGN}"


def test_what_costs_time_to_import_is_not_imported():
    program = "import sys, gowatchd.cli.main, gowatchd.cli.status; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True
    )
    heavy = {
        "gi",
        "pydbus",
        "pydantic",
        "dataclasses",
        "inspect",
        "difflib",
        "sqlite3",
        "subprocess",
        "logging",
    }
    assert heavy.isdisjoint(done.stdout.split())


class TestStatus:
    def test_the_page(self, daemon):
        done = daemon.ctl("status")
        assert (done.returncode, done.stderr) == (0, "")
        head, *rows, looking, change, notifications, off = done.stdout.splitlines()
        assert head == (
            "● gowatchd 0.2.0 — watching 3 workspaces, 6 modules (go 1.24.1, /usr/local/go/bin/go)"
        )
        assert rows[0].startswith("  ● ~/src/app   go.work  4 modules  ok          checked ")
        assert rows[1:] == [
            r"  × ~/src/工具  go.mod   1 module   2 problems  go.mod:14 replace \x1b[31m ../x",  # noqa: RUF001 the sign of a problem
            "  ● ~/src/old   go.mod   1 module   ok          go.mod: formatting waits: open in vim",
        ]
        assert looking == "  Looking below: ~   (gowatchctl list)"
        assert change.startswith("  Last change: formatted ~/src/app/go.mod ")
        assert change.endswith(" d ago   (gowatchctl undo 17)")
        assert notifications == "  Notifications: changes (no notification server now)"
        assert off == "  ○ cross-check is off: no go command"

    def test_without_utf8(self, daemon):
        done = daemon.ctl("status", PYTHONIOENCODING="ascii")
        assert done.returncode == 0
        assert done.stdout.startswith("* gowatchd 0.2.0 - watching")
        assert "\n  x ~/src/" in done.stdout

    def test_nothing_watched_yet(self, daemon):
        daemon.desk.answer = {**STATUS, "workspaces": [], "go": None, "last_change": None, "off": []}
        assert daemon.ctl("status").stdout.splitlines() == [
            "● gowatchd 0.2.0 — watching 0 workspaces, 0 modules (no go command)",
            "  Looking below: ~   (gowatchctl list)",
            "  Notifications: changes (no notification server now)",
        ]

    def test_json_is_what_the_daemon_says(self, daemon):
        done = daemon.ctl("status", "--json")
        assert json.loads(done.stdout) == STATUS

    def test_colour_only_adds(self, daemon):
        plain = daemon.ctl("status").stdout
        coloured = daemon.ctl("--color=always", "status").stdout
        assert "\x1b[31m×\x1b[0m" in coloured  # noqa: RUF001 the sign of a problem
        for code in ("\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
            coloured = coloured.replace(code, "")
        assert coloured == plain

    def test_a_terminal_is_not_overrun(self, daemon):
        command = f"stty cols 60; {' '.join(COMMAND)} status"
        script = ["script", "-qec", command, "/dev/null"]
        variables = {**os.environ, "HOME": "/home/me", "NO_COLOR": "1", "PYTHONIOENCODING": "ascii"}
        done = beside(
            daemon.loop,
            lambda: subprocess.run(script, env=variables, capture_output=True, timeout=20, check=True),
        )
        lines = done.stdout.decode().splitlines()
        assert max(map(len, lines)) <= 60 + len(r"\u5de5\u5177") - 4
        assert lines[0].endswith("...")

    @pytest.mark.parametrize(
        ("errors", "warnings", "shown"),
        [
            (0, 0, "○ ~/src/app  go.work  4 modules  muted until 2099-05-01 17:00  checked "),
            (0, 1, "○ ~/src/app  go.work  4 modules  1 problem, muted until 2099-05-01 17:00  checked "),
            (
                1,
                0,
                f"{PROBLEM} ~/src/app  go.work  4 modules  1 problem, muted until 2099-05-01 17:00  checked ",
            ),
        ],
    )
    def test_a_muted_workspace(self, daemon, errors, warnings, shown):
        mute = {"folder": "/home/me/src", "until": "2099-05-01T17:00:00+00:00"}
        one = {**STATUS["workspaces"][0], "errors": errors, "warnings": warnings, "muted": mute}
        daemon.desk.answer = {**STATUS, "workspaces": [one]}
        assert f"  {shown}" in daemon.ctl("status", TZ="UTC").stdout

    @pytest.mark.parametrize(
        ("until", "shown"),
        [(None, "paused: "), ("2099-05-01T17:00:00+00:00", "paused until 2099-05-01 17:00: ")],
    )
    def test_a_pause(self, daemon, until, shown):
        daemon.desk.answer = {**STATUS, "paused": {"until": until}}
        lines = daemon.ctl("status", TZ="UTC").stdout.splitlines()
        assert lines[0].startswith("○ gowatchd 0.2.0")
        assert f"  ○ {shown}nothing is written or notified   (gowatchctl resume)" in lines
