"""A pause, from its beginning to its end, by a clock that the test sets."""

import pytest

from gowatchd.pausing import Pausing
from gowatchd.services.choices import Pause
from gowatchd.system.choosing import Choosing
from tests.support.scheduler import ManualScheduler


class Time:
    """The clock on the wall, and the timers of the main loop, which stand still while the machine sleeps."""

    def __init__(self):
        self.scheduler = ManualScheduler()
        self.slept = 0.0

    def clock(self):
        return self.scheduler.now() + self.slept


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def make(tmp_path, time):
    def make():
        heard = []
        choosing = Choosing(str(tmp_path), time.clock)
        pausing = Pausing(choosing, time.scheduler, lambda: heard.append(pausing.current), time.clock)
        return pausing, heard

    return make


def test_a_pause_without_an_end(make, time):
    pausing, heard = make()
    assert (pausing.current, pausing.reason(), time.scheduler.planned) == (None, "", 0)
    answer = pausing.pause(0, dry_run=True)
    assert (answer["outcome"], answer["dry_run"], heard) == ("paused", True, [])
    assert pausing.pause(0, dry_run=False)["until"] is None
    assert heard == [Pause(None)]
    assert pausing.reason() == "gowatchd is paused until gowatchctl resume"
    assert time.scheduler.planned == 0
    again, _ = make()
    assert again.current == Pause(None), "the next daemon knows of it"
    assert pausing.resume(dry_run=False)["outcome"] == "resumed"
    assert heard == [Pause(None), None]
    assert pausing.resume(dry_run=False)["outcome"] == "already"
    assert (heard, make()[0].current) == ([Pause(None), None], None)


def test_a_pause_ends_by_itself(make, time):
    pausing, heard = make()
    pausing.pause(3600, dry_run=False)
    end = Pause(time.clock() + 3600)
    time.scheduler.advance(3599)
    assert heard == [end]
    time.scheduler.advance(1)
    assert (heard, pausing.reason(), time.scheduler.planned) == ([end, None], "", 0)


def test_a_pause_ends_on_time_though_the_machine_slept(make, time):
    pausing, heard = make()
    pausing.pause(3600, dry_run=False)
    time.slept = 3600
    assert pausing.reason() == ""
    time.scheduler.advance(60)
    assert heard[-1] is None


def test_a_later_daemon_ends_it(make, time):
    make()[0].pause(3600, dry_run=False)
    time.scheduler.advance(1000)
    pausing, heard = make()
    assert pausing.reason().startswith("gowatchd is paused until 1970-01-01 ")
    time.scheduler.advance(2600)
    assert heard == [None]


def test_another_pause_takes_its_place(make, time):
    pausing, heard = make()
    pausing.pause(10, dry_run=False)
    pausing.pause(1000, dry_run=False)
    time.scheduler.advance(500)
    assert [pause.until - time.clock() for pause in heard] == [-490, 500]
    pausing.close()
    assert time.scheduler.planned == 0
