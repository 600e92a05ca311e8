"""A TOML file that a person wrote: read with suspicion, taken apart, and values written as TOML."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any

from gowatchd.config.mistake import ConfigError, Mistake

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# A configuration is a screenful of text; anything near this size is some other file.
SIZE_LIMIT = 1 << 20
BITS = 64  # of a number, as TOML has it; Python's reader takes more


def read(file: str, *, required: bool) -> str | None:
    """Return the text of ``file``, None where it is not there and not ``required``; raises ConfigError."""
    try:
        # Opening a FIFO would wait for its writer for ever; O_NONBLOCK makes that an empty read.
        with open(file, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK)) as stream:
            data = stream.read(SIZE_LIMIT + 1)
    except FileNotFoundError as error:
        if required:
            raise ConfigError(Mistake(file, str(error.strerror))) from error
        return None
    except OSError as error:
        raise ConfigError(Mistake(file, f"{error.strerror}: make it readable or remove it")) from error
    if len(data) > SIZE_LIMIT:
        raise ConfigError(Mistake(file, "larger than 1 MiB: this is not a configuration file"))
    return decoded(file, data)


def decoded(file: str, data: bytes) -> str:
    """Return ``data``, which stands in ``file``, as text; raises ConfigError."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(Mistake(file, "not valid UTF-8: save the file as UTF-8", line)) from error


def parse(file: str, text: str) -> dict[str, Any]:
    """Return the values in ``text``, which stands in ``file``; raises ConfigError."""
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"\(at line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1 if "end of document" in str(error) else 0
        raise ConfigError(Mistake(file, f"not valid TOML: {error}", line)) from error
    except ValueError as error:  # Python reads no number of more than 4300 digits
        long = re.search(r"[0-9_]{4300}", text)
        line = text.count("\n", 0, long.start()) + 1 if long else 0
        raise ConfigError(Mistake(file, "a number is too long: TOML's have 64 bits", line)) from error
    return values


def as_toml(value: object) -> str:
    """Return ``value`` as it stands behind an equals sign, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        quoted = json.dumps(value, ensure_ascii=False)  # the same escapes, but for what JSON leaves alone
        return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in quoted)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, dict):
        entries = ", ".join(f"{as_key(key)} = {as_toml(one)}" for key, one in value.items())
        return f"{{ {entries} }}" if entries else "{}"
    if isinstance(value, int) and value.bit_length() > BITS:
        return hex(value)  # Python writes none of more than 4300 decimal digits
    return str(value)


def as_key(name: str) -> str:
    """Return ``name`` as it stands before an equals sign: in quotes where it has to."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else as_toml(name)
