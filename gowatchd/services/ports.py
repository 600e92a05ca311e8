"""What the use-cases need of the world: the adapters in ``gowatchd.system`` fulfil it, tests may too.

Paths are absolute ``str`` decoded with ``os.fsdecode``: bytes that are not UTF-8 live in them as surrogates,
and only the edges (D-Bus, JSON, a terminal) replace those.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Handle(Protocol):
    """A call that is planned and can still be called off."""

    def cancel(self) -> None:
        """Call it off; harmless after it ran and when repeated."""


class Scheduler(Protocol):
    """The main loop, as far as the use-cases see it."""

    def now(self) -> float:
        """Return monotonic seconds."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` once on the main thread, ``seconds`` from now."""


class Look(Enum):
    """How a look at a path ended."""

    CONTENT = "content"
    MISSING = "missing"  # nothing there, or a dangling symlink
    WRITER = "writer"  # somebody has it open for writing: their close brings an event
    DENIED = "denied"
    SPECIAL = "special"  # a FIFO, device, socket or directory
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at ``path`` found; ``reason`` is the system's text where there is no content."""

    path: str
    look: Look
    data: bytes = b""
    reason: str = ""


class SwapOutcome(Enum):
    """How a compare-and-swap ended; only WRITTEN changed a byte."""

    WRITTEN = "written"
    CHANGED = "changed"  # the file no longer holds what was expected: a newer save stands
    BUSY = "busy"  # somebody keeps it open
    REFUSED = "refused"  # not a file that we touch; the reason says why
    FAILED = "failed"  # the system said no (disk full, read-only); the bytes are the old ones


@dataclass(frozen=True, slots=True)
class Swap:
    """The outcome of one compare-and-swap, with the reason where nothing was written."""

    outcome: SwapOutcome
    reason: str = ""


class Files(Protocol):
    """Reading and safely replacing small text files."""

    def read(self, path: str) -> Reading:
        """Read ``path`` whole if nobody is writing to it; never raises, blocks or follows a FIFO."""

    def is_directory(self, path: str) -> bool:
        """Say whether ``path`` is, or links to, a directory."""

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        """Replace the bytes of ``path`` by ``new`` if, and only if, they are ``expected``."""
