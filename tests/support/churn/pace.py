"""How often something is done, and for how long."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Pace:
    """Turns at random moments, ``every`` so many seconds on an average, until ``seconds`` are over."""

    def __init__(self, seconds: float, every: float, chance: random.Random) -> None:
        self._end = time.monotonic() + seconds
        self._every = every
        self._chance = chance

    def turns(self) -> Iterator[int]:
        number = 0
        while True:
            pause = self._chance.expovariate(1 / self._every)
            if time.monotonic() + pause > self._end:
                return
            time.sleep(pause)  # people and programs come at moments of their own
            yield number
            number += 1
