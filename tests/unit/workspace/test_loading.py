"""What Go reads of workspaces in memory."""

from __future__ import annotations

import pytest

from gowatchd.services.workspaces import Workspaces
from gowatchd.workspace.loading import listed, loadings
from tests.support.memory import MemoryFiles, txtar

PRUNED, UNPRUNED = "go 1.17\n", "go 1.16\n"


def load(text):
    files = MemoryFiles(txtar(text))
    top = "/w/go.work" if "/w/go.work" in files.files else "/w/go.mod"
    (workspace,) = Workspaces(files).load([top])
    return workspace


def names(found):
    return sorted(f"{one.path}@{one.version}".removeprefix("ex.com/") for one in found)


def replaced(*modules, up="./"):
    return "".join(f"replace ex.com/{one} => {up}{one}\n" for one in modules)


CHAIN = (
    "-- a/go.mod --\nmodule ex.com/a\n{a}require ex.com/b v1.0.0\n"
    "-- b/go.mod --\nmodule ex.com/b\n{b}require ex.com/c v1.0.0\n"
    "-- c/go.mod --\nmodule ex.com/c\n{c}require ex.com/d v1.0.0\n"
    "-- d/go.mod --\nmodule ex.com/d\n"
)


@pytest.mark.parametrize(
    ("main", "a", "b", "expected"),
    [
        (PRUNED, PRUNED, PRUNED, ["a@v1.0.0"]),
        (PRUNED, UNPRUNED, PRUNED, ["a@v1.0.0", "b@v1.0.0", "c@v1.0.0", "d@v1.0.0"]),
        (UNPRUNED, PRUNED, PRUNED, ["a@v1.0.0", "b@v1.0.0", "c@v1.0.0", "d@v1.0.0"]),
        ("", PRUNED, PRUNED, ["a@v1.0.0", "b@v1.0.0", "c@v1.0.0", "d@v1.0.0"]),
    ],
)
def test_a_graph_is_pruned_from_go_117_on(main, a, b, expected):
    chain = CHAIN.format(a=a, b=b, c=PRUNED)
    text = f"-- go.mod --\nmodule ex.com/m\n{main}require ex.com/a v1.0.0\n{replaced(*'abcd')}{chain}"
    assert names(loadings(load(text))) == expected


def test_a_member_brings_in_what_it_asks_for_and_an_old_one_all_of_it():
    use = "-- go.work --\ngo 1.22\nuse ./m\n"
    for go, expected in (
        (PRUNED, ["a@v1.0.0"]),
        (UNPRUNED, ["a@v1.0.0", "b@v1.0.0", "c@v1.0.0", "d@v1.0.0"]),
    ):
        main = f"-- m/go.mod --\nmodule ex.com/m\n{go}require ex.com/a v1.0.0\n{replaced(*'abcd', up='../')}"
        assert names(loadings(load(f"{use}{main}{CHAIN.format(a=PRUNED, b=PRUNED, c=PRUNED)}"))) == expected


def test_what_counts_at_a_higher_version_brings_in_all_that_it_asks_for():
    text = (
        "-- go.work --\ngo 1.22\nuse ./m\nuse ./n\n"
        f"-- m/go.mod --\nmodule ex.com/m\n{PRUNED}require ex.com/a v1.0.0\nrequire ex.com/b v0.9.0\n"
        f"{replaced(*'abcd', up='../')}-- n/go.mod --\nmodule ex.com/n\n{PRUNED}"
        f"{CHAIN.format(a=PRUNED, b=PRUNED, c=PRUNED)}"
    )
    assert names(loadings(load(text))) == ["a@v1.0.0", "b@v0.9.0", "b@v1.0.0", "c@v1.0.0"]


def test_what_a_main_module_excludes_is_not_loaded():
    text = (
        "-- go.work --\ngo 1.22\nuse ./m\nuse ./n\n"
        f"-- m/go.mod --\nmodule ex.com/m\n{PRUNED}require ex.com/a v1.0.0\n{replaced('a', up='../')}"
        f"-- n/go.mod --\nmodule ex.com/n\n{PRUNED}exclude ex.com/a v1.0.0\n"
    )
    assert loadings(load(text)) == ()


def test_a_member_is_no_version_of_itself():
    text = (
        "-- go.work --\ngo 1.22\nuse ./m\nuse ./n\nreplace ex.com/n v1.0.0 => ./old\n"
        f"-- m/go.mod --\nmodule ex.com/m\n{PRUNED}require ex.com/n v1.0.0\n-- n/go.mod --\nmodule ex.com/n\n"
    )
    (one,) = loadings(load(text))
    assert (one.path, one.replacement.directory, one.module) == ("ex.com/n", "/w/old", None)


def test_a_dependency_is_read_as_go_reads_one():
    text = (
        f"-- go.mod --\nmodule ex.com/m\n{PRUNED}require ex.com/a v1.0.0\n{replaced('a', 'b')}"
        "-- a/go.mod --\nnonsense\ngo v1.16.x\nrequire ex.com/b v1.0.0\n-- b/go.mod --\nrequire ex.com/b\n"
    )
    first, second = loadings(load(text))
    assert (first.module.go_version, second.path, second.module) == ("1.16", "ex.com/b", None)


def test_what_is_listed_only_is_not_loaded():
    text = (
        f"-- go.mod --\nmodule ex.com/m\n{PRUNED}require ex.com/a v1.0.0\n{replaced(*'ab')}"
        f"{CHAIN.format(a=PRUNED, b=PRUNED, c=PRUNED)}"
    )
    workspace = load(text)
    assert names(loadings(workspace)) == ["a@v1.0.0"]
    assert names(listed(workspace)) == ["a@v1.0.0", "b@v1.0.0"]


@pytest.mark.parametrize(
    ("m", "n", "expected"),
    [
        ("replace ex.com/a => ../x", "replace ex.com/a => ../y", "/w/y"),
        ("replace ex.com/a v1.0.0 => ../x", "replace ex.com/a => ../y", "/w/y"),
        ("replace ex.com/a => ../x", "replace ex.com/a v1.0.0 => ../y", "/w/x"),
        ("replace ex.com/a => ../x", "replace ex.com/a v1.1.0 => ../y", "/w/x"),
    ],
)
def test_of_two_members_the_last_counts_unless_go_complains(m, n, expected):
    text = (
        f"-- go.work --\ngo 1.22\nuse ./m\nuse ./n\n-- m/go.mod --\nmodule ex.com/m\n{PRUNED}{m}\n"
        f"require ex.com/a v1.0.0\n-- n/go.mod --\nmodule ex.com/n\n{PRUNED}{n}\n"
    )
    (one,) = loadings(load(text))
    assert one.replacement.directory == expected
