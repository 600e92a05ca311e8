"""``gowatchctl version``."""

from __future__ import annotations

import json
import platform
from typing import TYPE_CHECKING

import gowatchd

if TYPE_CHECKING:
    import argparse


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print the version of gowatchd and of the Python it runs on."""
    python = platform.python_version()
    if arguments.json:
        print(json.dumps({"schema": 1, "version": gowatchd.__version__, "python": python}))
    else:
        print(f"gowatchctl {gowatchd.__version__} (Python {python})")
    return 0
