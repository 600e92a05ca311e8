"""``gowatchctl env`` as a program, against what the daemon puts on a real bus."""

import json
import os
import subprocess
import sys

import pytest

from gowatchd.cli.env_page import table
from gowatchd.cli.table import width
from gowatchd.cli.terminal import Paint
from gowatchd.services.manager import NoSuchUnitError, RequestError
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.session_bus import SessionBus
from tests.support.bus import PrivateBus, beside
from tests.support.main_loop import MainLoop


def finding(kind, name, value=None, advice=""):
    return {
        "kind": kind,
        "name": name,
        "message": f"{name} is wrong",
        "advice": advice,
        "value": value,
        "origin": "login shell" if value else None,
    }


def unit(name, *findings, drop_in=None):
    return {"schema": 1, "unit": name, "own": True, "drop_in": drop_in, "findings": list(findings)}


SYNC = unit(
    "sync.service", finding("missing", "WORKSPACE_ROOT", "/src"), finding("missing", "T", advice="a secret")
)
UNITS = {
    "schema": 1,
    "policy": "suggest",
    "reason": "",
    "units": [
        unit("done.service", drop_in="/u/done.service.d/50-gowatchd.conf"),
        unit("fine.service"),
        unit("old.service", finding("stale", "GOPATH"), finding("failed", "203")),
        SYNC,
    ],
}


class Desk:
    """Answers as the daemon would; a repair ends before the call does, as one that has nothing to do."""

    def __init__(self):
        self.answer = UNITS
        self.preview = {
            **SYNC,
            "path": "/u/sync.service.d/50-gowatchd.conf",
            "diff": "--- a\n+++ a\n+\x1b[31m\n",
        }
        self.outcome = "repaired"
        self.calls = []
        self.exported = None

    def units(self, *, everybodys):
        self.calls.append(everybodys)
        return self.answer

    def preview_unit(self, name):
        if name != "sync":
            raise NoSuchUnitError(f"{name} is no service that was looked at")
        return self.preview

    def repair_unit(self, name, *, reload_others):
        self.calls.append((name, reload_others))
        self._tell("another.service")
        self._tell("sync.service")

    def undo_unit(self, name):
        return {"schema": 1, "id": 1, "path": "/p", "outcome": self.outcome, "message": "m", "diff": ""}

    def preview_shared(self, names):
        self.calls.append(names)
        if "TOKEN" in names:
            raise RequestError("TOKEN is not written: a secret")
        return {"schema": 1, "path": "/p", "names": list(names), "diff": "--- a\n" if names else ""}

    def write_shared(self, names, *, reload_others):
        self.calls.append((names, reload_others))
        self._tell("environment.d")

    def undo_shared(self):
        return self.undo_unit("")

    def _tell(self, name):
        self.exported.unit_repaired(
            name, {"schema": 1, "unit": name, "outcome": self.outcome, "message": f"{name}: {self.outcome}"}
        )


class Stage:
    def __init__(self, loop, address):
        self.loop = loop
        self.desk = Desk()
        self.address = address
        self.desk.exported = ManagerObject(self.desk)

    def ctl(self, *arguments, verb="env"):
        return beside(
            self.loop,
            lambda: subprocess.run(
                [sys.executable, "-m", "gowatchd.cli.main", verb, *arguments],
                env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": self.address, "PYTHONIOENCODING": "utf-8"},
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            ),
        )


@pytest.fixture
def stage(tmp_path, monkeypatch):
    folder = tmp_path / "session"
    folder.mkdir()
    loop = MainLoop()
    with PrivateBus(folder) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        stage = Stage(loop, bus.address)
        changes = []
        place = SessionBus(loop, stage.desk.exported, (), lambda: changes.append(1))
        place.start()
        loop.run_until(lambda: changes)
        yield stage
        place.stop()


def test_what_a_shell_completes(stage):
    done = stage.ctl("units", verb="--complete")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "done.service\tnothing is missing",
        "fine.service\tnothing is missing",
        "old.service\tGOPATH is wrong",
        "sync.service\tWORKSPACE_ROOT is wrong",
    ]


