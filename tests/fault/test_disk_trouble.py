"""A disk that is full, read-only or over its quota: nothing is lost, it is said, and it passes by itself."""

from __future__ import annotations

import contextlib
import signal
import subprocess

from tests.support.daemon import Daemon
from tests.support.desktop import needs_display, needs_dunst
from tests.support.other_process import needs_root
from tests.support.places import FailingDisk, fill, quota_disk, small_disk
from tests.support.processor import RESTS, RETRIED_SECONDS, share_beside_a_busy_one

pytestmark = [needs_root, needs_display, needs_dunst]

# Formatted, each line of the block gets a tab: more than the page that it fills to the last byte.
LINES = b"".join(b"example.com/m%02d v1.0.0\n" % number for number in range(60))
FULL_PAGE = b"module example.com/m\n\ngo 1.21\n\nrequire (\n%s)\n" % LINES
FULL_PAGE += b"\n//".ljust(4096 - len(FULL_PAGE) - 1, b"x") + b"\n"
TIDY_PAGE = FULL_PAGE.replace(b"example.com/m", b"\texample.com/m").replace(b"module \t", b"module ")
UNTIDY = b"module   example.com/m\ngo 1.21\n"
TIDY = b"module example.com/m\n\ngo 1.21\n"


@contextlib.contextmanager
def running(home, bus, dunst):
    """Yield a daemon that leaves time between a save and the rewrite, for what shall happen in between."""
    daemon = Daemon(home, bus, config="[format]\nsettle_ms = 1000\n")
    (home / "src" / "go.mod").write_bytes(TIDY)
    with daemon:
        daemon.wait_for(lambda: daemon.ask("GetStatus")["notifications"]["server"], "the server")
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


def in_trouble(daemon, dunst, data, reason):
    """Show that the file with ``data`` is left as it is for ``reason``, said once, at no cost."""
    mod = daemon.source / "go.mod"
    daemon.wait_for(lambda: daemon.standing(mod), "the reason why it is not formatted")
    state, said = daemon.standing(mod)
    assert state == "pending"
    assert reason in said
    daemon.wait_for(lambda: dunst.told("src/go.mod was not formatted") == 1, "the notification")
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    assert mod.read_bytes() == data
    assert dunst.told("was not formatted") == 1
    assert dunst.told(reason) == 1


def passes_by_itself(daemon, dunst, data):
    """Show that the same daemon formats what waited, takes back its note, and serves what comes then."""
    mod = daemon.source / "go.mod"
    daemon.wait_for_bytes(mod, data, RETRIED_SECONDS)
    daemon.wait_for(lambda: daemon.standing(mod) is None, "nothing to wait for")
    daemon.wait_for(lambda: daemon.ask("GetStatus")["last_change"], "the change in the history")
    daemon.wait_for(lambda: dunst.closed("was not formatted"), "the note to go")
    assert daemon.gowatchctl("undo").returncode == 0
    mod.write_bytes(UNTIDY.replace(b"m\n", b"later\n"))
    daemon.wait_for_bytes(mod, TIDY.replace(b"m\n", b"later\n"))


def test_the_disk_of_the_files_is_full(home, bus, dunst):
    with small_disk(home / "src", "64k") as source, running(home, bus, dunst) as daemon:
        (source / "go.mod").write_bytes(FULL_PAGE)
        ballast = fill(source)
        in_trouble(daemon, dunst, FULL_PAGE, "no space left on device")
        ballast.unlink()
        passes_by_itself(daemon, dunst, TIDY_PAGE)


def test_the_disk_of_the_history_is_full(home, bus, dunst):
    with small_disk(home / "state", "256k") as state, running(home, bus, dunst) as daemon:
        ballast = fill(state)
        (home / "src" / "go.mod").write_bytes(UNTIDY)
        in_trouble(daemon, dunst, UNTIDY, "no way back could be kept")
        ballast.unlink()
        passes_by_itself(daemon, dunst, TIDY)


def test_the_quota_of_a_home_is_used_up(bus, dunst, tmp_path):
    with quota_disk(tmp_path / "disk", "4M") as home:
        (home / "src").mkdir()
        with running(home, bus, dunst) as daemon:
            (home / "src" / "go.mod").write_bytes(UNTIDY)
            ballast = fill(home)
            in_trouble(daemon, dunst, UNTIDY, "no way back could be kept")
            ballast.unlink()
            sync(home)
            passes_by_itself(daemon, dunst, TIDY)


def sync(folder):
    """Have what was written and removed on the disk, which is when a btrfs counts it."""
    subprocess.run(["sync", "-f", str(folder)], check=True, timeout=60)


def test_the_disk_of_the_files_is_remounted_read_only(home, bus, dunst):
    with small_disk(home / "src", "64k") as disk, running(home, bus, dunst) as daemon:
        (disk / "go.mod").write_bytes(UNTIDY)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True, timeout=90)
        in_trouble(daemon, dunst, UNTIDY, "read-only file system")
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True, timeout=90)
        passes_by_itself(daemon, dunst, TIDY)


def test_the_disk_of_the_history_fails_and_comes_back(home, bus, dunst):
    with FailingDisk(home / "state") as disk, running(home, bus, dunst) as daemon:
        disk.fail()
        (home / "src" / "go.mod").write_bytes(UNTIDY)
        in_trouble(daemon, dunst, UNTIDY, "no way back could be kept")
        daemon.process.send_signal(signal.SIGSTOP)  # it would begin a history below the mount point
        disk.unmount()
        disk.mount()
        daemon.process.send_signal(signal.SIGCONT)
        passes_by_itself(daemon, dunst, TIDY)
