"""undo, as a program, against what the daemon puts on a real bus."""

import json

import pytest

from gowatchd.system.history_db import HistoryDatabase
from tests.support.desk import NEW, OLD, Daemon, ctl


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
