"""``gowatchctl config``: what is set, by whom, whether it is right, and how to change it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.translation import N_, _

if TYPE_CHECKING:
    import argparse

ACTIONS = {
    "show": N_("print every key with the value that counts; the default"),
    "check": N_("say what is wrong in the files, or in FILE"),
    "edit": N_("edit your file, check it, and have gowatchd read it"),
    "schema": N_("print the JSON Schema, from which editors complete"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and what show and check take."""
    parser.add_argument(
        "action",
        nargs="?",
        default="show",
        choices=ACTIONS,
        metavar="ACTION",
        help="; ".join(f"{name}: {_(what)}" for name, what in ACTIONS.items()),
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help=_("check this file, not those that count"))
    parser.add_argument(
        "--repository", action="store_true", help=_("schema: that of a repository's .gowatchd.toml")
    )
    parser.add_argument("--origin", action="store_true", help=_("show: say where each value comes from"))


def run(arguments: argparse.Namespace) -> int:
    """Do it; pydantic is imported only now."""
    if arguments.file is not None and arguments.action != "check":
        raise CommandError(f"config {arguments.action} takes no FILE", Exit.USAGE)
    if arguments.origin and arguments.action != "show":
        raise CommandError("--origin goes with config show", Exit.USAGE)
    if arguments.repository and arguments.action != "schema":
        raise CommandError("--repository goes with config schema", Exit.USAGE)
    code: int = importlib.import_module(f"gowatchd.cli.config_{arguments.action}").run(arguments)
    return code
