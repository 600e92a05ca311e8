"""A daemon on a private bus, for the verbs that ask one."""

import time

import pytest

from gowatchd.services.history import History
from gowatchd.system.history_db import HistoryDatabase
from tests.support.bus import PrivateBus
from tests.support.desk import OLD, Daemon
from tests.support.files import PlainFiles
from tests.support.main_loop import MainLoop


@pytest.fixture
def loop():
    return MainLoop()


@pytest.fixture
def bus(tmp_path, monkeypatch):
    folder = tmp_path / "session"
    folder.mkdir()
    with PrivateBus(folder) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


class Clock:
    """The time, or some seconds before it."""

    ago = 0

    def __call__(self):
        return time.time() - self.ago


@pytest.fixture
def database_clock():
    return Clock()


@pytest.fixture
def history(tmp_path, database_clock):
    store = HistoryDatabase(str(tmp_path / "state"), database_clock)
    yield History(store, PlainFiles())
    store.close()


@pytest.fixture
def daemon(loop, bus, history):
    daemon = Daemon(loop, bus, history)
    daemon.start()
    yield daemon
    daemon.stop()


@pytest.fixture
def go_mod(tmp_path):
    path = tmp_path / "go.mod"
    path.write_bytes(OLD)
    return path
