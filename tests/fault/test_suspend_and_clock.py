"""The machine sleeps, and the clock jumps: what was under way is finished, and nothing hurries after it."""

from __future__ import annotations

import os
import signal
import socket
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.support.bus import wait_for
from tests.support.daemon import Daemon
from tests.support.git import repository
from tests.support.go import NEWEST, TOOLCHAINS, needs_go
from tests.support.processor import RESTS, share_beside_a_busy_one

UNTIDY = b"module   example.com/m\ngo 1.21\n"
TIDY = b"module example.com/m\n\ngo 1.21\n"
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
DAY = timedelta(days=1)


def suspend(daemon):
    """Stop every thread of it, as a suspend does, and wait until it stands."""
    daemon.process.send_signal(signal.SIGSTOP)
    stat = Path(f"/proc/{daemon.process.pid}/stat")
    wait_for(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T", "it to stand")


def resume(daemon):
    daemon.process.send_signal(signal.SIGCONT)


def let_pass(moment):
    """Wait until the clock that timers go by has passed ``moment``."""
    wait_for(lambda: time.monotonic() > moment, "the time to pass", 60)


def test_a_settle_and_a_question_to_git_span_a_suspend(home, bus):
    repo = repository(home / "src" / "repository")
    with Daemon(home, bus, config="[format]\nsettle_ms = 500\n") as daemon:
        (repo / "go.mod").write_bytes(UNTIDY)
        daemon.wait_for(lambda: daemon.codes(repo) == [], "a look at the save, which has a go line")
        suspend(daemon)
        let_pass(time.monotonic() + 1)  # the settle is over, and so is what git had to say
        assert (repo / "go.mod").read_bytes() == UNTIDY
        resume(daemon)
        daemon.wait_for_bytes(repo / "go.mod", TIDY)
        assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    assert "Traceback" not in daemon.log(), daemon.log()


def test_what_was_saved_again_during_a_suspend_is_not_overwritten(home, bus):
    mod = home / "src" / "go.mod"
    mod.write_bytes(TIDY)
    with Daemon(home, bus, config="[format]\nsettle_ms = 500\n") as daemon:
        mod.write_bytes(UNTIDY)
        daemon.wait_for(lambda: daemon.ask("GetStatus")["workspaces"], "a look at the save")
        suspend(daemon)
        later = UNTIDY.replace(b"/m", b"/later")
        mod.write_bytes(later)
        let_pass(time.monotonic() + 1)
        assert mod.read_bytes() == later
        resume(daemon)
        daemon.wait_for_bytes(mod, TIDY.replace(b"/m", b"/later"))
        assert b"/m\n" not in b"".join(one.read_bytes() for one in (home / "src").iterdir())


@needs_go
def test_a_go_that_answered_during_the_suspend_is_heard(home, bus):
    """Its time was over when we woke up, but its answer was there long before."""
    fake = home / "goroot" / "bin" / "go"
    fake.parent.mkdir(parents=True)
    began = home / "began"
    real = f"{TOOLCHAINS[NEWEST]}/bin/go"
    fake.write_text(
        f"#!/bin/sh\nif [ $1 = list ]; then touch {began}; echo 'go: a word of wisdom' >&2; exit 1; fi\n"
        f'{real} "$@" | sed \'s,"GOROOT": .*,"GOROOT": "{home}/goroot"\\,,\'\n'
    )
    fake.chmod(0o755)
    mod = home / "src" / "go.mod"
    mod.write_bytes(TIDY)
    with Daemon(home, bus, config=f'[check]\ngo = "{fake}"\n') as daemon:
        daemon.wait_for(began.exists, "the question to go")
        began.unlink()
        mod.write_bytes(TIDY + b"\n// more\n")
        daemon.wait_for(began.exists, "the next question")
        suspend(daemon)
        let_pass(time.monotonic() + 21)  # go has 20 seconds
        resume(daemon)
        daemon.wait_for(lambda: daemon.ask("GetStatus")["workspaces"], "the daemon")
        daemon.wait_for(lambda: not children(daemon), "the child to be buried")
        assert "cross-check" not in daemon.off(), daemon.log()


def children(daemon):
    return Path(f"/proc/{daemon.process.pid}/task/{daemon.process.pid}/children").read_text().split()


def test_the_watchdog_hears_of_us_after_a_suspend(home, bus, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        daemon = Daemon(home, bus)
        daemon.environment |= {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "2000000"}
        with daemon:
            suspend(daemon)
            manager.settimeout(0)
            drain(manager)
            let_pass(time.monotonic() + 2.5)
            manager.settimeout(60)
            resume(daemon)
            while "WATCHDOG=1" not in manager.recv(4096).decode():
                pass
            assert daemon.alive
    assert "Traceback" not in daemon.log(), daemon.log()


def drain(manager):
    try:
        while manager.recv(4096):
            pass
    except BlockingIOError:
        pass


@pytest.mark.skipif(not FAKETIME.exists(), reason="libfaketime is not installed")
@pytest.mark.parametrize("jump", [DAY, -DAY, 400 * DAY], ids=["a day on", "a day back", "a year and more on"])
def test_the_wall_clock_jumps(home, bus, jump):
    """Timers go by the monotonic clock, which never jumps; only what is told has the wall's time."""
    clock = home / "clock"
    set_clock(clock, timedelta())
    mod, other = home / "src" / "a" / "go.mod", home / "src" / "b" / "go.mod"
    for one in (mod, other):
        one.parent.mkdir()
        one.write_bytes(TIDY)
    daemon = Daemon(home, bus, config="[format]\nsettle_ms = 300\n")
    daemon.environment |= {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with daemon:
        mod.write_bytes(UNTIDY)
        daemon.wait_for_bytes(mod, TIDY)
        other.write_bytes(UNTIDY)  # the clock jumps between the save and its rewrite
        set_clock(clock, jump)
        daemon.wait_for_bytes(other, TIDY)
        assert share_beside_a_busy_one(daemon.process.pid) < RESTS
        daemon.wait_for(lambda: told_at(daemon, other), "the change in the history")
        assert abs(told_at(daemon, other) - told_at(daemon, mod) - jump) < timedelta(minutes=5)
        mod.write_bytes(UNTIDY.replace(b"/m", b"/later"))
        daemon.wait_for_bytes(mod, TIDY.replace(b"/m", b"/later"))
        assert daemon.gowatchctl("undo").returncode == 0
        assert mod.read_bytes() == UNTIDY.replace(b"/m", b"/later")
        entries = daemon.ask("GetLog", "xu", 0, 10)["entries"]
        assert [one["kind"] for one in entries] == ["format", "format", "format", "undo"]
    assert "Traceback" not in daemon.log(), daemon.log()


def set_clock(clock, offset):
    """Have everybody who looks at ``clock`` see the time with ``offset``."""
    draft = clock.with_name("draft")
    draft.write_text(f"{int(offset.total_seconds()):+d}s\n")
    os.replace(draft, clock)


def told_at(daemon, path):
    """Return when the history says that the file at ``path`` was changed first, None if it does not."""
    for one in daemon.ask("GetLog", "xu", 0, 10)["entries"]:
        if one["path"] == str(path):
            return datetime.fromisoformat(one["at"]).astimezone(timezone.utc)
    return None
