"""What the loader knows of what lies around a workspace, and that it keeps up with it."""

from __future__ import annotations

import pytest

from gowatchd.services.ports import Look
from gowatchd.services.workspaces import Workspaces
from tests.support.memory import MemoryFiles, txtar

TREE = """\
-- go.work --
go 1.22

use ./a
-- a/go.mod --
module ex.com/a

replace ex.com/r => ../r
-- r/go.mod --
module ex.com/r
-- b/go.mod --
module ex.com/b
-- theirs/.git/HEAD --
-- theirs/go.mod --
module ex.com/theirs
-- theirs/sub/go.mod --
module ex.com/theirs/sub
-- inner/go.work --
use ./c
-- inner/c/go.mod --
module ex.com/c
-- inner/d/go.mod --
module ex.com/d
"""


@pytest.fixture
def files():
    return MemoryFiles(txtar(TREE))


def load(files, **kwargs):
    workspaces = Workspaces(files, **kwargs)
    workspaces.scan([path for path in files.files if path.endswith(("go.work", "go.mod"))])
    return workspaces


def unused(workspaces, path="/w/go.work"):
    return [module.directory for module in workspaces.get(path).unused]


def change(workspaces, files, path, content=None):
    if content is None:
        del files.files[path]
    else:
        files.files[path] = content
    return [one.path for one in workspaces.changed(path).workspaces]


def test_unused_are_neither_replacements_nor_of_another_workspace_or_repository(files):
    workspaces = load(files)
    assert unused(workspaces) == ["/w/b"]
    assert unused(workspaces, "/w/inner/go.work") == ["/w/inner/d"]


def test_a_repository_that_go_work_uses_something_of_is_not_captured(files):
    workspaces = load(files)
    assert workspaces.get("/w/theirs/sub/go.mod").above == "/w/go.work"
    touched = change(workspaces, files, "/w/go.work", b"use ./a\nuse ./theirs\n")
    assert touched == ["/w/go.work", "/w/theirs/sub/go.mod"]
    assert workspaces.get("/w/theirs/sub/go.mod").above == ""
    assert unused(workspaces) == ["/w/b", "/w/theirs/sub"]


def test_a_module_that_comes_goes_or_changes_its_path_is_news_for_the_go_work_above(files):
    workspaces = load(files)
    assert change(workspaces, files, "/w/new/go.mod", b"module ex.com/n\n") == ["/w/go.work", "/w/new/go.mod"]
    assert unused(workspaces) == ["/w/b", "/w/new"]
    assert change(workspaces, files, "/w/new/go.mod", b"module ex.com/m\n") == ["/w/go.work", "/w/new/go.mod"]
    assert workspaces.get("/w/go.work").unused[1].path == "ex.com/m"
    assert change(workspaces, files, "/w/new/go.mod", b"module ex.com/m // x\n") == ["/w/new/go.mod"]
    assert change(workspaces, files, "/w/new/go.mod") == ["/w/go.work"]
    assert unused(workspaces) == ["/w/b"]


def test_an_inner_go_work_hides_the_outer_one_as_long_as_it_is_there(files):
    workspaces = load(files)
    assert workspaces.get("/w/inner/go.work").above == "/w/go.work"
    assert workspaces.get("/w/go.work").above == ""
    assert "/w/go.work" in change(workspaces, files, "/w/inner/go.work")
    assert unused(workspaces) == ["/w/b", "/w/inner/c", "/w/inner/d"]
    assert "/w/go.work" in change(workspaces, files, "/w/inner/go.work", b"use ./c\n")
    assert unused(workspaces) == ["/w/b"]


def test_when_the_outer_go_work_goes_nothing_is_captured_or_hidden(files):
    workspaces = load(files)
    touched = change(workspaces, files, "/w/go.work")
    assert {"/w/inner/go.work", "/w/theirs/go.mod", "/w/theirs/sub/go.mod"} <= set(touched)
    assert {one.above for one in workspaces} == {""}


def test_a_go_work_outside_the_roots_captures_too_and_is_followed(files):
    workspaces = Workspaces(files, covers=lambda path: path.startswith("/w/theirs/"))
    workspaces.scan(["/w/theirs/go.mod"])
    assert workspaces.get("/w/theirs/go.mod").above == "/w/go.work"
    assert "/w" in workspaces.folders_of_interest()
    assert change(workspaces, files, "/w/go.work", b"use ./theirs\n") == ["/w/theirs/go.mod"]
    assert workspaces.get("/w/theirs/go.mod").above == ""
    assert workspaces.get("/w/go.work") is None


def test_a_directory_called_go_work_is_passed_over(files):
    files.files["/w/b/go.work/x"] = b""
    assert load(files).get("/w/b/go.mod").above == ""


def test_a_vendor_folder_is_read_anew_with_its_workspace(files):
    workspaces = load(files)
    assert workspaces.get("/w/go.work").vendor is None
    files.files["/w/vendor/modules.txt"] = b"## workspace\n# ex.com/r v1.0.0 => ./r\n## explicit\nex.com/r\n"
    change(workspaces, files, "/w/go.work", b"go 1.22\nuse ./a\n")
    vendor = workspaces.get("/w/go.work").vendor
    assert vendor.for_workspace
    assert vendor.explicit == {("ex.com/r", "v1.0.0")}
    assert vendor.providing == (("ex.com/r", "v1.0.0"),)
    assert vendor.replaced == {("ex.com/r", "v1.0.0"): ("./r", "")}
    change(workspaces, files, "/w/go.work", b"go 1.23\nuse ./a\n")
    assert workspaces.get("/w/go.work").vendor is vendor
    files.files["/w/vendor/modules.txt"] = Look.DENIED
    change(workspaces, files, "/w/go.work", b"go 1.24\nuse ./a\n")
    assert workspaces.get("/w/go.work").vendor is None


def test_a_vendor_folder_without_a_list_holds_nothing(files):
    files.files["/w/vendor/README"] = b""
    vendor = load(files).get("/w/go.work").vendor
    assert (vendor.for_workspace, vendor.explicit, vendor.providing, vendor.replaced) == (
        False,
        frozenset(),
        (),
        {},
    )
