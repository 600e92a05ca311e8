"""status, undo and log, as programs, against what the daemon puts on a real bus."""

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack

import pytest

from gowatchd.services.history import History
from gowatchd.services.manager import HistoryOffError
from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system.bus_address import BUS_NAME
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.session_bus import SessionBus
from tests.support.bus import PrivateBus, beside, wait_for
from tests.support.files import PlainFiles
from tests.support.main_loop import MainLoop

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
                {"path": "/home/me/src/工具/go.mod", "line": 14, "message": "replace \x1b[31m ../x"},
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

    def log(self, after, limit):
        if self.history is None:
            raise HistoryOffError("the history is off: disk full")
        return self.history.log(after, limit)


@pytest.fixture
def loop():
    return MainLoop()


@pytest.fixture
def bus(tmp_path, monkeypatch):
    folder = tmp_path / "session"
    folder.mkdir()
    with PrivateBus(folder) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


@pytest.fixture
def history(tmp_path):
    store = HistoryDatabase(str(tmp_path / "state"))
    yield History(store, PlainFiles())
    store.close()


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


def ctl(*arguments, **environment):
    variables = {
        **os.environ,
        "HOME": "/home/me",
        "PYTHONIOENCODING": "utf-8",
        "NO_COLOR": "1",
        **environment,
    }
    return subprocess.run(
        [*COMMAND, *arguments], env=variables, capture_output=True, text=True, timeout=20, check=False
    )


@pytest.fixture
def daemon(loop, bus, history):
    daemon = Daemon(loop, bus, history)
    daemon.start()
    yield daemon
    daemon.stop()


@pytest.fixture
def go_mod(tmp_path):
    path = tmp_path / "go.mod"
    path.write_bytes(OLD)
    return path


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
            r"  × ~/src/工具  go.mod   1 module   2 problems  go.mod:14 replace \x1b[31m ../x",  # noqa: RUF001
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
        assert "\x1b[31m×\x1b[0m" in coloured  # noqa: RUF001
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


