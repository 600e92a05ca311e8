"""The session bus and the notification server go and come back under a daemon that goes on all the time."""

from __future__ import annotations

from functools import partial

import pytest

from tests.support.daemon import Daemon
from tests.support.desktop import Dunst, needs_display, needs_dunst
from tests.support.processor import RESTS, share_beside_a_busy_one

pytestmark = [needs_display, needs_dunst]

UNTIDY = b"module   example.com/%d\ngo 1.21\n"
TIDY = b"module example.com/%d\n\ngo 1.21\n"
NAME = "org.gowatchd.Gowatchd1"


@pytest.fixture
def daemon(home, bus):
    (home / "src" / "go.mod").write_bytes(TIDY % 0)
    with Daemon(home, bus) as daemon:
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


def formats(daemon, number):
    """Show that a save in the folder ``number`` is formatted."""
    mod = daemon.source / str(number) / "go.mod"
    mod.parent.mkdir()
    mod.write_bytes(UNTIDY % number)
    daemon.wait_for_bytes(mod, TIDY % number)


def knows_server(daemon):
    return daemon.ask("GetStatus")["notifications"]["server"]


def test_the_session_bus_is_killed_and_restarted(home, bus, display):
    """Only what lasts is told, for more than three notes a minute would wait."""
    (home / "src" / "go.mod").write_bytes(TIDY % 0)
    with Daemon(home, bus, config='[notify]\nlevel = "problems"\n') as daemon:
        pid = daemon.process.pid
        for times in (1, 2):
            server = Dunst(bus, display)
            daemon.wait_for(partial(knows_server, daemon), "the server")
            daemon.wait_for(partial(has_told, server, "gowatchd works without go", times), "what lasts")
            server.kill()
            bus.kill()
            daemon.wait_for(partial(has_lost_bus, daemon, times), "the end of the bus")
            formats(daemon, 2 * times)
            assert share_beside_a_busy_one(pid) < RESTS
            bus.start()
            bus.wait_for_name(NAME)
            assert "bus" not in daemon.off()
            formats(daemon, 2 * times + 1)
        assert daemon.process.pid == pid
        assert daemon.alive
    assert "Traceback" not in daemon.log(), daemon.log()


def has_told(server, text, times=1):
    return server.told(text) == times


def has_lost_bus(daemon, times):
    return daemon.log().count("D-Bus: the session bus went away") == times


def test_the_notification_server_is_restarted(daemon, bus, display):
    pid = daemon.process.pid
    server = Dunst(bus, display)
    daemon.wait_for(lambda: knows_server(daemon), "the server")
    daemon.wait_for(lambda: server.told("gowatchd works without go") == 1, "the note on what lasts")
    server.kill()
    daemon.wait_for(lambda: knows_server(daemon) is None, "the end of the server")
    formats(daemon, 1)
    assert share_beside_a_busy_one(pid) < RESTS
    server = Dunst(bus, display)
    daemon.wait_for(lambda: knows_server(daemon), "the new server")
    daemon.wait_for(lambda: server.told("gowatchd works without go") == 2, "what lasts, once more")
    daemon.wait_for(lambda: server.told("Formatted 1/go.mod"), "the note on what happened meanwhile")
    # which is one with what lasts where the machine is slow, and has no Undo then
    (daemon.source / "1" / "go.mod").write_bytes(UNTIDY % 1)
    daemon.wait_for(lambda: server.told("Formatted 1/go.mod: "), "a note of its own on what happens now")
    server.press("Undo")
    daemon.wait_for_bytes(daemon.source / "1" / "go.mod", UNTIDY % 1)
    server.stop()


def test_a_notification_server_that_hangs_holds_nobody_up(daemon, bus, display):
    server = Dunst(bus, display)
    daemon.wait_for(lambda: knows_server(daemon), "the server")
    server.pause()
    for number in range(1, 5):
        formats(daemon, number)
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    assert len(daemon.ask("GetStatus")["workspaces"]) == 5
    server.resume()
    daemon.wait_for(lambda: server.told("Formatted 1/go.mod"), "the note")
    server.stop()
