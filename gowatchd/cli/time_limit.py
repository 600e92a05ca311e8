"""``--for TIME`` and ``--until TIME``: how long something that a person asks for shall hold."""

from __future__ import annotations

import math
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from gowatchd.cli.spoken_time import coming, span
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse

FOREVER = 0
MOST_SECONDS = 2**32 - 1  # a D-Bus "u": 136 years


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take both, one of them at a time; ``arguments.seconds`` is what came of it, FOREVER without them."""
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument(
        "--for",
        dest="seconds",
        type=_seconds,
        default=FOREVER,
        metavar="TIME",
        help=_("30m, 1h, '2 days', 1w, or forever, the default"),
    )
    limits.add_argument(
        "--until",
        dest="seconds",
        type=_seconds_until,
        default=FOREVER,
        metavar="TIME",
        help=_("17:00, 'tomorrow 8:00', 2026-12-24 or '2026-12-24 18:00'"),
    )


def _seconds(text: str) -> int:
    """Read a time; argparse turns the ValueError into its usage message."""
    return FOREVER if text == "forever" else _checked(span(text))


def _seconds_until(text: str) -> int:
    """Read a moment to come, likewise."""
    now = datetime.now(tz=timezone.utc)
    return _checked(math.ceil((coming(text, now) - now).total_seconds()))


def _checked(seconds: int) -> int:
    if not 0 < seconds <= MOST_SECONDS:
        raise ValueError
    return seconds


# what argparse calls them
_seconds.__name__ = "time (30m, 1h, 2d, 1w, forever)"
_seconds_until.__name__ = "time to come (17:00, tomorrow 8:00, 2026-12-24 18:00)"
