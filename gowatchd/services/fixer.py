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
    from collections.abc import Iterable

    from gowatchd.services.fixing import Plan, Rewrite
    from gowatchd.services.history import History
    from gowatchd.services.ports import Files


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file that was fixed: ``change`` is its number in the history."""

    path: str
    change: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fixing:
    """What came of fixing: what was written, and what was not and why."""

    fixed: tuple[Fixed, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return what the bus answers, and what ``gowatchctl fix --json`` prints with more."""
        return {
            "schema": SCHEMA,
            "fixed": [
                {
                    "path": readable(one.path),
                    "change": one.change,
                    "titles": [readable(title) for title in one.titles],
                }
                for one in self.fixed
            ],
            "refused": refusals_report(self.refusals),
        }


def refusals_report(refusals: Iterable[Refusal]) -> list[dict[str, str]]:
    """Return the fixes that were not made, as JSON."""
    return [
        {"path": readable(one.path), "title": readable(one.title), "reason": readable(one.reason)}
        for one in refusals
    ]


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
