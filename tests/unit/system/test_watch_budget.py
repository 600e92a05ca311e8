"""How many watches are ours, and what is said when they do not reach."""

from __future__ import annotations

import pytest

from gowatchd.system import watch_budget
from gowatchd.system.folders import Rank
from gowatchd.system.watch_budget import WatchBudget


class Table:
    """A table as far as it is told about."""

    def __init__(self, used, refused, short_of=Rank.SOURCE, *, limit_reached=False):
        self.used, self.refused, self.short_of, self.limit_reached = used, refused, short_of, limit_reached
        self.budget = used

    def __len__(self):
        return self.used


@pytest.fixture
def limit(monkeypatch):
    def have(number):
        monkeypatch.setattr(watch_budget, "max_user_watches", lambda: number)

    return have


@pytest.mark.parametrize(
    ("limit_is", "others", "expected"),
    [
        (65_536, 0, 16_384),  # a quarter
        (65_536, 40_000, 16_384),
        (65_536, 45_000, 12_344),  # the editors' reserve stays
        (65_536, 65_000, 1_024),  # what has Go files is watched as long as the kernel lets us
        (1_048_576, 30_000, 262_144),
        (8_192, 0, 2_048),
        (8_192, 5_000, 1_144),
        (8_192, 8_000, 512),
        (400, 400, 25),
    ],
)
def test_the_share(limit, limit_is, others, expected):
    limit(limit_is)
    budget = WatchBudget()
    budget.counted(others)
    assert budget.watches == expected


def test_the_configured_number_stands(limit):
    limit(65_536)
    budget = WatchBudget(30_000)
    budget.counted(60_000)
    assert budget.watches == 30_000
    assert not budget.matters(30_000)


def test_the_others_are_counted_only_where_that_may_matter(limit):
    limit(65_536)
    assert not WatchBudget().matters(1_000)
    assert WatchBudget().matters(1_025)


def test_a_limit_that_was_raised_counts_from_the_next_census_on(limit):
    limit(8_192)
    budget = WatchBudget()
    limit(262_144)
    budget.counted(0)
    assert budget.watches == 65_536


def test_nothing_is_said_when_all_is_watched(limit):
    limit(65_536)
    assert WatchBudget().shortage(Table(16_000, 0)) == ""


def test_the_sysctl_line_is_one_that_suffices(limit):
    limit(65_536)
    text = WatchBudget().shortage(Table(16_384, 10_000))
    assert text == (
        "not watched: folders without Go files so far; gowatchd takes 16384 of this user's 65536 inotify "
        "watches; raise the limit: sudo sysctl fs.inotify.max_user_watches=131072 (to keep it, put that "
        "setting into /etc/sysctl.d/60-inotify.conf), then: systemctl --user restart gowatchd"
    )
    limit(131_072)
    assert WatchBudget().watches >= 16_384 + 10_000


def test_the_sysctl_line_minds_the_others(limit):
    limit(65_536)
    budget = WatchBudget()
    budget.counted(250_000)
    assert "max_user_watches=524288 " in budget.shortage(Table(1_024, 10_000))
    limit(524_288)
    budget.counted(250_000)
    assert budget.watches >= 11_024


@pytest.mark.parametrize(
    ("rank", "what"),
    [
        (Rank.GO, "some folders with Go files"),
        (Rank.ASIDE, "folders without Go files so far, and some .git and vendor folders"),
    ],
)
def test_it_names_the_most_important_that_is_missing(limit, rank, what):
    limit(65_536)
    assert WatchBudget().shortage(Table(16_384, 3, rank)).startswith(f"not watched: {what}; ")


def test_the_kernels_own_refusal(limit):
    limit(65_536)
    text = WatchBudget().shortage(Table(9_000, 3, limit_reached=True))
    assert "all 65536 inotify watches of this user are taken; raise the limit: sudo sysctl" in text
    assert "max_user_watches=131072 " in text
