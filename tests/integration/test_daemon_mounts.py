"""The daemon and file systems that are mounted and unmounted under it."""

from __future__ import annotations

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.file_systems import missing_for
from tests.support.mounting import automounter, mounted, stored
from tests.support.watching import write

pytestmark = pytest.mark.skipif(missing_for("tmpfs") is not None, reason=str(missing_for("tmpfs")))

UNTIDY = b"module   example.com/m\n\ngo 1.21\n"
TIDY = b"module example.com/m\n\ngo 1.21\n"


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as private:
        yield private


def roots(daemon):
    return sorted(one["root"] for one in daemon.ask("GetStatus")["workspaces"])


def test_what_comes_with_a_mount_is_checked_and_not_formatted(tmp_path, bus):
    """As at the start; a save is what it always is."""
    home = tmp_path / "home"
    with stored(tmp_path, "disk") as store, Daemon(home, bus) as daemon:
        for number in range(5):
            write(store / f"m{number}" / "go.mod").write_bytes(UNTIDY)
        write(store / "broken" / "go.mod", "module example.com/m\n\nfrobnicate\n")
        assert roots(daemon) == []
        with mounted(daemon.source, "--bind", str(store)):
            daemon.wait_for(lambda: len(roots(daemon)) == 6, "what is on the disk")
            assert daemon.codes(daemon.source / "broken")
            saved = daemon.source / "m0" / "go.mod"
            saved.write_bytes(UNTIDY)
            daemon.wait_for_bytes(saved, TIDY)
            assert (daemon.source / "m1" / "go.mod").read_bytes() == UNTIDY
        daemon.wait_for(lambda: roots(daemon) == [], "that all is gone")
        assert "Traceback" not in daemon.log()


def test_a_member_on_a_disk(tmp_path, bus):
    home = tmp_path / "home"
    write(home / "src/go.work", "go 1.22\n\nuse ./disk/lib\n")
    (home / "src/disk").mkdir()
    with stored(tmp_path, "disk") as store, Daemon(home, bus) as daemon:
        write(store / "lib/go.mod", "module example.com/lib\n\ngo 1.22\n")
        assert daemon.codes(daemon.source)
        with mounted(daemon.source / "disk", "--bind", str(store)):
            daemon.wait_for(lambda: daemon.codes(daemon.source) == [], "all well with the disk")
        daemon.wait_for(lambda: daemon.codes(daemon.source), "a problem without it")


def test_an_automounter_is_not_made_to_mount(tmp_path, bus):
    """What is mounted there later is watched."""
    home = tmp_path / "home"
    with automounter(home / "src") as waiting, stored(tmp_path, "disk", "m/go.mod") as store:
        daemon = Daemon(home, bus)
        daemon.own_group = True  # the kernel takes those of our own for the automounter's
        daemon.start()
        assert "automounter" in daemon.off()["watching"]
        assert not waiting.asked
        with mounted(daemon.source, "--bind", str(store)):
            daemon.wait_for(lambda: len(roots(daemon)) == 1, "the module on the disk")
            assert "watching" not in daemon.off()
            (daemon.source / "m/go.mod").write_bytes(UNTIDY)
            daemon.wait_for_bytes(daemon.source / "m/go.mod", TIDY)
            assert daemon.stop() == 0
        assert not waiting.asked
