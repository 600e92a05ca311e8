"""What was known at the last start: served first, corrected by the scan, and never in the way."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon

MESSY, TIDY = "module example.com/m\ngo 1.21\n", "module example.com/m\n\ngo 1.21\n"
OTHER = "module example.com/other\n\ngo 1.21\n"


class SlowDisk:
    """A disk on which the first walk takes until ``over``: an ionice that waits instead of running it.

    Both ends of its pipe stay open here: the daemon ends a walk after a minute, which a starved machine may
    need until ``over``, and nobody shall wait for a reader that is no more.
    """

    def __init__(self, folder, daemon):
        gate = folder / "gate"
        os.mkfifo(gate)
        self.pipe = os.open(gate, os.O_RDWR)
        programs = folder / "programs"
        programs.mkdir()
        (programs / "ionice").write_text(f"#!/bin/sh\nexec head -c1 {gate}\n")
        (programs / "ionice").chmod(0o755)
        daemon.environment["PATH"] = f"{programs}:{daemon.environment['PATH']}"

    def over(self):
        os.write(self.pipe, b"!")


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def daemon(tmp_path, bus):
    daemon = Daemon(tmp_path / "home", bus)
    yield daemon
    if daemon.alive:
        daemon.stop()
    assert "Traceback" not in daemon.log(), daemon.log()


@pytest.fixture
def slow_disk(tmp_path, daemon):
    """Return what makes the disk slow, for the starts from then on."""
    made = []

    def slow():
        made.append(SlowDisk(tmp_path, daemon))
        return made[-1]

    yield slow
    for disk in made:
        os.close(disk.pipe)


def make(daemon, name, text):
    path = daemon.source / name / "go.mod"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def roots(daemon):
    return {os.path.basename(one["root"]) for one in daemon.ask("GetStatus")["workspaces"]}


def restart(daemon, until="checked everything"):
    """End it as systemd would, and start it again with an empty log."""
    assert daemon.stop() == 0
    daemon.log_file.unlink()
    daemon.start(until=until)


def memory(daemon):
    return daemon.home / "state" / "gowatchd" / "folders.json"


def test_a_restart_begins_with_what_is_remembered(daemon, slow_disk):
    known = make(daemon, "deep/er/known", TIDY)
    daemon.start()
    daemon.stop()
    assert json.loads(memory(daemon).read_text())["folders"] == [str(known.parent)]
    unknown = make(daemon, "unknown", OTHER)
    disk = slow_disk()
    daemon.log_file.unlink()
    daemon.start(until="checked what is remembered")
    assert roots(daemon) == {"known"}
    status = daemon.ask("GetStatus")
    assert status["scanning"]
    assert "still looking" in status["line"]
    disk.over()
    daemon.wait_for_log("checked everything")
    assert roots(daemon) == {"known", "unknown"}
    assert not daemon.ask("GetStatus")["scanning"]
    assert unknown.read_text() == OTHER


def test_a_save_while_the_scan_is_on(daemon, slow_disk):
    known = make(daemon, "known", TIDY)
    daemon.start()
    daemon.stop()
    untouched = make(daemon, "untouched", MESSY)
    disk = slow_disk()
    daemon.log_file.unlink()
    daemon.start(until="checked what is remembered")
    known.write_text(MESSY.replace("/m", "/saved"))
    daemon.wait_for_bytes(known, TIDY.replace("/m", "/saved").encode())
    # a new file in a watched folder is not what the scan comes across, but somebody's save
    (known.parent / "go.work").write_text("go 1.21\nuse .\n")
    disk.over()
    daemon.wait_for_bytes(known.parent / "go.work", b"go 1.21\n\nuse .\n")
    assert untouched.read_text() == MESSY, "what was there before the start waits for its save"


def test_what_is_gone_vanishes_in_silence(daemon):
    for name in ("stays", "goes", "moves"):
        make(daemon, name, TIDY)
    daemon.start()
    daemon.stop()
    shutil.rmtree(daemon.source / "goes")
    (daemon.source / "moves").rename(daemon.source / "moved")
    daemon.log_file.unlink()
    daemon.start()
    assert roots(daemon) == {"stays", "moved"}
    assert "goes" not in daemon.log()
    daemon.stop()
    names = {os.path.basename(folder) for folder in json.loads(memory(daemon).read_text())["folders"]}
    assert names == {"stays", "moved"}


def test_a_spoilt_memory_costs_nothing_but_time(daemon):
    make(daemon, "known", TIDY)
    daemon.start()
    daemon.stop()
    memory(daemon).write_text('{"schema": 1, "folders": "nonsense"')
    daemon.log_file.unlink()
    daemon.start()
    assert roots(daemon) == {"known"}
    assert "makes no sense" in daemon.log()
    daemon.stop()
    assert len(json.loads(memory(daemon).read_text())["folders"]) == 1


def test_the_first_walk_is_ended_with_us(daemon, slow_disk):
    make(daemon, "known", TIDY)
    slow_disk()
    daemon.start(until="D-Bus: ")
    assert daemon.stop() == 0


def test_a_reload_while_the_scan_is_on(daemon, slow_disk):
    make(daemon, "known", TIDY)
    other = daemon.home / "elsewhere" / "go.mod"
    other.parent.mkdir()
    other.write_text(OTHER)
    slow_disk()
    daemon.start(until="D-Bus: ")
    daemon.config.write_text(f'[watch]\nroots = ["{other.parent}"]\n')
    daemon.ask("Reload")
    daemon.wait_for_log("checked everything")
    assert roots(daemon) == {"elsewhere"}
