from __future__ import annotations

import os
import subprocess

import pytest

from gowatchd.system import holders as module
from gowatchd.system.editors import Hold
from gowatchd.system.holders import Holders
from tests.support.main_loop import MainLoop


class Claims:
    """Says who has a file open, as a test wants it."""

    def __init__(self) -> None:
        self.pids: dict[str, int] = {}

    def held(self, path):
        return Hold("somebody has it", self.pids[path]) if path in self.pids else None

    def noticed(self, path):
        raise AssertionError


@pytest.fixture
def loop():
    return MainLoop()


@pytest.fixture
def claims():
    return Claims()


@pytest.fixture
def ended():
    return []


@pytest.fixture
def holders(loop, claims, ended):
    holders = Holders(claims, loop, ended.append)
    before = len(os.listdir("/proc/self/fd"))
    yield holders
    holders.close()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.fixture
def start():
    children = []

    def start():
        children.append(subprocess.Popen(["cat"], stdin=subprocess.PIPE))
        return children[-1]

    yield start
    for child in children:
        child.kill()
        child.wait(10)
        child.stdin.close()


def test_who_waits_hears_at_once_that_a_holder_has_ended(loop, holders, claims, ended, start):
    editor = start()
    claims.pids = {"/w/a": editor.pid, "/w/b": editor.pid}
    assert holders.held("/w/a") == holders.held("/w/b") == holders.held("/w/b") == "somebody has it"
    editor.kill()
    loop.run_until(lambda: len(ended) == 2)
    assert ended == ["/w/a", "/w/b"]


def test_a_file_that_is_let_go_waits_for_nobody(loop, holders, claims, ended, start):
    first, second = start(), start()
    claims.pids = {"/w/a": first.pid, "/w/b": second.pid}
    for path in ("/w/a", "/w/b"):
        holders.held(path)
    claims.pids = {"/w/b": second.pid}
    assert holders.held("/w/a") is None
    first.kill()
    first.wait(10)
    second.kill()
    loop.run_until(lambda: ended)
    assert ended == ["/w/b"]


def test_one_that_is_dead_already_is_not_waited_for(loop, holders, claims, ended, start):
    """A zombie would be told of again and again."""
    editor = start()
    editor.kill()
    os.waitid(os.P_PID, editor.pid, os.WEXITED | os.WNOWAIT)
    claims.pids = {"/w/a": editor.pid}
    before = len(os.listdir("/proc/self/fd"))
    assert holders.held("/w/a") == "somebody has it"
    assert len(os.listdir("/proc/self/fd")) == before


def test_no_more_are_waited_for_than_is_good(monkeypatch, holders, claims, start):
    monkeypatch.setattr(module, "_WATCHED_MOST", 1)
    before = len(os.listdir("/proc/self/fd"))
    claims.pids = {f"/w/{number}": start().pid for number in range(3)}
    opened = len(os.listdir("/proc/self/fd")) - before - 3  # start() opens a pipe for each
    for path in claims.pids:
        assert holders.held(path) == "somebody has it"
    assert len(os.listdir("/proc/self/fd")) - before - 3 == opened + 1
