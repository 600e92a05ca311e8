"""``gowatchctl pause``: have the daemon write and notify nothing, for a while or until it shall go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli import choosing_way, time_limit

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take for how long, and --dry-run."""
    choosing_way.add_dry_run(parser)
    time_limit.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Keep the choice, and say until when it holds."""
    seconds = arguments.seconds
    return choosing_way.choose_everywhere(
        arguments,
        "Pause",
        lambda choosing: choosing.pause(seconds or None, dry_run=arguments.dry_run),
        "ub",
        seconds,
    )
