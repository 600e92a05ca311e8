"""What the history's SQLite file looks like inside, and whether one is sound."""

from __future__ import annotations

import os
import sqlite3
import zlib
from typing import Any

from gowatchd.services.changes import Change, ChangeKind, ChangeState

VERSION = 2  # PRAGMA user_version of this schema
LATEST = 1e11  # Unix seconds: the year 5138, and no date can be made of what is damaged

SCHEMA = """
CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    path BLOB NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    before BLOB NOT NULL,
    after BLOB NOT NULL,
    undoes INTEGER,
    undone INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL AS (length(before) + length(after)) STORED,
    digest INTEGER NOT NULL -- CRC-32 of both contents
);
CREATE INDEX change_path ON change (path, id);
CREATE INDEX change_limits ON change (id, at, state, size); -- so that pruning reads no contents
"""
FROM_1 = """
ALTER TABLE change ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;
UPDATE change SET digest = digest_of(before, after);
DROP INDEX change_bounds;
CREATE INDEX change_limits ON change (id, at, state, size);
"""
SUMMARY = "id, at, path, kind, state, x'', x'', undoes, undone, reason, 0"
WHOLE = "id, at, path, kind, state, before, after, undoes, undone, reason, digest"
INSERT = """
INSERT INTO change (at, path, kind, state, before, after, undoes, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def prepare(connection: sqlite3.Connection, newest: int) -> None:
    """Lay out an empty store, whose ids begin above ``newest``, or bring an older one up to date.

    Raises DatabaseError for one that is damaged or not ours.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version == 0 and tables == 0:
        connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('change', ?)", (newest,))
        return
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    try:
        if version == 1:
            connection.create_function("digest_of", 2, digest_of)
            connection.executescript(f"BEGIN; {FROM_1} PRAGMA user_version = {VERSION}; COMMIT;")
        elif version != VERSION:
            raise sqlite3.DatabaseError(f"schema {version} is not {VERSION}")
        connection.execute(f"SELECT {WHOLE}, size FROM change INDEXED BY change_limits LIMIT 0")  # noqa: S608 constants
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        raise sqlite3.DatabaseError(str(error)) from error  # a table, column or index: not our layout


def digest_of(before: bytes, after: bytes) -> int:
    """Return what tells that the contents of a change are those that were put there."""
    return zlib.crc32(after, zlib.crc32(before))


def change_of(row: tuple[Any, ...]) -> Change:
    """Return the change of a row; raises DatabaseError where it is not what was put there."""
    number, at, path, kind, state, before, after, undoes, undone, reason, digest = row
    try:
        change = Change(
            number,
            _time(at),
            os.fsdecode(path),
            ChangeKind(kind),
            ChangeState(state),
            bytes(before),
            bytes(after),
            undoes,
            bool(undone),
            str(reason),
        )
    except (TypeError, ValueError) as error:
        raise sqlite3.DatabaseError(f"change {number} is damaged: {error}") from error
    if digest != digest_of(change.before, change.after):
        raise sqlite3.DatabaseError(f"the contents of change {number} are damaged")
    return change


def _time(at: float) -> float:
    if not 0 <= at < LATEST:
        raise ValueError(f"{at} is no time")
    return float(at)
