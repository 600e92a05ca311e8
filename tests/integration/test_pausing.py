"""pause and resume with the real daemon, and without one."""

from __future__ import annotations

import json

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.desktop import Display, Dunst, needs_display, needs_dunst
from tests.support.watching import write

MESSY, TIDY = "module example.com/m\ngo 1.21\n", "module example.com/m\n\ngo 1.21\n"
FASTER = "[format]\nsettle_ms = 90\n"  # only another configuration is a reload


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def daemon(tmp_path, bus):
    daemon = Daemon(tmp_path / "home", bus)
    daemon.config.write_text(daemon.config.read_text() + '[notify]\nlevel = "all"\n')
    write(daemon.source / "app/go.mod", TIDY)
    daemon.start()
    yield daemon
    if daemon.alive:
        daemon.stop()
    assert "Traceback" not in daemon.log(), daemon.log()


def wait_until_it_waits(daemon, path):
    daemon.wait_for(lambda: daemon.standing(path) is not None, f"{path} to be pending")
    state, reason = daemon.standing(path)
    assert (state, reason.startswith("gowatchd is paused until ")) == ("pending", True)


def restart(daemon):
    assert daemon.stop() == 0
    daemon.log_file.unlink()
    daemon.start()


def test_nothing_is_written_but_all_is_checked_until_it_goes_on(daemon):
    path = daemon.source / "app/go.mod"
    done = daemon.gowatchctl("pause")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("gowatchd is paused until you resume it: ")
    path.write_text(MESSY)
    wait_until_it_waits(daemon, path)
    page = daemon.gowatchctl("status").stdout
    assert "paused: nothing is written or notified   (gowatchctl resume)" in page
    assert page.startswith("○ gowatchd ")
    assert "formatting waits: gowatchd is paused until gowatchctl resume" in page
    path.write_text(MESSY + "nonsense\n")
    daemon.wait_for(lambda: daemon.codes(path.parent), "the problem")
    restart(daemon)
    assert daemon.ask("GetStatus")["paused"] == {"until": None}
    assert daemon.ask("GetStatus")["line"].startswith("Paused; Watching 1 workspace")
    path.write_text(MESSY)
    wait_until_it_waits(daemon, path)
    assert path.read_text() == MESSY
    assert daemon.gowatchctl("resume", "-n").stdout == "would be: gowatchd goes on\n"
    assert daemon.gowatchctl("resume").stdout == "gowatchd goes on\n"
    daemon.wait_for_bytes(path, TIDY.encode())
    assert daemon.gowatchctl("resume").stdout == "gowatchd is not paused\n"
    assert daemon.ask("GetStatus")["paused"] is None


def test_it_goes_on_by_itself_and_what_is_asked_for_is_done_meanwhile(daemon):
    path = daemon.source / "app/go.mod"
    path.write_text(MESSY)
    daemon.wait_for_bytes(path, TIDY.encode())
    daemon.gowatchctl("pause", "--until", "tomorrow 8:00")
    assert daemon.gowatchctl("undo").returncode == 0
    assert path.read_text() == MESSY
    other = write(daemon.source / "other/go.mod", MESSY.replace("/m", "/other"))
    wait_until_it_waits(daemon, other)
    answer = json.loads(daemon.gowatchctl("--json", "pause", "--for", "1s").stdout)
    assert daemon.ask("GetStatus")["paused"] in ({"until": answer["until"]}, None)
    daemon.wait_for_bytes(other, TIDY.replace("/m", "/other").encode())
    daemon.wait_for(lambda: daemon.ask("GetStatus")["paused"] is None, "the end of the pause")
    assert path.read_text() == MESSY, "what was undone stays so"


def test_without_a_daemon_it_counts_from_the_next_start(daemon):
    daemon.stop()
    done = daemon.gowatchctl("pause", "--for", "1h")
    assert (done.returncode, "from its next start" in done.stderr) == (0, True)
    daemon.log_file.unlink()
    daemon.start()
    assert daemon.ask("GetStatus")["paused"] is not None
    assert "Paused until 20" in daemon.ask("GetStatus")["line"]


@pytest.mark.parametrize(
    "arguments", [("--for", "soon"), ("--until", "yesterday"), ("--for", "1h", "--until", "17:00")], ids=str
)
def test_no_time(daemon, arguments):
    assert daemon.gowatchctl("pause", *arguments).returncode == 2


@needs_display
@needs_dunst
def test_it_is_silent_through_a_reload(daemon, bus):
    with Display() as display:
        dunst = Dunst(bus, display)
        daemon.wait_for(lambda: daemon.ask("GetStatus")["notifications"]["server"], "the server")

        def format_and_undo(name, *, paused):
            path = write(daemon.source / name / "go.mod", MESSY.replace("/m", f"/{name}"))
            daemon.wait_for_bytes(path, TIDY.replace("/m", f"/{name}").encode())
            if paused:
                daemon.gowatchctl("pause")
                daemon.config.write_text(daemon.config.read_text() + FASTER)
                daemon.ask("Reload")
            assert daemon.gowatchctl("undo").returncode == 0
            if paused:
                daemon.gowatchctl("resume")
            else:
                daemon.wait_for(lambda: dunst.told(f"Undone: {name}/go.mod"), "the undo is told")

        format_and_undo("one", paused=False)
        format_and_undo("two", paused=True)
        format_and_undo("three", paused=False)
        assert not dunst.told("Undone: two/go.mod")
