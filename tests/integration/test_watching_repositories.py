"""What git does is heard through one watch on each git directory, wherever that is."""

from __future__ import annotations

import os

import pytest

from tests.support.git import git, repository
from tests.support.watching import Watched, write


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a watcher on ``tmp_path / "root"``."""
    begun = []

    def begin(*roots, **options):
        (tmp_path / "root").mkdir(exist_ok=True)
        begun.append(Watched(tmp_path / "root", *roots, **options))
        return begun[-1]

    yield begin
    for watched in begun:
        watched.watcher.close()


def wait_for_git(watched, git_directory):
    path = os.path.realpath(git_directory)
    watched.loop.run_until(lambda: path in watched.heard.repositories)
    watched.heard.repositories.clear()


def committed(folder):
    """Make a repository with one commit of a go.mod."""
    made = repository(folder)
    write(made / "go.mod", "module example.com/m\n")
    git(made, "add", "go.mod")
    git(made, "commit", "-qm", "one")
    return made


@pytest.mark.parametrize(
    "sign", ["index.lock", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG", "rebase-merge/"]
)
def test_each_sign_that_comes_and_goes(start, tmp_path, sign):
    directory = committed(tmp_path / "root/repo") / ".git"
    watched = start()
    place = directory / sign.rstrip("/")
    if sign.endswith("/"):
        place.mkdir()
    else:
        place.touch()
    wait_for_git(watched, directory)
    if sign.endswith("/"):
        place.rmdir()
    else:
        place.unlink()
    wait_for_git(watched, directory)


def test_one_watch_and_nothing_of_the_objects(start, tmp_path):
    repo = committed(tmp_path / "root/repo")
    watched = start()
    assert watched.watcher.folders_watched == len(watched.path("repo").split("/")) - 1 + 2  # and / and .git
    for number in range(3000):
        write(repo / f".git/objects/{number % 256:02x}/{number}")
    watched.quiet()
    assert watched.heard.repositories == []


def test_a_commit_is_told_once_or_twice(start, tmp_path):
    repo = committed(tmp_path / "root/repo")
    watched = start()
    (repo / "go.mod").write_text("module example.com/n\n")
    git(repo, "commit", "-qam", "two")
    wait_for_git(watched, repo / ".git")
    watched.quiet()
    assert len(watched.heard.repositories) <= 2


def test_a_repository_that_is_made_later(start, tmp_path):
    watched = start()
    repo = committed(tmp_path / "root/repo")
    wait_for_git(watched, repo / ".git")
    git(repo, "commit", "--allow-empty", "-qm", "two")
    wait_for_git(watched, repo / ".git")


def test_the_repository_above_the_root(tmp_path):
    repo = committed(tmp_path / "repo")
    write(repo / "sub/go.mod")
    watched = Watched(repo / "sub")
    (repo / ".git/index.lock").touch()
    wait_for_git(watched, repo / ".git")
    watched.watcher.close()


def test_a_linked_worktree_outside_that_comes_goes_and_leaves_no_watch(start, tmp_path):
    """The repository is outside of the root, the worktree inside: git works in a folder outside."""
    repo = committed(tmp_path / "repo")
    watched = start()
    before = watched.kernel_watches()
    git(repo, "worktree", "add", "-q", str(tmp_path / "root/tree"), "-b", "side")
    watched.wait_until_known("tree/go.mod")
    watched.quiet()
    directory = repo / ".git/worktrees/tree"
    git(tmp_path / "root/tree", "commit", "--allow-empty", "-qm", "two")
    wait_for_git(watched, directory)
    (tmp_path / "root/quiet-probe").rmdir()
    git(repo, "worktree", "remove", "--force", str(tmp_path / "root/tree"))
    watched.wait_until_known()
    watched.loop.run_until(lambda: watched.kernel_watches() == before == watched.watcher.folders_watched)


def test_a_linked_worktree_beside_its_repository(start, tmp_path):
    repo = committed(tmp_path / "root/repo")
    watched = start()
    git(repo, "worktree", "add", "-q", "../tree", "-b", "side")
    watched.wait_until_known("repo/go.mod", "tree/go.mod")
    (tmp_path / "root/tree/go.mod").write_text("module example.com/n\n")
    watched.wait_for("tree/go.mod")
    git(tmp_path / "root/tree", "commit", "-qam", "two")
    wait_for_git(watched, repo / ".git/worktrees/tree")
    git(repo, "worktree", "move", "../tree", "../moved")
    watched.wait_until_known("repo/go.mod", "moved/go.mod")
    git(tmp_path / "root/moved", "commit", "--allow-empty", "-qm", "three")
    wait_for_git(watched, repo / ".git/worktrees/tree")


def test_a_submodule(start, tmp_path):
    part = committed(tmp_path / "part")
    repo = committed(tmp_path / "root/repo")
    watched = start()
    git(repo, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(part), "part")
    watched.wait_until_known("repo/go.mod", "repo/part/go.mod")
    watched.quiet()
    git(repo / "part", "commit", "--allow-empty", "-qm", "two")
    wait_for_git(watched, repo / ".git/modules/part")


def test_a_git_operation_in_a_repository_beyond_the_budget(tmp_path):
    """Where the folders of a repository are not watched, what git brings there is found after it is done."""
    repo = committed(tmp_path / "root/repo")
    for number in range(30):
        write(repo / f"a{number}/text")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "two")
    git(repo, "checkout", "-qb", "side")
    write(repo / "a7/b/c/go.mod", "module example.com/c\n")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "three")
    git(repo, "checkout", "-q", "-")
    ways = len(os.path.realpath(repo).split("/"))
    watched = Watched(tmp_path / "root", budget=ways + 3)
    assert watched.heard.degraded
    git(repo, "checkout", "-q", "side")
    watched.wait_until_known("repo/a7/b/c/go.mod", "repo/go.mod")
    (repo / "a7/b/c/go.mod").write_text("module example.com/later\n")
    watched.wait_for("repo/a7/b/c/go.mod")
    assert watched.watcher.folders_watched <= ways + 3
    watched.watcher.close()


def test_what_the_queue_lost_is_told(start, tmp_path):
    repo = committed(tmp_path / "root/repo")
    watched = start()
    watched.heard.repositories.clear()
    watched.watcher.rescan()
    wait_for_git(watched, repo / ".git")
