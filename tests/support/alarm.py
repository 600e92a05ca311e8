"""An end to what would wait, or turn, for ever in this process."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 60  # what a test does within it takes no time at all


@contextmanager
def alarm() -> Iterator[None]:
    """Fail where what is done inside has not ended after a long while."""

    def fail(*_: object) -> None:
        raise AssertionError(f"not within {SECONDS} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
