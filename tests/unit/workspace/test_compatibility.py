"""The compatibility matrix, from files in memory."""

from __future__ import annotations

import pytest

from gowatchd.services.ports import Look
from gowatchd.services.workspaces import Workspaces
from gowatchd.workspace.compatibility import (
    Column,
    Need,
    Verdict,
    columns_of,
    default_columns,
    matrix,
    needs_of,
)
from tests.support.memory import MemoryFiles, txtar

ALL = [f"1.{minor}" for minor in range(18, 28)]


def only(files, *paths):
    (workspace,) = Workspaces(files).load(paths)
    return workspace


def rows_of(text, *versions, broken=None):
    files = MemoryFiles(txtar(text))
    top = "/w/go.work" if "/w/go.work" in files.files else "/w/go.mod"
    workspace = only(files, top)
    alone = {
        member.file.path: only(files, member.file.path)
        for member in workspace.members
        if member.file.path in files.files
    }
    return matrix(workspace, alone, broken or {}, columns_of(versions or ALL, None))


def row(text, *versions):
    return rows_of(text, *versions)[0]


def sketch(one):
    """One letter for each column: Yes, No, Maybe, or From some release of it on."""
    return "".join("f" if cell.from_version else cell.verdict.value[0] for cell in one.cells)


MODULE = "-- go.mod --\nmodule ex.com/m\n"


@pytest.mark.parametrize(
    ("lines", "expected", "reason"),
    [
        ("", "yyyyyyyyyy", None),
        ("go 1.18", "yyyyyyyyyy", None),
        ("go 1.20", "mmyyyyyyyy", "the go line"),
        ("go 1.22", "mmmnyyyyyy", "the go line"),
        ("go 1.22.0", "nnnnyyyyyy", "the go line"),
        ("go 1.22.7", "nnnnfyyyyy", "the go line"),
        ("go 1.23rc1", "nnnnnyyyyy", "the go line"),
        ("go 1.99", "mmmnnnnnnn", "the go line"),
        ("toolchain go1.22.1", "nnnyyyyyyy", "the toolchain directive"),
        ("godebug panicnil=1", "nnnnnyyyyy", "the godebug directive"),
        ("godebug (\n\tpanicnil=1\n)", "nnnnnyyyyy", "the godebug directive"),
        ("tool ex.com/m/x", "nnnnnnyyyy", "the tool directive"),
        ("ignore ./x", "nnnnnnnyyy", "the ignore directive"),
        ("retract v1.0.0", "yyyyyyyyyy", None),
        ("godebug default=go1.26", "nnnnnnnnyy", "godebug default=go1.26"),
        ("replace ex.com/r => ..", "nnnnyyyyyy", "a replacement by .. without a slash"),
        ("replace ex.com/r => ../", "yyyyyyyyyy", None),
    ],
)
def test_a_module(lines, expected, reason):
    found = row(f"{MODULE}\n{lines}\n")
    assert sketch(found) == expected
    assert (found.reasons[0].reason if reason else None) == reason


def test_a_reason_has_its_place():
    found = row(f"{MODULE}\ngo 1.20\n\ntool ex.com/m/x\n", "1.23")
    assert found.reasons == (Need("1.24", "the tool directive", "/w/go.mod", 5),)


def test_a_no_names_only_what_stops_it():
    found = row(f"{MODULE}\ngo 1.22\ntool ex.com/m/x\n", "1.20")
    assert found.cells[0].verdict is Verdict.NO
    assert [need.reason for need in found.cells[0].reasons] == ["the tool directive"]


@pytest.mark.parametrize(
    ("version", "expected"), [("1.22.9", "n"), ("1.22.10", "y"), ("1.22.11", "y"), ("1.22", "f")]
)
def test_a_release_and_all_releases(version, expected):
    assert sketch(row(f"{MODULE}go 1.22.10\n", version)) == expected


WORK = "-- go.work --\ngo 1.22\nuse ./a\nuse ./b\n-- a/go.mod --\nmodule ex.com/a\ngo 1.22\n"


def test_what_one_module_needs_the_workspace_needs():
    work, a, b = rows_of(f"{WORK}-- b/go.mod --\nmodule ex.com/b\ngo 1.18\n\ntool ex.com/b/x\n")
    assert [work.name, a.name, b.name] == ["go.work", "ex.com/a", "ex.com/b"]
    assert sketch(work) == "nnnnnnyyyy"
    assert sketch(a) == "mmmnyyyyyy"
    assert sketch(b) == "nnnnnnyyyy"
    assert work.reasons[0] == b.reasons[0] == Need("1.24", "the tool directive", "/w/b/go.mod", 4)


def test_a_module_above_its_go_work_suits_no_go_that_minds():
    work, _, b = rows_of(f"{WORK}-- b/go.mod --\nmodule ex.com/b\ngo 1.23\n")
    assert sketch(work) == "mmmnnnnnnn"
    assert work.cells[-1].reasons[0].reason == (
        "b/go.mod has go 1.23, above go 1.22 of go.work: run 'go work use'"
    )
    assert sketch(b) == "mmmnnyyyyy"


