from __future__ import annotations

import pytest

from gowatchd.services.settling import PAUSES, SITTING_REST_SECONDS, SITTING_SECONDS, Settling
from tests.support.scheduler import ManualScheduler


@pytest.fixture
def scheduler():
    return ManualScheduler()


@pytest.fixture
def rested():
    return []


@pytest.fixture
def settling(scheduler, rested):
    return Settling(scheduler, 0.1, rested.append)


def save(settling, scheduler, path):
    settling.noted(path, scheduler.now())
    settling.rest(path, scheduler.now())


def test_a_saved_file_rests_once(scheduler, settling, rested):
    save(settling, scheduler, "a")
    scheduler.advance(0.09)
    assert rested == []
    scheduler.advance(0.02)
    scheduler.advance(5)
    assert rested == ["a"]
    assert scheduler.planned == 0


def test_another_save_begins_the_wait_anew(scheduler, settling, rested):
    save(settling, scheduler, "a")
    scheduler.advance(0.08)
    save(settling, scheduler, "a")
    scheduler.advance(0.08)
    assert rested == []
    scheduler.advance(SITTING_REST_SECONDS)
    assert rested == ["a"]


def test_files_rest_apart(scheduler, settling, rested):
    save(settling, scheduler, "a")
    scheduler.advance(0.05)
    save(settling, scheduler, "b")
    scheduler.advance(0.06)
    assert rested == ["a"]
    scheduler.advance(0.06)
    assert rested == ["a", "b"]


def test_who_saves_again_and_again_is_given_twice_the_longest_pause(scheduler, settling, rested):
    save(settling, scheduler, "a")
    for pause in (0.05, 4, 2):
        scheduler.advance(pause)
        save(settling, scheduler, "a")
    rested.clear()
    scheduler.advance(PAUSES * 4 - 0.01)
    assert rested == []
    scheduler.advance(0.02)
    assert rested == ["a"]


def test_two_saves_at_once_rest_long_enough_to_think(scheduler, settling, rested):
    save(settling, scheduler, "a")
    scheduler.advance(0.01)
    save(settling, scheduler, "a")
    scheduler.advance(SITTING_REST_SECONDS - 0.01)
    assert rested == []
    scheduler.advance(0.02)
    assert rested == ["a"]


def test_a_save_after_a_while_is_formatted_at_once_again(scheduler, settling, rested):
    for _ in range(3):
        save(settling, scheduler, "a")
        scheduler.advance(1)
    scheduler.advance(SITTING_SECONDS)
    rested.clear()
    save(settling, scheduler, "a")
    scheduler.advance(0.11)
    assert rested == ["a"]


def test_what_was_only_noted_tells_the_pace(scheduler, settling, rested):
    settling.noted("a", scheduler.now())
    scheduler.advance(1)
    assert scheduler.planned == 0
    save(settling, scheduler, "a")
    scheduler.advance(SITTING_REST_SECONDS - 0.01)
    assert rested == []


def test_cancel_and_clear_call_off_what_is_planned(scheduler, settling, rested):
    save(settling, scheduler, "a")
    save(settling, scheduler, "b")
    settling.cancel("a")
    settling.cancel("never heard of")
    scheduler.advance(1)
    assert rested == ["b"]
    save(settling, scheduler, "b")
    settling.clear()
    scheduler.advance(10)
    assert rested == ["b"]
