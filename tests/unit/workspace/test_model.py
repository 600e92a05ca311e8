"""What a workspace answers."""

from __future__ import annotations

import pytest

from gowatchd.services.workspaces import Workspaces
from gowatchd.workspace.model import locate
from tests.support.memory import MemoryFiles, txtar


def only(text, root="/w"):
    files = MemoryFiles(txtar(text, root))
    (workspace,) = Workspaces(files).load([path for path in files.files if path.startswith(f"{root}/go.")])
    return workspace


@pytest.mark.parametrize(
    ("directory", "path", "expected"),
    [
        ("/w", "./a", "/w/a"),
        ("/w", "a/", "/w/a"),
        ("/w", ".", "/w"),
        ("/w/b", "../a/./c/..", "/w/a"),
        ("/w", "/abs//x/", "/abs/x"),
        ("/w", "../../../x", "/x"),
        ("/", "./a", "/a"),
        ("//", "a", "/a"),
        ("/w", "./\udcff", "/w/\udcff"),
    ],
)
def test_locate(directory, path, expected):
    assert locate(directory, path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-- go.work --\ngo 1.22.1\n", "1.22.1"),
        ("-- go.work --\n", "1.18"),
        ("-- go.work --\nnonsense\n", "1.18"),
        ("-- go.mod --\nmodule m\ngo 1.20\n", "1.20"),
        ("-- go.mod --\nmodule m\n", "1.16"),
        ("-- go.mod --\nnonsense\n", "1.16"),
    ],
)
def test_go_version(text, expected):
    assert only(text).go_version == expected


def test_the_files_of_a_workspace():
    workspace = only("-- go.work --\nuse ./a\nuse ./a/\nuse ./b\n-- a/go.mod --\nmodule ex.com/a\n")
    assert [file.path for file in workspace.files] == ["/w/go.work", "/w/a/go.mod", "/w/b/go.mod"]
    assert len(workspace.uses) == 3
    assert [file.path for file in only("-- go.mod --\nmodule m\n").files] == ["/w/go.mod"]


def test_members_by_path():
    workspace = only(
        "-- go.work --\nuse ./a\nuse ./b\n-- a/go.mod --\nmodule ex.com/a\n-- b/go.mod --\nmodule ex.com/a\n"
    )
    assert [module.directory for module in workspace.members_by_path("ex.com/a")] == ["/w/a", "/w/b"]
    assert workspace.member_by_path("ex.com/a").directory == "/w/a"
    assert workspace.member_by_path("ex.com/none") is None
    assert workspace.members_by_path("ex.com/none") == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/w/go.work", "go.work"),
        ("/w/a/go.mod", "a/go.mod"),
        ("/w", "."),
        ("/x/go.mod", "/x/go.mod"),
        ("/x", "/x"),
    ],
)
def test_shorten_as_go_does(path, expected):
    assert only("-- go.work --\n").shorten(path) == expected


def test_the_replacement_for_a_version_goes_before_the_one_for_all():
    workspace = only(
        "-- go.mod --\nmodule ex.com/m\nreplace ex.com/r => ./r\nreplace ex.com/r v1.0.0 => ex.com/s v1.2.0\n"
    )
    (member,) = workspace.members
    everything, exact = member.replacements
    assert (everything.directory, everything.target) == ("/w/r", ("/w/r", ""))
    assert (exact.directory, exact.target) == (None, ("ex.com/s", "v1.2.0"))
    assert exact.applies("v1.0.0", member.replacements)
    assert not exact.applies("v1.1.0", member.replacements)
    assert not everything.applies("v1.0.0", member.replacements)
    assert everything.applies("v1.1.0", member.replacements)


def test_a_replacement_is_relative_to_its_own_file():
    workspace = only(
        "-- go.work --\nuse ./a\nreplace ex.com/x => ./x\n-- a/go.mod --\n"
        "module ex.com/a\nreplace ex.com/y => ../y\n"
    )
    assert set(workspace.neighbours) == {"/w/x", "/w/y"}
    assert workspace.module_at("/w/y").directory_exists is False
    assert workspace.module_at("/w/a") is workspace.members[0]
