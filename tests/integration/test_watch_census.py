"""The watches of this user's other processes are counted as the kernel has them."""

from __future__ import annotations

import os

from gowatchd.system.inotify import FOLDER_MASK, Inotify
from gowatchd.system.watch_census import WatchCensus
from tests.support.main_loop import MainLoop
from tests.support.other_process import Fork


def test_another_process_counts_and_we_do_not(tmp_path, monkeypatch):
    folders = [tmp_path / f"{'long' * 20}{number}" for number in range(700)]
    for folder in folders:
        folder.mkdir()
    ours = Inotify()
    for folder in folders:
        ours.add(os.fsencode(folder), FOLDER_MASK)
    parent = os.getpid()

    def work():
        """Count among our parent, who has all of them, ourselves, who have some, and what is no process."""
        ours.close()
        own = Inotify()
        for folder in folders[:100]:
            own.add(os.fsencode(folder), FOLDER_MASK)
        real = os.listdir
        processes = [str(parent), str(os.getpid()), "self", "0"]
        monkeypatch.setattr(os, "listdir", lambda path: processes if path == "/proc" else real(path))
        loop, sums = MainLoop(), []
        census = WatchCensus(loop, sums.append)
        census.take()
        census.take()  # under way already
        loop.run_until(lambda: sums)
        return sums

    assert Fork(work).answer() == [700]
    ours.close()


def test_a_census_that_is_closed_says_nothing():
    loop, sums = MainLoop(), []
    census = WatchCensus(loop, sums.append)
    census.take()
    census.close()
    done = []
    loop.call_later(0, lambda: loop.call_when_idle(lambda: done.append(1)))
    loop.run_until(lambda: done)
    assert not sums
