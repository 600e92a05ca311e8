"""The daemon itself before a real server: its buttons do what gowatchctl does, and a restart is no news."""

from __future__ import annotations

import json

import pytest

from tests.support.daemon import Daemon
from tests.support.desktop import Dunst, needs_display, needs_dunst

pytestmark = [needs_display, needs_dunst]
UNTIDY, TIDY = b"module   example.com/%d\ngo 1.21\n", b"module example.com/%d\n\ngo 1.21\n"


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    (home / "src").mkdir(parents=True)
    (home / "src" / "go.mod").write_bytes(TIDY % 0)
    return home


def format_one(daemon, number):
    mod = daemon.source / str(number) / "go.mod"
    mod.parent.mkdir()
    mod.write_bytes(UNTIDY % number)
    daemon.wait_for_bytes(mod, TIDY % number)


def test_mute_in_the_first_note_mutes_as_gowatchctl_does(home, bus, display):
    server = Dunst(bus, display)
    with Daemon(home, bus) as daemon:
        daemon.wait_for(lambda: server.told("gowatchd works without go"), "the first note of all")
        assert server.told("gowatchctl mute makes it quiet") == 1
        server.press("Mute 1 h")
        choices = home / "state/gowatchd/choices.json"
        daemon.wait_for(choices.exists, "the mute")
        (folder,) = json.loads(choices.read_text())["muted"]
        assert folder == "/"
        server.wait_for_count(0)
        format_one(daemon, 1)
        format_one(daemon, 2)
        dry_run = False
        daemon.ask("Unmute", "ayb", b"/", dry_run)
        format_one(daemon, 3)
        daemon.wait_for(lambda: server.told("Formatted 3/go.mod"), "a note after the mute")
        assert (server.told("Formatted 1/go.mod"), server.told("Formatted 2/go.mod")) == (0, 0)
    server.stop()


def test_a_restart_shows_what_lasts_and_introduces_nobody(home, bus, display):
    server = Dunst(bus, display)
    with Daemon(home, bus) as daemon:
        daemon.wait_for(lambda: server.told("gowatchd works without go"), "what lasts")
    (home / "log").unlink()  # the start of a daemon waits for what its log says
    with Daemon(home, bus) as daemon:
        daemon.wait_for(lambda: server.told("gowatchd works without go") == 2, "what lasts, in its place")
        assert server.count() == 1
        assert server.told("gowatchctl mute makes it quiet") == 1
        server.close_all()
        server.wait_for_count(0)
    (home / "log").unlink()
    with Daemon(home, bus) as daemon:
        format_one(daemon, 1)
        daemon.wait_for(lambda: server.told("Formatted 1/go.mod"), "something new")
        assert server.told("gowatchd works without go") == 2
    server.stop()
