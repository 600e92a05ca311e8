"""``gowatchctl matrix`` over real directories."""

from __future__ import annotations

import json

import pytest

from gowatchd.cli import matrix as verb
from gowatchd.cli.main import main
from gowatchd.services import sources
from gowatchd.system.go_installation import GoInstallation
from gowatchd.system.go_search import GoNotFoundError
from tests.support.tree import build

WORK = """\
-- go.work --
go 1.22.3

use ./a
use ./b
use ./gone
-- a/go.mod --
module ex.com/a

go 1.22.3

tool ex.com/a/x
-- b/go.mod --
module ex.com/b_c

go 1.20
"""

TABLE = """\
ROOT/go.work
module      1.20  1.21  1.22  1.23  1.23.9*  1.24  1.25  1.26  1.27
go.work     no    no    no    no    no       no    no    no    no
ex.com/a    no    no    no    no    no       yes   yes   yes   yes
ex.com/b_c  yes   yes   yes   yes   yes      yes   yes   yes   yes
gone        no    no    no    no    no       no    no    no    no
go.work:
  cannot load module gone listed in go.work file: open gone/go.mod: no such file or directory; HOW
  needs Go 1.24: the tool directive (a/go.mod:5)
  needs Go 1.22.3: the go line (go.work:1)
  and 2 more, which --json shows
ex.com/a:
  needs Go 1.24: the tool directive (a/go.mod:5)
  needs Go 1.22.3: the go line (a/go.mod:3)
  needs Go 1.21: a go line with more than two numbers, 1.22.3 (a/go.mod:3)
gone:
  no such file or directory (gone/go.mod:1)
* the go command that is installed here
"""


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Keep the machine's own Go out: 1.23.9 is installed, or what a test says."""

    def install(version):
        def find_go():
            if version is None:
                raise GoNotFoundError("no go command found")
            return GoInstallation("/go", "PATH", version, "", "", "", "local", "")

        monkeypatch.setattr(verb, "find_go", find_go)

    install("1.23.9")
    return install


@pytest.fixture
def here(tmp_path, monkeypatch):
    def make(text):
        build(text, tmp_path)
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


def test_the_table(here, capsys):
    root = here(WORK)
    assert main(["matrix"]) == 0
    out = capsys.readouterr().out.replace(str(root), "ROOT")
    lines = [
        f"{line.partition('; ')[0]}; HOW" if "cannot load" in line else line for line in out.splitlines()
    ]
    assert lines == TABLE.splitlines()


