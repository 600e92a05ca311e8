"""Which workspaces come of which files, and what one change costs."""

from __future__ import annotations

import random

import pytest

from gowatchd.modfile.kind import Kind
from gowatchd.services.ports import Look
from gowatchd.services.workspaces import Workspaces
from gowatchd.workspace.source import State
from tests.support.memory import MemoryFiles, txtar

TWO_MEMBERS = """\
-- go.work --
go 1.22

use (
	./a
	./b
)
-- a/go.mod --
module ex.com/a

replace ex.com/r => ../r
-- b/go.mod --
module ex.com/b
-- r/go.mod --
module ex.com/r
-- alone/go.mod --
module ex.com/alone
"""


@pytest.fixture
def files():
    return MemoryFiles(txtar(TWO_MEMBERS))


def load(files, **kwargs):
    workspaces = Workspaces(files, **kwargs)
    change = workspaces.scan(list(files.files))
    return workspaces, change


def paths(change):
    return [workspace.path for workspace in change.workspaces]


def test_one_workspace_for_a_go_work_and_one_for_each_go_mod_outside(files):
    workspaces, change = load(files)
    assert sorted(paths(change)) == ["/w/alone/go.mod", "/w/go.work", "/w/r/go.mod"]
    work = workspaces.get("/w/go.work")
    assert work.kind is Kind.WORK
    assert work.root == "/w"
    assert [module.path for module in work.members] == ["ex.com/a", "ex.com/b"]
    assert work.member_by_path("ex.com/b").directory == "/w/b"
    assert work.module_at("/w/r").path == "ex.com/r"
    assert workspaces.get("/w/alone/go.mod").kind is Kind.MOD


def test_every_file_is_read_once(files):
    load(files)
    assert set(files.reads.values()) == {1}


def test_a_change_reads_that_file_alone(files):
    workspaces, _ = load(files)
    files.reads.clear()
    files.files["/w/a/go.mod"] = b"module ex.com/new\n"
    change = workspaces.changed("/w/a/go.mod")
    assert files.reads == {"/w/a/go.mod": 1}
    assert paths(change) == ["/w/go.work"]
    assert change.vanished == ()
    assert change.workspaces[0].member_by_path("ex.com/new").directory == "/w/a"


def test_a_given_reading_is_taken_instead_of_reading(files):
    workspaces, _ = load(files)
    reading = MemoryFiles({"/w/a/go.mod": b"module ex.com/new\n"}).read("/w/a/go.mod")
    files.reads.clear()
    change = workspaces.changed("/w/a/go.mod", reading)
    assert not files.reads
    assert change.workspaces[0].member_by_path("ex.com/new")


def test_a_neighbour_concerns_its_workspace_and_itself(files):
    workspaces, _ = load(files)
    files.files["/w/r/go.mod"] = b"module ex.com/r2\n"
    change = workspaces.changed("/w/r/go.mod")
    assert paths(change) == ["/w/go.work", "/w/r/go.mod"]
    assert change.workspaces[0].module_at("/w/r").path == "ex.com/r2"


def test_same_bytes_keep_the_same_value(files):
    workspaces, _ = load(files)
    before = workspaces.source("/w/a/go.mod")
    workspaces.changed("/w/a/go.mod")
    assert workspaces.source("/w/a/go.mod") is before


def test_a_module_that_is_used_now_is_no_workspace_any_more(files):
    workspaces, _ = load(files)
    files.files["/w/go.work"] += b"use ./alone\n"
    change = workspaces.changed("/w/go.work")
    assert paths(change) == ["/w/go.work"]
    assert change.vanished == ("/w/alone/go.mod",)


def test_modules_stand_alone_when_their_go_work_goes(files):
    workspaces, _ = load(files)
    del files.files["/w/go.work"]
    change = workspaces.changed("/w/go.work")
    assert paths(change) == ["/w/a/go.mod", "/w/b/go.mod"]
    assert change.vanished == ("/w/go.work",)
    assert {workspace.path for workspace in workspaces} == {
        f"/w/{name}/go.mod" for name in ("a", "b", "r", "alone")
    }


def test_modules_join_when_a_go_work_appears(files):
    work = files.files.pop("/w/go.work")
    workspaces, _ = load(files)
    files.files["/w/go.work"] = work
    change = workspaces.changed("/w/go.work")
    assert paths(change) == ["/w/go.work"]
    assert change.vanished == ("/w/a/go.mod", "/w/b/go.mod")


