"""What the files of a unit say of its commands and environment, read without asking systemd.

Reading is two hundred times cheaper than asking, so a unit in which this finds nothing wrong is not asked
about. Where the files use what is not understood here, ``unsure`` says so, and systemd has the word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gowatchd.unitfile.expansion import is_name
from gowatchd.unitfile.needs import Command
from gowatchd.unitfile.unit_text import settings
from gowatchd.unitfile.words import WordError, split_commands, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Exec lines that run with the environment of Environment= (systemd.exec(5)).
EXEC_KEYS = (
    "ExecCondition",
    "ExecStartPre",
    "ExecStart",
    "ExecStartPost",
    "ExecReload",
    "ExecStop",
    "ExecStopPost",
)
_PREFIXES = "@-:+!|"
_NOT_UTF8 = re.compile("[\ud800-\udfff]")  # as os.fsdecode leaves it
_SPECIFIER = re.compile(r"%(.?)", re.DOTALL)


@dataclass(slots=True)
class StaticUnit:
    """The settings of a unit; ``files`` are those of EnvironmentFile=, with the ``-`` where one stands."""

    commands: dict[str, list[Command]] = field(default_factory=dict)
    assignments: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    search_path: list[str] = field(default_factory=list)
    unsure: bool = False


def read_static(texts: Iterable[str], specifiers: Mapping[str, str]) -> StaticUnit:
    """Return what ``texts`` say together: the fragment, then its drop-ins in the order of their names.

    ``specifiers`` are the values of those that are known, by letter.
    """
    reader = _Reader(specifiers)
    for text in texts:
        for one in settings(text):
            if one.section == "Service":
                reader.take(one.key, one.value)
    return reader.unit


class _Reader:
    def __init__(self, specifiers: Mapping[str, str]) -> None:
        self.unit = StaticUnit()
        self._specifiers = {**specifiers, "%": "%"}

    def take(self, key: str, value: str) -> None:
        """Take one setting of [Service]."""
        if key in EXEC_KEYS:
            self._exec(key, value)
            return
        lists = {
            "Environment": self.unit.assignments,
            "PassEnvironment": self.unit.passed,
            "UnsetEnvironment": self.unit.unset,
        }
        if key in lists:
            self._list(lists[key], value)
        elif key == "EnvironmentFile":
            self._one(self.unit.files, value)
        elif key == "ExecSearchPath":
            self._path(value)

    def _list(self, found: list[str], value: str) -> None:
        if not value:
            found.clear()
            return
        try:
            words = [self._expand(word) for word in split_words(value)]
        except WordError:
            self.unit.unsure = True  # how much of the line systemd keeps differs between its versions
            return
        names_too = found is not self.unit.assignments
        found.extend(word for word in words if _is_assignment(word) or (names_too and is_name(word)))

    def _one(self, found: list[str], value: str) -> None:
        if value:
            found.append(self._expand(value))
        else:
            found.clear()

    def _path(self, value: str) -> None:
        if value:
            self.unit.search_path.extend(self._expand(value).split(":"))
        else:
            self.unit.search_path.clear()

    def _exec(self, key: str, value: str) -> None:
        commands = self.unit.commands.setdefault(key, [])
        if not value:
            commands.clear()
            return
        try:
            commands.extend(map(self._command, split_commands(value)))
        except WordError:
            self.unit.unsure = True

    def _command(self, words: list[str]) -> Command:
        program = words[0].lstrip(_PREFIXES)
        prefixes = words[0][: len(words[0]) - len(program)]
        rest = words[2:] if "@" in prefixes else words[1:]  # the second is the name that it is called by
        expanded = tuple(map(self._expand, (program, *rest)))
        return Command(expanded, expands=":" not in prefixes)

    def _expand(self, text: str) -> str:
        return _SPECIFIER.sub(self._specifier, text)

    def _specifier(self, found: re.Match[str]) -> str:
        value = self._specifiers.get(found[1])
        if value is None:
            self.unit.unsure = True
            return found[0]
        return value


def _is_assignment(word: str) -> bool:
    """Say whether systemd takes ``word`` for a variable with its value; it passes over everything else."""
    name, equals, value = word.partition("=")
    return bool(equals) and is_name(name) and not _NOT_UTF8.search(value)
