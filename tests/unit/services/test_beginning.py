"""Planning a go.work or replace directives, over files in memory."""

from __future__ import annotations

import pytest

from gowatchd.services.amending import Substitute
from gowatchd.services.beginning import Beginning, BeginningError, plan_replacements, written
from gowatchd.services.ports import Look
from tests.support.memory import MemoryFiles, txtar

A = "-- a/go.mod --\nmodule ex.com/a\n\ngo 1.20\n"
B = "-- b/go.mod --\nmodule ex.com/b\n\ngo 1.22.3\n"
OLD = "-- c/go.mod --\nmodule ex.com/c\n\ngo 1.13\n"


def plan(text, *names, **others):
    files = MemoryFiles({**txtar(text), **{f"/w/{name}": look for name, look in others.items()}})
    return Beginning(files, "/w").plan([f"/w/{name}" if name else "/w" for name in names])


def codes(plan):
    return [one.code for one in plan.errors]


def test_a_new_go_work_has_the_highest_go_line():
    made = plan(A + B, "b", "a")
    assert made.old is None
    assert made.errors == ()
    assert made.new == b"go 1.22.3\n\nuse (\n\t./a\n\t./b\n)\n"
    assert [one.path for one in made.modules] == ["ex.com/a", "ex.com/b"]
    assert made.added == ("/w/b", "/w/a")


def test_no_go_line_is_below_the_first_that_knew_workspaces():
    assert plan(OLD, "c").new == b"go 1.18\n\nuse ./c\n"


def test_the_root_itself_is_a_dot():
    assert plan("-- go.mod --\nmodule ex.com/m\n", "").new == b"go 1.18\n\nuse .\n"


def test_what_stands_there_is_kept_and_completed():
    made = plan(f"-- go.work --\n// ours\ngo 1.20 // low\nuse ./a // first\n{A}{B}", "a", "b")
    assert made.new == b"// ours\ngo 1.22.3 // low\n\nuse (\n\t./a // first\n\t./b\n)\n"
    assert made.added == ("/w/b",)


def test_a_go_line_is_never_lowered():
    assert plan(f"-- go.work --\ngo 1.25\n{A}", "a").new.startswith(b"go 1.25\n")


def test_a_missing_go_line_stays_missing_where_go_needs_none():
    assert plan(f"-- go.work --\nuse ./a\n{OLD}-- a/go.mod --\nmodule ex.com/a\n", "c").new == (
        b"use (\n\t./a\n\t./c\n)\n"
    )


def test_the_same_again_changes_nothing():
    made = plan(f"-- go.work --\ngo 1.20\n\nuse ./a\n{A}", "a")
    assert made.new == made.old
    assert made.added == ()


@pytest.mark.parametrize(
    ("text", "names", "code"),
    [
        (f"{A}-- b/go.mod --\nmodule ex.com/a\n", ("a", "b"), "duplicate-module"),
        (f"{A}-- b/go.mod --\nfoo\n", ("a", "b"), "use-invalid-module"),
        (f"{A}-- b/go.mod --\ngo 1.20\n", ("a", "b"), "missing-module-directive"),
        (f"-- go.work --\nuse ./gone\n{A}", ("a",), "use-missing-module"),
        (f"-- go.work --\nuse (\n{A}", ("a",), "syntax"),
        (f"-- go.work --\nreplace ex.com/a => ./x\n{A}", ("a",), "replaced-workspace-module"),
    ],
)
def test_what_go_would_not_accept_is_an_error(text, names, code):
    assert code in codes(plan(text, *names))


def test_what_go_work_replaces_a_module_by_is_not_used_too():
    """Go would say that the module of a workspace is replaced at all versions."""
    old = "-- go.work --\ngo 1.22.3\n\nuse ./a\n\nreplace ex.com/b => ./b\n"
    made = plan(old + A + B, "a", "b")
    assert (made.errors, made.new, made.added) == ((), made.old, ())
    made = plan(old.replace("ex.com/b", "ex.com/b v1.0.0") + A + B, "a", "b")
    assert (made.errors, made.added) == ((), ("/w/b",))


def test_both_directories_of_one_module_are_named():
    made = plan(f"{A}-- b/go.mod --\nmodule ex.com/a\n", "a", "b")
    assert "in a and b" in made.errors[0].message


