"""diff, as a program: what a change did, and what formatting would do."""

import json

import pytest

from gowatchd.cli import walk
from gowatchd.cli.main import main
from gowatchd.services.ports import Swap, SwapOutcome
from tests.support.desk import NEW, OLD, STATUS, ctl

MESSY = "module example.com/m\ngo 1.21\n"
DID = "@@ -1 +1 @@\n-module  a\n+module a\n"
WOULD = "@@ -1,2 +1,3 @@\n module example.com/m\n+\n go 1.21\n"


@pytest.fixture
def tree(tmp_path):
    for name in ("app", "lib"):
        (tmp_path / "tree" / name).mkdir(parents=True)
        (tmp_path / "tree" / name / "go.mod").write_text(MESSY)
    (tmp_path / "tree" / "lib" / "go.mod").write_text("module example.com/lib\n\ngo 1.21\n")
    return tmp_path / "tree"


@pytest.fixture
def home(tmp_path):
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "state")}


def test_the_last_change_and_any_other(daemon, go_mod, tmp_path):
    daemon.format(go_mod)
    other = tmp_path / "other.mod"
    daemon.format(other)
    done = daemon.ctl("diff")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"--- {other} (before)\n+++ {other} (after)\n{DID}"
    assert daemon.ctl("diff", "1").stdout.startswith(f"--- {go_mod} (before)\n")
    shown = json.loads(daemon.ctl("diff", "--json", "1").stdout)
    assert (shown["schema"], shown["id"], shown["path"], shown["state"]) == (1, 1, str(go_mod), "done")
    assert DID in shown["diff"]
    assert "\x1b[31m-module  a\x1b[0m\n" in daemon.ctl("--color=always", "diff").stdout
    daemon.ctl("undo", "1")
    assert "-module a\n+module  a\n" in daemon.ctl("diff").stdout, "an undo is a change too"


def test_a_change_that_came_to_nothing(daemon, go_mod):
    failed = daemon.history.begin(str(go_mod), OLD, NEW)
    daemon.history.finish(failed, Swap(SwapOutcome.BUSY, "vim has it"))
    done = daemon.ctl("diff", "1")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "change 1 changed nothing: vim has it\n"


def test_there_is_no_such_change(daemon):
    done = daemon.ctl("diff", "7")
    assert (done.returncode, done.stdout) == (4, "")
    assert "there is no change 7" in done.stderr
    done = daemon.ctl("diff")
    assert done.returncode == 4
    assert "'gowatchctl diff .' shows what formatting would do" in done.stderr


def test_without_a_daemon(bus, tree, home):
    before = b"module example.com/m\n\ngo 1.22\n\ntoolchain go1.21.0\n"
    (tree / "app/go.mod").write_bytes(before)
    assert ctl("-C", str(tree / "app"), "fix", **home).returncode == 0
    assert "-toolchain go1.21.0\n" in ctl("diff", **home).stdout
    assert ctl("diff", "9", **home).returncode == 4


@pytest.mark.parametrize("place", ["app/go.mod", "app", "."])
def test_what_formatting_would_do(bus, tree, home, place):
    done = ctl("-C", str(tree), "diff", place, **home)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"diff app/go.mod.orig app/go.mod\n--- app/go.mod.orig\n+++ app/go.mod\n{WOULD}"
    assert (tree / "app/go.mod").read_text() == MESSY


def test_what_is_tidy_has_no_diff(bus, tree, home):
    done = ctl("-C", str(tree), "diff", "lib", **home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_says_why_the_daemon_has_not_done_it(daemon, tree, home):
    app, *_ = STATUS["workspaces"]
    waits = {"path": str(tree / "app/go.mod"), "state": "pending", "reason": "open in vim"}
    daemon.desk.answer = {**STATUS, "workspaces": [{**app, "format": [waits]}]}
    done = daemon.ctl("-C", str(tree), "diff", ".", **home)
    assert done.stderr == "app/go.mod: not formatted: open in vim\n"
    (file,) = json.loads(daemon.ctl("-C", str(tree), "diff", "--json", ".", **home).stdout)["files"]
    assert (file["path"], file["reason"]) == (
        str(tree / "app/go.mod"),
        "app/go.mod: not formatted: open in vim",
    )


def test_it_goes_by_the_configuration(bus, tree, home, tmp_path):
    (tree / "app/go.mod").write_text("module example.com/m\n\nrequire (\n\ta.b/c v1.0.0\n\ta.b/d v1.0.0\n)\n")
    assert ctl("diff", str(tree / "app"), **home).returncode == 0
    (tmp_path / "config/gowatchd").mkdir(parents=True)
    (tmp_path / "config/gowatchd/config.toml").write_text('[format]\nindent = "2-space"\n')
    assert "+  a.b/c v1.0.0\n" in ctl("diff", str(tree / "app"), **home).stdout
    (tree / "app/.gowatchd.toml").write_text("[format]\nenabled = false\n")
    assert "not formatted: " in ctl("diff", str(tree / "app"), **home).stderr


def test_what_cannot_be_formatted(bus, tree, home):
    (tree / "app/go.mod").write_text("nonsense\n")
    done = ctl("-C", str(tree), "diff", ".", **home)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("app/go.mod:1:1: ")
    done = ctl("-C", str(tree), "diff", "gone", **home)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "gowatchctl: gone: there is no such change, file or directory\n"
    assert ctl("diff", "0", **home).returncode == 2


def test_a_file_may_have_the_name_of_a_number(bus, tree, home):
    (tree / "17").mkdir()
    (tree / "17/go.mod").write_text(MESSY)
    assert WOULD in ctl("-C", str(tree), "diff", "17", **home).stdout


def test_a_folder_that_cannot_be_listed_is_told(tmp_path, home, monkeypatch, capsys):
    def closed(folder):
        raise PermissionError(13, "Permission denied", folder)

    for name, value in {**home, "XDG_RUNTIME_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setattr(walk.os, "scandir", closed)
    assert main(["diff", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"gowatchctl: {tmp_path}: Permission denied\n"


def test_a_number_that_is_too_long_is_no_change(capsys):
    assert main(["diff", "7" * 5000]) == 2
    assert f"{'7' * 5000} is no change: see gowatchctl log" in capsys.readouterr().err
