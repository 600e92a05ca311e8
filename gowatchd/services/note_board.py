"""The notes that are on show or wait for it: one per key, replaced in place, and never too many."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.services import note_text

if TYPE_CHECKING:
    from gowatchd.services.notes import Note, Notifier
    from gowatchd.services.ports import Handle, Scheduler

NEW_MOST = 3  # new notes a minute; more, and people switch them off
NEW_SECONDS = 60.0
WAITING_MOST = 64  # nobody reads more than the first few; a desktop may never come
SUMMARY = "summary"


class NoteBoard:
    """Hands notes to the notifier when it may, merging those that had to wait into a summary."""

    def __init__(self, notifier: Notifier, scheduler: Scheduler) -> None:
        self._notifier = notifier
        self._scheduler = scheduler
        self._server = False
        self._shown: dict[str, Note] = {}
        self._waiting: dict[str, Note] = {}
        self._summarised: dict[str, Note] = {}
        self._told: set[str] = set()
        self._new: deque[float] = deque(maxlen=NEW_MOST)
        self._timer: Handle | None = None

    def post(self, note: Note) -> None:
        """Show ``note`` as soon as there is a server and the rate allows it."""
        self._summarised.pop(note.key, None)
        self._told.discard(note.key)
        if note.key in self._shown:
            self._show(note)
            return
        self._waiting.pop(note.key, None)
        self._waiting[note.key] = note
        while len(self._waiting) > WAITING_MOST:
            del self._waiting[next(iter(self._waiting))]
        self._flush()

    def withdraw(self, key: str) -> None:
        """Take the note ``key`` back: it is no longer true."""
        self._waiting.pop(key, None)
        self._told.discard(key)
        if self._shown.pop(key, None) is not None:
            self._notifier.close(key)
        if self._summarised.pop(key, None) is not None and not self._summarised:
            self.withdraw(SUMMARY)

    def find(self, key: str) -> Note | None:
        """Return the note ``key`` if it is on show or waits for it."""
        return self._shown.get(key) or self._waiting.get(key)

    def told(self, key: str) -> bool:
        """Say whether the note last posted as ``key`` reached the person's desktop."""
        return key in self._told

    def undone(self, change: int) -> None:
        """Take ``change`` off the notes that offer to undo it, and those away that have nothing left."""
        for notes in (self._shown, self._waiting, self._summarised):
            for key, note in tuple(notes.items()):
                if change in note.changes:
                    notes[key] = replace(note, changes=tuple(id_ for id_ in note.changes if id_ != change))
                    if not notes[key].changes:
                        self.withdraw(key)

    def server_changed(self, name: str | None) -> None:
        """Go on with a new server, or without one; what it had on show went with it."""
        self._server = name is not None
        for key, note in self._shown.items():
            if note.lasting:
                self._waiting.setdefault(key, note)
        self._shown.clear()
        self._summarised.clear()
        self._told.clear()
        self._flush()

    def closed(self, key: str) -> None:
        """Forget the note ``key``: it is off the screen."""
        self._shown.pop(key, None)
        if key == SUMMARY:
            self._summarised.clear()

    def _flush(self) -> None:
        """Show what waits, as one note, unless there is no server or it is too soon."""
        if not self._server or not self._waiting or self._timer is not None:
            return
        merge = len(self._waiting) > 1
        if not (merge and SUMMARY in self._shown):  # replacing the summary on show makes no new note
            if len(self._new) == NEW_MOST and self._scheduler.now() - self._new[0] < NEW_SECONDS:
                wait = self._new[0] + NEW_SECONDS - self._scheduler.now()
                self._timer = self._scheduler.call_later(wait, self._due)
                return
            self._new.append(self._scheduler.now())
        waiting, self._waiting = self._waiting, {}
        self._told.update(waiting)
        if merge:
            self._summarised.update(waiting)
            self._show(note_text.summary(SUMMARY, tuple(self._summarised.values())))
        else:
            self._show(*waiting.values())

    def _due(self) -> None:
        self._timer = None
        self._flush()

    def _show(self, note: Note) -> None:
        self._shown[note.key] = note
        self._told.add(note.key)
        self._notifier.show(note)
