import gc
import logging
import os
import socket

import pytest
from gi.repository import Gio, GLib
from jeepney import DBusAddress, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection

from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.services.manager import NoSuchWorkspaceError, RequestError
from gowatchd.system import export, session_bus
from gowatchd.system.bus_address import BUS_NAME, INTERFACE, OBJECT_PATH, session_bus_address
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.session_bus import SessionBus
from tests.support.bus import PrivateBus, beside
from tests.support.main_loop import MainLoop
from tests.support.scheduler import ManualScheduler


class Desk:
    """A Manager that has a word for every request."""

    def __init__(self):
        self.calls = []

    def status(self):
        return {"schema": 1, "line": "fine \udcff\0"}

    def check(self, root):
        if root == "/nowhere":
            raise NoSuchWorkspaceError("/nowhere is not watched")
        if root == "/refused":
            raise RequestError("not now")
        if root == "/bug":
            raise ZeroDivisionError("oops")
        return {"schema": 1, "root": root}

    def undo(self, change):
        return {"schema": 1, "id": change}

    def preview(self, change):
        return {"schema": 1, "id": change, "diff": ""}

    def log(self, after, limit):
        return {"schema": 1, "after": after, "limit": limit}

    def rescan(self):
        self.calls.append("rescan")

    def reload(self):
        self.calls.append("reload")


@pytest.fixture
def loop():
    return MainLoop()


@pytest.fixture
def bus(tmp_path, monkeypatch):
    with PrivateBus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


class Attached:
    def __init__(self):
        self.connection = None
        self.times = 0

    def attach(self, connection):
        self.connection = connection
        self.times += 1

    def detach(self):
        self.connection = None


class Place:
    """A session bus with what the daemon puts on it, and the reasons that it gave."""

    def __init__(self, loop):
        self.loop = loop
        self.desk = Desk()
        self.exported = ManagerObject(self.desk)
        self.client = Attached()
        self.reasons = []
        self.bus = SessionBus(
            loop, self.exported, (self.client,), lambda: self.reasons.append(self.bus.reason)
        )

    def ready(self):
        return self.reasons[-1:] == [None]


@pytest.fixture
def place(loop, bus):
    place = Place(loop)
    place.bus.start()
    yield place
    place.bus.stop()
    loop.run_until(lambda: not bus.connections())


def ask(loop, method, *arguments):
    def work():
        with Client() as client:
            return client.ask(method, *arguments)

    return beside(loop, work)


def test_methods_arrive_with_their_arguments(loop, place):
    loop.run_until(place.ready)
    assert ask(loop, "Check", "s", "") == {"schema": 1, "root": ""}
    assert ask(loop, "Undo", "x", 2**40)["id"] == 2**40
    assert ask(loop, "PreviewUndo", "x", 0)["diff"] == ""
    assert ask(loop, "GetLog", "xu", 7, 3) == {"schema": 1, "after": 7, "limit": 3}


def test_text_is_made_fit_for_the_bus(loop, place):
    loop.run_until(place.ready)
    assert ask(loop, "GetStatus")["line"] == "fine \ufffd\0"  # a NUL travels as an escape within JSON


@pytest.mark.parametrize(
    ("root", "code", "text"),
    [
        ("/nowhere", Exit.NO_SUCH_THING, "/nowhere is not watched"),
        ("/refused", Exit.PROBLEMS, "not now"),
    ],
)
def test_refusals_keep_their_text_and_are_not_logged_as_bugs(loop, place, caplog, root, code, text):
    loop.run_until(place.ready)
    with pytest.raises(CommandError) as caught:
        ask(loop, "Check", "s", root)
    assert (caught.value.code, caught.value.message) == (code, text)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_bug_reaches_the_daemons_guard(loop, place, monkeypatch):
    guarded = []
    monkeypatch.setattr("sys.excepthook", lambda *exception: guarded.append(exception[0]))
    loop.run_until(place.ready)
    with pytest.raises(CommandError) as caught:
        ask(loop, "Check", "s", "/bug")
    assert caught.value.code == Exit.BUG
    assert guarded == [ZeroDivisionError]


