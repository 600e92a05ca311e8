"""The configuration: every key with its default, read from TOML and checked.

The administrator's file comes first, the person's file wins key by key. Both are optional: defaults live
here, and config/gowatchd.toml shows them.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from typing import TYPE_CHECKING, Any, Literal, Optional

from pydantic import BaseModel, StrictBool, StrictStr, ValidationError, conint

from gowatchd.services.restriction import Restriction

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ADMINISTRATOR_FILE = "/etc/gowatchd/config.toml"

# A configuration is a screenful of text; anything near this size is some other file.
SIZE_LIMIT = 1 << 20

# pydantic evaluates the annotations, and 1.8 does not know `X | None`.
OptionalText = Optional[StrictStr]  # noqa: UP045
OptionalSwitch = Optional[StrictBool]  # noqa: UP045

if TYPE_CHECKING:
    Milliseconds = int
    OptionalCount = Optional[int]  # noqa: UP045
else:
    Milliseconds = conint(strict=True, ge=0, le=60_000)
    OptionalCount = Optional[conint(strict=True, ge=1, le=0x7FFFFFFF)]  # noqa: UP045 - as the kernel's own limit


class ConfigError(Exception):
    """A configuration file that cannot be used; the text names file, line, key, value and remedy."""


class Watch(BaseModel, extra="forbid", frozen=True):
    """``[watch]``: where to look for Go repositories."""

    roots: tuple[StrictStr, ...] = ("~",)
    exclude: tuple[StrictStr, ...] = ()
    budget: OptionalCount = None


class Format(BaseModel, extra="forbid", frozen=True):
    """``[format]``: whether, when and how a saved file is formatted."""

    enabled: StrictBool = True
    settle_ms: Milliseconds = 100
    indent: Literal["tab", "2-space"] = "tab"
    fix_on_save: tuple[StrictStr, ...] = ()


class Check(BaseModel, extra="forbid", frozen=True):
    """``[check]``: what is validated, and with which go command."""

    go: OptionalText = None
    cross_check: StrictBool = True
    disable: tuple[StrictStr, ...] = ()


class Env(BaseModel, extra="forbid", frozen=True):
    """``[env]``: which user units are looked at, and what they get."""

    policy: Literal["off", "suggest", "apply"] = "apply"
    units: tuple[StrictStr, ...] = ("*",)
    required: dict[StrictStr, tuple[StrictStr, ...]] = {}
    values: dict[StrictStr, StrictStr] = {}
    login_shell: StrictBool = True


class Notify(BaseModel, extra="forbid", frozen=True):
    """``[notify]``: what desktop notifications tell."""

    level: Literal["off", "problems", "changes", "all"] = "changes"


class Config(BaseModel, extra="forbid", frozen=True):
    """One whole, valid configuration."""

    watch: Watch = Watch()
    format: Format = Format()
    check: Check = Check()
    notify: Notify = Notify()
    env: Env = Env()


class RepositoryWatch(BaseModel, extra="forbid", frozen=True):
    """``[watch]`` of a repository's own file."""

    enabled: OptionalSwitch = None
    exclude: tuple[StrictStr, ...] = ()


class RepositoryFormat(BaseModel, extra="forbid", frozen=True):
    """``[format]`` of a repository's own file."""

    enabled: OptionalSwitch = None


class RepositoryCheck(BaseModel, extra="forbid", frozen=True):
    """``[check]`` of a repository's own file."""

    cross_check: OptionalSwitch = None
    disable: tuple[StrictStr, ...] = ()


class RepositoryConfig(BaseModel, extra="forbid", frozen=True):
    """A repository's .gowatchd.toml, which may only switch things off."""

    watch: RepositoryWatch = RepositoryWatch()
    format: RepositoryFormat = RepositoryFormat()
    check: RepositoryCheck = RepositoryCheck()
    notify: Notify = Notify(level="all")


