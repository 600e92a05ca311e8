"""What a person asks of the daemon about its changes: list them, take them back, write a fix through them."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gowatchd.modfile import Kind
from gowatchd.services.changes import HistoryError
from gowatchd.services.fixer import Fixer
from gowatchd.services.fixing import Plan, Rewrite
from gowatchd.services.manager import HistoryOffError, RequestError
from gowatchd.services.report import readable
from gowatchd.services.undoing import LATEST, UndoOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gowatchd.services.fixer import Fixing
    from gowatchd.services.history import History
    from gowatchd.services.publishing import Publisher
    from gowatchd.services.undoing import Undoing
    from gowatchd.system.files import SafeFiles

log = logging.getLogger(__name__)


class HistoryDesk:
    """Answers ``Manager``'s requests about changes, and tells ``publisher`` what came of them.

    ``undone`` hears the path of each file whose change was taken back.
    """

    def __init__(
        self, history: History, files: SafeFiles, publisher: Publisher, undone: Callable[[str], None]
    ) -> None:
        self._history = history
        self._fixer = Fixer(files, history)
        self._publisher = publisher
        self._undone = undone

    def recover(self) -> None:
        """Settle what a kill left behind in the history."""
        try:
            for change in self._history.recover():
                self._publisher.write_failed(change.path, "gowatchd was stopped in the middle of it")
        except HistoryError as error:
            log.warning("history: %s", error)

    def undo(self, change: int) -> dict[str, object]:
        """Take back a change."""
        with _needed():
            return self.take_back(change).as_json()

    def withdraw(self, path: str) -> dict[str, object]:
        """Take back what we wrote at ``path``, a file that is ours as a whole."""
        with _needed():
            return self._told(self._history.withdraw(path)).as_json()

    def preview(self, change: int) -> dict[str, object]:
        """Return what an undo would do."""
        with _needed():
            return self._history.preview(change)

    def shown(self, change: int) -> dict[str, object]:
        """Return what a change did."""
        with _needed():
            return self._history.shown(change)

    def log(self, after: int, limit: int) -> dict[str, object]:
        """Return the newest changes."""
        with _needed():
            return self._history.log(after, limit)

    def apply_fix(self, path: str, before: bytes, after: bytes, titles: tuple[str, ...]) -> dict[str, object]:
        """Write a fix that gowatchctl worked out."""
        if os.path.basename(path) not in {kind.file_name for kind in Kind} or not os.path.isabs(path):
            raise RequestError(f"{readable(path)} is not the absolute path of a go.work or go.mod")
        with _needed():
            return self.carry_out(Plan((Rewrite(path, before, after, titles or ("fix",)),))).as_json()

    def take_back(self, change: int = LATEST) -> Undoing:
        """Take back a change; raises HistoryError where there is no history."""
        return self._told(self._history.undo(change))

    def carry_out(self, plan: Plan) -> Fixing:
        """Write what ``plan`` says, and return what came of it; raises HistoryError likewise."""
        fixing = self._fixer.carry_out(plan)
        for one in fixing.fixed:
            if one.change is not None:
                self._publisher.fixed(one.change, one.path, one.titles, asked=True)
        return fixing

    def _told(self, undoing: Undoing) -> Undoing:
        if undoing.outcome is UndoOutcome.UNDONE:
            self._publisher.undone(undoing)
            self._undone(undoing.path)
        return undoing


@contextmanager
def _needed() -> Iterator[None]:
    """Refuse the request that is answered inside where there is no history to answer from."""
    try:
        yield
    except HistoryError as error:
        raise HistoryOffError(str(error)) from error
