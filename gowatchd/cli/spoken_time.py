"""Times as people say them: "12 s ago", "until 17:00", "2 days", "yesterday"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from gowatchd.translation import _

# The words of systemd.time(7), as far as somebody waits that long.
UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86400),
    **dict.fromkeys(("w", "week", "weeks"), 604800),
}
DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
# Compiled where a person says a time: status, which only shows some, does not wait for it.
_PART = r"([0-9]{1,9})\s*([A-Za-z]+)\s*"
_CLOCK = r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?"


def span(text: str) -> int:
    """Return the seconds of "90s", "30m", "1h 30min", "2 days"; raises ValueError."""
    rest, seconds = text.strip(), 0
    while rest:
        part = re.match(_PART, rest)
        unit = "" if part is None else part[2] if len(part[2]) == 1 else part[2].lower()  # M means months
        if part is None or unit not in UNITS:
            raise ValueError(text)
        seconds += int(part[1]) * UNITS[unit]
        rest = rest[part.end() :]
    if not seconds:
        raise ValueError(text)
    return seconds


def coming(text: str, now: datetime) -> datetime:
    """Return the moment to come that ``text`` names: "17:00" is the next one; raises ValueError."""
    moment = _named(text, now)
    if re.fullmatch(_CLOCK, text.strip()) and moment <= now:
        moment = _local(moment.replace(tzinfo=None) + timedelta(days=1))
    return moment


def past(text: str, now: datetime) -> datetime:
    """Return the moment gone by that ``text`` names: "17:00" is the last one, "2 h" was 2 h ago.

    Raises ValueError.
    """
    try:
        return now - timedelta(seconds=span(text.strip().removesuffix("ago")))
    except (ValueError, OverflowError):
        moment = _named(text, now)
    if re.fullmatch(_CLOCK, text.strip()) and moment > now:
        moment = _local(moment.replace(tzinfo=None) - timedelta(days=1))
    return moment


def ago(moment: str, now: datetime) -> str:
    """Return how long before ``now`` the ISO 8601 ``moment`` was, in its largest unit."""
    seconds = max(0, int((now - datetime.fromisoformat(moment)).total_seconds()))
    if seconds >= 86400:
        return _("{number} d ago").format(number=seconds // 86400)
    if seconds >= 3600:
        return _("{number} h ago").format(number=seconds // 3600)
    if seconds >= 60:
        return _("{number} min ago").format(number=seconds // 60)
    return _("{number} s ago").format(number=seconds)


def until(moment: str, now: datetime) -> str:
    """Return the ISO 8601 ``moment`` for a person of this place: without the day where that is today."""
    at = datetime.fromisoformat(moment).astimezone()
    return f"{at:%H:%M}" if at.date() == now.astimezone().date() else f"{at:%Y-%m-%d %H:%M}"


def _named(text: str, now: datetime) -> datetime:
    """Return the moment that ``text`` names by its day, its time of the day, or both."""
    words = text.strip().lower().split()
    today = now.astimezone().date()
    if words == ["now"]:
        return now
    if words and words[0] in DAYS:
        day = today + timedelta(days=DAYS[words.pop(0)])
        return _local(datetime(day.year, day.month, day.day) + _time_of_day(words))  # noqa: DTZ001 made local
    if len(words) == 1 and re.fullmatch(_CLOCK, words[0]):
        return _local(datetime(today.year, today.month, today.day) + _time_of_day(words))  # noqa: DTZ001 as above
    moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return _local(moment) if moment.tzinfo is None else moment


def _time_of_day(words: list[str]) -> timedelta:
    if not words:
        return timedelta()
    clock = re.fullmatch(_CLOCK, words[0])
    if clock is None or len(words) > 1:
        raise ValueError(" ".join(words))
    return timedelta(hours=int(clock[1]), minutes=int(clock[2]), seconds=int(clock[3] or 0))


def _local(moment: datetime) -> datetime:
    """Return what the clock on the wall here shows as a moment; years that no computer knows are refused."""
    try:
        return moment.astimezone(timezone.utc).astimezone()
    except OverflowError as error:
        raise ValueError(str(moment)) from error
