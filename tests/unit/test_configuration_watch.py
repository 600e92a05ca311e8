import errno
import os

import pytest

from gowatchd.configuration_watch import AGAIN_SECONDS, ConfigurationWatch, folders_of, states_of
from gowatchd.system import folder_watch
from gowatchd.system.inotify import WatchLimitError
from tests.support.scheduler import ManualScheduler, PlannedCall


class Loop(ManualScheduler):
    """A main loop that hears of a descriptor when the test says so."""

    def watch_fd(self, fd, callback):
        return PlannedCall(callback)


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "config/gowatchd/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("one")
    return str(file)


def test_the_folders_of_every_link_on_the_way(tmp_path):
    (tmp_path / "dotfiles/now").mkdir(parents=True)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/gowatchd").symlink_to("../current")
    (tmp_path / "current").symlink_to(tmp_path / "dotfiles/now")
    (tmp_path / "dotfiles/now/config.toml").symlink_to(tmp_path / "real.toml")
    found = folders_of((str(tmp_path / "config/gowatchd/config.toml"),))
    places = ("", "config", "config/gowatchd", "current", "dotfiles/now")
    assert {os.path.realpath(folder) for folder in found} == {
        os.path.realpath(tmp_path / place) for place in places
    }


def test_links_in_a_circle_have_an_end(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert set(folders_of((str(tmp_path / "a/config.toml"),)))


def test_what_was_saved_before_it_heard_is_told(file):
    loop, told = Loop(), []
    seen = states_of((file,))
    with open(file, "a") as writer:
        writer.write("two")
    watch = ConfigurationWatch(loop, (file,), lambda: told.append("saved"), seen)
    watch.start()
    loop.advance(0)
    assert told == ["saved"]
    watch.close()


def test_where_inotify_has_nothing_left_it_tries_again(file, monkeypatch, caplog):
    def full(*_arguments):
        raise WatchLimitError(errno.ENOSPC, "no inotify watch left")

    loop, told = Loop(), []
    watch = ConfigurationWatch(loop, (file,), lambda: told.append("saved"), states_of((file,)))
    with monkeypatch.context() as patch:
        patch.setattr(folder_watch.Inotify, "add", full)
        watch.start()
        loop.advance(AGAIN_SECONDS)
        assert not watch.hears
    assert caplog.text.count("no inotify watch left") == 1
    loop.advance(AGAIN_SECONDS)
    assert watch.hears
    watch.close()
    assert loop.planned == 0
