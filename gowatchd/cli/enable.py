"""``gowatchctl enable``: have systemd start the daemon, now and at every login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli import choosing_way, service_way
from gowatchd.translation import N_

if TYPE_CHECKING:
    import argparse

ENABLED = N_("gowatchd runs, and starts with your session")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --dry-run."""
    choosing_way.add_dry_run(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take a mask away, and start the unit."""
    return service_way.switch(
        arguments,
        "enabled",
        ENABLED,
        lambda unit: unit.runs and unit.starts,
        lambda service: service.switch_on(),
    )
