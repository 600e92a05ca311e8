"""Changing what the person chose: the one way for the daemon, and for gowatchctl where none runs."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from gowatchd.modfile.kind import Kind
from gowatchd.services.changes import local_time, wall_time
from gowatchd.services.choices import MAX_CHOICES, Choices, Mute, Pause
from gowatchd.services.manager import NoSuchWorkspaceError, RequestError
from gowatchd.services.report import SCHEMA, readable
from gowatchd.services.territory import Territory
from gowatchd.services.whereabouts import is_below
from gowatchd.system.discovery import Pruning
from gowatchd.system.state_file import StateFile, StateFileError

if TYPE_CHECKING:
    from collections.abc import Callable

_GOROOT_MARKS = ("VERSION", "go.env", "src")  # the top of a Go toolchain, since Go 1.21
_MODULE_CACHE_MARK = "cache/download"


class Choosing:
    """Holds ``choices`` as they stand in choices.json, and changes them; ``trouble`` says why it cannot.

    Each request returns the JSON object that ``gowatchctl --json`` prints, and raises RequestError where it
    makes no sense. With ``dry_run`` nothing is changed.
    """

    def __init__(self, state_folder: str, clock: Callable[[], float] = time.time) -> None:
        self.choices = Choices()
        self.trouble = ""
        self._file = StateFile(state_folder, "choices.json", Choices.of_json)
        self._clock = clock
        self.read()

    @property
    def path(self) -> str:
        """The file."""
        return self._file.path

    def read(self) -> None:
        """Take what the file holds by now."""
        try:
            value = self._file.read()
        except StateFileError as error:
            self.trouble = str(error)
            return
        self.trouble = ""
        self.choices = Choices() if value is None else Choices.of_json(value).at(self._clock())

    def add(self, folder: str, configured: Territory, *, dry_run: bool) -> dict[str, object]:
        """Have the Go files at and below ``folder`` watched; ``configured`` says where we look anyway."""
        real = os.path.realpath(folder)
        if not os.path.isdir(real):
            raise NoSuchWorkspaceError(f"{readable(folder)} is not a folder")
        if reason := _why_never(real):
            raise RequestError(f"{readable(real)} {reason}")

        def change(before: Choices) -> Choices:
            after = before.taking_back(real)
            return after if _reached(real, configured, after) else after.adding(real)

        changed = self._change(change, dry_run=dry_run)
        message = f"{readable(real)} is watched" + ("" if changed else " already")
        return _answer(real, "added" if changed else "already", message, dry_run=dry_run)

    def remove(self, folder: str, configured: Territory, *, dry_run: bool) -> dict[str, object]:
        """Watch nothing at and below ``folder`` any more."""
        real = os.path.realpath(folder)

        def change(before: Choices) -> Choices:
            after = before.dropping(real)
            return after.removing(real) if _reached(real, configured, after) else after

        if not self._change(change, dry_run=dry_run):
            raise NoSuchWorkspaceError(f"{readable(real)} is not watched: see gowatchctl list")
        message = f"nothing at or below {readable(real)} is watched any more"
        return _answer(real, "removed", message, dry_run=dry_run)

    def mute(self, folder: str, seconds: float | None, *, dry_run: bool) -> dict[str, object]:
        """Give no notifications of the workspace that ``folder`` is in, or of those below it.

        For ``seconds``, or for ever.
        """
        real = _workspace(folder)
        until = None if seconds is None else self._clock() + seconds
        self._change(lambda before: before.muting(Mute(real, until)), dry_run=dry_run)
        when = "until you unmute it" if until is None else f"until {wall_time(until)}"
        return _answer(real, "muted", f"{readable(real)} is muted {when}", dry_run=dry_run) | {
            "until": None if until is None else local_time(until)
        }

    def unmute(self, folder: str, *, dry_run: bool) -> dict[str, object]:
        """Take back every mute of the workspace that ``folder`` is in, and of those below it."""
        real = _workspace(folder)
        changed = self._change(lambda before: before.unmuting(real), dry_run=dry_run)
        left = self.choices.mute_of(real, self._clock())
        if left is not None and left.folder != real:
            raise RequestError(
                f"{readable(real)} is muted with {readable(left.folder)}: gowatchctl unmute that"
            )
        message = f"{readable(real)} is {'not muted any more' if changed else 'not muted'}"
        return _answer(real, "unmuted" if changed else "already", message, dry_run=dry_run)

    def pause(self, seconds: float | None, *, dry_run: bool) -> dict[str, object]:
        """Write and notify nothing for ``seconds``, or for ever; in place of a pause that is in force."""
        until = None if seconds is None else self._clock() + seconds
        self._change(lambda before: before.pausing(Pause(until)), dry_run=dry_run)
        when = "until you resume it" if until is None else f"until {wall_time(until)}"
        message = f"gowatchd is paused {when}: it goes on checking, but writes and notifies nothing"
        end = None if until is None else local_time(until)
        return {
            "schema": SCHEMA,
            "outcome": "paused",
            "message": message,
            "dry_run": dry_run,
            "until": end,
        }

    def resume(self, *, dry_run: bool) -> dict[str, object]:
        """End the pause."""
        changed = self._change(lambda before: before.pausing(None), dry_run=dry_run)
        message = "gowatchd goes on" if changed else "gowatchd is not paused"
        outcome = "resumed" if changed else "already"
        return {"schema": SCHEMA, "outcome": outcome, "message": message, "dry_run": dry_run}

    def _change(self, change: Callable[[Choices], Choices], *, dry_run: bool) -> bool:
        """Apply ``change`` to what the file holds; return whether that was another thing."""
        try:
            if dry_run:
                self._read_again()
                return change(self.choices) != self.choices
            with self._file.locked():
                self._read_again()
                after = change(self.choices)
                if after == self.choices:
                    return False
                if after.too_many():
                    raise RequestError(
                        f"{self.path}: there are {MAX_CHOICES} already: use a pattern in watch.exclude"
                    )
                self._file.write(after.as_json(), durable=True)
                self.choices = after
        except StateFileError as error:
            raise RequestError(str(error)) from error
        return True

    def _read_again(self) -> None:
        self.read()
        if self.trouble:
            raise RequestError(self.trouble)


def _answer(path: str, outcome: str, message: str, *, dry_run: bool) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "path": readable(path),
        "outcome": outcome,
        "message": message,
        "dry_run": dry_run,
    }


def _reached(folder: str, configured: Territory, choices: Choices) -> bool:
    """Say whether a walk from the roots comes to ``folder`` with these ``choices``."""
    territory = Territory(configured.configured, configured.patterns, choices)
    pruning = Pruning(territory.excludes)
    return any(
        folder == root or (is_below(folder, root) and _leads(pruning, root, folder))
        for root in territory.paths
    )


def _leads(pruning: Pruning, root: str, folder: str) -> bool:
    here = os.fsencode(root)
    for name in os.fsencode(os.path.relpath(folder, root)).split(b"/"):
        if pruning.prunes(here, name):
            return False
        here = os.path.join(here, name)
    return True


def _why_never(folder: str) -> str:
    """Return why ``folder`` is none to watch, as the end of a sentence, or nothing."""
    if folder == "/":
        return "is the whole file system: name folders in it"
    here = folder
    while here != "/":
        if os.path.isdir(os.path.join(here, _MODULE_CACHE_MARK)):
            return "is in Go's module cache, which only go writes"
        if all(os.path.exists(os.path.join(here, mark)) for mark in _GOROOT_MARKS):
            return "is in a Go installation, which is nobody's workspace"
        here = os.path.dirname(here)
    return ""


def _workspace(folder: str) -> str:
    """Return the folder of the workspace that ``folder`` is in, or itself where it is in none."""
    real = os.path.realpath(folder)
    if not os.path.isdir(real):
        raise NoSuchWorkspaceError(f"{readable(folder)} is not a folder")
    for kind in (Kind.WORK, Kind.MOD):
        here = real
        while True:
            if os.path.isfile(os.path.join(here, kind.file_name)):
                return here
            if here == "/":
                break
            here = os.path.dirname(here)
    return real
