import json

import pytest
from gi.repository import Gio
from jeepney import DBusAddress, HeaderFields, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection

from gowatchd.services.manager import RequestError
from gowatchd.system import export
from gowatchd.system.bus_address import INTERFACE, OBJECT_PATH
from gowatchd.system.export import Export
from gowatchd.system.manager_object import ManagerObject
from tests.support.bus import PrivateBus, beside
from tests.support.main_loop import MainLoop
from tests.support.scheduler import ManualScheduler

TOO_MANY = f"more than {export.AT_ONCE} calls at once: wait for the answers"


class Desk:
    """A Manager that knows one word."""

    def status(self):
        return "fine"

    def check(self, root):
        raise RequestError(f"not {root}")

    def apply_fix(self, path, before, after, titles):
        return {"path": path, "before": len(before), "after": after.decode(), "titles": titles}


class Asker:
    """A program with a connection of its own, which asks the object on ``connection``."""

    def __init__(self, loop, bus, connection):
        self._loop = loop
        self._place = DBusAddress(OBJECT_PATH, connection.get_unique_name(), INTERFACE)
        self._own = open_dbus_connection(bus.address, auth_timeout=30)

    def ask(self, method, *arguments):
        """Return what was answered, and the name of the error where it was one."""
        call = new_method_call(self._place, method, "s" if arguments else None, arguments)
        return self.send(call)

    def properties(self):
        return self.send(Properties(self._place).get_all())

    def send(self, call):
        reply = beside(self._loop, lambda: self._own.send_and_get_reply(call, timeout=60))
        return reply.body[0], reply.header.fields.get(HeaderFields.error_name)

    def close(self):
        self._own.close()


class Place:
    """The object on a bus, in a turn of the loop that lasts until ``scheduler`` goes on."""

    def __init__(self, folder):
        self.loop = MainLoop()
        self.scheduler = ManualScheduler()
        self.flooding = []
        self.bus = PrivateBus(folder)
        self._askers = []

    def __enter__(self):
        self.bus.__enter__()
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            self.bus.address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None
        )
        self.connection.set_exit_on_close(False)
        exported = ManagerObject(Desk())
        self.export = Export(self.connection, exported, self.scheduler, self.flooding.append)
        return self

    def __exit__(self, *failure):
        for asker in self._askers:
            asker.close()
        self.connection.close_sync(None)
        self.bus.__exit__(*failure)

    def asker(self):
        self._askers.append(Asker(self.loop, self.bus, self.connection))
        return self._askers[-1]


@pytest.fixture
def place(tmp_path):
    with Place(tmp_path) as place:
        yield place


def test_a_call_leaves_nothing_behind(tmp_path, monkeypatch):
    """PyGObject keeps the invocation of a call, where one does not know how to let it go."""
    born, gone = [], []
    answer = Export.call_method

    def call_method(self, *call):
        born.append(call[4])
        call[-1].weak_ref(lambda: gone.append(True))
        answer(self, *call)

    monkeypatch.setattr(Export, "call_method", call_method)
    with Place(tmp_path) as place:
        asker = place.asker()
        assert asker.ask("GetStatus") == ('"fine"', None)
        assert asker.ask("Check", "now") == ("not now", "org.gowatchd.Error.Refused")
        assert asker.properties()[0]["StatusText"] == ("s", "")
        monkeypatch.setattr(export, "AT_ONCE", 0)
        assert asker.ask("GetStatus")[1] == export.LIMITS_EXCEEDED
        assert born == ["GetStatus", "Check", "GetAll", "GetStatus"]
        place.loop.run_until(lambda: len(gone) == len(born), 20)


def test_who_does_not_wait_for_answers_is_refused_and_nobody_else(place):
    one, other = place.asker(), place.asker()
    for _ in range(export.AT_ONCE):
        assert one.ask("GetStatus") == ('"fine"', None)
    assert one.ask("GetStatus") == (TOO_MANY, export.LIMITS_EXCEEDED)
    assert other.ask("GetStatus") == ('"fine"', None)
    place.scheduler.advance(0)
    assert one.ask("GetStatus") == ('"fine"', None)
    assert place.flooding == []


def test_a_flood_is_told_once(place, monkeypatch):
    monkeypatch.setattr(export, "FLOOD", 3)
    one = place.asker()
    for _ in range(export.AT_ONCE + 5):
        one.ask("GetStatus")
    assert place.flooding == [one._own.unique_name]
    assert place.scheduler.planned == 1


def test_what_is_too_large_is_refused_as_it_came(place, monkeypatch):
    monkeypatch.setattr(export, "LARGEST_CALL", 1 << 20)
    one = place.asker()
    assert one.ask("Check", "a" * 1000)[1] == "org.gowatchd.Error.Refused"
    assert one.ask("Check", "a" * (1 << 20)) == ("more than 1 MiB in one call", export.LIMITS_EXCEEDED)


def test_a_file_of_megabytes_comes_in_no_time(place):
    """Number by number it took a minute and a half for each of them: nobody waits so long for an answer."""
    one, before = place.asker(), b"//\xff\n" * (1 << 20)
    call = new_method_call(one._place, "ApplyFix", "ayayayas", (b"/m/go.mod", before, b"", ["a title"]))
    reply, error = one.send(call)
    told = {"path": "/m/go.mod", "before": 4 << 20, "after": "", "titles": ["a title"]}
    assert (json.loads(reply), error) == (told, None)


def test_nothing_is_answered_after_the_withdrawal(place):
    one = place.asker()
    assert one.ask("GetStatus") == ('"fine"', None)
    place.export.withdraw()
    assert one.ask("GetStatus")[1].startswith("org.freedesktop.DBus.Error.Unknown")
    assert place.scheduler.planned == 0
