"""Notes, from a formatted file to a button that was pressed, on real notification servers."""

import json
import logging
import sys
from dataclasses import replace

import pytest

from gowatchd.services.announcing import Announcer, Restraint
from gowatchd.services.history import History
from gowatchd.services.note_buttons import NoteDeeds
from gowatchd.services.notes import UNTIL_CLOSED, Level, Note
from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.notification_calls import NAME
from gowatchd.system.notifier import DesktopNotifier
from gowatchd.system.session_bus import SessionBus
from tests.support.bus import PrivateBus, beside
from tests.support.desktop import (
    PUPIL,
    XFCE,
    Display,
    Dunst,
    install_icon,
    needs_display,
    needs_dunst,
    needs_xfce,
)
from tests.support.files import PlainFiles
from tests.support.main_loop import MainLoop

pytestmark = needs_display
HOSTILE = ("a <title> & \udcff 工作区", "v1.2 < v1.3 & <unknown> \0\udcff <b>not bold</b>\n中文 &amp; 格式")
OLD, NEW = b"module  example.com/app\n", b"module example.com/app\n"


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


class Listener:
    """Writes down what becomes of notes."""

    def __init__(self):
        self.heard = []

    def server_changed(self, name, run):
        self.heard.append(("server", name))

    def shown(self, key, number):
        """Nothing here is about numbers."""

    def action(self, key, action, token):
        self.heard.append(("action", key, action))

    def closed(self, key):
        self.heard.append(("closed", key))


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


def undo_note(key="formatted:/src/go.mod", body="/src", **more):
    return Note(key, "Formatted src/go.mod", body, actions=(("undo", "Undo"),), **more)


@needs_dunst
def test_a_formatted_file_is_told_and_undone_from_the_note(loop, bus, display, notifier, app, history):
    dunst = Dunst(bus, display)
    announcer = Announcer(
        notifier, loop, Level.CHANGES, NoteDeeds(history.undo, history.difference), Restraint(0.0)
    )
    loop.run_until(lambda: notifier.server)
    assert notifier.server.startswith("dunst")
    change = history.begin(str(app), OLD, NEW)
    app.write_bytes(NEW)
    history.finish(change, Swap(SwapOutcome.WRITTEN))
    announcer.formatted(change, str(app), str(app))
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: display.wait_for_picture("dunst-formatted"))
    beside(loop, lambda: dunst.press("Undo"))
    loop.run_until(lambda: app.read_bytes() == OLD)
    beside(loop, lambda: dunst.wait_for_count(0))  # dunst itself leaves the note there


@needs_dunst
def test_a_note_is_replaced_in_place_and_closed(loop, bus, display, notifier, listener):
    dunst = Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    for number in range(5):  # faster than the ids come back
        notifier.show(undo_note(body=f"version {number}", milliseconds=UNTIL_CLOSED))
    notifier.show(undo_note("another", milliseconds=UNTIL_CLOSED))
    beside(loop, lambda: dunst.wait_for_count(2))
    notifier.close("another")
    notifier.close("never shown")
    beside(loop, lambda: dunst.wait_for_count(1))
    assert [what for what in listener.heard if what[0] == "closed"] == []


@needs_dunst
def test_expiry_is_told(loop, bus, display, notifier, listener):
    Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("short", milliseconds=100))
    loop.run_until(lambda: ("closed", "short") in listener.heard)


@needs_dunst
def test_the_server_comes_late_goes_and_comes_back(loop, bus, display, notifier, listener):
    notifier.show(undo_note())  # without a server nothing happens
    assert notifier.server is None
    dunst = Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    dunst.stop()
    loop.run_until(lambda: notifier.server is None)
    Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    names = [what[1] for what in listener.heard]
    assert [name and name.split()[0] for name in names] == ["dunst", None, "dunst"]


@needs_dunst
def test_the_bus_takes_the_server_along_and_brings_it_back(loop, bus, display, notifier, listener):
    Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("before"))
    bus.kill()
    loop.run_until(lambda: notifier.server is None)
    notifier.show(undo_note("meanwhile"))
    bus.start()
    dunst = Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("after", milliseconds=UNTIL_CLOSED))
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: dunst.press("Undo"))
    loop.run_until(lambda: ("action", "after", "undo") in listener.heard)


@needs_dunst
@pytest.mark.parametrize("markup", ["full", "no"])
def test_text_of_any_kind_is_shown_as_it_is(loop, bus, display, notifier, icon, markup, capfd):
    dunst = Dunst(bus, display, markup)
    loop.run_until(lambda: notifier.server)
    notifier.show(Note("text", *HOSTILE, milliseconds=UNTIL_CLOSED))
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: display.wait_for_colour(f"dunst-markup-{markup}", PUPIL))
    assert dunst.looks() == [f"gowatchd {icon}"]
    assert "Unable to parse markup" not in capfd.readouterr().err


@needs_dunst
def test_what_happens_to_other_peoples_notes_is_not_ours(loop, bus, display, notifier, listener):
    dunst = Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    command = ["gdbus", "call", "--address", bus.address, "--dest", NAME, "--object-path"]
    command += [
        "/org/freedesktop/Notifications",
        "--method",
        f"{NAME}.Notify",
        "other",
        "0",
        "",
        "theirs",
        "",
    ]
    bus.spawn(*command, '["undo", "Undo"]', "{}", "0").wait(60)
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: dunst.press("Undo"))
    notifier.show(undo_note("ours", milliseconds=100))
    loop.run_until(lambda: ("closed", "ours") in listener.heard)
    assert [what for what in listener.heard if what[0] == "action"] == []


