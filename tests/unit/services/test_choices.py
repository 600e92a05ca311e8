"""What a person chose, as values."""

from __future__ import annotations

import time

import pytest

from gowatchd.services.choices import MAX_CHOICES, Choices, Mute, Pause
from gowatchd.services.territory import ADDED, CONFIGURED, Root, Territory


def test_they_survive_being_kept():
    choices = (
        Choices().adding("/b").adding("/a").adding("/a").removing("/r").muting(Mute("/m", 5.5))
    ).muting(Mute("/n", None))
    assert choices.added == ("/a", "/b")
    assert Choices.of_json(choices.as_json()) == choices
    for folder in ("/", "/not UTF-8: \udcff", "/..."):
        assert Choices.of_json(Choices().adding(folder).as_json()).added == (folder,)
    longest = Choices().pausing(Pause(time.time() + 2**32 - 1))  # D-Bus lets nobody ask for more
    assert Choices.of_json(longest.as_json()) == longest
    for pause in (Pause(7.5), Pause(None)):
        assert Choices.of_json(choices.pausing(pause).as_json()) == choices.pausing(pause)


@pytest.mark.parametrize(
    "change",
    [
        {"added": ["relative"]},
        {"added": "/a"},
        {"removed": [3]},
        {"muted": ["/a"]},
        {"muted": {"/a": "soon"}},
        {"muted": {"/a": True}},
        {"muted": {"a": None}},
        {"paused": None},
        {"paused": {"until": "soon"}},
        {"paused": {"until": True}},
        *({"paused": {"until": until}} for until in (float("inf"), float("nan"), -1, 2**33, 2**2000)),
        *({"added": [name]} for name in ("//", "//a", "/a/", "/a/../b", "/a/./b", "/a//b", "/\ud800")),
        {"added": [f"/{number}" for number in range(MAX_CHOICES + 1)]},
    ],
    ids=str,
)
def test_what_we_did_not_keep_is_not_believed(change):
    with pytest.raises((ValueError, TypeError)):
        Choices.of_json({**Choices().as_json(), **change})


def test_a_mute_covers_what_is_below_and_ends():
    choices = Choices().muting(Mute("/src", 100.0)).muting(Mute("/src/app", None))
    assert choices.mute_of("/src/tool", 99.0) == Mute("/src", 100.0)
    assert choices.mute_of("/src/tool", 100.0) is None
    assert choices.mute_of("/src/app/x", 99.0) == Mute("/src/app", None), "the longest counts"
    assert choices.mute_of("/srcs", 0.0) is None
    assert choices.at(100.0).muted == (Mute("/src/app", None),)
    assert choices.muting(Mute("/src", None)).muted[0] == Mute("/src", None), "one for each folder"
    assert choices.unmuting("/src").muted == ()


def test_a_pause_ends():
    choices = Choices().pausing(Pause(100.0))
    assert choices.pause(99.0) == choices.at(99.0).paused == Pause(100.0)
    assert choices.pause(100.0) is choices.at(100.0).paused is None
    assert choices.pausing(Pause(None)).pause(1e12) == Pause(None)


def test_dropping_takes_what_is_below_with_it():
    choices = Choices(added=("/a", "/a/b", "/ab"))
    assert choices.dropping("/a").added == ("/ab",)


def test_the_roots_in_force():
    choices = Choices(added=("/home/me", "/srv"), removed=("/opt", "/home/me/big"))
    territory = Territory(("/home/me", "/opt", "/home/me"), ("x",), choices)
    assert territory.roots == (Root("/home/me", CONFIGURED), Root("/srv", ADDED))
    assert territory.excludes == ("x", "/opt", "/home/me/big")


def test_what_was_removed_is_out_but_not_a_root_of_its_own_in_it():
    choices = Choices(added=("/home/me/big/own",), removed=("/home/me/big",))
    territory = Territory(("/home/me",), (), choices)
    assert territory.root_of("/home/me/a/go.mod") == Root("/home/me", CONFIGURED)
    assert territory.root_of("/home/me/big/go.mod") is None
    assert territory.root_of("/home/me/bigger/go.mod") is not None
    assert territory.root_of("/home/me/big/own/go.mod") == Root("/home/me/big/own", ADDED)
    assert territory.root_of("/elsewhere/go.mod") is None


def test_a_name_with_signs_of_patterns_means_itself():
    assert Territory((), (), Choices(removed=("/a/[x]*",))).excludes == ("/a/[[]x][*]",)
