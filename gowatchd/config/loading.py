"""The files of the configuration, read into one: where each value comes from is remembered.

The administrator's file comes first, the person's file wins key by key. Both are optional: the defaults are
those of the models.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gowatchd.config.models import Config
from gowatchd.config.places import line_of, places
from gowatchd.config.toml_file import read
from gowatchd.config.validation import validated

ADMINISTRATOR_FILE = "/etc/gowatchd/config.toml"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration, and the origin of each value that no default is, by section and key."""

    config: Config
    origins: dict[tuple[str, str], Origin]


def load(files: tuple[str, ...], *, required: bool = False) -> Config:
    """Read ``files``, weakest first, into one configuration; a file that is not there is skipped.

    With ``required`` a missing file is an error too. Raises ConfigError.
    """
    return Config(**load_values(files, required=required))


def load_values(files: tuple[str, ...], *, required: bool = False) -> dict[str, Any]:
    """Do the same, and return what the files set, by section and key, as JSON can hold it."""
    merged: dict[str, Any] = {}
    for file in files:
        text = read(file, required=required)
        if text is not None:
            for section, values in validated(file, text, Config).items():
                merged.setdefault(section, {}).update(values)
    return merged


def load_with_origins(files: tuple[str, ...]) -> Loaded:
    """Do the same, and say where each value stands."""
    origins: dict[tuple[str, str], Origin] = {}
    for file in files:
        text = read(file, required=False)
        if text is not None:
            found = places(text)
            for section, values in validated(file, text, Config).items():
                for name in values:
                    origins[section, name] = Origin(file, line_of(found, (section, name)))
    return Loaded(load(files), origins)
