"""What is known of a saved file on its way to being formatted, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gowatchd.services.ports import Provenance
from gowatchd.services.standing import Standing, State

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from gowatchd.services.fixing import Plan

# A pending file is looked at again after 50 ms, then after twice as long each time, at most every 30 s: quick
# where somebody reads the file for a moment, and next to nothing under an editor that stays open all day.
RETRY_FIRST_SECONDS = 0.05
RETRY_MOST_SECONDS = 30.0

# What git may say of the content of a file that is then left as it is.
KEPT_FOR = {
    Provenance.UNCHANGED: "this is what git has for it",
    Provenance.UNKNOWN: "git does not say whether it brought it",
}


class TidyListener(Protocol):
    """Who wants to hear what became of a save."""

    def formatted(self, change: int, path: str) -> None:
        """``path`` was rewritten; ``change`` is its number in the history."""

    def fixed(self, change: int, path: str, titles: tuple[str, ...]) -> None:
        """``path`` was fixed, and formatted with that; ``titles`` say what was mended."""

    def would_format(self, path: str) -> None:
        """``path`` would have been rewritten, but for --dry-run."""

    def stands(self, standing: Standing) -> None:
        """A file became pending or is kept as it is, or the reason changed."""

    def write_failed(self, path: str, reason: str) -> None:
        """The system refused the write; the file holds its old bytes. Told once until ``write_over``."""

    def write_over(self, path: str) -> None:
        """What was refused for ``path`` was done meanwhile, or is not wanted any more."""


class Repairs(Protocol):
    """What fixes are due where a file belongs."""

    def due(self, path: str, codes: AbstractSet[str]) -> bool:
        """Say whether a diagnostic of ``codes`` with a fix stands where ``path`` belongs."""

    def plan(self, path: str, codes: AbstractSet[str]) -> Plan:
        """Return what it takes to fix those diagnostics; each file is formatted with it."""


@dataclass(frozen=True, slots=True)
class TidyOptions:
    """What the configuration says about formatting, and the codes to fix with it."""

    enabled: bool = True
    dry_run: bool = False
    settle_seconds: float = 0.1
    indent: str = "tab"
    fix_on_save: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A save that is not formatted, as one tidier hands it on to the next.

    ``cause`` is what git said of another file whose save makes a fix due in this one, ``None`` where it was
    saved itself; ``refused`` that the listener was told of a write that the system refused.
    """

    path: str
    data: bytes
    cause: Provenance | None = None
    refused: bool = False


@dataclass(slots=True)
class Save:
    """What is known of a file since it was last saved: it holds ``data`` and should hold ``new``."""

    data: bytes
    new: bytes | None  # None where it must be left alone
    repair: bool = False  # fixes are due where it belongs
    by_another: bool = False  # it was not saved itself: the save of another file makes a fix due here
    provenance: Provenance | None = None  # None while git is asked
    index: object = None  # git's mark when it was asked
    asks_again: bool = False  # git, when it has rested: there was no answer
    resting: bool = True
    rested_at: float | None = None  # by the scheduler's clock; None before, and where it was not saved itself
    retry: float = RETRY_FIRST_SECONDS
    standing: Standing | None = None

    @property
    def is_pending(self) -> bool:
        """Say whether it waits for a reason to go."""
        return self.standing is not None and self.standing.state is State.PENDING
