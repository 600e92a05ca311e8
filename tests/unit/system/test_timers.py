import gc
import os
import select

from gowatchd.system.timers import Timers
from tests.support.bus import wait_for


def readable(timers):
    return bool(select.select([timers], [], [], 0)[0])


def names(calls):
    return [call.callback for call in calls]


def test_calls_are_due_in_order_and_once():
    timers = Timers()
    timers.add(0.02, "later")
    timers.add(0, "first")
    timers.add(0, "second")
    timers.add(1000, "never")
    due = []
    wait_for(lambda: due.extend(names(timers.due())) or len(due) == 3, "the calls")
    assert due == ["first", "second", "later"]
    assert timers.due() == []


def test_it_can_be_read_when_one_is_due_and_not_before():
    timers = Timers()
    assert not readable(timers)
    timers.add(1000, "far")
    assert not readable(timers)
    timers.add(0, "near")
    wait_for(lambda: readable(timers), "the timer")
    assert names(timers.due()) == ["near"]
    assert not readable(timers)


def test_a_cancelled_call_wakes_nobody():
    timers = Timers()
    call = timers.add(0.001, "cancelled")
    call.cancel()
    call.cancel()
    later = timers.add(0.05, "later")
    wait_for(lambda: readable(timers), "the timer")
    assert timers.due() == [later]


def test_one_that_is_cancelled_after_it_was_due_has_no_callback():
    timers = Timers()
    call = timers.add(0, "due")
    wait_for(lambda: readable(timers), "the timer")
    (due,) = timers.due()
    call.cancel()
    assert due.callback is None


def test_cancelled_calls_do_not_pile_up():
    timers = Timers()
    kept = [timers.add(1000 + number, "kept") for number in range(10)]
    for _ in range(5000):
        timers.add(2000, "cancelled").cancel()
    assert len(timers._heap) < 200
    assert all(call.callback for call in kept)


def test_its_descriptor_goes_with_it():
    timers = Timers()
    fd = timers.fileno()
    del timers
    gc.collect()
    assert not os.path.exists(f"/proc/self/fd/{fd}") or "timerfd" not in os.readlink(f"/proc/self/fd/{fd}")