def test_some_releases_and_a_go_that_only_tries(here, capsys, installed):
    installed(None)
    here("-- go.mod --\nmodule ex.com/m\ngo 1.22.3\n-- sub/x.go --\n")
    assert main(["-C", "sub", "matrix", "--go", "1.22", "go1.23"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "module    1.22     1.23",
        "ex.com/m  1.22.3+  yes",
        "1.N.P+: from that release of the column on",
    ]
    here("-- go.mod --\nmodule ex.com/m\ngo 1.22\n")
    assert main(["matrix", "--go", "1.20"]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == [
        "ex.com/m  maybe",
        "ex.com/m:",
        "  needs Go 1.22: the go line (go.mod:2)",
        "maybe: Go before 1.21 does not refuse a newer go line: it tries, and may fail to build",
    ]


def test_a_no_to_what_was_asked_is_exit_1(here, capsys):
    here("-- go.mod --\nmodule ex.com/m\ngo 1.22\n")
    assert main(["matrix", "--go", "1.22", "1.21"]) == 1
    assert main(["matrix", "--go", "1.22"]) == 0


def test_json(here, capsys):
    root = here("-- go.mod --\nmodule ex.com/m\n\ngo 1.22\n")
    assert main(["matrix", "--json", "--go", "1.21", "1.23.9"]) == 1
    found = json.loads(capsys.readouterr().out)
    path = f"{root}/go.mod"
    reason = {"needs": "1.22", "reason": "the go line", "path": path, "line": 3}
    no = {"go": "1.21", "installed": False, "verdict": "no", "from": None, "reasons": [reason]}
    yes = {"go": "1.23.9", "installed": True, "verdict": "yes", "from": None, "reasons": []}
    row = {"name": "ex.com/m", "path": path, "cells": [no, yes]}
    assert found == {"schema": 1, "workspaces": [{"root": str(root), "kind": "mod", "rows": [row]}]}
    assert main(["matrix", "--format", "json", "--go", "1.21", "1.23.9"]) == 1
    assert json.loads(capsys.readouterr().out) == found


def test_markdown_shows_what_a_file_says_as_it_is(here, capsys):
    here("-- go.mod --\nmodule ex.com/b_c\n\ngo 1.22\n")
    assert main(["matrix", "--format", "markdown", "--go", "1.21", "1.23.9"]) == 1
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.startswith("### ")
    assert lines == [
        "",
        "| module | 1.21 | 1.23.9\\* |",
        "|---|---|---|",
        "| ex.com/b\\_c | no | yes |",
        "",
        "- ex.com/b\\_c: needs Go 1.22: the go line (go.mod:3)",
        "- \\* the go command that is installed here",
        "",
    ]


def test_a_module_that_the_go_work_above_does_not_use_has_a_table_of_its_own(here, capsys):
    here("-- go.work --\ngo 1.21\n-- m/go.mod --\nmodule ex.com/m\n\ngo 1.22\n")
    main(["matrix", "m", "--go", "1.22"])
    assert [line for line in capsys.readouterr().out.splitlines() if "yes" in line] == ["ex.com/m  yes"]


def test_without_anything_above_all_below_counts(here, capsys):
    here("-- p/go.mod --\nmodule ex.com/p\n-- q/go.mod --\nmodule ex.com/q\n")
    assert main(["matrix", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["name"] for one in found["workspaces"] for row in one["rows"]] == ["ex.com/p", "ex.com/q"]


def test_colour_is_added_and_nothing_else(here, capsys):
    here(WORK)
    main(["matrix"])
    plain = capsys.readouterr().out
    main(["matrix", "--color", "always"])
    coloured = capsys.readouterr().out
    assert coloured != plain
    for code in ("0", "1", "2", "32", "33", "1;31"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


@pytest.mark.parametrize("version", ["1", "x", "1.2.3.4", "."])
def test_what_is_no_version_is_usage(here, capsys, version):
    here("-- go.mod --\nmodule ex.com/m\n")
    assert main(["matrix", "--go", version]) == 2
    assert f"'{version}' is no Go version, such as 1.22 or 1.22.10" in capsys.readouterr().err


def test_no_workspace_is_4(here, capsys):
    here("-- x.go --\n")
    assert main(["matrix"]) == 4
    assert capsys.readouterr().err.startswith("gowatchctl: no go.work or go.mod in ., nor in a folder above")
    assert main(["matrix", "gone"]) == 4
    assert capsys.readouterr().err == "gowatchctl: gone does not exist\n"


def test_no_go_mod_is_parsed_more_than_twice(here, capsys, monkeypatch):
    """Once for the workspace, once for all that the modules are without it."""
    names = "abcdef"
    replaced = "".join(
        f"require ex.com/{name} v1.0.0\nreplace ex.com/{name} => ../{name}\n" for name in names
    )
    mods = (f"-- {name}/go.mod --\nmodule ex.com/{name}\ngo 1.22\n{replaced}" for name in names)
    uses = "".join(f"use ./{name}\n" for name in names)
    root = here(f"-- go.work --\ngo 1.22\n{uses}{''.join(mods)}")
    parsed: list[str] = []
    parse = sources.parse_source
    monkeypatch.setattr(
        sources, "parse_source", lambda path, *said: parsed.append(path) or parse(path, *said)
    )
    assert main(["matrix", "--go", "1.22"]) == 0
    assert sorted(parsed) == sorted([f"{root}/go.work", *(f"{root}/{name}/go.mod" for name in names * 2)])
    assert capsys.readouterr().out.count("yes") == len(names) + 1
