"""``gowatchctl metrics``: what the daemon did, in numbers, as the text that Prometheus reads.

Nothing listens anywhere: node_exporter's textfile collector takes the file that ``--output`` writes.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import secrets
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.exposition import exposition
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse

UP = {"name": "gowatchd_up", "type": "gauge", "help": "1 while the daemon runs and answers."}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to write to."""
    parser.add_argument(
        "--output",
        metavar="FILE",
        help=_("write into FILE at once and whole, for the textfile collector of node_exporter"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Print or write the numbers; without a daemon a file says that there is none."""
    try:
        with Client() as client:
            answer = client.ask("GetMetrics")
    except CommandError as error:
        if arguments.output is None:
            raise
        _write(arguments.output, _rendered(arguments, {"schema": 1, "metrics": []}, up=0))
        raise CommandError(error.message, error.code) from error
    text = _rendered(arguments, answer, up=1)
    if arguments.output is None:
        print(text, end="")
    else:
        _write(arguments.output, text)
    return Exit.OK


def _rendered(arguments: argparse.Namespace, answer: dict[str, Any], *, up: int) -> str:
    metrics = [{**UP, "samples": [{"labels": {}, "value": up}]}, *answer["metrics"]]
    if arguments.json:
        return f"{json.dumps({**answer, 'metrics': metrics})}\n"
    return exposition(metrics, {"user": _user()})  # one collector reads the files of all people of a machine


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # an id without an account, as containers have them
        return str(os.getuid())


def _write(path: str, text: str) -> None:
    """Replace ``path`` so that whoever reads it meanwhile has the old or the new text as a whole."""
    folder, name = os.path.split(os.path.abspath(path))
    draft = os.path.join(folder, f".{name}.{secrets.token_hex(8)}")  # no *.prom, which a collector would read
    try:
        try:
            with open(draft, "x", encoding="utf-8") as file:  # readable for others as the umask says
                file.write(text)
                file.flush()
                os.fsync(file.fileno())  # or a power cut may leave the name with an empty file
            os.replace(draft, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", Exit.PROBLEMS) from error
