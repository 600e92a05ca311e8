"""Nodes and edges of workspaces in memory."""

from __future__ import annotations

from gowatchd.services.workspaces import Workspaces
from gowatchd.workspace.graph import Edge, EdgeKind, Node, NodeKind, graph_of
from tests.support.memory import MemoryFiles, txtar

WORK = "-- go.work --\ngo 1.22\nuse ./a\nuse ./b\n-- a/go.mod --\nmodule ex.com/a\n"
B = "-- b/go.mod --\nmodule ex.com/b\n"
R = "-- r/go.mod --\nmodule ex.com/r\n"


def graph(text, problems=None, **options):
    files = MemoryFiles(txtar(text))
    top = "/w/go.work" if "/w/go.work" in files.files else "/w/go.mod"
    (workspace,) = Workspaces(files).load([top])
    return graph_of(workspace, problems or {}, **options)


def edges(text, **options):
    found = graph(text, **options)
    return {
        (edge.source.removeprefix("/w/"), edge.target.removeprefix("/w/")): edge
        for edge in found.edges
        if edge.kind is not EdgeKind.USE
    }


def test_a_go_work_uses_and_a_module_requires():
    found = graph(f"{WORK}require ex.com/b v1.2.3\n{B}", {"/w/b/go.mod": (2, 1)})
    assert found.root == "/w/go.work"
    assert found.nodes == (
        Node("/w/go.work", NodeKind.WORK, ""),
        Node("/w/a", NodeKind.MEMBER, "ex.com/a"),
        Node("/w/b", NodeKind.MEMBER, "ex.com/b", errors=2, warnings=1),
    )
    assert found.edges == (
        Edge("/w/go.work", "/w/a", EdgeKind.USE),
        Edge("/w/go.work", "/w/b", EdgeKind.USE, implied=True),
        Edge("/w/a", "/w/b", EdgeKind.REQUIRE, "v1.2.3"),
    )


def test_a_module_alone_is_its_own_root():
    found = graph("-- go.mod --\nmodule ex.com/m\nrequire ex.com/x v1.0.0\n")
    assert (found.root, found.edges) == ("/w", ())


def test_members_that_are_not_there_or_do_not_parse():
    missing, broken = graph("-- go.work --\nuse ./a\nuse ./b\n-- b/go.mod --\nfoo\n").nodes[1:]
    assert missing == Node("/w/a", NodeKind.MEMBER, "", missing=True)
    assert broken == Node("/w/b", NodeKind.MEMBER, "")


def test_a_replacement_of_one_module_counts_for_all():
    found = edges(f"{WORK}replace ex.com/r => ../r\n{B}require ex.com/r v1.0.0\n{R}require ex.com/a v1.0.0\n")
    assert found == {
        ("b", "r"): Edge("/w/b", "/w/r", EdgeKind.REPLACE, "v1.0.0"),
        ("r", "a"): Edge("/w/r", "/w/a", EdgeKind.REQUIRE, "v1.0.0"),
    }


def test_a_replacement_of_another_version_leaves_the_requirement_outside():
    text = f"{WORK}require ex.com/r v1.0.0\nreplace ex.com/r v1.1.0 => ../r\n{B}{R}"
    assert edges(text) == {("a", "r"): Edge("/w/a", "/w/r", EdgeKind.REPLACE, "v1.1.0", unused=True)}
    assert edges(text, external=True)["a", "ex.com/r"].kind is EdgeKind.REQUIRE


def test_a_replacement_in_go_work_goes_before_those_of_the_members_at_its_version():
    text = WORK.replace("use ./b\n", "replace ex.com/r v1.1.0 => ./r\n")
    replaced = "replace ex.com/r => ../old\n"
    higher = edges(f"{text}require ex.com/r v1.1.0\n{replaced}{R}")
    assert {pair: edge.unused for pair, edge in higher.items()} == {("a", "r"): False, ("a", "old"): True}
    other = edges(f"{text}require ex.com/r v1.0.0\n{replaced}{R}")
    assert {pair: edge.unused for pair, edge in other.items()} == {
        ("a", "old"): False,
        ("go.work", "r"): True,
    }


def test_a_replacement_of_a_member_is_left_out():
    assert set(edges(f"{WORK}require ex.com/b v1.0.0\nreplace ex.com/b => ../b\n{B}")) == {("a", "b")}


def test_external_modules():
    text = (
        f"{WORK}require (\n\tex.com/x v1.0.0\n\tex.com/y v1.0.0\n)\nreplace ex.com/y => ex.com/z v1.3.0\n{B}"
    )
    assert edges(text) == {}
    assert edges(text, external=True) == {
        ("a", "ex.com/x"): Edge("/w/a", "ex.com/x", EdgeKind.REQUIRE, "v1.0.0"),
        ("a", "ex.com/z"): Edge("/w/a", "ex.com/z", EdgeKind.REPLACE, "v1.3.0"),
    }


def test_cycles_are_marked_and_never_implied():
    found = edges(f"{WORK}require ex.com/b v1.0.0\n{B}require ex.com/a v1.0.0\nrequire ex.com/b v1.0.0\n")
    assert set(found) == {("a", "b"), ("b", "a"), ("b", "b")}
    assert all(edge.circular and not edge.implied for edge in found.values())


def test_what_a_longer_way_leads_to_is_implied():
    text = WORK.replace("use ./b", "use ./b\nuse ./c")
    found = edges(
        f"{text}require ex.com/b v1.0.0\nrequire ex.com/c v1.0.0\n{B}require ex.com/c v1.0.0\n"
        "-- c/go.mod --\nmodule ex.com/c\n"
    )
    assert {pair for pair, edge in found.items() if edge.implied} == {("a", "c")}
