"""Permissions are taken and given back: what may not be read or written is said, and heard once it may."""

from __future__ import annotations

import os

import pytest

from tests.support.daemon import Daemon
from tests.support.other_process import BOUND_BY_PERMISSIONS
from tests.support.processor import RESTS, share_beside_a_busy_one

UNTIDY = b"module   example.com/m\ngo 1.21\n"
TIDY = b"module example.com/m\n\ngo 1.21\n"


@pytest.fixture
def daemon(home, bus):
    daemon = Daemon(home, bus)
    daemon.launcher = tuple(BOUND_BY_PERMISSIONS)
    yield daemon
    assert daemon.stop() == 0
    assert "Traceback" not in daemon.log(), daemon.log()


@pytest.fixture
def app(home):
    app = home / "src" / "app"
    app.mkdir()
    (app / "go.mod").write_bytes(TIDY)
    return app


def known(daemon, folder):
    return str(folder) in [one["root"] for one in daemon.ask("GetStatus")["workspaces"]]


def test_a_file_that_may_not_be_read_for_a_while(daemon, app):
    mod = app / "go.mod"
    daemon.start()
    mod.write_bytes(TIDY + b"\n// more\n")
    mod.chmod(0o000)
    daemon.wait_for(lambda: daemon.codes(app) == ["unreadable-file"], "the diagnostic")
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    mod.chmod(0o644)
    daemon.wait_for(lambda: daemon.codes(app) == [], "the diagnostic to go")
    mod.write_bytes(UNTIDY)
    daemon.wait_for_bytes(mod, TIDY)


def test_a_change_of_permissions_is_no_save(daemon, app, home):
    """What was untidy before stays untidy until it is saved."""
    mod = app / "go.mod"
    mod.write_bytes(UNTIDY)
    daemon.start()
    mod.chmod(0o600)
    mod.chmod(0o644)
    other = home / "src" / "other"
    other.mkdir()
    (other / "go.mod").write_bytes(UNTIDY)
    daemon.wait_for_bytes(other / "go.mod", TIDY)
    assert mod.read_bytes() == UNTIDY


def test_a_file_that_may_not_be_written_is_left_alone(daemon, app):
    mod = app / "go.mod"
    daemon.start()
    mod.write_bytes(UNTIDY)
    mod.chmod(0o444)
    daemon.wait_for(lambda: daemon.standing(mod), "the reason why it is not formatted")
    assert daemon.standing(mod) == ("kept", "is not writable")
    assert mod.read_bytes() == UNTIDY
    mod.chmod(0o644)
    mod.write_bytes(UNTIDY)
    daemon.wait_for_bytes(mod, TIDY)


@pytest.mark.parametrize("deep", [False, True], ids=["itself", "above"])
def test_a_folder_that_may_not_be_entered_at_the_start(daemon, app, home, deep):
    closed = home / "src" if deep else app
    closed.chmod(0o000)
    try:
        daemon.start()
        assert not known(daemon, app)
        assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    finally:
        closed.chmod(0o755)
    daemon.wait_for(lambda: known(daemon, app), "the module")
    (app / "go.mod").write_bytes(UNTIDY)
    daemon.wait_for_bytes(app / "go.mod", TIDY)


def test_a_folder_that_is_closed_for_a_while(daemon, app):
    daemon.start()
    app.chmod(0o000)
    daemon.ask("Rescan")
    daemon.wait_for(lambda: daemon.log().count("is gone") or daemon.codes(app), "what the rescan found")
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    app.chmod(0o755)
    daemon.wait_for(lambda: known(daemon, app) and daemon.codes(app) == [], "the module")
    (app / "go.mod").write_bytes(UNTIDY)
    daemon.wait_for_bytes(app / "go.mod", TIDY)
    assert os.listdir(app) == ["go.mod"]