def test_the_godebug_default_of_a_member_does_not_count_in_a_workspace():
    work, _, b = rows_of(f"{WORK}-- b/go.mod --\nmodule ex.com/b\ngo 1.22\n\ngodebug default=go1.26\n")
    assert sketch(work) == "nnnnnyyyyy"
    assert sketch(b) == "nnnnnnnnyy"


def test_a_member_that_is_not_there():
    work, _, b = rows_of(WORK, broken={"/w/go.work": (Need("", "gone", "/w/go.work", 4),)})
    assert b.name == "b"
    assert sketch(work) == sketch(b) == "nnnnnnnnnn"
    assert work.reasons[0].reason == "gone"


def test_a_member_whose_go_mod_is_a_directory():
    files = MemoryFiles({**txtar("-- go.work --\nuse ./a\n"), "/w/a/go.mod": Look.SPECIAL})
    workspace = only(files, "/w/go.work")
    alone = {"/w/a/go.mod": only(files, "/w/a/go.mod")}
    _, found = matrix(workspace, alone, {}, columns_of(ALL, None))
    assert sketch(found) == "nnnnnnnnnn"
    assert found.reasons == (Need("", "special", "/w/a/go.mod"),)


def test_what_is_broken_is_a_no_for_all():
    (found,) = rows_of(f"{MODULE}go 1.20\n", broken={"/w/go.mod": (Need("", "wrong", "/w/go.mod"),)})
    assert sketch(found) == "nnnnnnnnnn"
    assert found.cells[-1].reasons == (Need("", "wrong", "/w/go.mod"),)


LOCAL = (
    "-- go.mod --\nmodule ex.com/m\ngo 1.20\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ./r\n"
    "-- r/go.mod --\nmodule ex.com/r\ngo 1.20\nrequire ex.com/s v1.0.0\ntool ex.com/r/x\n"
)


def test_a_local_dependency_counts_with_its_go_line_alone():
    (found,) = rows_of(LOCAL)
    assert sketch(found) == "mmyyyyyyyy"
    assert found.reasons[1].reason == "the go line of ex.com/r, which r replaces"


def test_a_local_dependency_of_a_local_dependency():
    text = LOCAL.replace("=> ./r\n", "=> ./r\nreplace ex.com/s => ./s\n")
    text = f"{text}-- s/go.mod --\nmodule ex.com/s\ngo 1.24.0\n"
    assert sketch(row(text)) == "mmyyyyyyyy"
    (found,) = rows_of(text.replace("module ex.com/r\ngo 1.20", "module ex.com/r\ngo 1.16"))
    assert sketch(found) == "mmmnnnyyyy"
    assert found.cells[3].reasons[0].reason == "the go line of ex.com/s, which s replaces"


def test_a_replacement_that_nothing_requires_does_not_count():
    text = f"{MODULE}go 1.20\nreplace ex.com/r => ./r\n-- r/go.mod --\nmodule ex.com/r\ngo 1.24\n"
    assert sketch(row(text)) == "mmyyyyyyyy"


def test_a_replacement_of_go_work_goes_before_that_of_a_member():
    text = (
        "-- go.work --\ngo 1.20\nuse ./a\nreplace ex.com/r => ./old\n"
        "-- a/go.mod --\nmodule ex.com/a\ngo 1.20\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ../new\n"
        "-- old/go.mod --\nmodule ex.com/r\ngo 1.21\n"
        "-- new/go.mod --\nmodule ex.com/r\ngo 1.25\n"
    )
    work, a = rows_of(text)
    assert sketch(work) == "mmmyyyyyyy"
    assert sketch(a) == "mmmnnnnyyy"


def columns(text, installed=None):
    files = MemoryFiles(txtar(text))
    workspace = only(files, "/w/go.work" if "/w/go.work" in files.files else "/w/go.mod")
    return [column.version for column in default_columns(workspace, installed)]


def test_the_columns_begin_with_the_lowest_go_line():
    assert columns(f"{WORK}-- b/go.mod --\nmodule ex.com/b\ngo 1.21.3\n") == [f"1.{n}" for n in range(21, 28)]


def test_no_column_is_older_than_workspaces():
    assert columns(f"{MODULE}go 1.13\n") == ALL
    assert columns(MODULE) == ALL


def test_the_installed_go_has_a_column_of_its_own():
    files = MemoryFiles(txtar(f"{MODULE}go 1.26\n"))
    found = default_columns(only(files, "/w/go.mod"), "1.24.11")
    assert found == (Column("1.24.11", installed=True), Column("1.26"), Column("1.27"))


def test_a_go_newer_than_known_widens_the_columns():
    assert columns(f"{MODULE}go 1.27\n", "1.29.1") == ["1.27", "1.28", "1.29", "1.29.1"]


@pytest.mark.parametrize("version", ["1.99", "2.0", f"1.{'9' * 5000}"])
def test_a_go_line_beyond_all_versions(version):
    found = columns(f"{MODULE}go {version}\n")
    assert found[-1] == "1.27"
    assert sketch(row(f"{MODULE}go {version}\n", *found))[-1] == "n"


def test_what_does_not_parse_needs_nothing_that_can_be_read():
    files = MemoryFiles(txtar("-- go.mod --\nfoo\n"))
    assert needs_of(only(files, "/w/go.mod")) == ()
