"""``gowatchctl config schema``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli.errors import Exit
from gowatchd.config.schema import as_text, repository_schema, schema

if TYPE_CHECKING:
    import argparse


def run(arguments: argparse.Namespace) -> int:
    """Print the schema, which is JSON in any case."""
    print(as_text(repository_schema() if arguments.repository else schema()), end="")
    return Exit.OK
