"""inotify without an instance, without watches, with a queue that ran over: said, quiet, and made good."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.bus import wait_for
from tests.support.daemon import Daemon
from tests.support.desktop import needs_display, needs_dunst
from tests.support.go import needs_go
from tests.support.inotify_limits import needs_own_limits
from tests.support.processor import RESTS, RETRIED_SECONDS, share_beside_a_busy_one

UNTIDY = b"module   example.com/m\ngo 1.21\n"
TIDY = b"module example.com/m\n\ngo 1.21\n"
QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")


@pytest.fixture
def limited(home, bus):
    """Return what starts a daemon in a user namespace, where a kind of inotify's things has another limit."""
    started = []

    def start(kind, number, until="checked everything"):
        daemon = Daemon(home, bus, go=True)  # so that nothing else is to be told
        setting = f"/proc/sys/user/max_inotify_{kind}"
        daemon.launcher = ("unshare", "--user", "--map-root-user", "sh", "-c")
        daemon.launcher += (f'echo {number} >{setting} && exec "$@"', "sh")
        started.append(daemon)
        daemon.start(until=until)
        return daemon

    yield start
    for daemon in started:
        assert daemon.stop() == 0
        assert "Traceback" not in daemon.log(), daemon.log()


def set_limit(daemon, kind, number):
    """Set the limit in the namespace of ``daemon``, as an administrator would on the machine."""
    inside = ("nsenter", "--user", "--preserve-credentials", f"--target={daemon.process.pid}")
    command = f"echo {number} >/proc/sys/user/max_inotify_{kind}"
    subprocess.run([*inside, "sh", "-c", command], check=True, timeout=90)


@needs_go
@needs_own_limits
@needs_display
@needs_dunst
def test_no_instance_is_left_at_the_start(limited, home, dunst):
    mod = home / "src" / "go.mod"
    mod.write_bytes(TIDY)
    daemon = limited("instances", 0, until="D-Bus: ")
    assert "fs.inotify.max_user_instances" in daemon.off()["watching"]
    daemon.wait_for(lambda: dunst.told("works without watching") == 1, "the notification")
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    assert dunst.told("works without watching") == 1
    set_limit(daemon, "instances", 10)
    daemon.wait_for(lambda: "watching" not in daemon.off(), "the watching", RETRIED_SECONDS)
    daemon.wait_for(lambda: daemon.ask("GetStatus")["workspaces"], "the module")
    mod.write_bytes(UNTIDY)
    daemon.wait_for_bytes(mod, TIDY)
    daemon.wait_for(lambda: dunst.closed("works without watching"), "the note to go")


@needs_go
@needs_own_limits
@needs_display
@needs_dunst
def test_too_few_watches_for_all_folders(limited, home, dunst):
    for number in range(60):
        (home / "src" / f"plain-{number}").mkdir()
    app = home / "src" / "app"
    app.mkdir()
    (app / "go.mod").write_bytes(TIDY)
    daemon = limited("watches", 30)
    daemon.wait_for(lambda: "sysctl fs.inotify" in daemon.off().get("watching", ""), "what to do")
    daemon.wait_for(lambda: dunst.told("works without watching") == 1, "the notification")
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    (app / "go.mod").write_bytes(UNTIDY)
    daemon.wait_for_bytes(app / "go.mod", TIDY)
    set_limit(daemon, "watches", 10_000)
    daemon.ask("Rescan")
    daemon.wait_for(lambda: "watching" not in daemon.off(), "the watching")
    (home / "src" / "plain-7" / "go.mod").write_bytes(UNTIDY)
    daemon.wait_for_bytes(home / "src" / "plain-7" / "go.mod", TIDY)


def test_the_queue_runs_over(home, bus):
    """Saves, a new module and one that goes are among what the kernel had no room for."""
    place = home / "src" / "place"
    for name in ("saved", "gone", "storm"):
        (place / name).mkdir(parents=True)
        (place / name / "go.mod").write_bytes(TIDY)
    with Daemon(home, bus) as daemon:
        assert len(daemon.ask("GetStatus")["workspaces"]) == 3
        daemon.process.send_signal(signal.SIGSTOP)
        stat = Path(f"/proc/{daemon.process.pid}/stat")
        wait_for(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T", "it to stand")
        for number in range(int(QUEUE.read_text()) // 2 + 1000):
            (place / "storm" / f"{number % 100}").touch()
            (place / "storm" / f"{number % 100}").unlink()
        (place / "saved" / "go.mod").write_bytes(UNTIDY)
        (place / "gone" / "go.mod").unlink()
        (place / "new").mkdir()
        (place / "new" / "go.mod").write_bytes(UNTIDY)
        daemon.process.send_signal(signal.SIGCONT)
        daemon.wait_for_bytes(place / "saved" / "go.mod", TIDY)
        daemon.wait_for_bytes(place / "new" / "go.mod", TIDY)
        names = {"saved", "storm", "new"}
        roots = {str(place / name) for name in names}
        daemon.wait_for(
            lambda: {one["root"] for one in daemon.ask("GetStatus")["workspaces"]} == roots, "all"
        )
        assert share_beside_a_busy_one(daemon.process.pid) < RESTS
        assert daemon.off().keys() == {"go"}
    assert "Traceback" not in daemon.log(), daemon.log()
