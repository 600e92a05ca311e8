from __future__ import annotations

import pytest

from gowatchd.services.rechecking import SLICE_SECONDS, Rechecking
from tests.support.scheduler import ManualScheduler


class Slow:
    """A check that takes ``seconds`` of the scheduler's time."""

    def __init__(self, seconds):
        self.scheduler = ManualScheduler()
        self.seconds = seconds
        self.checked = []
        self.rechecking = Rechecking(self.scheduler, self.check)

    def check(self, path):
        self.checked.append(path)
        self.scheduler.time += self.seconds


def test_nothing_happens_at_once():
    slow = Slow(0)
    slow.rechecking.ask(["/a", "/b"])
    assert slow.checked == []
    slow.scheduler.advance(0)
    assert slow.checked == ["/a", "/b"]
    assert slow.scheduler.planned == 0


@pytest.mark.parametrize(("each", "at_a_time"), [(SLICE_SECONDS / 4, 4), (SLICE_SECONDS, 1), (1.0, 1)])
def test_others_have_their_turn_in_between(each, at_a_time):
    slow = Slow(each)
    turns = []

    def turn():
        turns.append(len(slow.checked))
        if len(slow.checked) < 12:
            slow.scheduler.call_later(0, turn)

    slow.rechecking.ask(map(str, range(12)))
    slow.scheduler.call_later(0, turn)
    slow.scheduler.advance(100)
    assert len(slow.checked) == 12
    assert turns == list(range(turns[0], 13, at_a_time)), "one turn after each slice"


def test_what_is_asked_for_again_meanwhile_is_done_once_more_and_not_twice():
    slow = Slow(SLICE_SECONDS)
    slow.rechecking.ask(["/a", "/b"])
    slow.scheduler.advance(0)
    assert slow.checked == ["/a"]
    slow.rechecking.ask(["/a", "/b"])
    slow.scheduler.advance(1)
    assert slow.checked == ["/a", "/b", "/a"]


def test_what_is_called_off_does_not_happen():
    slow = Slow(SLICE_SECONDS)
    slow.rechecking.ask(["/a", "/b"])
    slow.scheduler.advance(0)
    slow.rechecking.clear()
    slow.scheduler.advance(1)
    assert slow.checked == ["/a"]
    assert slow.scheduler.planned == 0
