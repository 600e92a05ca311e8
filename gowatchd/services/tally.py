"""What the daemon counts of its own work, from start to end: plain numbers, added up where it happens."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

# Seconds. A verdict takes milliseconds and a write some more; what waits for git, an editor or a Save All
# takes up to seconds; beyond that it only matters that it was long.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(slots=True)
class Histogram:
    """How long something took: ``counts`` has one number for each of BOUNDS and one for what is above."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    sum: float = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.sum += seconds


@dataclass(slots=True)
class Tally:
    """The counts; what a reload replaces adds to the same ones.

    ``notes_merged`` are those that a summary told in place of notes of their own. ``verdict_seconds`` is from
    the event of a save to the verdict on each workspace that it is part of, ``write_seconds`` from the end of
    the settle to the rewritten file.
    """

    saves: int = 0
    checks: int = 0
    formatted: int = 0
    fixed: int = 0
    undone: int = 0
    writes_refused: int = 0
    units_repaired: int = 0
    units_not_repaired: int = 0
    rescans: int = 0
    overflows: int = 0
    notes_shown: int = 0
    notes_merged: int = 0
    verdict_seconds: Histogram = field(default_factory=Histogram)
    write_seconds: Histogram = field(default_factory=Histogram)