def test_a_go_work_that_does_not_parse_keeps_its_modules(files):
    workspaces, _ = load(files)
    good = files.files["/w/go.work"]
    files.files["/w/go.work"] = b"go 1.22\nuse (\n\t./a\n"
    change = workspaces.changed("/w/go.work")
    assert paths(change) == ["/w/go.work"]
    assert change.vanished == ()
    assert change.workspaces[0].file.problems
    assert paths(workspaces.changed("/w/a/go.mod")) == ["/w/go.work"]
    files.files["/w/go.work"] = good
    assert workspaces.changed("/w/go.work").workspaces[0].member_by_path("ex.com/a")


def test_a_file_under_a_writer_keeps_what_is_known(files):
    workspaces, _ = load(files)
    files.files["/w/a/go.mod"] = Look.WRITER
    change = workspaces.changed("/w/a/go.mod")
    assert change.workspaces[0].member_by_path("ex.com/a")


def test_a_file_under_a_writer_from_the_start_is_unknown(files):
    files.files["/w/a/go.mod"] = Look.WRITER
    workspaces, _ = load(files)
    assert workspaces.get("/w/go.work").members[0].file.state is State.UNKNOWN


def test_a_member_that_vanishes_is_still_a_member(files):
    workspaces, _ = load(files)
    del files.files["/w/a/go.mod"]
    change = workspaces.changed("/w/a/go.mod")
    assert paths(change) == ["/w/go.work"]
    member = change.workspaces[0].members[0]
    assert (member.file.state, member.directory_exists) == (State.MISSING, False)
    files.files["/w/a/go.mod"] = b"module ex.com/a\n"
    assert workspaces.changed("/w/a/go.mod").workspaces[0].member_by_path("ex.com/a")


def test_a_module_that_vanishes_takes_its_workspace_along(files):
    workspaces, _ = load(files)
    del files.files["/w/alone/go.mod"]
    change = workspaces.changed("/w/alone/go.mod")
    assert paths(change) == ["/w/go.work"]  # where it was not in use
    assert change.workspaces[0].unused == ()
    assert change.vanished == ("/w/alone/go.mod",)
    assert workspaces.source("/w/alone/go.mod") is None


def test_a_new_go_work_reads_members_outside_the_roots():
    files = MemoryFiles(txtar("-- in/go.work --\nuse ../out\n-- out/go.mod --\nmodule ex.com/out\n"))
    workspaces = Workspaces(files, covers=lambda path: path.startswith("/w/in/"))
    change = workspaces.changed("/w/in/go.work")
    assert change.workspaces[0].member_by_path("ex.com/out")
    assert workspaces.folders_of_interest() == {"/w/in", "/w/out"}


def test_a_module_outside_the_roots_is_never_a_workspace():
    files = MemoryFiles(txtar("-- in/go.work --\nuse ../out\n-- out/go.mod --\nmodule ex.com/out\n"))
    workspaces = Workspaces(files, covers=lambda path: path.startswith("/w/in/"))
    workspaces.changed("/w/in/go.work")
    assert paths(workspaces.changed("/w/out/go.mod")) == ["/w/in/go.work"]
    del files.files["/w/in/go.work"]
    change = workspaces.changed("/w/in/go.work")
    assert change.workspaces == ()
    assert workspaces.folders_of_interest() == frozenset()


def test_a_path_that_no_kernel_takes_is_of_no_interest(files):
    """A line may name a folder of a hundred thousand steps, and each would be looked at."""
    steps = b"/a" * 100_000
    files.files["/w/go.work"] += b"use %s\nreplace ex.com/x => %s\n" % (steps, steps)
    workspaces, _ = load(files)
    assert max(map(len, workspaces.folders_of_interest())) < 100


def test_folders_that_do_not_exist_are_of_interest(files):
    files.files["/w/go.work"] += b"use ./later\nreplace ex.com/x => ./x\n"
    workspaces, _ = load(files)
    assert {"/w/later", "/w/x"} <= workspaces.folders_of_interest()


def test_one_module_used_by_two_workspaces():
    text = "-- p/go.work --\nuse ../a\n-- q/go.work --\nuse ../a\n-- a/go.mod --\nmodule ex.com/a\n"
    files = MemoryFiles(txtar(text))
    workspaces, _ = load(files)
    assert paths(workspaces.changed("/w/a/go.mod")) == ["/w/p/go.work", "/w/q/go.work"]
    assert len(workspaces.owning("/w/a/go.mod")) == 2
    del files.files["/w/p/go.work"]
    assert paths(workspaces.changed("/w/p/go.work")) == []
    del files.files["/w/q/go.work"]
    assert paths(workspaces.changed("/w/q/go.work")) == ["/w/a/go.mod"]


