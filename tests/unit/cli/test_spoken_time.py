"""Times as people say them, in a place with a summer time."""

import time
from datetime import datetime, timedelta, timezone

import pytest

from gowatchd.cli.spoken_time import ago, coming, past, span, until

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)  # a Sunday, 13:00 in Berlin


@pytest.fixture(autouse=True)
def berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("30m", 1800),
        ("1h", 3600),
        ("2 days", 172_800),
        ("1h 30min", 5400),
        ("1h30min", 5400),
        (" 2 Weeks ", 1_209_600),
        ("1 hour 1 minute 1 second", 3661),
    ],
)
def test_a_span(text, seconds):
    assert span(text) == seconds


@pytest.mark.parametrize("text", ["", "0s", "1", "h", "1x", "-1h", "1.5h", "1 h ago", "1M", "12345678901s"])
def test_no_span(text):
    with pytest.raises(ValueError):  # noqa: PT011 argparse wants no more
        span(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("17:00", "2026-11-22T17:00:00+01:00"),
        ("13:00", "2026-11-23T13:00:00+01:00"),  # it is 13:00
        ("9:05:07", "2026-11-23T09:05:07+01:00"),
        ("tomorrow", "2026-11-23T00:00:00+01:00"),
        ("tomorrow 8:30", "2026-11-23T08:30:00+01:00"),
        ("2026-12-24", "2026-12-24T00:00:00+01:00"),
        ("2027-07-01 08:00", "2027-07-01T08:00:00+02:00"),
        ("2026-12-24T18:00:00Z", "2026-12-24T18:00:00+00:00"),
    ],
)
def test_what_comes(text, moment):
    assert coming(text, NOW) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2026-11-22T13:00:00+01:00"),
        ("2 h", "2026-11-22T11:00:00+01:00"),
        ("2 hours ago", "2026-11-22T11:00:00+01:00"),
        ("12:00", "2026-11-22T12:00:00+01:00"),
        ("17:00", "2026-11-21T17:00:00+01:00"),
        ("today", "2026-11-22T00:00:00+01:00"),
        ("yesterday 17:00", "2026-11-21T17:00:00+01:00"),
        ("2026-10-25", "2026-10-25T00:00:00+02:00"),
        ("2026-11-01 10:00", "2026-11-01T10:00:00+01:00"),
    ],
)
def test_what_went_by(text, moment):
    assert past(text, NOW) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "17:60", "yesterday soon", "today 1:00 2:00", "0001-01-01", "9999999w"],
)
def test_no_moment(text):
    for read in (coming, past):
        with pytest.raises(ValueError):  # noqa: PT011 argparse wants no more
            read(text, NOW)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s ago"), (12, "12 s ago"), (60, "1 min ago"), (7199, "1 h ago"), (200_000, "2 d ago")],
)
def test_ago(seconds, text):
    moment = (NOW - timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=8))).isoformat()
    assert ago(moment, NOW) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-22T17:00:00+01:00", "17:00"),
        ("2026-11-22T22:59:00+00:00", "23:59"),
        ("2026-11-22T23:00:00+00:00", "2026-11-23 00:00"),
    ],
)
def test_until(moment, text):
    assert until(moment, NOW) == text
