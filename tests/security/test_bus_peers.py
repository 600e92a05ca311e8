"""Another program on the person's bus: odd calls, forged signals, a name that is taken."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import product

import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from gowatchd.system.manager_object import INTROSPECTION
from tests.support.bus import PrivateBus
from tests.support.daemon import MANAGER, Daemon

MESSY, TIDY = b"module example.com/m\ngo 1.21\n", b"module example.com/m\n\ngo 1.21\n"
LONG = 1 << 20
ODD = {
    "x": (0, 1, -1, 2**63 - 1, -(2**63)),
    "u": (0, 2**32 - 1),
    "b": (True,),
    "s": ("", "/", "../../etc", "a\nb\x1b]0;x\x07\u202e", "%s%n{0}", "x" * LONG),
    "ay": (b"", b"go.mod", b"/\0/go.mod", b"/\xff\n\x1b[2J/go.mod", b"/a" * 5000, b"/a" * 2047),
    "as": ([], ["PATH\nLD_PRELOAD"], ["x" * LONG], [f"V{one}" for one in range(20_000)]),
}
METHODS = {
    method.attrib["name"]: [arg.attrib["type"] for arg in method.findall("arg[@direction='in']")]
    for method in ET.fromstring(INTROSPECTION).iter("method")
}
BIG = {"ApplyFix": 2}  # arguments of which a few combinations do


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    home = tmp_path_factory.mktemp("peers")
    with PrivateBus(home) as bus:
        daemon = Daemon(home, bus)
        (daemon.source / "go.mod").write_bytes(TIDY)
        with daemon:
            yield daemon
        assert "Traceback" not in daemon.log(), daemon.log()[-5000:]


@pytest.fixture
def peer(daemon):
    daemon.bus.wait_for_name(MANAGER.bus_name)
    with open_dbus_connection(daemon.bus.address, auth_timeout=30) as connection:
        yield connection


def goes_on(daemon, what):
    """Show that a save is answered; the same one twice could be another program that puts the file back."""
    (daemon.source / "go.mod").write_bytes(b"// %s\n%s" % (what, MESSY))
    daemon.wait_for_bytes(daemon.source / "go.mod", b"// %s\n%s" % (what, TIDY))
    assert daemon.alive


@pytest.mark.parametrize("method", METHODS)
def test_odd_arguments_are_answered_and_nothing_else(daemon, peer, method):
    signature = "".join(METHODS[method])
    choices = [ODD[one][: BIG.get(method, 9)] for one in METHODS[method]]
    for arguments in product(*choices):
        call = new_method_call(MANAGER, method, signature or None, arguments)
        reply = peer.send_and_get_reply(call, timeout=60)
        name = reply.header.fields.get(HeaderFields.error_name, "")
        assert name != "org.gowatchd.Error.Internal", (method, reply.body)
        answered = reply.header.message_type is MessageType.method_return
        assert answered or name.startswith("org.gowatchd."), name


def test_thousands_of_calls_do_not_keep_it_from_its_work(daemon, peer):
    for _ in range(3000):
        peer.send_message(new_method_call(MANAGER, "GetStatus"))
    for _ in range(200):
        peer.send_message(new_method_call(MANAGER, "Rescan"))
    goes_on(daemon, b"calls")
    daemon.bus.wait_for_name(MANAGER.bus_name)  # it leaves those who flood it for a while


SYSTEMD = "org.freedesktop.systemd1"
FORGED = (
    ("/org/freedesktop/systemd1", f"{SYSTEMD}.Manager", "Reloading", "b", (False,)),
    ("/org/freedesktop/systemd1", f"{SYSTEMD}.Manager", "Reloading", "as", (["odd"],)),
    (
        "/org/freedesktop/systemd1/unit/x_2eservice",
        "org.freedesktop.DBus.Properties",
        "PropertiesChanged",
        "",
        (),
    ),
    ("/org/freedesktop/Notifications", "org.freedesktop.Notifications", "ActionInvoked", "us", (1, "undo")),
    ("/org/freedesktop/Notifications", "org.freedesktop.Notifications", "ActionInvoked", "", ()),
    ("/org/freedesktop/Notifications", "org.freedesktop.Notifications", "NotificationClosed", "s", ("odd",)),
    (
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus",
        "NameOwnerChanged",
        "sss",
        ("org.gowatchd.Gowatchd1", "", ""),
    ),
    ("/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged", "u", (1,)),
)


@pytest.mark.parametrize("owns", [False, True], ids=["a stranger", "who took the names"])
def test_forged_signals_do_nothing(daemon, peer, owns):
    """Sent to everybody, and to the daemon alone: GLib once took those for what had been subscribed to."""
    names = (SYSTEMD, "org.freedesktop.Notifications") if owns else ()
    for name in names:
        assert peer.send_and_get_reply(message_bus.RequestName(name)).body == (1,)
    owner = peer.send_and_get_reply(message_bus.GetNameOwner(MANAGER.bus_name), timeout=60)
    assert owner.header.message_type is MessageType.method_return, owner.body
    ours = owner.body[0]
    for path, interface, name, signature, body in FORGED:
        for destination in (None, ours):
            message = new_signal(DBusAddress(path, interface=interface), name, signature or None, body)
            if destination:
                message.header.fields[HeaderFields.destination] = destination
            peer.send_message(message)
    goes_on(daemon, b"owner" if owns else b"stranger")
    for name in names:
        peer.send_and_get_reply(message_bus.ReleaseName(name))
    assert "bus" not in daemon.off()


def test_a_name_that_is_taken_before_the_start_is_said_and_taken_when_free(daemon, tmp_path):
    """Whoever has it first is named with its process; watching and formatting go on without it."""
    with PrivateBus(tmp_path) as bus, open_dbus_connection(bus.address, auth_timeout=30) as thief:
        assert thief.send_and_get_reply(message_bus.RequestName(MANAGER.bus_name)).body == (1,)
        with Daemon(tmp_path / "home", bus) as other:
            other.wait_for_log("is taken: process ")
            (other.source / "go.mod").write_bytes(MESSY)
            other.wait_for_bytes(other.source / "go.mod", TIDY)
            thief.send_and_get_reply(message_bus.ReleaseName(MANAGER.bus_name))
            other.wait_for_log("on the session bus as")
