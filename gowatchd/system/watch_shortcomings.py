"""What cannot be watched although it should: said once for each reason, and taken back when it is over."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.system.watch_census import WatchCensus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.system.loop import MainLoop
    from gowatchd.system.pump import Pump
    from gowatchd.system.watch_budget import WatchBudget
    from gowatchd.system.watch_listener import Listener
    from gowatchd.system.watch_table import WatchTable
    from gowatchd.system.watch_tree import WatchTree


class WatchShortcomings:
    """Tells ``listener`` of too few watches, and of folders that cannot be listed.

    What others need is counted where that matters, and ``table`` gets what the ``budget`` then leaves to it.
    """

    def __init__(
        self,
        loop: MainLoop,
        budget: WatchBudget,
        table: WatchTable,
        tree: WatchTree,
        pump: Pump,
        listener: Listener,
    ) -> None:
        self._budget = budget
        self._table = table
        self._tree = tree
        self._pump = pump
        self._listener = listener
        self._census = WatchCensus(loop, self._counted)
        self._told: set[str] = set()

    def close(self) -> None:
        """Count no more."""
        self._census.close()

    def scanned(self) -> None:
        """Count what others need, where that matters: everything was listed, so our own need is known."""
        if self._budget.matters(len(self._table)):
            self._census.take()

    def tell(self) -> None:
        """Say what is new, and when all of it is over."""
        texts = tuple(self._texts())
        for text in texts:
            if text not in self._told:
                self._told.add(text)
                self._listener.on_degraded(text)
        if self._told and not texts and not self._tree.put_off:
            self._told.clear()
            self._listener.on_restored()

    def _counted(self, others: int) -> None:
        self._budget.counted(others)
        self._table.grant(self._budget.watches)
        self.tell()

    def _texts(self) -> Iterator[str]:
        shortage = self._budget.shortage(self._table)
        if shortage:
            yield shortage
        if self._tree.put_off and self._pump.retries_long:
            path, reason = next(iter(self._tree.put_off.items()))
            yield f"{os.fsdecode(path)} cannot be listed: {reason}"
