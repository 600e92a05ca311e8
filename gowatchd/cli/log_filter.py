"""Which changes ``gowatchctl log`` shows: by time, kind and place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.spoken_time import past
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

KINDS = ("format", "fix", "env", "undo")


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Takes the changes from ``since`` until ``until``, of one of ``kinds``, at or below one of ``places``.

    What is empty or None does not limit them.
    """

    since: datetime | None = None
    until: datetime | None = None
    kinds: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()

    @property
    def takes_all(self) -> bool:
        """Say whether it leaves nothing out."""
        return self == LogFilter()

    def among(self, entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return those of ``entries`` that it takes."""
        return [entry for entry in entries if self._takes(entry)]

    def _takes(self, entry: dict[str, Any]) -> bool:
        if self.kinds and entry["kind"] not in self.kinds:
            return False
        path = entry["path"]
        if self.places and not any(path == one or path.startswith(f"{one}/") for one in self.places):
            return False
        at = datetime.fromisoformat(entry["at"])  # whole seconds
        after = self.since is None or at >= self.since.replace(microsecond=0)
        return after and (self.until is None or at <= self.until)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what limits the log."""
    parser.add_argument(
        "--since",
        type=_moment,
        metavar="TIME",
        help=_("show what happened from then on: '2 h', 9:00, yesterday, 2026-11-23 or '2026-11-23 9:00'"),
    )
    parser.add_argument(
        "--until", type=_moment, metavar="TIME", help=_("show what happened up to then, likewise")
    )
    parser.add_argument(
        "--kind",
        action="append",
        choices=KINDS,
        default=[],
        help=_("show only these: format, fix, env or undo; may be repeated"),
    )
    parser.add_argument(
        "places", nargs="*", metavar="PATH", help=_("show only what was done to PATH, or below it")
    )


def of_arguments(arguments: argparse.Namespace) -> LogFilter:
    """Return the filter that was asked for; raises CommandError where it makes no sense."""
    if arguments.follow and arguments.until is not None:
        raise CommandError(_("--until and --follow do not go together"), Exit.USAGE)
    places = [os.path.abspath(one) for one in arguments.places]
    places += [os.path.realpath(one) for one in places]  # as the daemon calls it, if a link leads there
    trimmed = tuple(dict.fromkeys(one.rstrip("/") for one in places))
    return LogFilter(arguments.since, arguments.until, frozenset(arguments.kind), trimmed)


def _moment(text: str) -> datetime:
    """Read a time gone by; argparse turns the ValueError into its usage message."""
    return past(text, datetime.now(tz=timezone.utc))


_moment.__name__ = "time"  # what argparse calls it: "invalid time value"
