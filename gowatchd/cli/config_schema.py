"""``gowatchctl config schema``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli.errors import Exit
from gowatchd.config.schema import schema_text

if TYPE_CHECKING:
    import argparse


def run(_arguments: argparse.Namespace) -> int:
    """Print the schema, which is JSON in any case."""
    print(schema_text(), end="")
    return Exit.OK