def restriction_in(file: str, text: str) -> Restriction:
    """Return what ``text``, a repository's .gowatchd.toml at ``file``, switches off; raises ConfigError.

    What it would switch on is ignored, and stands in ``problems``.
    """
    config = RepositoryConfig(**_parse(file, text, RepositoryConfig))
    switches = (
        (["watch", "enabled"], config.watch.enabled),
        (["format", "enabled"], config.format.enabled),
        (["check", "cross_check"], config.check.cross_check),
    )
    problems = tuple(
        f"{file}:{_line_of(text, keys)}: {'.'.join(keys)} = true: a repository may only switch things off:"
        " this is ignored"
        for keys, value in switches
        if value
    )
    return Restriction(
        unformatted=f"{file}: [format] enabled = false" if config.format.enabled is False else "",
        unwatched=f"{file}: [watch] enabled = false" if config.watch.enabled is False else "",
        cross_check=config.check.cross_check is not False,
        disable=frozenset(config.check.disable),
        level=config.notify.level,
        excludes=tuple((os.path.dirname(file), pattern) for pattern in config.watch.exclude),
        problems=problems,
    )


def load(files: tuple[str, ...], *, required: bool = False) -> Config:
    """Read ``files``, weakest first, into one configuration; a file that is not there is skipped.

    With ``required`` a missing file is an error too. Raises ConfigError.
    """
    merged: dict[str, Any] = {}
    for file in files:
        text = _read(file, required=required)
        if text is None:
            continue
        values = _parse(file, text, Config)
        for section, keys in values.items():
            if isinstance(keys, dict) and isinstance(merged.get(section), dict):
                merged[section] = {**merged[section], **keys}
            else:
                merged[section] = keys
    return Config(**merged)


def with_roots(config: Config, roots: tuple[str, ...]) -> Config:
    """Return ``config`` with other watch roots."""
    watch = Watch(roots=roots, exclude=config.watch.exclude, budget=config.watch.budget)
    return Config(watch=watch, format=config.format, check=config.check, notify=config.notify, env=config.env)


def _read(file: str, *, required: bool) -> str | None:
    try:
        # Opening a FIFO would wait for its writer for ever; O_NONBLOCK makes that an empty read.
        with open(file, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK)) as stream:
            data = stream.read(SIZE_LIMIT + 1)
    except FileNotFoundError as error:
        if required:
            raise ConfigError(f"{file}: {error.strerror}") from error
        return None
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}: make it readable or remove it") from error
    if len(data) > SIZE_LIMIT:
        raise ConfigError(f"{file}: larger than 1 MiB: this is not a configuration file")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{file}:{line}: not valid UTF-8: save the file as UTF-8") from error


def _parse(file: str, text: str, model: type[BaseModel]) -> dict[str, Any]:
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"\(at line (\d+)", str(error))
        line = f":{place[1]}" if place else ""
        raise ConfigError(f"{file}{line}: not valid TOML: {error}") from error
    try:
        model(**values)
    except ValidationError as error:
        lines = (_explain(file, text, values, item, model) for item in error.errors())
        raise ConfigError("\n".join(lines)) from error
    return values


def _explain(
    file: str,
    text: str,
    values: dict[str, Any],
    item: Any,  # noqa: ANN401 - pydantic's own dict
    model: type[BaseModel],
) -> str:
    keys = [part for part in item["loc"] if isinstance(part, str)]
    dotted = ".".join(keys)
    place = f"{file}:{_line_of(text, keys)}"
    if "extra" in item["type"]:
        known = _known_keys(model, keys[:-1])
        close = difflib.get_close_matches(keys[-1], known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known here: {', '.join(known)}"
        return f"{place}: unknown key {dotted}: {hint}"
    value: Any = values
    for part in item["loc"]:
        inside = isinstance(value, dict) and part in value
        inside = inside or (isinstance(value, list) and isinstance(part, int) and part < len(value))
        if not inside:
            break
        value = value[part]
    return f"{place}: {dotted} = {value!r}: {item['msg']}"


def _known_keys(model: type[BaseModel], section: list[str]) -> list[str]:
    part = getattr(model(), section[0]) if section else model()
    return list(type(part).__annotations__)


def _line_of(text: str, keys: list[str]) -> int:
    """Return the line on which ``keys`` is set, or that of its section, or 1."""
    section: list[str] = []
    best = 1
    for number, line in enumerate(text.split("\n"), start=1):
        header = re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line)
        if header:
            section = [part.strip().strip("\"'") for part in header[1].split(".")]
            if section == keys[: len(section)]:
                best = number
            if section == keys:
                return number
            continue
        assignment = re.match(r"\s*([^=#]+?)\s*=", line)
        if assignment:
            name = section + [part.strip().strip("\"'") for part in assignment[1].split(".")]
            if name == keys[: len(name)]:
                return number
    return best
