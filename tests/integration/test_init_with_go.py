"""``gowatchctl init`` on real trees: what it writes, the real go command accepts."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import sys

import pytest

from gowatchd.cli.main import main
from tests.support.go import ROOT, needs_go, run_go
from tests.support.tmux import Tmux
from tests.support.tree import build

pytestmark = needs_go

VERSIONS = ("1.22.10", "1.27.3")
NAMES = (
    "plain",
    "with space",
    'quo"te',
    "it's",
    "back\\slash",
    "tick`s",
    "par(en",
    "[k]",
    "a,b",
    "=>",
    "C:drive",
    "ünïcode",
    "工具",
    "nbsp\u00a0",
    "new\nline",
    "bytes\udcff",
    "/".join(["deep"] * 12),
)
LEFT_OUT = ("vendor/v", "testdata/t", "node_modules/n", ".hidden/h")


def make(root, *names, go="1.20"):
    for number, name in enumerate(names):
        folder = os.path.join(root, name)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "go.mod"), "w") as file:
            file.write(f"module ex.com/m{number}\n\ngo {go}\n")


def listed(version, root):
    go = run_go(version, "list", "-m", cwd=root)
    assert go.returncode == 0, go.stderr
    return sorted(go.stdout.decode().split())


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_any_name_works_and_what_is_not_ours_is_left_out(here):
    make(here, *NAMES, *LEFT_OUT)
    assert main(["init", "--discover"]) == 0
    for version in VERSIONS:
        assert listed(version, here) == sorted(f"ex.com/m{number}" for number in range(len(NAMES)))
        text = (here / "go.work").read_bytes()
        shown = run_go(version, "work", "edit", "-fmt", "-print", cwd=here)
        assert shown.stdout == text
        uses = json.loads(run_go(version, "work", "edit", "-json", cwd=here).stdout)["Use"]
        assert len(uses) == len(NAMES)


def test_three_hundred_modules(here, capsys):
    make(here, *(f"group{number % 7}/m{number}" for number in range(300)))
    assert main(["init", "--yes"]) == 0
    assert capsys.readouterr().out == "go.work: 300 modules added, 300 in all\n"
    for version in VERSIONS:
        assert len(listed(version, here)) == 300


def test_depths_and_exclusion(here):
    make(here, ".", "a", "a/b", "a/b/c", "a/gen", "x/y")
    arguments = ["init", "--discover", "--min-depth", "1", "--max-depth", "2", "--exclude", "gen"]
    assert main([*arguments, "--exclude", "x/*"]) == 0
    assert (here / "go.work").read_text() == "go 1.20\n\nuse (\n\t./a\n\t./a/b\n)\n"


def test_the_go_line_is_that_of_go_work_use(here):
    for number, go in enumerate(("1.17", "1.21rc2", "1.21", "1.20.5")):
        make(here / f"d{number}", ".", go=go)
        mod = here / f"d{number}/go.mod"
        mod.write_text(mod.read_text().replace("ex.com/m0", f"ex.com/m{number}"))
    assert main(["init", "--yes"]) == 0
    ours = (here / "go.work").read_text()
    (here / "go.work").write_text("go 1.18\n")
    run_go("1.27.3", "work", "use", "-r", ".", cwd=here)
    assert ours == (here / "go.work").read_text()


def test_one_that_is_there_is_completed_and_the_difference_shown(here, capsys):
    build("-- go.work --\n// ours\ngo 1.20\n\nuse ./b // first\n", here)
    make(here, "a", "b", go="1.22")
    assert main(["init", "--yes"]) == 0
    assert (here / "go.work").read_text() == "// ours\ngo 1.22\n\nuse (\n\t./a\n\t./b // first\n)\n"
    out = capsys.readouterr().out
    assert out.startswith("diff go.work.orig go.work\n")
    assert "\n+\t./a\n" in out
    for version in VERSIONS:
        assert listed(version, here) == ["ex.com/m0", "ex.com/m1"]
    assert main(["init", "--yes"]) == 0
    assert capsys.readouterr().out == "go.work says all of that already\n"


@pytest.mark.parametrize("there", [False, True])
def test_a_dry_run_shows_the_difference_and_writes_nothing(here, capsys, there):
    make(here, "a")
    if there:
        (here / "go.work").write_text("go 1.20\n")
    assert main(["init", "--yes", "-n"]) == 0
    assert "+use ./a\n" in capsys.readouterr().out
    assert (here / "go.work").exists() == there


def test_what_go_would_refuse_is_not_written_and_both_are_named(here, capsys):
    make(here / "x", ".")
    make(here / "y", ".")
    assert main(["init", "--yes"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "module ex.com/m0 appears multiple times in workspace: in x and y" in captured.err
    assert not (here / "go.work").exists()
    assert main(["init", "--yes", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["outcome"] == "refused"
    assert report["diagnostics"][0]["code"] == "duplicate-module"


def test_json(here, capsys):
    make(here, "a")
    assert main(["init", "--yes", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report.pop("diff").endswith("@@ -0,0 +1,3 @@\n+go 1.20\n+\n+use ./a\n")
    assert report == {
        "schema": 1,
        "path": f"{here}/go.work",
        "outcome": "written",
        "modules": [{"directory": f"{here}/a", "path": "ex.com/m0"}],
        "added": [f"{here}/a"],
        "diagnostics": [],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["init"], 2, "--yes"),
        (["init", "--json"], 2, "add --yes"),
        (["init", "gone", "--yes"], 4, "gone does not exist"),
        (["init", "a/go.mod", "--yes"], 4, "is not a directory"),
        (["init", "empty", "--yes"], 4, "no module found below empty"),
        (["init", "--replace", "ex.com/x=a"], 4, "has no go.mod"),
        (["init", "--replace", "ex.com/x=gone", "a"], 4, "gone is no directory with a go.mod"),
        (["init", "--replace", "ex.com/x=a", "--max-depth", "1", "a"], 2, "no meaning with --replace"),
        (["init", "--replace", "ex.com/x", "a"], 2, "path=DIR"),
        (["init", "--replace", "ex.com/x@v1=a", "--yes", "a"], 2, "not allowed with"),
        (["init", "--replace", "ex.com/x/v1@v1=a", "a"], 1, "invalid module path"),
        (["init", "--max-depth", "-1"], 2, "invalid depth value"),
    ],
)
def test_what_cannot_be_done_is_said(here, capsys, arguments, code, words):
    make(here, "a")
    (here / "empty").mkdir()
    assert main(arguments) == code
    assert words in capsys.readouterr().err
    assert (here / "a/go.mod").read_text() == "module ex.com/m0\n\ngo 1.20\n"


def test_a_go_work_above_is_told_of(here, capsys):
    (here / "go.work").write_text("go 1.20\n")
    make(here, "sub/a")
    assert main(["init", "--yes", "sub"]) == 0
    assert "note: go.work will no longer count below sub\n" in capsys.readouterr().err


def test_replacements_are_what_go_mod_edit_would_write(here, capsys):
    build(
        "-- app/go.mod --\nmodule ex.com/app\n\ngo 1.22\n\n"
        "require (\n\tex.com/l v1.0.0\n\tex.com/k v1.0.0\n)\n"
        "-- lib dir/go.mod --\nmodule ex.com/l\n\ngo 1.20\n-- k/go.mod --\nmodule ex.com/k\n",
        here,
    )
    arguments = ["--replace", "ex.com/l=lib dir", "--replace", f"ex.com/k@v1.0.0={here}/k"]
    assert main(["init", "app", *arguments]) == 0
    for version in VERSIONS:
        go = run_go(version, "list", "-m", "all", cwd=here / "app")
        assert go.stdout.decode().splitlines() == [
            "ex.com/app",
            f"ex.com/k v1.0.0 => {here}/k",
            "ex.com/l v1.0.0 => ../lib dir",
        ], go.stderr
    assert capsys.readouterr().err == ""
    assert main(["init", "app", "--replace", "ex.com/new=k"]) == 0
    assert "ex.com/new is not required here yet" in capsys.readouterr().err
    replaced = json.loads(run_go("1.27.3", "mod", "edit", "-json", cwd=here / "app").stdout)["Replace"]
    assert [one["New"]["Path"] for one in replaced] == [f"{here}/k", "../lib dir", "../k"]


@pytest.fixture
def terminal(tmp_path):
    """A terminal in which ``gowatchctl init`` can be run: type into it, look at it."""
    program = f"{shlex.join([sys.executable, '-m', 'gowatchd.cli.main', 'init'])}; echo exit=$?; exec cat"
    with contextlib.ExitStack() as stack:
        yield lambda root: stack.enter_context(
            Tmux(tmp_path, program, start=root, environment={"PYTHONPATH": str(ROOT)})
        )


def test_a_person_chooses(here, terminal):
    tree = here / "tree"
    make(tree, "api", "lib one", "tools/gen", "web")
    person = terminal(tree)
    screen = person.wait_for("Use which?")
    assert screen.splitlines()[:5] == [
        "Modules below .:",
        "  1  ./api        ex.com/m0  go 1.20",
        "  2  ./lib one    ex.com/m1  go 1.20",
        "  3  ./tools/gen  ex.com/m2  go 1.20",
        "  4  ./web        ex.com/m3  go 1.20",
    ]
    person.type("1-2,5", "Enter")
    person.wait_for("5 is not between 1 and 4")
    person.type("1-2,4", "Enter")
    person.wait_for("exit=0")
    assert (tree / "go.work").read_text() == 'go 1.20\n\nuse (\n\t"./lib one"\n\t./api\n\t./web\n)\n'


def test_a_person_sees_what_would_change_and_declines(here, terminal):
    tree = here / "tree"
    make(tree, "api", "web")
    (tree / "go.work").write_text("go 1.20\n\nuse ./api\n")
    person = terminal(tree)
    screen = person.wait_for("Use which?")
    assert screen.startswith("Modules below . (not listed: 1 in use already):\n  1  ./web  ex.com/m1")
    person.type("Enter")
    assert "+       ./web" in person.wait_for("Change go.work like this? [Y/n]")
    person.type("n", "Enter")
    assert "nothing was changed" in person.wait_for("exit=0")
    assert (tree / "go.work").read_text() == "go 1.20\n\nuse ./api\n"


def test_ctrl_c_changes_nothing(here, terminal):
    tree = here / "tree"
    make(tree, "api")
    person = terminal(tree)
    person.wait_for("Use which?")
    person.type("C-c")
    person.wait_for("exit=130")
    assert not (tree / "go.work").exists()
