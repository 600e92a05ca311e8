"""What is remembered of notes from one run of ours to the next.

GNOME takes our notes away when our process ends; other servers leave them, with buttons that nobody would
answer. And who was told once does not want to be told again because of an upgrade.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from gowatchd.services.note_record import Kept, kept_of, record_of
from gowatchd.services.note_text import degraded_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.services.notes import Note
    from gowatchd.services.ports import Handle, Scheduler
    from gowatchd.services.remembering import Store

WRITE_SECONDS = 0.2  # notes come in bursts; a kill within that loses buttons, and undo works without them
NOTES_MOST = 64  # as many as wait at most
TOLD_MOST = 256  # units and parts of the daemon


class NoteMemory:
    """Remembers in ``store``; without one nothing is remembered, and nobody is new to us.

    ``boot`` tells one run of the machine from the others: what was on show before it is not shown again.
    ``introduced`` says whether this person ever got a note. ``former`` are the notes that the process before
    us left, on the run of a server called ``former_run``.
    """

    def __init__(self, scheduler: Scheduler, store: Store | None = None, boot: str = "") -> None:
        self._scheduler = scheduler
        self._store = store
        self._boot = boot
        self._due: Handle | None = None
        self._source: Callable[[], tuple[str, Iterable[Kept]]] = lambda: ("", ())
        value = None if store is None else store.read()
        self.introduced = store is None or (value is not None and value["introduced"])
        self._told: dict[str, str] = {} if value is None else dict(value["told"])
        self.former: tuple[Kept, ...] = ()
        self.former_run = ""
        if value is not None and value["boot"] == boot:
            self.former = tuple(kept_of(one) for one in value["notes"])
            self.former_run = value["run"]
        else:
            parts = degraded_key("")
            self._told = {key: told for key, told in self._told.items() if not key.startswith(parts)}

    def follow(self, source: Callable[[], tuple[str, Iterable[Kept]]]) -> None:
        """Keep from now on what ``source`` returns: the run of the server, and the notes on it."""
        self._source = source

    def introduce(self) -> None:
        """Take note that the person knows us by now."""
        if not self.introduced:
            self.introduced = True
            self.changed()

    def tell(self, note: Note) -> None:
        """Take note that ``note`` was told, if it is one to be told once."""
        if note.once:
            self._told.pop(note.key, None)
            self._told[note.key] = _digest(note)
            while len(self._told) > TOLD_MOST:
                del self._told[next(iter(self._told))]
            self.changed()

    def untell(self, key: str) -> None:
        """Forget that the note ``key`` was told: it is over, and news if it comes again."""
        if self._told.pop(key, None) is not None:
            self.changed()

    def knows(self, note: Note) -> bool:
        """Say whether ``note`` was told already, in the same words."""
        return note.once and self._told.get(note.key) == _digest(note)

    def changed(self) -> None:
        """Write what there is, a little later."""
        if self._store is not None and self._due is None:
            self._due = self._scheduler.call_later(WRITE_SECONDS, self._write)

    def close(self) -> None:
        """Write what is due, for the last time."""
        if self._due is not None:
            self._due.cancel()
            self._write()
        self._store = None

    def _write(self) -> None:
        self._due = None
        run, notes = self._source()
        if self._store is not None:
            self._store.write(
                {
                    "introduced": self.introduced,
                    "boot": self._boot,
                    "run": run,
                    "notes": [record_of(one) for one in tuple(notes)[-NOTES_MOST:]],
                    "told": self._told,
                }
            )


def memory_of(value: dict[str, Any]) -> None:
    """Check what was written; raises ValueError, KeyError or TypeError where it is something else."""
    for name, kind in (("introduced", bool), ("boot", str), ("run", str), ("notes", list), ("told", dict)):
        if not isinstance(value[name], kind):
            raise TypeError(f"{name} is no {kind.__name__}")
    if len(value["notes"]) > NOTES_MOST or len(value["told"]) > TOLD_MOST:
        raise ValueError("more than was ever kept")
    if not all(isinstance(text, str) for text in value["told"].values()):
        raise TypeError("told holds something else than digests")
    for one in value["notes"]:
        kept_of(one)


def _digest(note: Note) -> str:
    said = "\0".join((note.title, note.body, *map(str, note.changes)))
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()
