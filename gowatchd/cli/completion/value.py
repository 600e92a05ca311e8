"""What may stand where a usage message has DIR, CODE or TIME."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gowatchd.cli.checks.catalog import ARCHIVE, CHECKS
from gowatchd.lint.catalog import RULES
from gowatchd.services.manual_sections import summary
from gowatchd.workspace.compatibility import NEWEST, OLDEST


class Paths(Enum):
    """Which names of the file system are completed."""

    NONE = "none"
    FOLDERS = "folders"
    FILES = "files"
    GO_FILES = "go-files"  # and the folders on the way to them


@dataclass(frozen=True, slots=True)
class Value:
    """What an argument may be: ``words`` with what each means, names of files, and what the program answers.

    ``asks`` is what ``gowatchctl --complete`` is asked for, or nothing; ``name`` is what a menu calls it.
    """

    name: str = ""
    words: tuple[tuple[str, str], ...] = ()
    paths: Paths = Paths.NONE
    asks: str = ""


def words_of(words: tuple[tuple[str, str], ...]) -> Value:
    """Return a value that is one of ``words``."""
    return Value(words=words)


def _plain(manual: str) -> str:
    return summary(manual).replace("``", "")


NOTHING = Value()
RULE = Value("rule", tuple((one.code, f"{one.severity.value}: {_plain(one.manual)}") for one in RULES))
CHECK = Value("check", tuple((one.code, _plain(one.manual.summary)) for one in (*CHECKS, ARCHIVE)))
SPAN = words_of(tuple((one, "") for one in ("30m", "1h", "4h", "1d", "1w", "forever")))
COMING = words_of((("17:00", ""), ("tomorrow", "")))
PAST = words_of(tuple((one, "") for one in ("1h", "today", "yesterday", "1w")))
_NEWEST, _OLDEST = (int(version.partition(".")[2]) for version in (NEWEST, OLDEST))
GO_VERSION = words_of(tuple((f"1.{minor}", "") for minor in range(_NEWEST, _OLDEST - 1, -1)))

VALUES = {
    "CHECK": CHECK,
    "CODE": RULE,
    "DIR": Value("folder", paths=Paths.FOLDERS),
    "FILE": Value("file", paths=Paths.FILES),
    "GLOB": NOTHING,
    "ID": Value("change", asks="changes"),
    "ID|PATH": Value("change", paths=Paths.GO_FILES, asks="changes"),
    "N": NOTHING,
    "OLD[@VERSION]=PATH": NOTHING,
    "PATH": Value("file", paths=Paths.FILES),
    "SUM": NOTHING,
    "UNIT|VARIABLE": Value("unit", asks="units"),
    "VERSION": GO_VERSION,
}
# Where the same word stands for something narrower, by program or verb and what stands there.
NARROWER = {
    ("mute", "DIR"): Value("workspace", paths=Paths.FOLDERS, asks="workspaces"),
    ("unmute", "DIR"): Value("workspace", paths=Paths.FOLDERS, asks="muted"),
    ("remove", "DIR"): Value("workspace", paths=Paths.FOLDERS, asks="workspaces"),
    ("gofumpt-work", "PATH"): Value("file", paths=Paths.GO_FILES),
    ("mute", "--for"): SPAN,
    ("mute", "--until"): COMING,
    ("pause", "--for"): SPAN,
    ("pause", "--until"): COMING,
    ("log", "--since"): PAST,
    ("log", "--until"): PAST,
}


def value_of(command: str, names: tuple[str, ...], metavar: str) -> Value:
    """Return what the argument of an option, or of ``command`` itself, may be.

    Raises KeyError where nobody has decided that: it belongs into VALUES then.
    """
    for one in names or (metavar,):
        if (command, one) in NARROWER:
            return NARROWER[command, one]
    if metavar not in VALUES:
        raise KeyError(f"{command}: what do the shells complete for {metavar}? Say it in VALUES of value.py")
    return VALUES[metavar]