def test_what_pydbus_itself_stumbles_over_is_still_logged(loop, place, caplog):
    loop.run_until(place.ready)
    place.desk.status = lambda: {"schema": object()}
    with pytest.raises(CommandError):
        ask(loop, "GetStatus")
    assert "Object of type object is not JSON serializable" in caplog.text


def test_signals_and_properties(loop, bus, place):
    loop.run_until(place.ready)
    heard = []
    listener = Gio.DBusConnection.new_for_address_sync(
        bus.address,
        Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
        None,
        None,
    )
    none = Gio.DBusSignalFlags.NONE

    def hear(_connection, _sender, _path, _interface, name, arguments):
        heard.append((name, *arguments.unpack()))

    listener.signal_subscribe(BUS_NAME, None, None, OBJECT_PATH, None, none, hear)
    loop.run_until(lambda: bus.ask("NameHasOwner", "s", listener.get_unique_name())[0])
    listener.call_sync(
        "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId", None, None, 0, 5000, None
    )  # the bus has the match before it answers this
    place.exported.workspace_checked("/a\udcff", "work", 2, 1, [{"line": 3}])
    place.exported.file_formatted(17, "/a/go.mod")
    place.exported.change_undone(17, "/a/go.mod")
    place.exported.status_changed("Watching 3 workspaces")
    place.exported.status_changed("Watching 3 workspaces")
    loop.run_until(lambda: len(heard) == 5)
    assert heard == [
        ("WorkspaceChecked", "/a\ufffd", "work", 2, 1, '[{"line":3}]'),
        ("FileFormatted", 17, "/a/go.mod"),
        ("ChangeUndone", 17, "/a/go.mod"),
        ("PropertiesChanged", INTERFACE, {"StatusText": "Watching 3 workspaces"}, []),
        ("StatusChanged", "Watching 3 workspaces"),
    ]
    listener.close_sync(None)

    def properties():
        with open_dbus_connection(bus.address, auth_timeout=30) as connection:
            message = Properties(DBusAddress(OBJECT_PATH, BUS_NAME, INTERFACE)).get_all()
            return connection.send_and_get_reply(message, timeout=60).body[0]

    found = beside(loop, properties)
    assert found["StatusText"] == ("s", "Watching 3 workspaces")
    assert set(found) == {"StatusText", "Version"}


def test_requests_without_an_answer(loop, bus, place):
    loop.run_until(place.ready)

    def work():
        with open_dbus_connection(bus.address, auth_timeout=30) as connection:
            for method in ("Rescan", "Reload"):
                call = new_method_call(DBusAddress(OBJECT_PATH, BUS_NAME, INTERFACE), method)
                assert connection.send_and_get_reply(call, timeout=60).body == ()

    beside(loop, work)
    assert place.desk.calls == ["rescan", "reload"]


def test_the_bus_dies_and_comes_back(loop, bus, place):
    loop.run_until(place.ready)
    bus.kill()
    loop.run_until(lambda: place.bus.reason is not None)
    assert place.bus.reason == "the session bus went away"
    assert place.client.connection is None
    place.exported.file_formatted(1, "/unheard")
    bus.start()
    loop.run_until(place.ready)
    assert place.client.times == 2
    assert ask(loop, "Undo", "x", 5)["id"] == 5


def test_coming_back_leaves_nothing_behind(loop, bus, place):
    loop.run_until(place.ready)

    def die_and_come_back():
        bus.kill()
        loop.run_until(lambda: place.bus.reason is not None)
        bus.start()
        loop.run_until(place.ready)
        gc.collect()  # the loops of other tests
        return len(os.listdir("/proc/self/fd")), len(bus.connections())

    assert die_and_come_back() == die_and_come_back() == die_and_come_back()


def test_a_flood_of_calls_is_left_for_a_while(loop, place, monkeypatch):
    monkeypatch.setattr(session_bus, "BACK_OFF_FIRST_SECONDS", 0.01)
    loop.run_until(place.ready)
    with monkeypatch.context() as patch:
        patch.setattr(export, "AT_ONCE", 0)
        patch.setattr(export, "FLOOD", 1)
        with pytest.raises(CommandError):
            ask(loop, "GetStatus")
    assert any("called without waiting for answers" in (reason or "") for reason in place.reasons)
    loop.run_until(place.ready)
    assert place.client.times == 2
    assert ask(loop, "Undo", "x", 5)["id"] == 5


