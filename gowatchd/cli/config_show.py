"""``gowatchctl config show``: every key with the value that counts, as TOML, and where it comes from."""

from __future__ import annotations

import json
import os
from itertools import groupby
from typing import TYPE_CHECKING, Any

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.table import home_as_tilde, width
from gowatchd.cli.terminal import BOLD, DIM, Paint, printable, stdout_paint
from gowatchd.config.loading import ADMINISTRATOR_FILE, Loaded, Origin, load_with_origins
from gowatchd.config.mistake import ConfigError
from gowatchd.config.models import Config
from gowatchd.config.shape import keys
from gowatchd.config.toml_file import as_toml
from gowatchd.system.person import Person
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse

    from gowatchd.config.shape import Key

WIDEST = 48  # cells up to the column of origins: one long list does not push all of them off the screen


def run(arguments: argparse.Namespace) -> int:
    """Print it; raises CommandError where a file is wrong."""
    files = files_that_count()
    try:
        loaded = load_with_origins(files)
    except ConfigError as error:
        advice = _("'gowatchctl config edit' opens your file")
        raise CommandError(f"{printable_lines_of(error)}\n{advice}", Exit.CONFIGURATION) from error
    if arguments.json:
        print(json.dumps(_report(loaded, files)))
    else:
        print("\n".join(_lines(loaded, stdout_paint(arguments.color), origin=arguments.origin)))
    return Exit.OK


def files_that_count() -> tuple[str, ...]:
    """Return the configuration files, weakest first, whether or not they are there."""
    return ADMINISTRATOR_FILE, Person.of_environment().config_file


def printable_lines_of(error: ConfigError) -> str:
    """Return the mistakes, one a line."""
    return "\n".join(printable(str(mistake)) for mistake in error.mistakes)


def _report(loaded: Loaded, files: tuple[str, ...]) -> dict[str, object]:
    return {
        "schema": 1,
        "files": [{"path": file, "exists": os.path.lexists(file)} for file in files],
        "keys": [
            {
                "key": key.dotted,
                "value": _value(loaded, key),
                "default": key.default,
                "origin": None if origin is None else {"file": origin.file, "line": origin.line},
            }
            for key in keys(Config)
            for origin in [loaded.origins.get((key.section, key.name))]
        ],
    }


def _lines(loaded: Loaded, paint: Paint, *, origin: bool) -> list[str]:
    """Return the page: TOML, so that it can be the beginning of a file."""
    rows = [(key, _assignment(loaded, key)) for key in keys(Config)]
    column = max(width(text) for _, text in rows if width(text) <= WIDEST)
    lines: list[str] = []
    for section, members in groupby(rows, key=lambda row: row[0].section):
        lines += ["", paint(f"[{section}]", BOLD)]
        for key, text in members:
            where = loaded.origins.get((key.section, key.name))
            line = text if where is not None else paint(text, DIM)
            if origin:
                line += " " * max(0, column - width(text)) + paint(f"  # {_place(where)}", DIM)
            lines.append(line)
    return lines[1:]


def _assignment(loaded: Loaded, key: Key) -> str:
    value = _value(loaded, key)
    text = f"# {key.name} is not set" if value is None else f"{key.name} = {as_toml(value)}"
    return printable(text)


def _value(loaded: Loaded, key: Key) -> Any:  # noqa: ANN401 - whatever the key takes
    return getattr(getattr(loaded.config, key.section), key.name)


def _place(origin: Origin | None) -> str:
    return "default" if origin is None else printable(f"{home_as_tilde(origin.file)}:{origin.line}")
