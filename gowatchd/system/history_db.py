"""The history on disk: one SQLite file in the state folder.

Write-ahead log, left to the kernel but for ``sync``, which is called before a rewritten file is flushed: a
kill loses nothing, a power cut at most the note that a recorded write was done.
The lock is exclusive and kept, so that a home folder on a network has one writer, whichever machine it is on.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gowatchd.services.changes import Change, ChangeKind, ChangeState, HistoryError
from gowatchd.system.history_schema import INSERT, SUMMARY, WHOLE, change_of, digest_of, prepare
from gowatchd.system.safe_write import flush

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)
T = TypeVar("T")

MAX_CHANGES = 1000  # months of formatting for one person, and one screenful of scrolling through the log
MAX_BYTES = 32 * 1024 * 1024  # some 600 changes of a go.mod with 495 lines, 27 kB
MAX_AGE = 365 * 24 * 3600.0  # seconds: who wants a file of a year ago asks their version control
ALWAYS_KEPT = 20  # changes, whatever their age: a clock that is wrong for a day must not empty the history
MAX_FAILED = 50  # they hold no contents and are of interest only while somebody wonders what is wrong
PRUNE_EVERY = 16  # changes; looking through a thousand takes 1 ms, so the bounds may be passed by 15
MAX_CORRUPT = 3  # set-aside stores to look into; more would fill the disk of somebody with a bad one
MAX_LOG = (
    4 * 1024 * 1024
)  # bytes of the write-ahead log between checkpoints; SQLite's own bound is 1000 pages
BUSY_SECONDS = 0.2  # a checkpoint of our own takes less, and the main loop waits

# What SQLite says where the surroundings are at fault, and not the store: that may pass.
_TROUBLE = ("locked", "full", "disk I/O error", "unable to open", "interrupted", "out of memory")


class HistoryDatabase:
    """The store of changes in ``folder``; opened when first needed, and tried again after a failure."""

    def __init__(self, folder: str, clock: Callable[[], float] = time.time) -> None:
        self._folder = Path(folder)
        self._file = self._folder / "history.sqlite3"
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._newest = (
            0  # id given last: a new store goes on from there, since somebody may still name that one
        )

    def open(self) -> None:
        """Open the store now; a corrupt one is set aside. Raises HistoryError, whose text says why."""
        self._run(lambda connection: connection.total_changes)

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def add(self, path: str, kind: ChangeKind, before: bytes, after: bytes, undoes: int | None) -> int:
        """Record an intended change and return its id; a kill does not lose it."""

        def insert(connection: sqlite3.Connection) -> int:
            values = (
                self._clock(),
                os.fsencode(path),
                kind.value,
                ChangeState.INTENDED.value,
                before,
                after,
                undoes,
                digest_of(before, after),
            )
            row = connection.execute(INSERT, values)
            return int(row.lastrowid or 0)

        self._newest = self._run(insert)
        return self._newest

    def sync(self) -> None:
        """Have what was recorded on the disk itself; a dying disk is not told here."""
        flush(f"{self._file}-wal")

    def settle(self, change: int, state: ChangeState, reason: str) -> None:
        """Record how the intended change ended, mark what a done undo took back, and drop the oldest."""

        def update(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "UPDATE change SET state = ?, reason = ? WHERE id = ?", (state.value, reason, change)
            )
            if state is ChangeState.FAILED:
                connection.execute(
                    "UPDATE change SET before = x'', after = x'', digest = 0 WHERE id = ?", (change,)
                )
            elif state is ChangeState.DONE:
                _mark_undone(connection, change)
            if change % PRUNE_EVERY == 0:
                _prune(connection, change, self._clock())
            connection.execute("COMMIT")

        self._run(update)

    def get(self, change: int) -> Change | None:
        """Return the change with its contents."""
        return self._first("id = ?", change)

    def latest(self) -> Change | None:
        """Return the newest done format or fix that was not undone."""
        return self._first("kind <> 'undo' AND state = 'done' AND NOT undone")

    def latest_of(self, path: str) -> Change | None:
        """Return the newest done change of ``path``."""
        return self._first("path = ? AND state = 'done'", os.fsencode(path))

    def unsettled(self) -> tuple[Change, ...]:
        """Return the changes that are still only intended, oldest first."""
        query = f"SELECT {WHOLE} FROM change WHERE state = 'intended' ORDER BY id"  # noqa: S608 constants
        return self._run(lambda connection: tuple(change_of(row) for row in connection.execute(query)))

    def newest(self, after: int, limit: int) -> tuple[Change, ...]:
        """Return the newest ``limit`` changes with an id above ``after``, oldest first, without contents."""
        query = f"SELECT {SUMMARY} FROM change WHERE id > ? ORDER BY id DESC LIMIT ?"  # noqa: S608 constants
        return self._run(
            lambda connection: tuple(change_of(row) for row in connection.execute(query, (after, limit)))[
                ::-1
            ]
        )

    def _first(self, condition: str, *values: object) -> Change | None:
        query = f"SELECT {WHOLE} FROM change WHERE {condition} ORDER BY id DESC LIMIT 1"  # noqa: S608 constants

        def find(connection: sqlite3.Connection) -> Change | None:
            row = connection.execute(query, values).fetchone()
            return change_of(row) if row else None

        return self._run(find)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do ``work``; where the store turns out to be corrupt, once more on a new one."""
        try:
            return self._attempt(work)
        except sqlite3.ProgrammingError:
            raise  # a bug of ours
        except (sqlite3.DatabaseError, UnicodeDecodeError, OSError) as error:
            if not self._is_damage(error):
                raise self._failure(error) from error
            self._set_aside(error)
        try:
            return self._attempt(work)
        except (sqlite3.Error, OSError) as error:
            raise self._failure(error) from error

    def _is_damage(self, error: Exception) -> bool:
        """Say whether ``error`` is the fault of the store itself, so that a new one will do better."""
        if isinstance(error, OSError):
            return False
        if not isinstance(error, sqlite3.OperationalError):
            return True  # also a message about a name that is no text any more
        text = str(error)
        if "readonly" in text:  # a flag in its header, unless the system says so too
            return os.access(self._file, os.W_OK) and os.access(self._folder, os.W_OK)
        return not any(trouble in text for trouble in _TROUBLE)

    def _attempt(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._connect()
        try:
            return work(self._connection)
        except sqlite3.Error:
            if self._connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
            raise

    def _connect(self) -> sqlite3.Connection:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        os.close(os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA journal_size_limit = {MAX_LOG}")
            prepare(connection, self._newest)
        except (sqlite3.Error, UnicodeDecodeError):
            connection.close()
            raise
        return connection

    def _set_aside(self, error: Exception) -> None:
        """Move the store away under a name that says when, and keep only the newest few of those."""
        self.close()
        stamp = time.strftime("%Y%m%dT%H%M%S", time.localtime(self._clock()))
        aside = self._folder / f"{self._file.name}.corrupt-{stamp}"
        log.warning(
            "the history %s cannot be read (%s): kept as %s, a new one is begun", self._file, error, aside
        )
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{self._file}{suffix}", f"{aside}{suffix}")
        asides = sorted(
            path for path in self._folder.glob("*.corrupt-*") if path.name[-4:] not in {"-wal", "-shm"}
        )
        for old in asides[:-MAX_CORRUPT]:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{old}{suffix}").unlink(missing_ok=True)

    def _failure(self, error: Exception) -> HistoryError:
        self.close()
        if "locked" in str(error):
            return HistoryError(
                f"the history {self._file} is in use by another gowatchd, or by a program that looks into it"
            )
        return HistoryError(f"the history {self._file} cannot be used: {error}")


def _mark_undone(connection: sqlite3.Connection, change: int) -> None:
    """Mark what ``change`` undid; what that one had undone stands again, and so on down the chain."""
    undone = True
    while True:
        (target,) = connection.execute("SELECT undoes FROM change WHERE id = ?", (change,)).fetchone() or (
            None,
        )
        if target is None or target >= change:  # a change undoes an older one
            return
        connection.execute("UPDATE change SET undone = ? WHERE id = ?", (undone, target))
        change, undone = target, not undone


def _prune(connection: sqlite3.Connection, newest: int, now: float) -> None:
    """Drop the oldest changes beyond the bounds, but never ``newest``."""
    rows = connection.execute(
        "SELECT id, at, state, size FROM change INDEXED BY change_limits ORDER BY id DESC"
    )
    count = failed = size = 0
    excess = []
    for change, at, state, length in rows:
        count, size = count + 1, size + length
        failed += state == ChangeState.FAILED.value
        too_many = count > MAX_CHANGES or (state == ChangeState.FAILED.value and failed > MAX_FAILED)
        too_old = count > ALWAYS_KEPT and now - at > MAX_AGE
        if change != newest and (too_many or too_old or size > MAX_BYTES):
            excess.append((change,))
    connection.executemany("DELETE FROM change WHERE id = ?", excess)
