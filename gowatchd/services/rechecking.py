"""Checking many workspaces again, a few at a time: saves are answered in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.services.ports import Handle, Scheduler

# How long the main loop is held at a time: about what a save waits longer while a thousand workspaces are
# checked again, of which each takes a third of a millisecond.
SLICE_SECONDS = 0.01


class Rechecking:
    """Calls ``check`` with one path after the other, each once however often it was asked for."""

    def __init__(self, scheduler: Scheduler, check: Callable[[str], None]) -> None:
        self._scheduler = scheduler
        self._check = check
        self._due: dict[str, None] = {}
        self._next: Handle | None = None

    def ask(self, paths: Iterable[str]) -> None:
        """Have ``paths`` checked soon."""
        self._due.update(dict.fromkeys(paths))
        self._plan()

    def clear(self) -> None:
        """Call off what is left."""
        self._due.clear()
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _plan(self) -> None:
        if self._due and self._next is None:
            self._next = self._scheduler.call_later(0, self._slice)

    def _slice(self) -> None:
        self._next = None
        end = self._scheduler.now() + SLICE_SECONDS
        while self._due:
            path = next(iter(self._due))
            del self._due[path]
            self._check(path)
            if self._scheduler.now() >= end:
                break
        self._plan()
