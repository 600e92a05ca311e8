"""What tests of notes on real servers share, and a server that misbehaves on purpose."""

from __future__ import annotations

from gowatchd.services.notes import Note

OLD, NEW = b"module  example.com/app\n", b"module example.com/app\n"


class Listener:
    """Writes down what becomes of notes."""

    def __init__(self):
        self.heard = []

    def server_changed(self, name, run):
        self.heard.append(("server", name))

    def shown(self, key, number):
        """Nothing here is about numbers."""

    def action(self, key, action, token):
        self.heard.append(("action", key, action, token) if token else ("action", key, action))

    def closed(self, key):
        self.heard.append(("closed", key))


def undo_note(key="formatted:/src/go.mod", body="/src", **more):
    return Note(key, "Formatted src/go.mod", body, actions=(("undo", "Undo"),), **more)


MOCK = """
import json
import os
import sys
import dbus, dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib
NAME = "org.freedesktop.Notifications"
MANNER, SEEN = sys.argv[1:]
class Excess(dbus.DBusException):
    _dbus_error_name = NAME + ".Error.ExcessNotificationGeneration"
refused = []
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
        if MANNER == "dying":
            os._exit(1)
        if MANNER == "excess" or (MANNER == "hasty" and not refused):
            refused.append(title)
            fail(Excess("Created too many similar notifications in quick succession"))
            return
        types = {key: type(value).__name__ for key, value in hints.items()}
        with open(SEEN, "w") as seen:
            json.dump([app, body, actions, types, expire], seen)
        done(dbus.UInt32(7))
        if MANNER == "twice":
            for _ in range(2):
                self.ActionInvoked(7, "undo")
        if MANNER == "clicked":
            self.ActivationToken(7, "a token")
            self.ActionInvoked(7, "default")
            self.ActionInvoked(7, "undo")
        self.NotificationClosed(7, 2)
    @dbus.service.signal(NAME, signature="us")
    def ActionInvoked(self, id, key): pass
    @dbus.service.signal(NAME, signature="us")
    def ActivationToken(self, id, token): pass
    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, id, reason): pass
bus = dbus.SessionBus(mainloop=DBusGMainLoop())
name = dbus.service.BusName(NAME, bus)
def serve():
    global server
    server = Server(bus, "/org/freedesktop/Notifications")
def asked(connection, message):
    if message.get_member() == "GetCapabilities" and "server" not in globals():
        GLib.timeout_add(0, serve)
    return 1  # it goes on: there is no such object
if MANNER == "late":
    bus.add_message_filter(asked)
else:
    serve()
GLib.MainLoop().run()
"""
