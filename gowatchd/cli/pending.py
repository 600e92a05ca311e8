"""What formatting would do to files as they are, and why the daemon has not done it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gowatchd.cli import walk
from gowatchd.cli.client import Client
from gowatchd.cli.difference import unified
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.kinds import kind_of_content
from gowatchd.cli.table import home_as_tilde
from gowatchd.cli.terminal import printable
from gowatchd.config.loading import ADMINISTRATOR_FILE, load
from gowatchd.config.mistake import ConfigError
from gowatchd.modfile import Kind
from gowatchd.repository_files import RepositoryFiles
from gowatchd.style.formatter import tidy
from gowatchd.system.person import Person
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Found:
    """One file: the ``diff`` that formatting would make, ``problems`` that keep it from that.

    ``reason`` says why the daemon does not do it just now, as far as it does not.
    """

    path: str
    diff: str
    problems: tuple[str, ...]
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return what ``diff --json`` prints of it."""
        return {
            "path": os.path.abspath(self.path),
            "diff": self.diff,
            "problems": list(self.problems),
            "reason": self.reason,
        }


class Pending:
    """Formats files as the daemon would, by the same configuration, and writes nothing."""

    def __init__(self) -> None:
        try:
            self._indent = load((ADMINISTRATOR_FILE, Person.of_environment().config_file)).format.indent
        except ConfigError as error:
            raise CommandError(str(error), Exit.CONFIGURATION) from error
        self._restrictions = RepositoryFiles()
        self._standings = _standings()

    def look(self, places: Iterable[str]) -> Iterator[Found]:
        """Yield the files at and below ``places`` that formatting would change, or cannot take."""
        for path in _files(places):
            found = self._look_at(path)
            if found.diff or found.problems:
                yield found

    def _look_at(self, path: str) -> Found:
        try:
            data = walk.read(path)
        except walk.UnreadableError as error:
            return Found(path, "", (f"{path}: {error}",), "")
        tidied = tidy(data, Kind.of(path) or kind_of_content(data), path, indent=self._indent)
        problems = tuple(
            f"{path}:{one.position.line}:{one.position.column}: {one.message}" for one in tidied.problems
        )
        if tidied.data is None and not problems:
            problems = (f"{path}: {tidied.reason}",)
        if tidied.data is None or tidied.data == data:
            return Found(path, "", problems, "")
        diff = unified(path, data, tidied.data).decode("utf-8", "surrogateescape")
        return Found(path, diff, problems, self._why(path))

    def _why(self, path: str) -> str:
        real = os.path.realpath(path)
        reason = self._restrictions.of(real).unformatted or self._standings.get(real, "")
        if not reason:
            return ""
        return _("{file}: not formatted: {reason}").format(file=home_as_tilde(path), reason=reason)


def _files(places: Iterable[str]) -> Iterator[str]:
    for place in places:
        if os.path.isdir(place):
            try:
                yield from walk.find(place)
            except OSError as error:
                message = f"{printable(place)}: {error.strerror}"
                raise CommandError(message, Exit.PROBLEMS) from error
        elif os.path.lexists(place):
            yield place
        else:
            raise CommandError(
                _("{file}: there is no such change, file or directory").format(file=place), Exit.NO_SUCH_THING
            )


def _standings() -> dict[str, str]:
    """Return why the daemon has not formatted files, by path; nothing where none runs."""
    try:
        with Client() as client:
            status = client.ask("GetStatus")
    except CommandError:
        return {}
    return {one["path"]: one["reason"] for found in status["workspaces"] for one in found["format"]}
