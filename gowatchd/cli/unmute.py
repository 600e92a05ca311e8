"""``gowatchctl unmute``: give notifications of a workspace again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli import choosing_way
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directory, and --dry-run."""
    choosing_way.add_arguments(parser, _("a directory in the workspace, or above several; by default here"))


def run(arguments: argparse.Namespace) -> int:
    """Take the choice back, and say what became of it."""
    return choosing_way.choose(
        arguments, "Unmute", lambda choosing, path: choosing.unmute(path, dry_run=arguments.dry_run)
    )
