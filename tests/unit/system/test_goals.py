"""What was asked for, and what is taken back."""

from __future__ import annotations

import pytest

from gowatchd.system.folders import Reach
from gowatchd.system.goals import Goals


@pytest.fixture
def goals():
    return Goals()


def test_the_way_to_a_goal_is_part_of_it(goals):
    goals.add(b"/a/b", Reach.SINGLE)
    assert [goals.reach(path) for path in (b"/", b"/a", b"/a/b", b"/a/b/c", b"/c")] == [
        Reach.WAY,
        Reach.WAY,
        Reach.SINGLE,
        None,
        None,
    ]
    assert goals.children(b"/a") == {b"b"}


def test_the_greatest_reach_counts(goals):
    goals.add(b"/a", Reach.TREE)
    goals.add(b"/a", Reach.REPOSITORY)
    assert goals.reach(b"/a") is Reach.TREE
    goals.remove(b"/a", Reach.TREE)
    assert goals.reach(b"/a") is Reach.REPOSITORY


def test_what_is_taken_back_leaves_nothing(goals):
    goals.add(b"/a/b/c", Reach.SINGLE)
    goals.remove(b"/a/b/c", Reach.SINGLE)
    assert not goals._asked
    assert not goals._children


def test_what_was_asked_for_twice_stays_once(goals):
    goals.add(b"/a/b", Reach.SINGLE)
    goals.add(b"/a/b", Reach.SINGLE)
    goals.remove(b"/a/b", Reach.SINGLE)
    assert goals.reach(b"/a/b") is Reach.SINGLE


def test_ways_that_others_need_stay(goals):
    goals.add(b"/a/b", Reach.SINGLE)
    goals.add(b"/a/b/c/d", Reach.SINGLE)
    goals.add(b"/a/x", Reach.SINGLE)
    goals.remove(b"/a/b/c/d", Reach.SINGLE)
    assert goals.children(b"/a/b") == frozenset()
    goals.remove(b"/a/b", Reach.SINGLE)
    assert goals.children(b"/a") == {b"x"}
