from __future__ import annotations

import pytest

from gowatchd.services.settling import BURST_REST_SECONDS, Settling
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


def test_a_saved_file_rests_once(scheduler, settling, rested):
    settling.saved("a", scheduler.now())
    scheduler.advance(0.09)
    assert rested == []
    scheduler.advance(0.02)
    scheduler.advance(5)
    assert rested == ["a"]
    assert scheduler.planned == 0


def test_another_save_begins_the_wait_anew(scheduler, settling, rested):
    settling.saved("a", scheduler.now())
    scheduler.advance(0.08)
    settling.saved("a", scheduler.now())
    scheduler.advance(0.08)
    assert rested == []
    scheduler.advance(0.03)
    assert rested == ["a"]


def test_files_rest_apart(scheduler, settling, rested):
    settling.saved("a", scheduler.now())
    scheduler.advance(0.05)
    settling.saved("b", scheduler.now())
    scheduler.advance(0.06)
    assert rested == ["a"]
    scheduler.advance(0.06)
    assert rested == ["a", "b"]


def test_auto_save_makes_the_rest_longer_and_it_shrinks_again(scheduler, settling, rested):
    for _ in range(3):
        settling.saved("a", scheduler.now())
        scheduler.advance(1)
    assert len(rested) == 2
    scheduler.advance(BURST_REST_SECONDS - 1)
    assert len(rested) == 3
    scheduler.advance(20)
    settling.saved("a", scheduler.now())
    scheduler.advance(0.11)
    assert len(rested) == 4


def test_cancel_and_clear_call_off_what_is_planned(scheduler, settling, rested):
    settling.saved("a", scheduler.now())
    settling.saved("b", scheduler.now())
    settling.cancel("a")
    settling.cancel("never heard of")
    scheduler.advance(1)
    assert rested == ["b"]
    settling.saved("b", scheduler.now())
    settling.clear()
    scheduler.advance(10)
    assert rested == ["b"]
