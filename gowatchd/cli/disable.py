"""``gowatchctl disable``: end the daemon, and have systemd start it no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli import choosing_way, service_way
from gowatchd.translation import N_

if TYPE_CHECKING:
    import argparse

DISABLED = N_("gowatchd is stopped, and does not start any more for you: gowatchctl enable")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --dry-run."""
    choosing_way.add_dry_run(parser)


def run(arguments: argparse.Namespace) -> int:
    """Stop the unit, and mask it."""
    return service_way.switch(
        arguments,
        "disabled",
        DISABLED,
        lambda unit: not unit.runs and not unit.starts,
        lambda service: service.switch_off(),
    )
