"""Writes what fixing comes to, each file as one change in the history."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.services.changes import ChangeKind, HistoryError
from gowatchd.services.fixing import Refusal
from gowatchd.services.ports import SwapOutcome
from gowatchd.services.report import SCHEMA, readable

if TYPE_CHECKING:
    from gowatchd.services.fixing import Plan, Rewrite
    from gowatchd.services.history import History
    from gowatchd.services.ports import Files


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file that was fixed: ``change`` is its number in the history, None where it only would be fixed."""

    path: str
    change: int | None
    titles: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return it as ``gowatchctl fix --json`` prints it, but for the diff."""
        return {
            "path": readable(self.path),
            "change": self.change,
            "titles": [readable(title) for title in self.titles],
        }


@dataclass(frozen=True, slots=True)
class Fixing:
    """What came of fixing: what was written, and what was not and why."""

    fixed: tuple[Fixed, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return what the bus answers."""
        return {
            "schema": SCHEMA,
            "fixed": [one.as_json() for one in self.fixed],
            "refused": [one.as_json() for one in self.refusals],
        }


class Fixer:
    """Carries out a plan: history first, then compare-and-swap, as formatting does."""

    def __init__(self, files: Files, history: History) -> None:
        self._files = files
        self._history = history

    def carry_out(self, plan: Plan) -> Fixing:
        """Write what ``plan`` says, file by file; a newer save is never overwritten.

        Raises HistoryError where no way back could be kept for the first file; nothing is written then.
        """
        fixed: list[Fixed] = []
        refusals = list(plan.refusals)
        for rewrite in plan.rewrites:
            try:
                change = self._history.begin(rewrite.path, rewrite.before, rewrite.after, ChangeKind.FIX)
            except HistoryError as error:
                if not fixed:
                    raise
                refusals.append(_refusal(rewrite, f"no way back could be kept: {error}"))
                continue
            swap = self._files.swap(rewrite.path, rewrite.before, rewrite.after)
            if swap.outcome is SwapOutcome.WRITTEN:
                fixed.append(Fixed(rewrite.path, change, rewrite.titles))
                self._history.secure(rewrite.path)
            else:
                refusals.append(_refusal(rewrite, swap.reason))
            with contextlib.suppress(HistoryError):  # it stays "intended", and the next start finds it done
                self._history.finish(change, swap)
        return Fixing(tuple(fixed), tuple(refusals))


def _refusal(rewrite: Rewrite, reason: str) -> Refusal:
    return Refusal(rewrite.path, "; ".join(rewrite.titles), reason)
