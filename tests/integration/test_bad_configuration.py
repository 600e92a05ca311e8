"""A mistake in the configuration and the real daemon: it goes on, says so once, and takes that back."""

from __future__ import annotations

import os
import signal

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.desktop import Display, Dunst, needs_display, needs_dunst
from tests.support.go import needs_go

MESSY, TIDY = b"module   example.com/m\ngo 1.21\n", b"module example.com/m\n\ngo 1.21\n"
TITLE = "A mistake in the configuration of gowatchd"


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def daemon(tmp_path, bus):
    """A daemon with a file of its person's own, not started yet."""
    daemon = Daemon(tmp_path / "home", bus, go=True)
    good = daemon.config.read_text()
    daemon.options = ()
    daemon.config = daemon.home / ".config/gowatchd/config.toml"
    daemon.config.parent.mkdir(parents=True)
    daemon.config.write_text(good)
    yield daemon
    assert daemon.stop() == 0
    assert "Traceback" not in daemon.log()


def trouble(daemon: Daemon) -> str:
    reasons = [one["reason"] for one in daemon.ask("GetStatus")["off"] if one["part"] == "configuration"]
    return reasons[0] if reasons else ""


@needs_display
@needs_dunst
@needs_go  # without one there would be a note of that, too
def test_the_last_good_one_goes_on_and_one_note_stands_until_it_is_mended(daemon, bus):
    file = daemon.source / "m/go.mod"
    file.parent.mkdir()
    with Display() as display:
        dunst = Dunst(bus, display)
        good = daemon.config.read_text()
        daemon.config.write_text(good + "[format]\nindent = '2-space'\n")
        daemon.start()
        bad = good + "[notify]\nlevl = 'off'\n[format]\nenabled = 'no'\n"
        daemon.config.write_text(bad)
        done = daemon.gowatchctl("config", "check")
        assert done.returncode == 78
        place = f"{daemon.config}:4: unknown key notify.levl: did you mean level?"
        daemon.wait_for(lambda: daemon.log().count(f"{place}\n") == 1, "the mistake, as it is saved")
        os.kill(daemon.process.pid, signal.SIGHUP)
        daemon.wait_for(lambda: daemon.log().count(f"{place}\n") == 2, "the mistake, at a reload")
        said = f"{place} (and 1 more): the last good configuration stays in force: gowatchctl config edit"
        assert trouble(daemon) == said
        daemon.wait_for(lambda: dunst.told(TITLE), "the note")
        assert (dunst.told(TITLE), dunst.told(place)) == (1, 1)
        on_show = dunst.count()
        page = daemon.gowatchctl("status").stdout
        assert f"mistake in the configuration: {daemon.config}:4" in page
        assert "; mistake in the configuration" in daemon.ask("GetStatus")["line"]

        assert daemon.stop() == 0
        daemon.log_file.unlink()
        daemon.start()
        assert trouble(daemon) == said
        daemon.wait_for(lambda: dunst.told(TITLE) == 2, "the note of the new process")
        assert dunst.count() == on_show  # it took the place of the old one
        file.write_bytes(MESSY + b"require (\nexample.com/x v1.0.0\nexample.com/y v1.0.0\n)\n")
        daemon.wait_for(lambda: b"\n  example.com/x" in file.read_bytes(), "the last good indent")

        daemon.config.write_text(good)
        daemon.wait_for(lambda: not trouble(daemon), "it to be read")
        daemon.wait_for(lambda: dunst.closed(TITLE), "the note to go")
        dunst.stop()


def test_without_a_good_one_it_looks_and_writes_nothing(daemon):
    file = daemon.source / "m/go.mod"
    file.parent.mkdir()
    good = daemon.config.read_text()
    daemon.config.write_text("[watch\n")
    daemon.environment["HOME"] = str(daemon.source.parent)
    daemon.start()
    assert "not valid TOML" in trouble(daemon)
    assert trouble(daemon).endswith("writes nothing until this is mended: gowatchctl config edit")
    assert "formatting" not in [one["part"] for one in daemon.ask("GetStatus")["off"]]
    file.write_bytes(MESSY.replace(b"1.21", b"1.x"))
    daemon.wait_for(lambda: daemon.ask("GetStatus")["workspaces"], "the workspace")
    file.write_bytes(MESSY)
    daemon.wait_for(lambda: daemon.codes(file.parent) == [], "the verdict")
    daemon.config.write_text(good)
    daemon.wait_for(lambda: not trouble(daemon), "it to be read")
    daemon.wait_for(lambda: not daemon.ask("GetStatus")["scanning"], "the first look of the new run")
    assert file.read_bytes() == MESSY
    file.write_bytes(MESSY)
    daemon.wait_for_bytes(file, TIDY)


def test_a_link_to_a_file_elsewhere_counts_for_that_file(daemon, tmp_path):
    """As the files of a person's dotfiles are linked."""
    good, real = daemon.config.read_text(), tmp_path / "dotfiles/config.toml"
    real.parent.mkdir()
    daemon.config.rename(real)
    daemon.config.symlink_to(real)
    daemon.start()
    real.write_text("[watch\n")
    daemon.wait_for(lambda: trouble(daemon), "the mistake")
    mended = real.with_name("mended")
    mended.write_text(good)
    mended.replace(real)
    daemon.wait_for(lambda: not trouble(daemon), "it to be read")


def test_a_file_that_comes_with_its_folder_is_read(daemon):
    good = daemon.config.read_text()
    daemon.config.unlink()
    daemon.config.parent.rmdir()
    daemon.start()
    daemon.config.parent.mkdir()
    daemon.config.write_text(good + "[notify]\nlevl = 'off'\n")
    daemon.wait_for(lambda: "levl" in trouble(daemon), "the mistake")


def test_a_folder_that_is_a_link_may_lead_elsewhere_later(daemon, tmp_path):
    """As stow and its like link it."""
    good, folder = daemon.config.read_text(), daemon.config.parent
    old, new = tmp_path / "old", tmp_path / "new"
    folder.rename(old)
    folder.symlink_to(old)
    daemon.start()
    new.mkdir()
    (new / "config.toml").write_text("[watch\n")
    fresh = folder.with_name("fresh")
    fresh.symlink_to(new)
    fresh.replace(folder)
    daemon.wait_for(lambda: trouble(daemon), "the mistake")
    (new / "config.toml").write_text(good)
    daemon.wait_for(lambda: not trouble(daemon), "it to be read")


def test_one_that_others_may_read_now_is_read_again(daemon):
    """It may have been us who could not read it: a new mode is as good as a save."""
    daemon.start()
    assert "configuration read" not in daemon.log()
    daemon.config.chmod(0o640)
    daemon.wait_for_log("configuration read")
