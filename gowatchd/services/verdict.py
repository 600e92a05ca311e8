"""What the last check of a workspace said, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.workspace.model import Workspace


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the last check of one workspace said; ``checked_at`` is Unix seconds.

    ``by_go`` are those of the ``diagnostics`` that the go command added.
    """

    workspace: Workspace
    diagnostics: tuple[Diagnostic, ...]
    checked_at: float
    by_go: tuple[Diagnostic, ...] = ()

    @property
    def ours(self) -> tuple[Diagnostic, ...]:
        """Those that our own rules gave."""
        return tuple(one for one in self.diagnostics if one not in self.by_go)


class VerdictListener(Protocol):
    """Who wants to hear of verdicts."""

    def checked(self, verdict: Verdict, previous: Verdict | None) -> None:
        """A workspace was checked; ``previous`` is the verdict before, if there was one."""

    def vanished(self, verdict: Verdict) -> None:
        """A workspace is no more; ``verdict`` was the last on it."""

    def reading(self, trouble: str) -> None:
        """The system fails to read files, for the reason ``trouble``; "" means that it does again."""