class TestWithoutADaemon:
    def test_no_daemon(self, bus):
        done = ctl("status")
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr == "gowatchctl: gowatchd is not running: systemctl --user start gowatchd\n"

    def test_no_bus(self, tmp_path):
        done = ctl("status", DBUS_SESSION_BUS_ADDRESS="", XDG_RUNTIME_DIR=str(tmp_path))
        assert (done.returncode, done.stdout) == (69, "")
        assert "no session bus" in done.stderr

    @pytest.mark.parametrize("address", ["unix:path=/nowhere", "nonsense", "tcp:host=localhost,port=1"])
    def test_a_bus_that_is_not_there(self, address):
        done = ctl("status", DBUS_SESSION_BUS_ADDRESS=address)
        assert (done.returncode, done.stdout) == (69, "")
        assert done.stderr.startswith(f"gowatchctl: the session bus at {address} does not answer: ")

    @pytest.mark.parametrize("bus_there", [True, False])
    def test_what_fix_wrote_can_be_listed_and_taken_back(self, bus, tmp_path, bus_there):
        home = {"XDG_STATE_HOME": str(tmp_path / "state")}
        if not bus_there:
            home["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
        project = tmp_path / "project"
        project.mkdir()
        go_mod = project / "go.mod"
        before = b"module example.com/m\n\ngo 1.22\n\ntoolchain go1.21.0\n"
        go_mod.write_bytes(before)
        fixed = ctl("-C", str(project), "fix", **home)
        assert "(gowatchctl undo 1)" in fixed.stdout
        after = go_mod.read_bytes()
        assert after != before
        (entry,) = json.loads(ctl("log", "--json", **home).stdout)["entries"]
        assert (entry["id"], entry["path"], entry["kind"]) == (1, str(go_mod), "fix")
        assert f"fixed          {go_mod}" in ctl("log", **home).stdout
        assert ctl("log", "-n", "0", **home).stdout == ""
        assert "+toolchain go1.21.0" in ctl("undo", "-n", **home).stdout
        assert go_mod.read_bytes() == after
        done = ctl("undo", **home)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{go_mod} holds again what it held before change 1\n"
        assert go_mod.read_bytes() == before
        assert [one["kind"] for one in json.loads(ctl("log", "--json", **home).stdout)["entries"]] == [
            "fix",
            "undo",
        ]

    def test_nothing_to_take_back(self, bus, tmp_path):
        home = {"XDG_STATE_HOME": str(tmp_path / "state")}
        assert (ctl("log", **home).returncode, ctl("log", **home).stdout) == (0, "")
        done = ctl("undo", **home)
        assert (done.returncode, done.stderr) == (4, "there is no change to undo\n")
        done = ctl("undo", "-n", "7", **home)
        assert (done.returncode, done.stderr) == (4, "gowatchctl: there is no change 7: see gowatchctl log\n")

    @pytest.mark.parametrize("arguments", [("undo",), ("undo", "-n"), ("log",), ("log", "-f")])
    def test_somebody_else_has_the_history(self, bus, tmp_path, arguments):
        database = HistoryDatabase(str(tmp_path / "state" / "gowatchd"))
        database.open()
        try:
            done = ctl(*arguments, XDG_STATE_HOME=str(tmp_path / "state"))
        finally:
            database.close()
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith(
            "gowatchctl: gowatchd is not running: systemctl --user start gowatchd (and without it: "
        )
        assert "Traceback" not in done.stderr

    def test_a_daemon_that_hangs(self, loop, bus, history):
        daemon = Daemon(loop, bus, history)
        daemon.start()
        done = ctl("status")  # the loop does not turn meanwhile
        assert (done.returncode, done.stdout) == (69, "")
        assert "did not answer within 5 s" in done.stderr
        daemon.stop()


class TestUndo:
    def test_the_latest(self, daemon, go_mod):
        change = daemon.format(go_mod)
        done = daemon.ctl("undo")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{go_mod} holds again what it held before change {change}\n"
        assert go_mod.read_bytes() == OLD

    def test_dry_run_shows_and_does_nothing(self, daemon, go_mod):
        change = daemon.format(go_mod)
        done = daemon.ctl("undo", "-n", str(change))
        assert done.returncode == 0
        assert done.stdout.endswith("@@ -1 +1 @@\n-module a\n+module  a\n")
        assert go_mod.read_bytes() == NEW
        assert json.loads(daemon.ctl("undo", "-n", "--json").stdout)["id"] == change

    def test_twice(self, daemon, go_mod):
        change = daemon.format(go_mod)
        daemon.ctl("undo", str(change))
        again = daemon.ctl("undo", str(change), "--json")
        assert again.returncode == 0
        assert json.loads(again.stdout)["outcome"] == "already-undone"
        assert "holds already" in daemon.ctl("undo", "-n", str(change)).stderr

    def test_edited_since(self, daemon, go_mod):
        change = daemon.format(go_mod)
        go_mod.write_bytes(b"module b\n")
        done = daemon.ctl("undo", str(change))
        assert done.returncode == 1
        assert "it was edited after change" in done.stderr
        assert "-module b\n+module  a\n" in done.stdout

    @pytest.mark.parametrize("options", [(), ("-n",)])
    def test_unknown(self, daemon, options):
        done = daemon.ctl("undo", "99", *options)
        assert done.returncode == 4
        assert "there is no change 99" in done.stderr

    @pytest.mark.parametrize("number", ["0", "-3", "x", str(2**63)])
    def test_not_an_id(self, number):
        done = ctl("undo", "--", number)
        assert done.returncode == 2
        assert "invalid change value" in done.stderr


class TestLog:
    def test_what_was_done(self, daemon, go_mod):
        daemon.format(go_mod)
        failed = daemon.history.begin(str(go_mod), OLD, NEW)
        daemon.history.finish(failed, Swap(SwapOutcome.BUSY, "vim has it"))
        daemon.ctl("undo")
        lines = daemon.ctl("log").stdout.splitlines()
        assert [line[21:] for line in lines] == [
            f"    1  formatted      {go_mod}  (undone since)",
            f"    2  not formatted  {go_mod}  (vim has it)",
            f"    3  undone         {go_mod}  (change 1)",
        ]
        assert daemon.ctl("log", "-n", "1").stdout.splitlines() == lines[2:]
        assert daemon.ctl("log", "-n", "0").stdout == ""
        entries = json.loads(daemon.ctl("log", "--json").stdout)["entries"]
        assert [entry["id"] for entry in entries] == [1, 2, 3]

    def test_why_there_is_none(self, daemon):
        daemon.desk.history = None
        done = daemon.ctl("log")
        assert (done.returncode, done.stderr) == (69, "gowatchctl: the history is off: disk full\n")

    @pytest.mark.parametrize("lines", ["-1", "1001", "x"])
    def test_not_a_number_of_lines(self, lines):
        assert ctl("log", "-n", lines).returncode == 2

    def test_follow(self, daemon, go_mod, tmp_path):
        said = tmp_path / "said"

        def until_it_says(number):
            says = lambda: len(said.read_bytes().splitlines()) == number  # noqa: E731
            beside(daemon.loop, lambda: wait_for(says, f"{number} lines of log -f"))

        daemon.format(go_mod)
        daemon.format(go_mod)
        with said.open("wb") as stream:
            command = [*COMMAND, "log", "-f", "-n", "1", "--json"]
            follower = subprocess.Popen(command, stdout=stream, stderr=subprocess.PIPE)
        with follower, ExitStack() as stack:
            stack.callback(follower.kill)  # where a test fails, it would be waited for without end
            until_it_says(1)
            daemon.format(go_mod)
            until_it_says(2)
            daemon.stop()
            daemon.format(go_mod)  # nobody tells it, but the next start makes it ask
            daemon.start()
            until_it_says(3)
            follower.send_signal(signal.SIGINT)
            assert (follower.wait(10), follower.stderr.read()) == (130, b"")
        lines = [json.loads(line) for line in said.read_bytes().splitlines()]
        assert [(line["schema"], line["id"]) for line in lines] == [(1, 2), (1, 3), (1, 4)]
