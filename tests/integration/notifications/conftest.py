"""A bus, a display and our notifier on them; and what a person has that notes are about."""

from __future__ import annotations

import sys

import pytest

from gowatchd.services.history import History
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.notification_calls import NAME
from gowatchd.system.notifier import DesktopNotifier
from gowatchd.system.session_bus import SessionBus
from tests.support.bus import PrivateBus
from tests.support.desktop import Display, install_icon
from tests.support.files import PlainFiles
from tests.support.main_loop import MainLoop
from tests.support.notifications import MOCK, OLD, Listener


@pytest.fixture
def loop():
    return MainLoop()


@pytest.fixture
def bus(tmp_path):
    folder = tmp_path / "session"
    folder.mkdir()
    with PrivateBus(folder) as bus:
        yield bus


@pytest.fixture
def display():
    with Display() as display:
        yield display


@pytest.fixture
def notifier(loop, bus):
    notifier = DesktopNotifier(loop)
    place = SessionBus(loop, ManagerObject(None), (notifier,), lambda: None, address=lambda: bus.address)
    place.start()
    yield notifier
    place.stop()
    loop.run_until(lambda: not bus.connections() or bus.ask("NameHasOwner", "s", NAME)[0])


@pytest.fixture
def listener(notifier):
    listener = Listener()
    notifier.listen(listener)
    return listener


@pytest.fixture
def icon(tmp_path, monkeypatch):
    """Install our icon for whatever server comes up; return its file."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return install_icon(tmp_path / "share")


@pytest.fixture
def app(tmp_path):
    path = tmp_path / "app" / "go.mod"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


@pytest.fixture
def history(tmp_path):
    store = HistoryDatabase(str(tmp_path / "state"))
    yield History(store, PlainFiles())
    store.close()


@pytest.fixture
def mock(bus):
    """Start a server that misbehaves on purpose: silent, dying, late, excess, hasty, twice, clicked, bare."""

    def start(manner):
        pytest.importorskip("dbus", reason="needs python3-dbus")
        process = bus.spawn(sys.executable, "-c", MOCK, manner, str(bus.folder / "seen"))
        bus.wait_for_name(NAME)
        return process

    return start
