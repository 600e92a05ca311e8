import errno
import os

import pytest

from gowatchd.system import folder_watch
from gowatchd.system.folder_watch import REST_SECONDS, FolderWatch
from tests.support.scheduler import ManualScheduler, PlannedCall


class Loop(ManualScheduler):
    """A main loop that hears of a descriptor when the test says so."""

    def watch_fd(self, fd, callback):
        self.ready = callback
        return PlannedCall(callback)


@pytest.fixture
def loop():
    return Loop()


@pytest.fixture
def changes():
    return []


@pytest.fixture
def watch(loop, changes):
    watch = FolderWatch(loop, lambda: changes.append("changed"))
    yield watch
    watch.close()


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOENT], ids=errno.errorcode.get)
def test_a_folder_that_cannot_be_listed_is_watched_all_the_same(
    monkeypatch, tmp_path, loop, watch, changes, number
):
    def fail(folder):
        raise OSError(number, os.strerror(number))

    watch.watch([str(tmp_path)])
    monkeypatch.setattr(folder_watch.os, "scandir", fail)
    for name in ("a.service", "b.service"):
        (tmp_path / name).touch()
        loop.ready()
        loop.advance(REST_SECONDS)
    assert changes == ["changed", "changed"]


def test_a_folder_that_never_rests_is_told_of_all_the_same(tmp_path, loop, watch, changes):
    watch.watch([str(tmp_path)])
    for number in range(20):
        (tmp_path / f"{number}").touch()
        loop.ready()
        loop.advance(REST_SECONDS / 2)
    assert len(changes) == 1