def test_a_go_work_that_cannot_be_read_is_no_go_work_to_write_over():
    with pytest.raises(BeginningError, match=r"/w/go\.work: denied"):
        plan(A, "a", **{"go.work": Look.DENIED})


def test_a_survey_is_of_what_is_not_used_yet():
    files = MemoryFiles(txtar(f"-- go.work --\nuse ./a\n{A}{B}"))
    beginning = Beginning(files, "/w")
    assert [one.path for one in beginning.survey(["/w/a", "/w/b"])] == ["ex.com/b"]
    assert beginning.used == {"/w/a"}


def test_no_module_is_read_twice():
    files = MemoryFiles(txtar(A + B))
    beginning = Beginning(files, "/w")
    beginning.survey(["/w/a", "/w/b"])
    beginning.plan(["/w/a", "/w/b"])
    assert files.reads["/w/a/go.mod"] == 1


@pytest.mark.parametrize(
    ("directory", "expected"),
    [
        ("/w", "."),
        ("/w/a/b", "./a/b"),
        ("/", ".."),
        ("/v/a", "../v/a"),
        ("/w/..a", "./..a"),
        ("/w/C:", "./C:"),
    ],
)
def test_directories_are_written_as_go_writes_them(directory, expected):
    assert written(directory, "/w") == expected


def replacing(text, *substitutes):
    return plan_replacements(MemoryFiles(txtar(text)), "/w/b", [Substitute(*one) for one in substitutes])


def test_replacements_come_into_one_block():
    made = replacing(A + B + OLD, ("ex.com/c", "", "../c"), ("ex.com/a", "v1.0.0", "../a"))
    assert made.errors == ()
    assert made.new.endswith(b"replace (\n\tex.com/a v1.0.0 => ../a\n\tex.com/c => ../c\n)\n")


def test_a_replacement_that_raises_the_go_line_of_a_required_module_is_refused():
    text = f"{B}-- b2/go.mod --\nmodule ex.com/r\n\ngo 1.25\n"
    made = replacing(
        text.replace("go 1.22.3\n", "go 1.22.3\n\nrequire ex.com/r v1.0.0\n"), ("ex.com/r", "", "../b2")
    )
    assert codes(made) == ["go-line-below-dependency"]


@pytest.mark.parametrize("path", ["ex.com/a/v1", ""])
def test_a_path_that_go_cannot_read_is_refused(path):
    with pytest.raises(BeginningError, match="cannot replace"):
        replacing(A + B, (path, "v2", "../a"))


def test_without_a_go_mod_there_is_nothing_to_replace_in():
    with pytest.raises(BeginningError, match="go mod init"):
        replacing(A, ("ex.com/a", "", "../a"))


def test_a_broken_go_mod_is_left_alone():
    made = replacing("-- b/go.mod --\nfoo\n", ("ex.com/a", "", "../a"))
    assert codes(made) == ["syntax"]
    assert made.new == made.old


def test_a_main_module_is_never_replaced():
    with pytest.raises(BeginningError, match=r"ex\.com/b: it is the module of /w/b/go\.mod"):
        replacing(A + B, ("ex.com/b", "", "../a"))


CONFLICT = (
    "-- go.work --\ngo 1.22.3\nuse ./a\nuse ./b\n"
    f"{A}replace ex.com/r => ../r1\n{B}-- r1/go.mod --\nmodule ex.com/r\n-- r2/go.mod --\nmodule ex.com/r\n"
)


def test_a_replacement_that_go_refuses_in_the_workspace_of_the_module():
    made = replacing(CONFLICT, ("ex.com/r", "", "../r2"))
    assert codes(made) == ["conflicting-member-replacements"]
    assert codes(replacing(CONFLICT, ("ex.com/r", "", "../r1"))) == []
    assert codes(replacing(CONFLICT.replace("use ./b\n", ""), ("ex.com/r", "", "../r2"))) == []


def test_what_was_wrong_in_the_workspace_before_is_no_reason_to_refuse():
    broken = CONFLICT.replace("use ./a\n", "use ./a\nuse ./gone\n")
    assert codes(replacing(broken, ("ex.com/new", "", "../r2"))) == []
    mended = CONFLICT.replace(B, f"{B}replace ex.com/r => ../r2\n")
    assert codes(replacing(mended, ("ex.com/r", "", "../r1"))) == []
