from __future__ import annotations

import hashlib
import os
import subprocess

import pytest

from gowatchd.system.git import blob_names, find_git_directory, has_conflict_markers
from tests.support.git import git, repository


def test_finds_the_git_directory_from_a_folder_below(tmp_path):
    repo = repository(tmp_path / "repo")
    (repo / "a" / "b").mkdir(parents=True)
    assert find_git_directory(str(repo / "a" / "b" / "go.mod")) == str(repo / ".git")


def test_no_repository_is_none(tmp_path):
    assert find_git_directory(str(tmp_path / "go.mod")) is None


def test_an_empty_git_folder_is_no_repository_and_hides_none(tmp_path):
    repo = repository(tmp_path / "repo")
    (repo / "a" / ".git").mkdir(parents=True)
    assert find_git_directory(str(repo / "a" / "go.mod")) == str(repo / ".git")


def test_a_link_to_a_file_belongs_to_the_repository_of_its_target(tmp_path):
    repo = repository(tmp_path / "dotfiles")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "go.work").symlink_to(repo / "go.mod")
    assert find_git_directory(str(tmp_path / "src" / "go.work")) == str(repo / ".git")


def test_a_linked_worktree_has_its_own(tmp_path):
    repo = repository(tmp_path / "repo")
    git(repo, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "other")
    found = find_git_directory(str(tmp_path / "tree" / "go.mod"))
    assert found == git(tmp_path / "tree", "rev-parse", "--absolute-git-dir").strip()


def test_a_relative_gitdir_is_relative_to_its_file(tmp_path):
    repo = repository(tmp_path / "repo")
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / ".git").write_text("gitdir: ../repo/.git\n")
    found = find_git_directory(str(tmp_path / "away" / "go.mod"))
    assert found is not None
    assert os.path.samefile(found, repo / ".git")


@pytest.mark.parametrize(
    "content", [b"", b"gitdir:", b"nonsense\n", b"gitdir: /dev/null/none\n", b"gitdir: a\0b"]
)
def test_a_broken_git_file_is_a_repository_that_nobody_can_ask(tmp_path, content):
    """So it is for git, which does not look further up."""
    repo = repository(tmp_path / "repo")
    (repo / "a").mkdir()
    (repo / "a" / ".git").write_bytes(content)
    found = find_git_directory(str(repo / "a" / "go.mod"))
    assert found is not None
    assert not os.path.lexists(os.path.join(found, "HEAD"))
    asked = subprocess.run(["git", "rev-parse"], cwd=repo / "a", capture_output=True, check=False)
    assert asked.returncode == 128


def test_a_fifo_in_place_of_git_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / ".git")
    assert find_git_directory(str(tmp_path / "go.mod")) is None


@pytest.mark.parametrize("data", [b"", b"x\n", b"a\r\nb\r\n", b"a\r\nb\n", os.urandom(3000)])
def test_blob_names_are_gits(tmp_path, data):
    (tmp_path / "file").write_bytes(data)
    names = list(blob_names(data))
    said = subprocess.run(
        ["git", "hash-object", "--no-filters", tmp_path / "file"], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == names[0]
    assert names[1] == hashlib.sha256(b"blob %d\0" % len(data) + data).hexdigest()
    assert len(names) == (4 if b"\r\n" in data else 2)


@pytest.mark.parametrize(
    "data",
    [
        b"<<<<<<< HEAD\n",
        b"module m\n<<<<<<< Updated upstream\ngo 1.21\n=======\ngo 1.22\n>>>>>>> Stashed changes\n",
        b"module m\r\n>>>>>>> theirs\r\n",
        b"||||||| parent of 1234\n",
        b"<<<<<<<",
    ],
)
def test_conflict_markers_are_seen(data):
    assert has_conflict_markers(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"module m // <<<<<<< HEAD\n",
        b"// =======\n",
        b"=======\n",
        b"<<<<<<<<<< not a marker\n",
        b"  <<<<<<< indented\n",
    ],
)
def test_other_text_is_not_a_conflict(data):
    assert not has_conflict_markers(data)