def test_the_table(stage):
    done = stage.ctl()
    assert (done.returncode, done.stderr) == (1, "")
    head, *rows, empty, hint = done.stdout.splitlines()
    assert head.split() == ["UNIT", "PROBLEM", "FROM", "STATE"]
    assert [row.split()[-1] for row in rows] == ["repaired", "ok", "you", "repaired"]
    assert "runs with an older GOPATH, failed (203)" in rows[2]
    assert rows[3].endswith("lacks WORKSPACE_ROOT, lacks T            login shell  can be repaired")
    assert (empty, hint) == ("", "gowatchctl env old.service says why, and what helps")
    assert json.loads(stage.ctl("--json", "--all").stdout) == UNITS
    assert stage.desk.calls == [False, True]


def test_nothing_wrong_and_no_audit_have_codes_of_their_own(stage):
    stage.desk.answer = {**UNITS, "units": UNITS["units"][:2]}
    assert stage.ctl().returncode == 0
    stage.desk.answer = {**UNITS, "units": []}
    assert stage.ctl().stdout == "You have no service units of your own.\n"
    stage.desk.answer = {**UNITS, "reason": "the manager \x1b is gone"}
    done = stage.ctl()
    assert (done.returncode, done.stdout, done.stderr) == (69, "", "no audit: the manager \\x1b is gone\n")
    assert json.loads(stage.ctl("--json").stdout)["reason"]


def test_one_unit_its_diff_and_one_that_is_none(stage):
    done = stage.ctl("sync")
    assert done.returncode == 1
    assert "WORKSPACE_ROOT=/src   (from: login shell)" in done.stdout
    assert "gowatchctl env sync.service --diff shows" in done.stdout
    done = stage.ctl("sync", "--diff")
    assert (done.returncode, done.stdout) == (1, "--- a\n+++ a\n+\\x1b[31m\n")
    stage.desk.preview = {**stage.desk.preview, "diff": "", "refused": "it was edited"}
    done = stage.ctl("sync", "--diff")
    assert (done.returncode, done.stderr) == (0, "sync.service is not repaired: it was edited\n")
    assert stage.ctl("nosuch").returncode == 4


def test_apply_waits_for_the_end_of_this_repair_even_if_it_comes_before_the_answer(stage):
    done = stage.ctl("sync", "--apply", "--reload")
    assert (done.returncode, done.stdout) == (0, "sync.service: repaired\n")
    stage.desk.outcome = "postponed"
    done = stage.ctl("sync", "--apply")
    assert (done.returncode, done.stderr) == (1, "sync.service: postponed\n")
    assert stage.desk.calls == [("sync", True), ("sync", False)]


@pytest.mark.parametrize(
    ("outcome", "code"), [("undone", 0), ("already-undone", 0), ("unknown", 4), ("changed", 1)]
)
def test_the_codes_of_an_undo(stage, outcome, code):
    stage.desk.outcome = outcome
    assert stage.ctl("sync", "--undo").returncode == code
    assert stage.ctl("--shared", "--undo").returncode == code


def test_variables_for_all_units(stage):
    assert stage.ctl("--shared", "A", "B").stdout == "--- a\n"
    done = stage.ctl("--shared", "--diff")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr
    assert stage.ctl("--shared", "TOKEN").returncode == 1
    assert stage.ctl("--shared", "--apply", "A").returncode == 0
    assert stage.desk.calls == [("A", "B"), (), ("TOKEN",), (("A",), False)]


@pytest.mark.parametrize(
    "words",
    [
        ("--diff",),
        ("--apply",),
        ("a", "b"),
        ("a", "--reload"),
        ("--shared", "--undo", "A"),
        ("a", "--diff", "--undo"),
    ],
)
def test_nonsense_is_refused(words):
    done = subprocess.run(
        [sys.executable, "-m", "gowatchd.cli.main", "env", *words],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr


@pytest.mark.parametrize("columns", [36, 50, 72, 100, 10**6])
def test_the_table_is_as_wide_as_the_terminal_at_most(columns):
    long = unit("a-long-name-of-a-unit-indeed@x.service", finding("missing", "VERY_LONG_NAME_INDEED", "v"))
    text = table({**UNITS, "units": [*UNITS["units"], long]}, Paint(enabled=True), columns)
    plain = table({**UNITS, "units": [*UNITS["units"], long]}, Paint(enabled=False), columns)
    assert max(map(width, plain.splitlines())) <= columns
    assert "\x1b[" in text
    assert "\x1b" not in plain