def test_a_rescan_finds_what_came_and_what_went(files):
    workspaces, _ = load(files)
    del files.files["/w/alone/go.mod"]
    files.files["/w/new/go.mod"] = b"module ex.com/new\n"
    kept = workspaces.source("/w/b/go.mod")
    change = workspaces.scan(list(files.files))
    assert sorted(paths(change)) == ["/w/go.work", "/w/new/go.mod", "/w/r/go.mod"]
    assert change.vanished == ("/w/alone/go.mod",)
    assert workspaces.source("/w/b/go.mod") is kept


def test_a_rescan_keeps_the_modules_of_a_go_work_that_does_not_parse(files):
    workspaces, _ = load(files)
    files.files["/w/go.work"] = b"use (\n"
    workspaces.scan(list(files.files))
    assert workspaces.get("/w/a/go.mod") is None


def test_a_directory_called_go_work_is_passed_over():
    _, change = load(MemoryFiles({"/w/go.work": Look.SPECIAL}))
    assert change.workspaces == ()


def test_a_use_path_is_resolved_as_go_does():
    text = """\
-- r/go.work --
use ./b/../a
use /w/r/c
-- r/a/go.mod --
module ex.com/a
-- r/c/go.mod --
module ex.com/c
"""
    workspaces, _ = load(MemoryFiles(txtar(text)))
    assert [module.directory for _, module in workspaces.get("/w/r/go.work").uses] == ["/w/r/a", "/w/r/c"]


def test_a_path_that_is_not_utf_8_keeps_its_bytes():
    files = MemoryFiles({"/w/go.work": b"use ./\xff\n", "/w/\udcff/go.mod": b"module ex.com/a\n"})
    workspaces = Workspaces(files)
    workspaces.load(["/w/go.work"])
    assert workspaces.get("/w/go.work").members[0].path == "ex.com/a"


def test_a_folder_that_goes_without_ever_holding_a_module_is_noticed():
    files = MemoryFiles(txtar("-- go.work --\nuse ./a\n-- a/a.go --\n"))
    workspaces = Workspaces(files)
    workspaces.load(["/w/go.work"])
    assert workspaces.get("/w/go.work").members[0].directory_exists
    del files.files["/w/a/a.go"]
    change = workspaces.changed("/w/a/go.mod")
    assert not change.workspaces[0].members[0].directory_exists


@pytest.mark.parametrize("seed", range(10))
def test_looking_at_one_file_after_the_other_is_as_good_as_loading_all_anew(seed):
    """Random edits; nothing may stay behind of what no workspace needs any more."""
    chance = random.Random(seed)
    folders = ("/w", "/w/a", "/w/a/b", "/w/c", "/outside")
    files = MemoryFiles({f"{folder}/README": b"" for folder in folders})  # so that each is a folder
    workspaces = Workspaces(files, lambda path: path.startswith("/w/"))
    for _ in range(60):
        path = f"{chance.choice(folders)}/{chance.choice(('go.mod', 'go.mod', 'go.work'))}"
        targets = chance.sample(folders, chance.randint(0, 3))
        if chance.random() < 0.3:
            files.files.pop(path, None)
        elif path.endswith("go.work"):
            files.files[path] = "".join(f"use {target}\n" for target in targets).encode()
        else:
            lines = [f"replace ex.com/z{number} => {target}\n" for number, target in enumerate(targets)]
            files.files[path] = f"module ex.com/{chance.choice('xy')}\n{''.join(lines)}".encode()
        if path.startswith("/w/") or workspaces.owning(path):
            workspaces.changed(path)
        known = {one for one in files.files if one.startswith("/w/") and "/go." in one}
        fresh = Workspaces(files, lambda path: path.startswith("/w/"))
        fresh.load(known)
        assert _shape(workspaces) == _shape(fresh)
        needed = known.union(*(_parts(workspace) for workspace in fresh))
        assert {one for folder in folders if workspaces.source(one := f"{folder}/go.mod")} <= needed


def _shape(workspaces):
    return {
        workspace.path: (
            workspace.file.data,
            [(use.path, module.file.data, module.directory_exists) for use, module in workspace.uses],
            sorted(_parts(workspace)),
        )
        for workspace in workspaces
    }


def _parts(workspace):
    modules = (*workspace.members, *workspace.neighbours.values())
    return [module.file.path for module in modules]
