"""``gowatchctl graph`` over real directories."""

from __future__ import annotations

import io
import json
import shutil
import sys
import xml.etree.ElementTree as ET

import pytest

from gowatchd.cli.main import main
from gowatchd.system import graphviz
from tests.support.tree import build

WORK = """\
-- go.work --
go 1.22

use ./a
use ./b
use ./gone

replace ex.com/b v1.0.0 => ./b
-- a/go.mod --
module ex.com/a

go 1.22

require ex.com/b v1.0.0
-- b/go.mod --
module ex.com/b

go 1.22
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    build(WORK, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tree(here, capsys):
    assert main(["graph"]) == 0
    assert capsys.readouterr().out == (
        f"{here}/go.work\n"
        "\N{MULTIPLICATION SIGN} go.work  1 error\n"
        "├─ a\n"
        "│  └─ b\n"
        "└─ \N{MULTIPLICATION SIGN} gone  no go.mod to read\n"
        "names without ex.com/\n"
    )


def test_without_utf_8_the_tree_is_ascii(here, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["graph"]) == 0
    assert stream.buffer.getvalue().decode("ascii").splitlines()[1:-1] == [
        "x go.work  1 error",
        "|- a",
        "|  `- b",
        "`- x gone  no go.mod to read",
    ]


def test_colour_is_added_and_nothing_else(here, capsys):
    main(["graph"])
    plain = capsys.readouterr().out
    main(["graph", "--color", "always"])
    coloured = capsys.readouterr().out
    assert coloured != plain
    for code in ("0", "1", "2", "31", "33", "1;31", "1;33"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


def test_json_has_nodes_and_edges_of_all_kinds(here, capsys):
    assert main(["--json", "graph"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    (workspace,) = found["workspaces"]
    assert (workspace["root"], workspace["kind"]) == (str(here), "work")
    assert [node["kind"] for node in workspace["nodes"]] == ["go.work", "module", "module", "module"]
    assert {(edge["from"], edge["to"], edge["kind"]) for edge in workspace["edges"]} == {
        (f"{here}/go.work", f"{here}/a", "use"),
        (f"{here}/go.work", f"{here}/b", "use"),
        (f"{here}/go.work", f"{here}/gone", "use"),
        (f"{here}/a", f"{here}/b", "require"),
    }
    assert main(["graph", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == found


@pytest.mark.parametrize(("name", "start"), [("dot", "digraph workspace {\n"), ("mermaid", "flowchart LR\n")])
def test_drawings(here, capsys, name, start):
    assert main(["graph", "--format", name]) == 0
    assert capsys.readouterr().out.startswith(start)


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
def test_svg(here, capsys):
    assert main(["graph", "--format", "svg"]) == 0
    picture = ET.fromstring(capsys.readouterr().out)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"go.work", "1 error", "a", "b", "no go.mod to read"} <= set(texts)


def test_svg_without_graphviz_says_how_to_get_it(here, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["graph", "--format", "svg"]) == 69
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "sudo apt install graphviz" in captured.err


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 'Error: no fonts' >&2; exit 1", "graphviz failed: Error: no fonts"),
        ("exec sleep 60", "graphviz was not done after 0.2 s: leave out --external and --full"),
        ("yes", "the picture is larger than 0 MiB"),
    ],
)
def test_a_graphviz_that_fails_hangs_or_floods(here, capsys, monkeypatch, tmp_path, script, words):
    program = tmp_path / "bin" / "dot"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    if "not done" in words:
        monkeypatch.setattr(graphviz, "SECONDS", 0.2)
    monkeypatch.setattr(graphviz, "SVG_SIZE", 1000)
    assert main(["graph", "--format", "svg"]) == 69
    assert words in capsys.readouterr().err


def test_no_workspace_is_4(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["graph"]) == 4
    assert "nor in a folder above or below it" in capsys.readouterr().err
