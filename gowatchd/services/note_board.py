"""The notes that are on show or wait for it: one per key, replaced in place, and never too many."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.services import note_text
from gowatchd.services.note_record import Kept
from gowatchd.services.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gowatchd.services.note_memory import NoteMemory
    from gowatchd.services.notes import Note, Notifier
    from gowatchd.services.ports import Handle, Scheduler

NEW_MOST = 3  # new notes a minute; more, and people switch them off
NEW_SECONDS = 60.0
NEWS_SECONDS = 120.0  # an event that could not be told for so long is history; twice what the rate makes wait
WAITING_MOST = 64  # nobody reads more than the first few; a desktop may never come
SUMMARY = "summary"
BACK_SECONDS = 2.0  # a server that takes a note away for a button does it with the button


class NoteBoard:
    """Hands notes to the notifier when it may, merging those that had to wait into a summary.

    Notes that a process before us left are *former* ones. On the server that they were left on they are
    closed and answer to their buttons as ours do. What they tell counts again when it is posted again; one
    that offers to take something back is, as soon as there is a server.
    """

    def __init__(self, notifier: Notifier, scheduler: Scheduler, memory: NoteMemory) -> None:
        self.tally = Tally()
        self._notifier = notifier
        self._scheduler = scheduler
        self._memory = memory
        self._server = False
        self._run = memory.former_run  # the run of the server that the numbers are of
        self._numbers = {one.note.key: one.number for one in memory.former if one.number}
        self._former = {one.note.key: one.note for one in memory.former}
        self._shown: dict[str, Note] = {}
        self._waiting: dict[str, Note] = {}
        self._since: dict[str, float] = {}  # when what waits came
        self._summarised: dict[str, Note] = {}
        self._told: set[str] = set()
        self._introducing = ""  # the note that says who we are
        self._new: deque[float] = deque(maxlen=NEW_MOST)
        self._timer: Handle | None = None
        self._wanted: tuple[str, float] = ("", 0.0)  # the note that is to stay, and since when
        memory.follow(self._to_keep)

    @property
    def former(self) -> tuple[Note, ...]:
        """The notes of a process before us that were neither posted again nor withdrawn yet."""
        return tuple(self._former.values())

    @property
    def shown(self) -> tuple[Note, ...]:
        """The notes that are on show."""
        return tuple(self._shown.values())

    def post(self, note: Note) -> None:
        """Show ``note`` as soon as there is a server and the rate allows it."""
        self._summarised.pop(note.key, None)
        self._former.pop(note.key, None)
        if note.key in self._shown:
            if self._shown[note.key] != note:
                self._show(note)
            return
        self._told.discard(note.key)
        self._waiting.pop(note.key, None)
        self._waiting[note.key] = note
        self._since[note.key] = self._scheduler.now()
        while len(self._waiting) > WAITING_MOST:
            oldest = next(iter(self._waiting))
            self._since.pop(oldest, None)
            del self._waiting[oldest]
        self._memory.changed()
        self._flush()

    def withdraw(self, key: str) -> None:
        """Take the note ``key`` back: it is no longer true."""
        kept = (self._waiting, self._shown, self._former, self._summarised, self._numbers)
        known = key == self._introducing or any(key in notes for notes in kept)
        self._waiting.pop(key, None)
        self._since.pop(key, None)
        self._told.discard(key)
        shown, former = self._shown.pop(key, None), self._former.pop(key, None)
        if shown is not None or (former is not None and self._server):
            self._notifier.close(key)
        if known:  # much is over that was never told: nothing is written for that
            self._forget(key)
        if self._summarised.pop(key, None) is not None and not self._summarised:
            self.withdraw(SUMMARY)

    def sweep(self, may_stand: Callable[[Note], bool]) -> None:
        """Withdraw all notes but those that ``may_stand``."""
        for notes in (self._shown, self._waiting, self._summarised, self._former):
            for key, note in tuple(notes.items()):
                if not may_stand(note):
                    self.withdraw(key)

    def find(self, key: str) -> Note | None:
        """Return the note ``key`` if it is on show, waits for it, or was on show before us."""
        return self._shown.get(key) or self._waiting.get(key) or self._former.get(key)

    def waiting(self, key: str) -> Note | None:
        """Return the note ``key`` if it waits to be shown and is not history yet."""
        self._drop_history()
        return self._waiting.get(key)

    def told(self, key: str) -> bool:
        """Say whether the note last posted as ``key`` reached the person's desktop."""
        return key in self._told

    def keep(self, key: str) -> None:
        """Have the note ``key`` stay for its other buttons, although one was pressed.

        Xfce's server takes it away all the same, whatever the hint "resident" says: then it is shown again.
        """
        self._wanted = key, self._scheduler.now()

    def undone(self, change: int) -> None:
        """Take ``change`` off the notes that offer to undo it, and those away that have nothing left."""
        for notes in (self._shown, self._waiting, self._summarised, self._former):
            for key, note in tuple(notes.items()):
                if change in note.changes:
                    notes[key] = replace(note, changes=tuple(id_ for id_ in note.changes if id_ != change))
                    if not notes[key].changes:
                        self.withdraw(key)
        self._memory.changed()

    def server_changed(self, name: str | None, run: str) -> None:
        """Go on with a new server, or without one; what it had on show went with it."""
        self._server = name is not None
        for key, note in (*self._shown.items(), *self._summarised.items()):
            if note.lasting:
                self._waiting.setdefault(key, note)
            elif key in self._shown and not self._server:
                self._former[key] = note  # if it was only the connection that went, it is still there
        self._shown.clear()
        self._summarised.clear()
        self._told.clear()
        if self._server and run == self._run:
            self._told.update(self._former)
            ours = (*self._former, *self._waiting)  # what waits was posted anew before there was a server
            self._notifier.adopt({key: self._numbers[key] for key in ours if key in self._numbers})
            self.withdraw(SUMMARY)  # what of it is still true is told again
        elif self._server:
            self._numbers.clear()
            self._former = {key: note for key, note in self._former.items() if note.lasting}
        if self._server:
            self._run = run
            for note in self.former:
                if note.lasting and note.changes:
                    self.post(note)
        self._memory.changed()
        self._flush()

    def was_shown(self, key: str, number: int) -> None:
        """Take note that the server shows the note ``key`` as its ``number``."""
        self._numbers[key] = number
        if key == self._introducing:
            self._memory.introduce()
        self._memory.changed()

    def closed(self, key: str) -> None:
        """Forget the note ``key``: it is off the screen."""
        note = self._shown.pop(key, None) or self._former.get(key)
        self._former.pop(key, None)
        self._forget(key)
        (wanted, since), self._wanted = self._wanted, ("", 0.0)
        if note is not None and key == wanted and self._scheduler.now() - since < BACK_SECONDS:
            self._show(note)
        if key == SUMMARY:
            self._summarised.clear()

    def _forget(self, key: str) -> None:
        """Forget what goes with a note that is not on show."""
        self._numbers.pop(key, None)
        if key == self._introducing:
            self._introducing = ""
        self._memory.changed()

    def _flush(self) -> None:
        """Show what waits, as one note, unless there is no server or it is too soon."""
        self._drop_history()
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
        self._since.clear()
        self._told.update(waiting)
        if merge:
            self._summarised.update(waiting)
            self.tally.notes_merged += len(waiting)
            for key, note in waiting.items():
                self._memory.tell(note)
                if key in self._numbers:  # a former note would tell it twice
                    self._notifier.close(key)
                    self._forget(key)
            self._show(note_text.summary(SUMMARY, tuple(self._summarised.values())))
        else:
            self._show(*waiting.values())

    def _drop_history(self) -> None:
        """Drop the events that waited too long: what is shown late is how things are, not how they were."""
        late = self._scheduler.now() - NEWS_SECONDS
        for key, note in tuple(self._waiting.items()):
            if not note.lasting and self._since[key] < late:
                del self._waiting[key], self._since[key]

    def _due(self) -> None:
        self._timer = None
        self._flush()

    def _show(self, note: Note) -> None:
        self._shown[note.key] = note
        self._told.add(note.key)
        self._memory.tell(note)
        if not self._memory.introduced and not self._introducing:
            self._introducing = note.key
        first = note.key == self._introducing
        self.tally.notes_shown += 1
        self._notifier.show(note_text.introduction(note) if first else note)

    def _to_keep(self) -> tuple[str, Iterable[Kept]]:
        """Return what is remembered of the notes, the former ones first."""
        late = {**self._waiting, **self._summarised}
        lasting = {key: note for key, note in late.items() if note.lasting}
        notes = {**self._former, **lasting, **self._shown}
        return self._run, [Kept(note, self._numbers.get(key, 0)) for key, note in notes.items()]
