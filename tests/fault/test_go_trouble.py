"""A go command that hangs, floods, forks or dies: everything else goes on, and so does go once it is well."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gowatchd.system.process import MAX_OUTPUT
from tests.support.bus import wait_for
from tests.support.daemon import Daemon
from tests.support.go import NEWEST, TOOLCHAINS, needs_go
from tests.support.processor import RESTS, share_beside_a_busy_one

pytestmark = needs_go

GOOD = b"module example.com/m\n\ngo 1.21\n"
UNTIDY = b"module   example.com/m\ngo 1.21\n"

REAL = f"{TOOLCHAINS.get(NEWEST)}/bin/go"

# What go does wrong when it is asked for its opinion; it always says its version. $marks is a folder.
HANGS = "trap '' TERM INT; touch $marks/$$; while :; do sleep 1000; done"
FORKS = "(setsid sleep 1000 & echo $! >$marks/held); touch $marks/$$; exit 0"
FLOODS = "touch $marks/$$; yes | head -c 100000000; touch $marks/unstopped; exit 0"
CRASHES = "touch $marks/$$; kill -SEGV $$"


@pytest.fixture
def marks(tmp_path):
    """Yield the folder where the fake go marks its processes; end those that are left."""
    marks = tmp_path / "marks"
    marks.mkdir()
    yield marks
    for mark in marks.iterdir():
        number = mark.read_text().strip() or mark.name
        if number.isdigit() and alive(int(number)):
            os.kill(int(number), 9)


@pytest.fixture
def fake(home, marks):
    """Return what writes a go command that says the truth of itself, and does ``deed`` when asked to list."""
    path = home / "goroot" / "bin" / "go"
    path.parent.mkdir(parents=True)

    def write(deed):
        draft = path.with_name("draft")
        draft.write_text(
            f"#!/bin/sh\nmarks={marks}\nif [ $1 = list ]; then\n{deed}\nfi\n"
            f'{REAL} "$@" | sed \'s,"GOROOT": .*,"GOROOT": "{home}/goroot"\\,,\'\n'
        )
        draft.chmod(0o755)
        draft.replace(path)
        return path

    return write


@pytest.fixture
def start(home, bus):
    """Return what starts a daemon with the go command at a path, and one module to watch."""
    started = []

    def start(go):
        (home / "src" / "go.mod").write_bytes(GOOD)
        daemon = Daemon(home, bus, config=f'[check]\ngo = "{go}"\n')
        daemon.start()
        started.append(daemon)
        return daemon

    yield start
    for daemon in started:
        assert daemon.stop() == 0
        assert "Traceback" not in daemon.log(), daemon.log()


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def processes(marks):
    return [int(mark.name) for mark in marks.iterdir() if mark.name.isdigit()]


def goes_on(daemon):
    """Show that saves are judged and formatted meanwhile."""
    mod = daemon.source / "go.mod"
    mod.write_bytes(UNTIDY)
    daemon.wait_for_bytes(mod, GOOD)
    (daemon.source / "go.work").write_bytes(b"go 1.21\n\nuse ./gone\n")
    daemon.wait_for(lambda: "use-missing-module" in daemon.codes(daemon.source), "our own verdict")
    (daemon.source / "go.work").unlink()
    daemon.wait_for(lambda: daemon.codes(daemon.source) == [], "our own verdict")


def recovers(daemon, fake):
    """Show that go is heard again, at the next save, once it is well."""
    fake(f'exec {REAL} "$@"')
    (daemon.source / "go.mod").write_bytes(GOOD + b"\n// well\n")
    daemon.wait_for(lambda: "cross-check" not in daemon.off(), "the end of the trouble")


def test_a_go_that_hangs(start, fake, marks):
    daemon = start(fake(HANGS))
    daemon.wait_for(lambda: processes(marks), "the question to go")
    goes_on(daemon)
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    assert len([pid for pid in processes(marks) if alive(pid)]) <= 2
    wait_for(lambda: daemon.off().get("cross-check"), "the trouble in the status", 40)
    assert daemon.off()["cross-check"] == "go did not answer in 20 s"
    daemon.wait_for(lambda: not any(map(alive, processes(marks))), "all that hung to be ended")
    goes_on(daemon)
    recovers(daemon, fake)


def test_a_go_that_says_a_hundred_megabytes(start, fake, marks):
    daemon = start(fake(FLOODS))
    daemon.wait_for(lambda: daemon.off().get("cross-check"), "the trouble in the status")
    assert daemon.off()["cross-check"] == "go said too much"
    peak = next(
        int(line.split()[1])
        for line in Path(f"/proc/{daemon.process.pid}/status").read_text().splitlines()
        if line.startswith("VmHWM:")
    )
    assert peak < 100_000, "kilobytes: what go said was kept"
    assert MAX_OUTPUT == 1 << 20
    assert not (marks / "unstopped").exists()
    goes_on(daemon)
    recovers(daemon, fake)


def test_a_grandchild_that_keeps_the_pipes_open(start, fake, marks):
    daemon = start(fake(FORKS))
    daemon.wait_for(lambda: processes(marks), "the question to go")
    goes_on(daemon)
    assert "cross-check" not in daemon.off()
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    before = len(os.listdir(f"/proc/{daemon.process.pid}/fd"))
    goes_on(daemon)
    daemon.wait_for(lambda: len(os.listdir(f"/proc/{daemon.process.pid}/fd")) <= before, "no more open files")


def test_a_go_that_crashes(start, fake, marks):
    daemon = start(fake(CRASHES))
    daemon.wait_for(lambda: daemon.off().get("cross-check"), "the trouble in the status")
    goes_on(daemon)
    recovers(daemon, fake)


def test_a_go_that_is_installed_later_is_found_at_a_save(home, bus):
    mod = home / "src" / "go.mod"
    mod.write_bytes(GOOD)
    with Daemon(home, bus) as daemon:
        daemon.wait_for(lambda: "go" in daemon.off(), "the missing go")
        assert share_beside_a_busy_one(daemon.process.pid) < RESTS
        (home / "sdk").mkdir()
        (home / "sdk" / "go1.27.3").symlink_to(TOOLCHAINS[NEWEST])
        daemon.wait_for(lambda: saved_without_trouble(daemon), "the go that was installed")
        assert daemon.ask("GetStatus")["go"]["version"] == NEWEST
    assert "Traceback" not in daemon.log(), daemon.log()


def test_a_go_that_goes_away_is_said_and_its_successor_found(start, fake):
    """An upgrade takes the old one away before the new one stands."""
    go = fake(f'exec {REAL} "$@"')
    daemon = start(go)
    daemon.wait_for(lambda: daemon.ask("GetStatus")["go"], "the go command")
    go.rename(go.with_name("elsewhere"))
    (daemon.source / "go.mod").write_bytes(GOOD + b"\n// gone\n")
    daemon.wait_for(lambda: "go" in daemon.off(), "the missing go")
    assert daemon.ask("GetStatus")["go"] is None
    go.with_name("elsewhere").rename(go)
    daemon.wait_for(lambda: saved_without_trouble(daemon), "everything to work")


def saved_without_trouble(daemon):
    """Save something new; say whether the daemon lacks nothing."""
    with (daemon.source / "go.mod").open("ab") as mod:
        mod.write(b"// and more\n")
    return not daemon.off()
