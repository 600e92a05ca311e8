"""``gowatchctl resume``: end a pause, and have done what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli import choosing_way

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --dry-run."""
    choosing_way.add_dry_run(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take the choice back, and say what became of it."""
    return choosing_way.choose_everywhere(
        arguments, "Resume", lambda choosing: choosing.resume(dry_run=arguments.dry_run)
    )
