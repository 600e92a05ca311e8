"""The folders of the last time: written late and seldom, and never more than a bound."""

from __future__ import annotations

import pytest

from gowatchd.services.remembering import MAX_FOLDERS, WRITE_SECONDS, Remembering, folders_of
from tests.support.scheduler import ManualScheduler


class Store:
    def __init__(self, value=None):
        self.value = value
        self.writes = 0

    def read(self):
        return self.value

    def write(self, value):
        self.value = value
        self.writes += 1


@pytest.fixture
def scheduler():
    return ManualScheduler()


def test_a_new_set_is_written_once_some_seconds_later(scheduler):
    store = Store()
    memory = Remembering(scheduler, store)
    memory.keep({"/a"})
    memory.keep({"/a", "/b"})
    scheduler.advance(WRITE_SECONDS - 0.1)
    assert store.writes == 0
    scheduler.advance(0.2)
    assert (store.writes, store.value) == (1, {"folders": ["/a", "/b"]})
    assert Remembering(scheduler, store).folders == {"/a", "/b"}


def test_what_is_written_already_costs_nothing(scheduler):
    store = Store({"folders": ["/a"]})
    memory = Remembering(scheduler, store)
    memory.keep(["/a"])
    assert scheduler.planned == 0
    memory.close()
    assert store.writes == 0


def test_the_end_writes_what_is_due(scheduler):
    store = Store({"folders": ["/a"]})
    memory = Remembering(scheduler, store)
    memory.keep(["/b"])
    memory.close()
    assert store.value == {"folders": ["/b"]}
    assert scheduler.planned == 0


def test_no_more_than_the_bound_is_kept(scheduler):
    store = Store()
    memory = Remembering(scheduler, store)
    memory.keep(f"/{number:05}" for number in range(MAX_FOLDERS + 5))
    memory.close()
    assert len(Remembering(scheduler, store).folders) == MAX_FOLDERS


@pytest.mark.parametrize(
    "folders",
    [None, "/a", ["relative"], [3], ["/nul\0"], [f"/{number}" for number in range(MAX_FOLDERS + 1)]],
    ids=["none", "text", "relative", "number", "nul", "many"],
)
def test_what_was_not_written_by_us_is_not_believed(folders):
    with pytest.raises((ValueError, TypeError)):
        folders_of({"folders": folders})
