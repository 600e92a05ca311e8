"""``gowatchctl status``: what the daemon watches, and how it is."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.client import Client
from gowatchd.cli.errors import Exit
from gowatchd.cli.status_page import StatusPage
from gowatchd.cli.terminal import stdout_size
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --watch."""
    parser.add_argument(
        "-w", "--watch", action="store_true", help=_("go on showing it as it changes, until Ctrl-C")
    )


def run(arguments: argparse.Namespace) -> int:
    """Print how the daemon is; the exit code only says whether it runs, as that of systemctl status does."""
    with Client() as client:
        if arguments.watch:
            from gowatchd.cli.status_watch import watch_lines, watch_screen  # noqa: PLC0415 only who asks pays

            if arguments.json or not sys.stdout.isatty():
                watch_lines(client)
            else:
                watch_screen(client, StatusPage(arguments))
            return Exit.OK
        status = client.ask("GetStatus")
    if arguments.json:
        print(json.dumps(status))
    else:
        print("\n".join(StatusPage(arguments).lines(status, stdout_size().columns)))
    return Exit.OK
