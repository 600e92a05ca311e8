"""``gowatchctl add``: watch what is below a directory, wherever that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli import choosing_way
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directory, and --dry-run."""
    choosing_way.add_arguments(parser, _("the directory to watch; by default here"))


def run(arguments: argparse.Namespace) -> int:
    """Keep the choice, and say what became of it."""
    return choosing_way.choose_place(arguments, "Add", lambda choosing: choosing.add)
