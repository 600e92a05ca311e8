"""``gowatchctl mute``: give no notifications of a workspace, for a while or for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli import choosing_way, time_limit
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directory, for how long, and --dry-run."""
    choosing_way.add_arguments(parser, _("a directory in the workspace, or above several; by default here"))
    time_limit.add_arguments(parser)


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
