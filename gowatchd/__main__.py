"""gowatchd, the program: its command line, its configuration, its exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import TYPE_CHECKING

import gowatchd
from gowatchd.config.loading import ADMINISTRATOR_FILE
from gowatchd.config.mistake import ConfigError
from gowatchd.daemon import Daemon
from gowatchd.settings import Settings
from gowatchd.system.journal import LEVELS, set_up_logging
from gowatchd.system.person import Person
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the daemon in the foreground."""
    options = program_parser().parse_args(arguments)
    set_up_logging(options.log_level)
    settings = _settings(options)
    try:
        settings.begin()
    except ConfigError as error:
        log.error("%s", error)  # noqa: TRY400 - the person's mistake, not a bug of ours
        return EXIT_CONFIGURATION
    return Daemon(settings, dry_run=options.dry_run, chosen=not options.root).main()


def _settings(options: argparse.Namespace) -> Settings:
    person = Person.of_environment()
    roots = tuple(os.path.abspath(root) for root in options.root or ())
    if options.config is not None:
        return Settings((options.config,), person.state_folder, roots=roots, named=True)
    return Settings((ADMINISTRATOR_FILE, person.config_file), person.state_folder, roots=roots)


def program_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="gowatchd",
        description=_("Watch Go workspaces: validate and format go.work and go.mod when they are saved."),
        epilog=_("See gowatchd(1); gowatchctl talks to the running daemon."),
    )
    parser.add_argument(
        "--root", action="append", metavar="DIR", help=_("watch below DIR, not the configured roots")
    )
    parser.add_argument(
        "--config", metavar="FILE", help=_("read FILE instead of the usual configuration files")
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=_("write no file; log what would be formatted")
    )
    parser.add_argument(
        "--log-level", choices=LEVELS, default="info", help=_("how much to say; info, if not given")
    )
    parser.add_argument("--version", action="version", version=f"gowatchd {gowatchd.__version__}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
