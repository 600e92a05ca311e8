"""What a graph is drawn as, held against drawings that were read by a person."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gowatchd.services.graph_dot import dot
from gowatchd.services.graph_labels import Labels, remarks
from gowatchd.services.graph_mermaid import mermaid
from gowatchd.services.graph_report import graph_report
from gowatchd.services.graph_tree import ASCII, UNICODE, tree
from gowatchd.services.workspaces import Workspaces
from gowatchd.workspace.graph import graph_of
from tests.support.memory import MemoryFiles, txtar

GOLDEN = Path(__file__).parents[2] / "data" / "graph"

SHOP = """\
-- go.work --
go 1.22
use ./api
use ./store
use ./queue
use ./gone
use ./plain
replace example.com/old => ./old
-- api/go.mod --
module example.com/shop/api
require example.com/shop/store v0.0.0
require example.com/shop/queue v0.0.0
require example.com/log v1.2.0
replace example.com/log => ../log
-- store/go.mod --
module example.com/shop/store
require example.com/shop/queue v0.0.0
require example.com/log v1.2.0
-- queue/go.mod --
module example.com/shop/queue
require example.com/shop/store v0.0.0
require example.net/ext v1.0.0
-- plain/go.mod --
module example.com/shop/plain
-- log/go.mod --
module example.com/log
-- old/go.mod --
module example.com/old
"""
PROBLEMS = {"/w/go.work": (1, 0), "/w/queue/go.mod": (0, 2), "/w/store/go.mod": (1, 1)}


def graph(text=SHOP, problems=PROBLEMS, **options):
    (workspace,) = Workspaces(MemoryFiles(txtar(text))).load(["/w/go.work"])
    return graph_of(workspace, problems, **options)


def many(modules, per_module):
    """Return a workspace whose module N requires the ``per_module`` modules after it."""
    uses = "".join(f"use ./m{number}\n" for number in range(modules))
    files = [f"-- go.work --\ngo 1.22\n{uses}"]
    for number in range(modules):
        requires = "".join(
            f"require ex.com/m{number + step} v0.0.0\n"
            for step in range(1, per_module + 1)
            if number + step < modules
        )
        files.append(f"-- m{number}/go.mod --\nmodule ex.com/m{number}\n{requires}")
    return "".join(files)


def text_of(found, strokes, **options):
    lines = [
        f"{line.strokes}{line.name}|{line.trouble}|{line.note}" for line in tree(found, strokes, **options)
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("tree.txt", lambda: text_of(graph(), UNICODE)),
        ("tree-ascii.txt", lambda: text_of(graph(), ASCII)),
        ("external.dot", lambda: dot([graph(external=True)])),
        ("shop.mmd", lambda: mermaid([graph()])),
        ("shop.json", lambda: json.dumps(graph_report([graph()]), indent=1) + "\n"),
    ],
)
def test_golden(name, drawn):
    assert drawn() == (GOLDEN / name).read_text()


def test_the_ascii_tree_is_ascii():
    assert text_of(graph(), ASCII).isascii()


def test_a_small_graph_shows_all_edges_and_a_large_one_what_does_not_follow():
    small, large = graph(many(4, 2), {}), graph(many(60, 2), {})
    assert dot([small]).count(" -> ") == len(small.edges) == 9
    assert dot([large]).count(" -> ") == 60  # one from go.work, and the chain
    assert dot([large], full=True).count(" -> ") == len(large.edges) == 60 + 59 + 58
    assert list(remarks([large], full=False)) == [
        "names without ex.com/",
        "117 edges left out, for a longer way leads there too (--full)",
    ]


def test_each_module_is_written_out_once():
    lines = list(tree(graph(many(60, 5), {}), UNICODE, full=True))
    assert len(lines) == 1 + len(graph(many(60, 5), {}).edges)
    again = [line for line in lines if line.note == "see above"]
    assert len(lines) - len(again) == 61 + 5  # the last module has nothing below it to refer to


def test_a_deep_chain_is_no_recursion():
    assert sum(1 for _ in tree(graph(many(3000, 1), {}), UNICODE)) == 3001


@pytest.mark.parametrize(
    ("paths", "prefix"),
    [
        (["ex.com/a", "ex.com/b"], "ex.com/"),
        (["ex.com/shop/a", "ex.com/shop/b"], "ex.com/shop/"),
        (["ex.com/shop", "ex.com/shop/b"], "ex.com/"),
        (["ex.com/shopping", "ex.com/shop/b"], "ex.com/"),
        (["ex.com/a", "ex.org/b"], ""),
        (["ex.com/a"], ""),
        (["a", "b"], ""),
    ],
)
def test_what_all_module_paths_begin_with(paths, prefix):
    uses = "".join(f"use ./m{index}\n" for index, _ in enumerate(paths))
    files = "".join(f"-- m{index}/go.mod --\nmodule {path}\n" for index, path in enumerate(paths))
    labels = Labels(graph(f"-- go.work --\n{uses}{files}", {}))
    assert labels.prefix == prefix
    nodes = graph(f"-- go.work --\n{uses}{files}", {}).nodes[1:]
    assert [labels.name(node) for node in nodes] == [path.removeprefix(prefix) for path in paths]


HOSTILE = '-- go.work --\nuse "./a\\"b<i>&amp;\\\\n%%"\nuse "./\x1b"\n'


def test_what_a_file_says_cannot_steer_a_drawing():
    found = graph(HOSTILE, {})
    assert all(line.name.isprintable() for line in tree(found, UNICODE))
    drawn = mermaid([found])
    assert 'n1{{"a#34;b#60;i#62;#38;amp#59;#92;n#37;#37;<br>no go.mod to read"}}:::bad' in drawn
    assert re.search(r'n1 \[label="a\\"b<i>&amp;amp;\\\\n%%\\nno go.mod to read"', dot([found]))


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
@pytest.mark.parametrize("text", [SHOP, HOSTILE, many(60, 3)])
def test_graphviz_takes_it(text):
    drawn = dot([graph(text, {})])
    finished = subprocess.run(
        ["dot", "-Tplain"], input=drawn.encode(), capture_output=True, timeout=60, check=True
    )
    assert finished.stderr == b""
    assert finished.stdout.count(b"\nnode ") == len(graph(text, {}).nodes)
