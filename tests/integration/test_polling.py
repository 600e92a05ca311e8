"""Where inotify is blind: a file system of FUSE's over a folder that somebody else changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from gowatchd.system import polling
from gowatchd.system.mounts import Mounts
from gowatchd.system.polling import FOLDERS_MOST, POINTS_MOST, FolderPoller
from tests.support.bus import PrivateBus, wait_for
from tests.support.daemon import Daemon
from tests.support.main_loop import MainLoop
from tests.support.mounting import run
from tests.support.watching import Watched, write

needs_bindfs = pytest.mark.skipif(
    shutil.which("bindfs") is None or not Path("/dev/fuse").exists() or os.geteuid() != 0,
    reason="needs root, bindfs and /dev/fuse",
)

UNTIDY = b"module   example.com/m\n\ngo 1.21\n"
TIDY = b"module example.com/m\n\ngo 1.21\n"


@contextmanager
def shown(elsewhere, point):
    """Show the folder ``elsewhere`` at ``point``, through FUSE: changes behind it bring no event there."""
    point.mkdir(parents=True, exist_ok=True)
    run("bindfs", "-o", "attr_timeout=0,entry_timeout=0", str(elsewhere), str(point))
    try:
        yield point
    finally:
        run("umount", "-l", str(point))


def poll_threads():
    return [one for one in threading.enumerate() if "Polling" in type(one).__name__]


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(polling, "POLL_SECONDS", 0.2)


@needs_bindfs
def test_what_is_changed_behind_it_is_seen(tmp_path, soon):
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "root"
    write(elsewhere / "m/go.mod")
    with shown(elsewhere, root):
        seen = Watched(root)
        try:
            assert poll_threads() == []
            seen.watcher.poll_blind([seen.path("m")])
            assert len(poll_threads()) == 2  # one that looks, one that hands on
            seen.wait_for("m/go.mod")  # the first round: it may have changed since it was listed
            write(elsewhere / "m/go.mod", "module example.com/changed\n")
            seen.wait_for("m/go.mod")
            write(elsewhere / "m/go.work", "go 1.22\n")
            seen.wait_until_known("m/go.mod", "m/go.work")
            (elsewhere / "m/go.work").unlink()
            seen.wait_until_known("m/go.mod")
            write(elsewhere / "m/go.sum", "")
            seen.loop.run_until(lambda: seen.path("m/go.sum") in seen.heard.beside)
            seen.watcher.poll_blind([])
            wait_for(lambda: poll_threads() == [], "the threads to end")
        finally:
            seen.watcher.close()


@needs_bindfs
def test_it_begins_and_ends_with_the_mount(tmp_path, soon):
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "root"
    write(elsewhere / "m/go.mod")
    root.mkdir()
    seen = Watched(root)
    try:
        seen.watcher.poll_blind([seen.path("m")])
        assert poll_threads() == []
        for _ in range(2):
            with shown(elsewhere, root):
                seen.wait_until_known("m/go.mod")
                assert seen.path("").rstrip("/") in seen.watcher.blind
                write(elsewhere / "m/go.mod", "module example.com/changed\n")
                seen.wait_for("m/go.mod")
            seen.wait_until_known()
            seen.loop.run_until(lambda: seen.watcher.blind == "")  # inotify may tell before the mount table
            wait_for(lambda: poll_threads() == [], "the threads to end")
    finally:
        seen.watcher.close()


@needs_bindfs
def test_a_server_that_hangs_holds_nobody_up(tmp_path, soon):
    """Neither the main loop, nor the other file systems, nor the end."""
    for name in ("one", "two"):
        write(tmp_path / "elsewhere" / name / "go.mod")
    with (
        shown(tmp_path / "elsewhere/one", tmp_path / "one"),
        shown(tmp_path / "elsewhere/two", tmp_path / "two"),
    ):
        loop, came = MainLoop(), []
        poller = FolderPoller(loop, came.append)
        poller.choose([str(tmp_path / "one"), str(tmp_path / "two")], Mounts.read())
        loop.run_until(lambda: len(came) == 2)
        found = subprocess.run(
            ["pgrep", "-f", f"{tmp_path}/one$"], check=True, capture_output=True, text=True, timeout=20
        )
        server = int(found.stdout)
        os.kill(server, 19)
        try:
            for number in range(3):
                came.clear()
                write(tmp_path / "elsewhere/two/go.mod", f"module example.com/{'x' * number}\n")
                loop.run_until(lambda: str(tmp_path / "two/go.mod") in came)
            poller.close()
            done = []
            loop.call_when_idle(lambda: done.append(1))
            loop.run_until(lambda: done)
        finally:
            os.kill(server, 18)
        wait_for(lambda: poll_threads() == [], "the threads to end")


@needs_bindfs
def test_the_daemon_says_it_and_judges_what_was_saved_elsewhere(tmp_path):
    elsewhere, home = tmp_path / "elsewhere", tmp_path / "home"
    write(elsewhere / "m/go.mod").write_bytes(TIDY)
    with PrivateBus(tmp_path) as bus, shown(elsewhere, home / "src"), Daemon(home, bus) as daemon:
        daemon.wait_for(lambda: "within 10 s" in daemon.off().get("inotify", ""), "that it polls")
        assert f"{daemon.source} (fuse)" in daemon.off()["inotify"]
        (elsewhere / "m/go.mod").write_bytes(b"module example.com/m\n\nfrobnicate\n")
        daemon.wait_for(lambda: daemon.codes(daemon.source / "m"), "the problem", 30)
        (daemon.source / "m/go.mod").write_bytes(UNTIDY)  # here, and heard at once
        daemon.wait_for(lambda: not daemon.codes(daemon.source / "m"), "no problem any more", 5)


def mounts_of(number, kind):
    return Mounts({b"/": b"ext4", **{b"/far/%d" % one: kind for one in range(number)}})


@pytest.mark.parametrize("kind", [b"9p", b"drvfs", b"nfs4", b"cifs", b"fuse.sshfs", b"virtiofs"])
def test_only_on_file_systems_where_inotify_is_blind(kind):
    poller = FolderPoller(MainLoop(), print)
    poller.choose(["/home/u/m", "/far/01"], mounts_of(1, kind))
    assert poll_threads() == []
    assert poller.describe(["/home/u"], mounts_of(1, kind)) == ""
    assert f"/far/0 ({kind.decode()})" in poller.describe(["/far/0/src"], mounts_of(1, kind))


def test_there_is_an_end_to_it(tmp_path):
    """Neither threads nor questions without number."""
    poller = FolderPoller(MainLoop(), print)
    mounts = mounts_of(POINTS_MOST + 5, b"nfs")
    places = [f"/far/{point}" for point in range(POINTS_MOST + 5)]
    try:
        poller.choose([f"{place}/m" for place in places], mounts)
        assert len(poll_threads()) == POINTS_MOST + 1
        poller.choose([f"{place}/{number}" for place in places for number in range(500)], mounts)
        assert sum(map(len, poller._wanted.values())) == FOLDERS_MOST * 6
    finally:
        poller.close()
    wait_for(lambda: poll_threads() == [], "the threads to end")