def test_a_signal_on_a_bus_that_died_this_moment_is_no_error(loop, bus, place):
    loop.run_until(place.ready)
    connection = place.client.connection
    bus.kill()
    deadline = GLib.get_monotonic_time() + 10_000_000
    while not connection.is_closed() and GLib.get_monotonic_time() < deadline:
        GLib.usleep(1000)  # the loop does not turn, so nobody has told us yet
    assert connection.is_closed()
    assert place.client.connection is connection
    place.exported.file_formatted(1, "/unheard")
    bus.start()
    loop.run_until(place.ready)


def test_attempts_get_rarer(bus, monkeypatch):
    bus.kill()
    scheduler = ManualScheduler()
    place = Place(scheduler)
    place.bus = SessionBus(
        scheduler, place.exported, (), lambda: place.reasons.append(0), address=lambda: None
    )
    place.bus.start()
    times = []
    for _ in range(400):
        before = len(place.reasons)
        scheduler.advance(1)
        if len(place.reasons) > before:
            times.append(scheduler.time - 1000)
    assert times == [1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363]
    assert "no session bus" in place.bus.reason
    bus.start()


def test_the_name_is_taken_and_then_given_up(loop, bus):
    with open_dbus_connection(bus.address, auth_timeout=30) as other:
        call = new_method_call(
            DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus"),
            "RequestName",
            "su",
            (BUS_NAME, 0),
        )
        assert other.send_and_get_reply(call, timeout=60).body == (1,)
        place = Place(loop)
        place.bus.start()
        loop.run_until(lambda: place.reasons)
        assert place.bus.reason == (
            f"the name {BUS_NAME} is taken: process {os.getpid()} has it, another gowatchd perhaps"
        )
        assert place.client.connection is not None
    loop.run_until(place.ready)
    place.bus.stop()
    loop.run_until(lambda: not bus.connections())


def test_nobody_can_take_the_name_away(loop, bus, place):
    loop.run_until(place.ready)
    replace = 2
    assert bus.ask("RequestName", "su", BUS_NAME, replace | 4) == (3,)


def test_a_name_lost_is_asked_for_again(loop, place):
    loop.run_until(place.ready)
    before = len(place.reasons)
    dbus = "org.freedesktop.DBus"
    name = GLib.Variant("(s)", (BUS_NAME,))
    place.client.connection.call(
        dbus, "/org/freedesktop/DBus", dbus, "ReleaseName", name, None, 0, 5000, None
    )
    loop.run_until(lambda: len(place.reasons) > before)
    assert place.ready()


def test_a_bus_that_hangs_is_given_up(loop, bus, tmp_path, monkeypatch):
    monkeypatch.setattr(session_bus, "TIMEOUT_SECONDS", 0.1)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent"))
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/silent")
        place = Place(loop)
        place.bus.start()
        loop.run_until(lambda: place.reasons)
        assert "does not answer" in place.bus.reason
        place.bus.stop()


def test_where_the_bus_is(monkeypatch, tmp_path):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert session_bus_address() is None
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "bus"))
        assert session_bus_address() == f"unix:path={tmp_path}/bus"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "autolaunch:")
    assert session_bus_address() == f"unix:path={tmp_path}/bus"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/x,guid=00ff")
    assert session_bus_address() == "unix:path=/x"


def test_gowatchctl_never_starts_the_daemon(bus):
    (bus.services / f"{BUS_NAME}.service").write_text(
        f"[D-BUS Service]\nName={BUS_NAME}\nExec=/usr/bin/touch {bus.folder}/started\n"
    )
    bus.ask("ReloadConfig")
    with Client() as client, pytest.raises(CommandError, match="not running") as caught:
        client.ask("GetStatus")
    assert caught.value.code == Exit.NOT_RUNNING
    assert not (bus.folder / "started").exists()
