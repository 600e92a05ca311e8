"""``gowatchctl check`` over real directories."""

from __future__ import annotations

import json
import os

import pytest

from gowatchd.cli.main import main
from gowatchd.cli.terminal import printable, printable_lines, wants_color
from gowatchd.lint.diagnostic import Diagnostic, Edit, Fix, Severity
from gowatchd.modfile.position import Span
from gowatchd.services.report import diagnostic_report
from gowatchd.system.go_installation import GoInstallation
from gowatchd.system.go_search import GoNotFoundError, GoSearch


@pytest.fixture(autouse=True)
def _no_go(monkeypatch):
    """Keep the machine's own Go out; what finds it has its own tests."""

    def find_go():
        raise GoNotFoundError("no go command found")

    monkeypatch.setattr(GoSearch, "result", lambda _search: find_go())


@pytest.fixture
def tree(tmp_path, monkeypatch):
    def make(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


def heads(text):
    """Return the lines that say what and where, without the excerpts below them."""
    return [line for line in text.splitlines() if not line.startswith("  ")]


def test_a_problem_is_shown_with_its_line_and_exit_1(tree, capsys):
    tree(go_work="go 1.20\n\nuse ./a\n")
    assert main(["check"]) == 1
    captured = capsys.readouterr()
    assert captured.out == (
        "go.work:3:5: error: cannot load module a listed in go.work file: open a/go.mod: "
        "no such file or directory; correct the path or remove this line [use-missing-module]\n"
        "  3 | use ./a\n"
        "    |     ^^^\n"
    )
    assert captured.err.splitlines() == [
        "no go command found (rules that depend on its version are silent)",
        "1 error in 1 workspace",
    ]


def test_nothing_to_say_is_exit_0(tree, capsys):
    tree(go_mod="module ex.com/m\n\ngo 1.22\n", sub__go_mod="module ex.com/s\n\ngo 1.22\n")
    assert main(["check"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1] == "no problems in 2 workspaces"


def test_warnings_alone_are_exit_0(tree, capsys):
    tree(go_mod="module ex.com/m\n")
    assert main(["check"]) == 0
    captured = capsys.readouterr()
    assert ": warning: " in captured.out
    assert captured.err.splitlines()[-1].startswith("1 warning in 1 workspace")


def test_no_go_files_is_said(tree, capsys, tmp_path):
    tree()
    assert main(["check"]) == 0
    assert capsys.readouterr().err.splitlines()[-1].startswith("no go.work or go.mod here")


@pytest.mark.parametrize(("name", "problem"), [("gone", "does not exist"), ("m.go", "is not a directory")])
def test_no_such_directory_is_4(tree, capsys, name, problem):
    tree(go_mod="module ex.com/m\n", m_go="package m\n")
    assert main(["check", name]) == 4
    assert capsys.readouterr().err == f"gowatchctl: {name} {problem}\n"


def test_a_file_stands_for_its_workspace_and_for_nothing_below(tree, capsys):
    """pre-commit names the files that are to be committed."""
    tree(
        go_work="go 1.20\nuse ./a\nuse ./gone\n",
        a__go_mod="module ex.com/a\n\ngo 1.20\n",
        a__b__go_mod="foo\n",
    )
    assert main(["check", "a/go.mod"]) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("go.work:3:5: error: ")
    assert "foo" not in captured.out


def test_the_go_work_above_counts(tree, capsys):
    tree(go_work="go 1.20\nuse ./a\nuse ./gone\n", a__go_mod="module ex.com/a\n\ngo 1.20\n")
    assert main(["check", "a"]) == 1
    assert capsys.readouterr().out.startswith("go.work:3:5: error: ")


def test_the_go_mod_above_counts(tree, capsys):
    tree(go_mod="foo\n", pkg__x_go="package pkg\n")
    assert main(["-C", "pkg", "check"]) == 1
    assert capsys.readouterr().out.startswith(
        "../go.mod:1:1: error: errors parsing go.mod: unknown directive: foo"
    )


def test_directories_that_overlap_are_checked_once(tree, capsys):
    tree(a__go_mod="foo\n")
    assert main(["check", "a", ".", "a"]) == 1
    assert len(heads(capsys.readouterr().out)) == 1


def test_a_module_of_two_workspaces_is_told_once_in_text(tree, capsys):
    tree(p__go_work="use ../a\n", q__go_work="use ../a\n", a__go_mod="go 1.20\n")
    assert main(["check"]) == 1
    lines = heads(capsys.readouterr().out)
    assert [line.partition(":")[0] for line in lines] == ["a/go.mod", "p/go.work", "q/go.work"]


def test_json(tree, capsys):
    root = tree(
        w__go_work="go 1.20\n\nuse ./a\n",
        w__a__go_mod="module ex.com/a\n\ngo 1.21\n",
        b__go_mod="module ex.com/b\n\ngo 1.20\n",
    )
    assert main(["check", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    assert [(one["root"], one["kind"]) for one in found["workspaces"]] == [
        (f"{root}/b", "mod"),
        (f"{root}/w", "work"),
    ]
    assert found["workspaces"][0]["diagnostics"] == []
    (one,) = found["workspaces"][1]["diagnostics"]
    assert one.pop("message").startswith(
        "module a listed in go.work file requires go >= 1.21, but go.work lists go 1.20"
    )
    place = {"line": 1, "column": 4, "end_line": 1, "end_column": 8}
    path = f"{root}/w/go.work"
    assert one == {
        "path": path,
        **place,
        "severity": "error",
        "code": "go-line-too-low",
        "fix": {"title": "Raise the go line to 1.21", "edits": [{"path": path, **place, "new_text": "1.21"}]},
    }


@pytest.mark.parametrize(
    ("gotoolchain", "severity", "running"),
    [
        ("local", "error", "1.22.10; GOTOOLCHAIN=local"),
        ("auto", "warning", "1.22.10; Go will have to download it"),
        ("path", "error", "1.22.10; GOTOOLCHAIN=path"),
        ("go1.30.0+auto", "warning", "1.30.0; Go will have to download it"),
        ("go1.21.3", "error", "1.21.3; GOTOOLCHAIN=go1.21.3"),
    ],
)
def test_the_running_go_counts(tree, capsys, monkeypatch, gotoolchain, severity, running):
    go = GoInstallation("/go", "PATH", "1.22.10", "", "", "", gotoolchain, "")
    monkeypatch.setattr(GoSearch, "result", lambda _search: go)
    tree(go_mod="module ex.com/m\n\ngo 1.99\n")
    assert main(["check"]) == (severity == "error")
    out = capsys.readouterr().out
    assert out.startswith(f"go.mod:3:4: {severity}: go.mod requires go >= 1.99 (running go {running}); ")


def test_a_setting_that_is_wrong_everywhere_is_said_once(tree, capsys, monkeypatch):
    go = GoInstallation("/go", "PATH", "1.22.10", "", "", "", "local", "", go111module="off")
    monkeypatch.setattr(GoSearch, "result", lambda _search: go)
    tree(**{f"{name}__go_mod": f"module example.com/{name}\n\ngo 1.22\n" for name in "abc"})
    assert main(["check"]) == 1
    said = capsys.readouterr()
    assert said.out.count("GO111MODULE=off") == 1
    assert said.out.startswith("a/go.mod:1:1: error: ")
    assert "(and so in 2 more) [modules-disabled]" in said.out
    assert said.err.startswith("1 error in 3 workspaces")
    main(["check", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert [len(one["diagnostics"]) for one in report["workspaces"]] == [1, 1, 1]


def test_colour_is_added_and_nothing_else(tree, capsys):
    tree(go_work="use ./a\n")
    main(["check", "--color", "never"])
    plain = capsys.readouterr().out
    main(["check", "--color", "always"])
    coloured = capsys.readouterr().out
    assert "\x1b[" not in plain
    assert coloured != plain
    for code in ("0", "1", "2", "1;31", "1;34"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


def test_what_a_file_says_cannot_steer_the_terminal(tree, capsys):
    tree(a__go_mod="\x1b]0;gotcha\x07 x\n", b__go_mod="bad\udcff x\n".encode(errors="surrogateescape"))
    assert main(["check"]) == 1
    lines = capsys.readouterr().out.split("\n")
    assert len(lines) == 7
    assert all(line.isprintable() for line in lines)


def test_a_folder_whose_name_is_not_utf_8(tmp_path, monkeypatch, capsys):
    folder = os.path.join(os.fsencode(tmp_path), b"\xff\n")
    os.mkdir(folder)
    with open(os.path.join(folder, b"go.mod"), "wb") as file:
        file.write(b"go 1.20\n")
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 1
    assert capsys.readouterr().out.startswith("\\xff\\n/go.mod:1:1: error: ")
    assert main(["check", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["workspaces"][0]["root"] == f"{tmp_path}/\ufffd\n"


class Terminal:
    def __init__(self, *, tty):
        self.tty = tty

    def isatty(self):
        return self.tty


@pytest.mark.parametrize(
    ("when", "tty", "environment", "expected"),
    [
        ("auto", True, {"TERM": "xterm"}, True),
        ("auto", True, {}, True),
        ("auto", False, {"TERM": "xterm"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("always", False, {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("never", True, {}, False),
    ],
)
def test_colour_decision(when, tty, environment, expected):
    assert wants_color(when, Terminal(tty=tty), environment) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ü", "plain ü"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\tb\n", "a\\tb\\n"),
        ("\udcff", "\\xff"),
        ("\ud800", "\\ud800"),
        ("\u202e", "\\u202e"),
        ("\x9b31m", "\\x9b31m"),
    ],
)
def test_printable(text, expected):
    assert printable(text) == expected


def test_printable_lines_keep_tabs_and_line_breaks():
    assert printable_lines("a\t\x1b\nb\n") == "a\t\\x1b\nb\n"


def test_report_replaces_bytes_that_are_not_utf_8():
    edit = Edit("/w/\udcff", Span.at(1), "\udcfe")
    one = Diagnostic("/w/\udcff", Span.at(1, 2, 3), Severity.INFO, "c", "m\udcff", Fix("t", (edit,)))
    text = json.dumps(diagnostic_report(one), ensure_ascii=False)
    assert text.encode("utf-8").decode("utf-8").count("\ufffd") == 4


def test_the_summary_offers_what_can_be_fixed(tree, capsys):
    tree(go_work="go 1.20\n\nuse ./a\n", a__go_mod="module ex.com/a\n\ngo 1.21\n")
    assert main(["check"]) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines()[-1] == "    = fix: Raise the go line to 1.21"
    assert captured.err.splitlines()[-1] == "1 error in 1 workspace; 'gowatchctl fix' mends 1 of them"


def test_github(tree, capsys, monkeypatch, tmp_path):
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    tree(go_work="go 1.20\n\nuse ./a\n")
    assert main(["check", "--format", "github"]) == 1
    assert capsys.readouterr().out == (
        "::error file=go.work,line=3,col=5,endColumn=8,title=use-missing-module::cannot load module a listed "
        "in go.work file: open a/go.mod: no such file or directory; correct the path or remove this line\n"
    )
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path.parent))
    main(["check", "--format", "github"])
    assert f"file={tmp_path.name}/go.work," in capsys.readouterr().out


def test_json_by_either_name(tree, capsys):
    tree(go_work="go 1.20\n\nuse ./a\n")
    main(["check", "--json"])
    by_option = capsys.readouterr().out
    main(["check", "--format", "json"])
    assert capsys.readouterr().out == by_option
    assert main(["check", "--json", "--format", "sarif"]) == 2
    assert "contradict" in capsys.readouterr().err
