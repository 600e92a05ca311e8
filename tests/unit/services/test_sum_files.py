"""When a go.sum is read again, and what a workspace knows of it."""

from __future__ import annotations

import pytest

from gowatchd.lint.catalog import check
from gowatchd.lint.facts import Facts
from gowatchd.services.ports import Look
from gowatchd.services.sum_files import LARGEST
from gowatchd.services.workspaces import Workspaces
from gowatchd.workspace.source import State
from tests.support.memory import MemoryFiles, txtar

DIGEST = "h1:" + "A" * 43 + "="
TREE = f"""\
-- go.work --
go 1.22

use (
\t./a
\t./b
)
-- a/go.mod --
module ex.com/a

go 1.22

require ex.com/r v1.0.0
-- a/go.sum --
ex.com/r v1.0.0 {DIGEST}
ex.com/r v1.0.0/go.mod {DIGEST}
-- b/go.mod --
module ex.com/b

go 1.22
-- b/go.sum --
-- go.work.sum --
-- alone/go.mod --
module ex.com/alone

go 1.22

require ex.com/r v1.0.0
"""
SUM = "/w/a/go.sum"
MISSING = "missing-go-sum-entry"


@pytest.fixture
def files():
    return MemoryFiles(txtar(TREE))


@pytest.fixture
def workspaces(files):
    workspaces = Workspaces(files)
    workspaces.scan(["/w/go.work", "/w/a/go.mod", "/w/b/go.mod", "/w/alone/go.mod"])
    files.reads.clear()
    return workspaces


def diagnose(workspaces, path="/w/go.work"):
    return check(workspaces.get(path), Facts(), frozenset({"module-not-in-use"}))


def codes(workspaces, path="/w/go.work"):
    return [one.code for one in diagnose(workspaces, path)]


def save(workspaces, files, path, old, new):
    files.files[path] = files.files[path].replace(old, new)
    return [one.path for one in workspaces.changed(path).workspaces]


def test_what_is_beside_the_members_is_known(workspaces):
    workspace = workspaces.get("/w/go.work")
    assert {folder: one.state for folder, one in workspace.sums.items()} == {
        "/w/a": State.PRESENT,
        "/w/b": State.PRESENT,
    }
    assert workspace.work_sum.path == "/w/go.work.sum"
    assert codes(workspaces) == []
    assert workspaces.get("/w/alone/go.mod").sums["/w/alone"].state is State.MISSING
    assert codes(workspaces, "/w/alone/go.mod") == [MISSING]


def test_a_save_that_asks_for_nothing_new_reads_no_sums(workspaces, files):
    save(workspaces, files, "/w/a/go.mod", b"v1.0.0", b"v1.0.0 // a comment")
    save(workspaces, files, "/w/go.work", b"1.22", b"1.23")
    assert [path for path in files.reads if path.endswith(".sum")] == []


def test_a_save_that_asks_for_more_reads_its_own_sums(workspaces, files):
    save(workspaces, files, "/w/a/go.mod", b"v1.0.0", b"v1.1.0")
    assert [path for path in files.reads if path.endswith(".sum")] == [SUM]
    assert codes(workspaces) == [MISSING]


def test_sums_that_changed_are_read_when_they_are_looked_at(workspaces, files):
    files.files[SUM] = b""
    save(workspaces, files, "/w/b/go.mod", b"1.22", b"1.21")
    assert codes(workspaces) == []
    assert [one.path for one in workspaces.changed_beside(SUM).workspaces] == ["/w/go.work"]
    assert codes(workspaces) == [MISSING]
    del files.files[SUM]
    workspaces.changed_beside(SUM)
    assert codes(workspaces) == [MISSING]


def test_a_rescan_looks_at_all_sums(workspaces, files):
    files.files[SUM] = b"x\n"
    workspaces.scan(["/w/go.work", "/w/a/go.mod", "/w/b/go.mod", "/w/alone/go.mod"])
    assert codes(workspaces) == ["malformed-go-sum"]


def test_the_sums_of_a_workspace_are_looked_at(workspaces, files):
    files.files["/w/go.work.sum"] = b"x\n"
    workspaces.changed_beside("/w/go.work.sum")
    assert codes(workspaces) == ["malformed-go-sum"]


@pytest.mark.parametrize("look", [Look.WRITER, Look.TOO_LARGE])
def test_of_what_cannot_be_known_nothing_is_said(workspaces, files, look):
    files.files[SUM] = look
    save(workspaces, files, "/w/a/go.mod", b"v1.0.0", b"v1.1.0")
    workspaces.changed_beside(SUM)
    assert codes(workspaces) == []
    files.files[SUM] = b"x\n"
    workspaces.changed_beside(SUM)
    assert codes(workspaces) == ["malformed-go-sum"]


@pytest.mark.parametrize("look", [Look.DENIED, Look.SPECIAL])
def test_what_go_cannot_read_holds_nothing(workspaces, files, look):
    files.files[SUM] = look
    workspaces.changed_beside(SUM)
    (one,) = diagnose(workspaces)
    assert one.code == MISSING
    assert one.message.endswith(f"go.sum cannot be read: {look.value}")


def test_the_size_that_is_read_has_its_own_bound(files):
    asked = []

    class Sizes(MemoryFiles):
        def read(self, path, largest=None):
            asked.append((path.rpartition("/")[2], largest))
            return super().read(path, largest)

    Workspaces(Sizes(files.files)).load(["/w/a/go.mod"])
    assert asked == [("go.mod", None), ("go.sum", LARGEST)]


def test_a_vendor_folder_that_comes_ends_what_is_missing(workspaces, files):
    files.files["/w/alone/vendor/modules.txt"] = b"# ex.com/r v1.0.0\n## explicit\nex.com/r\n"
    changed = workspaces.changed_beside("/w/alone/vendor/modules.txt")
    assert [one.path for one in changed.workspaces] == ["/w/alone/go.mod"]
    assert codes(workspaces, "/w/alone/go.mod") == []
    files.files[SUM] = b""
    files.files["/w/a/vendor/modules.txt"] = files.files["/w/alone/vendor/modules.txt"]
    changed = workspaces.changed_beside("/w/a/vendor/modules.txt")
    assert [one.path for one in changed.workspaces] == ["/w/go.work"]
    assert codes(workspaces) == []


def test_a_module_that_comes_back_is_read_anew(workspaces, files):
    text = files.files.pop("/w/alone/go.mod")
    workspaces.changed("/w/alone/go.mod")
    assert workspaces.get("/w/alone/go.mod") is None
    files.files["/w/alone/go.mod"] = text
    files.files["/w/alone/go.sum"] = files.files[SUM]
    workspaces.changed("/w/alone/go.mod")
    assert codes(workspaces, "/w/alone/go.mod") == []
