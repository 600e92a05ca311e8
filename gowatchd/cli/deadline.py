"""Waiting for what may never answer, such as a look at a dead network file system, which no signal ends."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

TELL_SECONDS = 0.25  # how often somebody who waits is told so


def within(seconds: float, work: Callable[[], T], waiting: Callable[[], None]) -> T:
    """Return or raise what ``work`` does; raise TimeoutError where it takes longer than ``seconds``.

    ``waiting`` is called again and again meanwhile.
    It runs on a thread that is left behind then: the program that uses this ends without waiting for it.
    """
    outcome: list[tuple[T | None, BaseException | None]] = []

    def run() -> None:
        try:
            outcome.append((work(), None))
        except BaseException as error:  # noqa: BLE001 it is raised where it was asked for
            outcome.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    deadline = time.monotonic() + seconds
    while thread.is_alive() and (left := deadline - time.monotonic()) > 0:
        thread.join(min(left, TELL_SECONDS))
        waiting()
    if not outcome:
        raise TimeoutError
    value, error = outcome[0]
    if error is not None:
        raise error
    return value  # type: ignore[return-value] # without an error it is what work returned
