"""The keys of the configuration, each with its type and its default; config/gowatchd.toml says what for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Optional

from pydantic import BaseModel, StrictBool, StrictStr, conint

LONGEST_SETTLE = 60_000  # milliseconds: who waits longer for a save to be formatted wants it switched off
MOST_WATCHES = 0x7FFFFFFF  # the kernel's own limit

# pydantic evaluates the annotations, and 1.8 does not know `X | None`.
OptionalText = Optional[StrictStr]  # noqa: UP045 for pydantic 1.8
OptionalSwitch = Optional[StrictBool]  # noqa: UP045 for pydantic 1.8

if TYPE_CHECKING:
    Milliseconds = int
    Count = int
else:
    Milliseconds = conint(strict=True, ge=0, le=LONGEST_SETTLE)
    Count = conint(strict=True, ge=1, le=MOST_WATCHES)
OptionalCount = Optional[Count]  # noqa: UP045 as pydantic is told below


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
    editor: OptionalText = None
    terminal: OptionalText = None


class Config(BaseModel, extra="forbid", frozen=True):
    """One whole, valid configuration."""

    watch: Watch = Watch()
    format: Format = Format()
    check: Check = Check()
    notify: Notify = Notify()
    env: Env = Env()


class RepositoryWatch(BaseModel, extra="forbid", frozen=True):
    """``[watch]`` of a repository's own file: what not to look at."""

    enabled: OptionalSwitch = None
    exclude: tuple[StrictStr, ...] = ()


class RepositoryFormat(BaseModel, extra="forbid", frozen=True):
    """``[format]`` of a repository's own file: whether to format at all."""

    enabled: OptionalSwitch = None


class RepositoryCheck(BaseModel, extra="forbid", frozen=True):
    """``[check]`` of a repository's own file: what not to check."""

    cross_check: OptionalSwitch = None
    disable: tuple[StrictStr, ...] = ()


class RepositoryNotify(BaseModel, extra="forbid", frozen=True):
    """``[notify]`` of a repository's own file: the most to tell."""

    level: Literal["off", "problems", "changes", "all"] = "all"


class RepositoryConfig(BaseModel, extra="forbid", frozen=True):
    """A repository's .gowatchd.toml, which may only switch things off."""

    watch: RepositoryWatch = RepositoryWatch()
    format: RepositoryFormat = RepositoryFormat()
    check: RepositoryCheck = RepositoryCheck()
    notify: RepositoryNotify = RepositoryNotify()


def with_roots(config: Config, roots: tuple[str, ...]) -> Config:
    """Return ``config`` with other watch roots."""
    watch = Watch(roots=roots, exclude=config.watch.exclude, budget=config.watch.budget)
    return Config(watch=watch, format=config.format, check=config.check, notify=config.notify, env=config.env)
