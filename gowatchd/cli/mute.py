"""``gowatchctl mute``: give no notifications of a workspace, for a while or for ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gowatchd.cli import choosing_way
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse

FOREVER = 0
UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
MOST_SECONDS = 2**32 - 1  # a D-Bus "u": 136 years


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directory, for how long, and --dry-run."""
    choosing_way.add_arguments(parser, _("a directory in the workspace, or above several; by default here"))
    parser.add_argument(
        "--for",
        dest="seconds",
        type=_seconds,
        default=FOREVER,
        metavar="TIME",
        help=_("30m, 1h, 2d, 1w, or forever, the default"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Keep the choice, and say until when it holds."""
    seconds = arguments.seconds
    return choosing_way.choose(
        arguments,
        "Mute",
        lambda choosing, path: choosing.mute(path, seconds or None, dry_run=arguments.dry_run),
        "ayub",
        seconds,
    )


def _seconds(text: str) -> int:
    """Read a time; argparse turns the ValueError into its usage message."""
    if text == "forever":
        return FOREVER
    found = re.fullmatch(r"([0-9]{1,9})([mhdw])", text)
    seconds = int(found[1]) * UNITS[found[2]] if found else 0
    if not 0 < seconds <= MOST_SECONDS:
        raise ValueError
    return seconds


_seconds.__name__ = "time (30m, 1h, 2d, 1w, forever)"  # what argparse calls it
