"""What we changed, and the way back: every change with its bytes before and after.

A change is recorded as intended before the first byte is written, and settled afterwards, so that a kill
in between leaves the old bytes findable.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.services.changes import ChangeKind, ChangeState, HistoryError
from gowatchd.services.manager import NoSuchChangeError
from gowatchd.services.ports import Look, SwapOutcome
from gowatchd.services.undoing import LATEST, Undoing, UndoOutcome, already, difference, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.services.changes import Change, ChangeStore
    from gowatchd.services.ports import Contents, Reading, Swap

PAGE = 4096  # bytes that reach the disk together, on every architecture that Debian has at least these
NO_CHANGE = "nothing was changed yet: 'gowatchctl diff .' shows what formatting would do"
LAST_AMONG = 20  # failed attempts in a row hide the last change only on a full disk, which is told anyway
LOG_LIMIT = 1000  # entries in one answer: as many as the store keeps, and well below D-Bus' message limit


class History:
    """Records every change before it is made, lists them and takes them back.

    ``clean_beside`` removes what an interrupted write left beside a path.
    """

    def __init__(
        self, store: ChangeStore, files: Contents, clean_beside: Callable[[str], None] = lambda _: None
    ) -> None:
        self._store = store
        self._files = files
        self._clean_beside = clean_beside
        self._untold: dict[int, tuple[ChangeState, str]] = {}  # ends that the store did not take; one, mostly

    def begin(self, path: str, before: bytes, after: bytes, kind: ChangeKind = ChangeKind.FORMAT) -> int:
        """Record that we are about to format or fix ``path``; return the id for ``finish``.

        Raises HistoryError: then the file must not be written.
        """
        return self._add(path, kind, before, after, None)

    def secure(self, path: str) -> None:
        """Have what was recorded on the disk itself, and then the bytes of ``path``.

        In this order a power cut never leaves new bytes without the old ones. It is done after the write was
        told of: it takes as long as the disk, and until then the disk holds the old file.
        """
        self._store.sync()
        self._files.flush(path)

    def finish(self, change: int, swap: Swap) -> None:
        """Record how the write of ``change`` went.

        Raises HistoryError: then it is recorded before the next change is begun.
        """
        done = swap.outcome is SwapOutcome.WRITTEN
        self._settle(change, ChangeState.DONE if done else ChangeState.FAILED, swap.reason)

    def _add(self, path: str, kind: ChangeKind, before: bytes, after: bytes, undoes: int | None) -> int:
        self._tell()
        return self._store.add(path, kind, before, after, undoes)

    def _settle(self, change: int, state: ChangeState, reason: str) -> None:
        self._untold[change] = state, reason
        self._tell()

    def _tell(self) -> None:
        for change, end in tuple(self._untold.items()):
            self._store.settle(change, *end)
            del self._untold[change]

    def kept(self, path: str, data: bytes) -> bool:
        """Say whether ``data`` is what an undo put into ``path``, so what the person wants.

        Raises HistoryError.
        """
        latest = self._store.latest_of(path)
        return latest is not None and latest.kind is ChangeKind.UNDO and latest.after == data

    def undid(self, path: str, data: bytes) -> bool:
        """Say whether the last that happened to ``path`` is that ``data`` was taken back.

        Raises HistoryError.
        """
        latest = self._store.latest_of(path)
        return latest is not None and latest.kind is ChangeKind.UNDO and latest.before == data

    def recover(self) -> tuple[Change, ...]:
        """Settle what a kill left behind; return the changes whose file is neither old nor new.

        Raises HistoryError.
        """
        torn = []
        for change in self._store.unsettled():
            state = self._settled(change)
            reason = "" if state is ChangeState.DONE else "gowatchd was stopped during the write"
            self._settle(change.id, state, reason)
            if state is ChangeState.INTERRUPTED:
                torn.append(replace(change, state=state, reason=reason))
        return tuple(torn)

    def _settled(self, change: Change) -> ChangeState:
        """Return how the write of ``change`` ended, after putting right one that was cut off."""
        reading = self._files.read(change.path)
        if reading.look is Look.CONTENT and _is_cut_off(reading.data, change):
            self._files.swap(change.path, reading.data, change.after)
            self.secure(change.path)
            reading = self._files.read(change.path)
        self._clean_beside(change.path)
        return _found(change, reading)

    def undo(self, change: int) -> Undoing:
        """Put back the bytes that ``change`` replaced, if the file is as we left it.

        LATEST means the newest change that stands. Raises HistoryError.
        """
        found = self._find(change)
        if found is None:
            return unknown(change)
        return self._take_back(found)

    def withdraw(self, path: str) -> Undoing:
        """Take back all that was put into ``path``, which was not there before, if it is as we left it.

        Raises HistoryError.
        """
        latest = self._store.latest_of(path)
        if latest is None:
            return Undoing(0, path, UndoOutcome.UNKNOWN, f"{path}: there is no change of ours to take back")
        if latest.kind is ChangeKind.UNDO:
            return already(latest)
        return self._take_back(replace(latest, before=b""))

    def _take_back(self, found: Change) -> Undoing:
        if found.undone or found.state is ChangeState.FAILED:
            return already(found)
        left = self._left(found)
        undoing = self._add(found.path, ChangeKind.UNDO, left, found.before, found.id)
        swap = self._files.swap(found.path, left, found.before)
        with contextlib.suppress(HistoryError):  # what was done is said; the store hears of it later
            if swap.outcome is SwapOutcome.WRITTEN:
                self.secure(found.path)
            self.finish(undoing, swap)
        if swap.outcome is SwapOutcome.WRITTEN:
            message = f"{found.path} holds again what it held before change {found.id}"
            return Undoing(found.id, found.path, UndoOutcome.UNDONE, message)
        if swap.outcome is SwapOutcome.CHANGED:
            return self._changed(found)
        message = f"{found.path} was not touched: {swap.reason}"
        return Undoing(found.id, found.path, UndoOutcome(swap.outcome.value), message)

    def preview(self, change: int) -> dict[str, object]:
        """Return what ``undo`` would do, as JSON with a ``diff`` from the file as it is. Raises as ``undo``.

        Raises NoSuchChangeError where there is none.
        """
        found = self._find(change)
        if found is None:
            raise NoSuchChangeError(unknown(change).message)
        reading = self._files.read(found.path)
        return {"schema": 1, **found.as_json(), "diff": difference(found.path, reading.data, found.before)}

    def shown(self, change: int) -> dict[str, object]:
        """Return the entry of ``change`` (LATEST: the newest that was made) with its ``diff``, as JSON.

        Raises HistoryError, and NoSuchChangeError where there is none.
        """
        last = self.last() if change == LATEST else None
        found = self._store.get(change if last is None else last.id)
        if found is None:
            raise NoSuchChangeError(NO_CHANGE if change == LATEST else unknown(change).message)
        return {"schema": 1, **found.as_json(), "diff": self.difference((found.id,))}

    def difference(self, changes: Iterable[int]) -> str:
        """Return what ``changes`` did, oldest first, as one unified diff with a part for each file.

        What somebody else changed in between is not shown: the file then has more parts. Those that are not
        known any more are left out. Raises HistoryError.
        """
        parts: list[tuple[str, bytes, bytes]] = []
        last: dict[str, int] = {}  # which part of each file is its last
        for found in (self._store.get(change) for change in sorted(changes)):
            if found is None:
                continue
            at = last.get(found.path)
            if at is not None and parts[at][2] == found.before:
                parts[at] = found.path, parts[at][1], found.after
            else:
                last[found.path] = len(parts)
                parts.append((found.path, found.before, found.after))
        return "".join(difference(*part, ("before", "after")) for part in parts)

    def stands(self, change: int) -> bool:
        """Say whether ``change`` can be taken back, as far as is known. Raises HistoryError."""
        found = self._store.get(change)
        return found is not None and found.state is not ChangeState.FAILED and not found.undone

    def log(self, after: int, limit: int) -> dict[str, object]:
        """Return the newest ``limit`` changes with an id above ``after``, oldest first, as JSON.

        Raises HistoryError.
        """
        entries = self._store.newest(after, max(0, min(limit, LOG_LIMIT)))
        return {"schema": 1, "entries": [entry.as_json() for entry in entries]}

    def last(self) -> Change | None:
        """Return the newest change that was made, without contents. Raises HistoryError."""
        made = [one for one in self._store.newest(0, LAST_AMONG) if one.state is ChangeState.DONE]
        return made[-1] if made else None

    def _find(self, change: int) -> Change | None:
        return self._store.latest() if change == LATEST else self._store.get(change)

    def _left(self, change: Change) -> bytes:
        """Return what ``change`` left in its file: half of it, where its write was cut off."""
        reading = self._files.read(change.path)
        if reading.look is Look.CONTENT and _is_cut_off(reading.data, change):
            return reading.data
        return change.after

    def _changed(self, change: Change) -> Undoing:
        reading = self._files.read(change.path)
        if reading.look is Look.CONTENT and reading.data == change.before:
            return already(change)
        if reading.look is not Look.CONTENT:
            message = f"{change.path} was not touched: {reading.reason or reading.look.value}"
            return Undoing(change.id, change.path, UndoOutcome.CHANGED, message)
        message = f"{change.path} was not touched: it was edited after change {change.id}"
        diff = difference(change.path, reading.data, change.before)
        return Undoing(change.id, change.path, UndoOutcome.CHANGED, message, diff)


def _is_cut_off(data: bytes, change: Change) -> bool:
    """Say whether ``data`` is what a write of ``change`` leaves behind when it is cut off.

    In place, the new text goes over the old one, filled up with newlines to its length, and is cut then. A
    kill leaves all of a step or nothing; a power cut may leave any page of any step.
    """
    if data in {change.before, change.after} or len(data) not in {len(change.before), len(change.after)}:
        return False
    steps = (change.before, change.after.ljust(len(change.before), b"\n"))
    return all(
        any(data[at : at + PAGE] == step[at : at + PAGE][: len(data) - at] for step in steps)
        for at in range(0, len(data), PAGE)
    )


def _found(change: Change, reading: Reading) -> ChangeState:
    if reading.look is Look.CONTENT and reading.data == change.after:
        return ChangeState.DONE
    if reading.look is Look.CONTENT and reading.data == change.before:
        return ChangeState.FAILED
    return ChangeState.INTERRUPTED
