"""What the reflog says of real git at work."""

import os
import time

import pytest

from gowatchd.system.git_moves import GitMoves
from tests.support.alarm import alarm
from tests.support.git import commit, git, repository

LATER = 3600.0


class Clock:
    """Seconds that pass when the test says so; git has its own clock, which goes on."""

    def __init__(self):
        self.ahead = 0.0

    def __call__(self):
        return time.time() + self.ahead


class Nothing:
    def busy(self, path):
        return f"busy with {path}"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def moves(clock):
    return GitMoves(Nothing(), clock)


@pytest.fixture
def app(tmp_path):
    return repository(tmp_path / "app")


def test_a_commit_brings_nothing(app, moves):
    (app / "go.mod").write_text("module example.com/second\n")
    for command in (["-m", "second"], ["--amend", "-m", "amended"]):
        git(app, "commit", "-a", *command)
        assert not moves.moved(str(app / "go.mod"), 60)


@pytest.mark.parametrize(
    "command",
    [
        ("checkout", "-q", "-b", "other"),
        ("switch", "-q", "--detach", "HEAD~1"),
        ("reset", "-q", "--hard", "HEAD~1"),
        ("merge", "-q", "side"),
        ("rebase", "-q", "side"),
        ("stash",),
        ("cherry-pick", "side"),
    ],
    ids=lambda command: command[0],
)
def test_what_brings_another_state_is_a_move_for_a_while(app, moves, clock, command):
    commit(app, "module example.com/second\n")
    git(app, "checkout", "-q", "-b", "side", "HEAD~1")
    commit(app, "side\n", "side.txt")
    git(app, "checkout", "-q", "main")
    clock.ahead = LATER
    commit(app, "third\n", "third.txt")
    assert not moves.moved(str(app / "go.mod"), 60)
    clock.ahead = 0
    (app / "third.txt").write_text("changed\n" if command == ("stash",) else "third\n")
    git(app, *command)
    assert moves.moved(str(app / "go.mod"), 60)
    clock.ahead = LATER
    assert not moves.moved(str(app / "go.mod"), 60)
    assert moves.moved(str(app / "go.mod"), LATER)


def test_a_linked_work_tree_has_a_reflog_of_its_own(app, moves, tmp_path):
    git(app, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other")
    commit(tmp_path / "linked", "module example.com/linked\n")
    assert not moves.moved(str(tmp_path / "linked" / "go.mod"), 60)
    git(tmp_path / "linked", "switch", "-q", "--detach", "main")
    assert moves.moved(str(tmp_path / "linked" / "go.mod"), 60)


def test_without_a_reflog_or_a_repository_nothing_moved(app, moves, tmp_path):
    git(app, "switch", "-q", "--detach", "main")
    (app / ".git" / "logs" / "HEAD").unlink()
    assert not moves.moved(str(app / "go.mod"), 60)
    assert not moves.moved(str(tmp_path / "go.mod"), 60)


def test_who_is_busy_is_asked_of_git(moves):
    assert moves.busy("/src/go.mod") == "busy with /src/go.mod"


def test_a_line_from_the_future_is_none_of_now(app, moves, clock):
    git(app, "switch", "-q", "--detach", "main")
    clock.ahead = -LATER
    assert not moves.moved(str(app / "go.mod"), 60)


def test_a_reflog_that_is_none_is_not_waited_for(app, moves):
    reflog = app / ".git" / "logs" / "HEAD"
    reflog.unlink()
    os.mkfifo(reflog)
    with alarm():
        assert not moves.moved(str(app / "go.mod"), 60)