def test_a_server_is_never_started(loop, bus, notifier, listener):
    (bus.services / "server.service").write_text(
        f"[D-BUS Service]\nName={NAME}\nExec=/usr/bin/touch {bus.folder}/started\n"
    )
    bus.ask("ReloadConfig")
    loop.run_until(bus.connections)
    notifier.show(undo_note())
    notifier.close("formatted:/src/go.mod")
    beside(loop, lambda: bus.ask("GetId"))
    assert not (bus.folder / "started").exists()


MOCK = """
import json
import sys
import dbus, dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib
NAME = "org.freedesktop.Notifications"
MANNER, SEEN = sys.argv[1:]
class Excess(dbus.DBusException):
    _dbus_error_name = NAME + ".Error.ExcessNotificationGeneration"
class Server(dbus.service.Object):
    @dbus.service.method(NAME, out_signature="as")
    def GetCapabilities(self):
        return dbus.Array([] if MANNER == "bare" else ["actions", "body-markup"], signature="s")
    @dbus.service.method(NAME, out_signature="ssss")
    def GetServerInformation(self):
        return "mock", "us", "1", "1.2"
    @dbus.service.method(
        NAME, in_signature="susssasa{sv}i", out_signature="u", async_callbacks=("done", "fail")
    )
    def Notify(self, app, replaces, icon, title, body, actions, hints, expire, done, fail):
        if MANNER == "silent":
            return
        if MANNER == "excess":
            fail(Excess("Created too many similar notifications in quick succession"))
            return
        types = {key: type(value).__name__ for key, value in hints.items()}
        with open(SEEN, "w") as seen:
            json.dump([app, body, actions, types, expire], seen)
        done(dbus.UInt32(7))
        if MANNER == "twice":
            for _ in range(2):
                self.ActionInvoked(7, "undo")
        self.NotificationClosed(7, 2)
    @dbus.service.signal(NAME, signature="us")
    def ActionInvoked(self, id, key): pass
    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, id, reason): pass
bus = dbus.SessionBus(mainloop=DBusGMainLoop())
name = dbus.service.BusName(NAME, bus)
server = Server(bus, "/org/freedesktop/Notifications")
GLib.MainLoop().run()
"""


@pytest.fixture
def mock(bus):
    """Start a server that misbehaves on purpose: silent, excess, twice or bare."""

    def start(manner):
        pytest.importorskip("dbus", reason="needs python3-dbus")
        bus.spawn(sys.executable, "-c", MOCK, manner, str(bus.folder / "seen"))
        bus.wait_for_name(NAME)

    return start


def test_a_server_that_never_answers_is_given_up(loop, mock, notifier, listener, monkeypatch, caplog):
    monkeypatch.setattr("gowatchd.system.notification_calls.TIMEOUT_SECONDS", 0.2)
    mock("silent")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("lost"))
    loop.run_until(lambda: ("closed", "lost") in listener.heard)
    notifier.show(undo_note("lost too"))
    loop.run_until(lambda: ("closed", "lost too") in listener.heard)
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 1


def test_kdes_too_many_is_no_complaint(loop, mock, notifier, listener, caplog):
    mock("excess")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("one of too many"))
    loop.run_until(lambda: ("closed", "one of too many") in listener.heard)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_button_told_twice_counts_once(loop, mock, notifier, listener):
    mock("twice")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("pressed"))
    loop.run_until(lambda: ("closed", "pressed") in listener.heard)
    assert listener.heard.count(("action", "pressed", "undo")) == 1


def test_a_server_that_can_do_nothing_gets_nothing_special(loop, bus, mock, notifier, listener):
    mock("bare")
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("plain", body="a <b> & c", milliseconds=UNTIL_CLOSED))
    loop.run_until(lambda: ("closed", "plain") in listener.heard)
    types = {"desktop-entry": "String", "urgency": "Byte", "transient": "Boolean"}
    assert json.loads((bus.folder / "seen").read_text()) == ["gowatchd", "a \u2039b\u203a + c", [], types, -1]


@needs_xfce
def test_a_button_of_xfce(loop, bus, display, notifier, icon, listener, tmp_path):
    folders = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    bus.spawn(str(XFCE), DISPLAY=display.name, NO_AT_BRIDGE="1", **folders)  # GTK would wait for a bridge
    loop.run_until(lambda: notifier.server)
    note = undo_note("xfce", milliseconds=UNTIL_CLOSED)
    notifier.show(replace(note, title=HOSTILE[0], body=HOSTILE[1]))
    beside(loop, lambda: display.wait_for_colour("xfce-formatted", PUPIL))
    beside(loop, lambda: display.run("xdotool", "mousemove", "727", "122", "click", "1"))
    loop.run_until(lambda: ("closed", "xfce") in listener.heard)
    assert listener.heard[1:] == [("action", "xfce", "undo"), ("closed", "xfce")]
