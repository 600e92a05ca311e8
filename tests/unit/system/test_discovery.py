from __future__ import annotations

import os

import pytest

from gowatchd.system.discovery import Pruning, find_files
from gowatchd.system.mounts import Mounts
from tests.support.watching import write


def found(folder, *excludes, mounts=None):
    pruning = Pruning(excludes, mounts)
    return [os.path.relpath(path, folder) for path in find_files(str(folder), pruning)]


def test_breadth_first_and_sorted(tmp_path):
    for name in ("b/go.mod", "a/x/go.mod", "go.mod", "go.work", "a/go.mod"):
        write(tmp_path / name)
    assert found(tmp_path) == ["go.work", "go.mod", "a/go.mod", "b/go.mod", "a/x/go.mod"]


@pytest.mark.parametrize(
    "folder",
    ["node_modules", "vendor", "testdata", ".git", ".hidden", "__pycache__", "bazel-out", "site-packages"],
)
def test_names_that_are_left_out(tmp_path, folder):
    write(tmp_path / folder / "deep/go.mod")
    assert found(tmp_path) == []
    assert found(tmp_path / folder) == ["deep/go.mod"]  # unless asked for


def test_caches_and_toolchains_are_left_out(tmp_path):
    write(tmp_path / "cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55")
    write(tmp_path / "cache/m/go.mod")
    write(tmp_path / "go/pkg/mod/example.com/x@v1.0.0/go.mod")
    (tmp_path / "go/pkg/mod/cache/download").mkdir(parents=True)
    write(tmp_path / "mine/pkg/mod/go.mod")  # somebody's package called mod
    for name in ("VERSION", "go.env", "src/go.mod", "src/cmd/go.mod"):
        write(tmp_path / "sdk/go1.27.3" / name)
    assert found(tmp_path) == ["mine/pkg/mod/go.mod"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("legacy", ["kept/go.mod"]),
        ("leg*", ["kept/go.mod"]),
        ("old/legacy", ["kept/go.mod"]),
        ("{root}/old", ["kept/go.mod"]),
        ("{root}/old/", ["kept/go.mod"]),
        ("/elsewhere/legacy", ["kept/go.mod", "old/legacy/go.mod"]),
        ("egacy", ["kept/go.mod", "old/legacy/go.mod"]),
    ],
)
def test_exclude_patterns(tmp_path, pattern, left):
    write(tmp_path / "kept/go.mod")
    write(tmp_path / "old/legacy/go.mod")
    assert found(tmp_path, pattern.format(root=tmp_path)) == left


def test_home_in_a_pattern(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path / "go/pkg/go.mod")
    assert found(tmp_path, "~/go/pkg") == []


def test_other_file_systems_are_left_out(tmp_path):
    write(tmp_path / "disk/go.mod")
    assert found(tmp_path, mounts=Mounts({os.fsencode(tmp_path / "disk"): b"ext4"})) == []


def test_symlinks_are_not_followed(tmp_path):
    write(tmp_path / "a/go.mod")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "loop").symlink_to(".")
    assert found(tmp_path) == ["a/go.mod"]


def test_special_files_and_folders_by_that_name_are_reported_not_entered(tmp_path):
    os.mkfifo(tmp_path / "go.work")
    write(tmp_path / "go.mod/go.mod")
    assert found(tmp_path) == ["go.work", "go.mod"]


def test_a_folder_that_is_not_there(tmp_path):
    assert found(tmp_path / "none") == []


def test_the_mount_table_of_this_process():
    mounts = Mounts.read()
    assert b"/proc" in mounts  # but not always /: it is no mount in a chroot
    assert mounts.blind_type(b"/proc/self") == ""


@pytest.mark.parametrize(
    ("kind", "blind"), [(b"nfs4", "nfs4"), (b"fuse.sshfs", "fuse.sshfs"), (b"9p", "9p"), (b"ext4", "")]
)
def test_file_systems_where_inotify_is_blind(kind, blind):
    mounts = Mounts({b"/": b"ext4", b"/home/u/far": kind})
    assert mounts.blind_type(b"/home/u/far/repo/m") == blind
    assert mounts.blind_type(b"/home/u/farther") == ""
