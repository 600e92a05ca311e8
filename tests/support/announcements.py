"""A desk for the announcer: a clock that the test turns, a screen, and a person in front of it."""

from __future__ import annotations

import json
import os

from gowatchd.lint.diagnostic import Diagnostic, Edit, Fix, Severity
from gowatchd.modfile.position import Span
from gowatchd.services.announcing import Announcer, Restraint
from gowatchd.services.changes import HistoryError
from gowatchd.services.note_buttons import NoteDeeds
from gowatchd.services.note_memory import NoteMemory, memory_of
from gowatchd.services.notes import Level, Note
from gowatchd.services.undoing import Undoing, UndoOutcome
from tests.support.scheduler import ManualScheduler

APP, TOOLS, LIB = "/src/app/go.work", "/src/tools/go.mod", "/src/lib/go.mod"


class Screen:
    """A notifier that shows what it is given; the test plays the person in front of it."""

    def __init__(self):
        self.notes: dict[str, Note] = {}
        self.new = []  # keys in the order in which new notes came up
        self.listener = None
        self.run = 1
        self.adopted = {}

    def adopt(self, numbers):
        self.adopted = dict(numbers)

    def press(self, key, action, token=None):
        self.listener.action(key, action, token)

    def listen(self, listener):
        self.listener = listener

    def show(self, note):
        if note.key not in self.notes:
            self.new.append(note.key)
        self.notes[note.key] = note
        self.listener.shown(note.key, len(self.new))

    def close(self, key):
        self.notes.pop(key, None)

    def dismiss(self, key):
        del self.notes[key]
        self.listener.closed(key)

    def appear(self):
        self.listener.server_changed(f"a server {self.run}", f"run {self.run}")

    def vanish(self):
        self.notes.clear()
        self.run += 1
        self.listener.server_changed(None, "")

    @property
    def titles(self):
        return [note.title for note in self.notes.values()]


class Drawer:
    """A store that holds what a file would."""

    def __init__(self):
        self.text = ""

    @classmethod
    def of_somebody_who_knows_us(cls):
        drawer = cls()
        drawer.write({"introduced": True, "boot": "", "run": "", "notes": [], "told": {}})
        return drawer

    def read(self):
        if not self.text:
            return None
        value = json.loads(self.text)
        memory_of(value)
        return value

    def write(self, value):
        self.text = json.dumps(value)


class Windows:
    """An opener that writes down what it was asked for."""

    def __init__(self):
        self.opened = []
        self.failed = None

    def listen(self, failed):
        self.failed = failed

    def show_diff(self, title, diff, token):
        self.opened.append((title, diff, token))

    def open_at(self, path, line, token):
        self.opened.append((path, line, token))


class Bench:
    """An announcer with ``deeds``; with a ``drawer`` what is remembered in there counts, since ``boot``."""

    def __init__(
        self,
        level=Level.CHANGES,
        start_seconds=0.0,
        *,
        server=True,
        screen=None,
        drawer=None,
        boot="boot 1",
        git=None,
        **deeds,
    ):
        self.time = ManualScheduler()
        self.screen = screen or Screen()
        self.memory = NoteMemory(self.time, drawer, boot)
        self.undone = []
        self.outcomes = {}
        self.limits = {}  # the most that may be told of a workspace
        self.announcer = Announcer(
            self.screen,
            self.time,
            level,
            NoteDeeds(self.undo, **deeds),
            Restraint(start_seconds, self.limit, git),
            self.memory,
        )
        if server:
            self.screen.appear()

    def limit(self, path):
        return min(self.limits.get(one, Level.ALL) for one in (path, os.path.dirname(path)))

    def undo(self, change):
        self.undone.append(change)
        outcome = self.outcomes.get(change, UndoOutcome.UNDONE)
        if isinstance(outcome, HistoryError):
            raise outcome
        if outcome is UndoOutcome.UNDONE:
            self.announcer.undone(change, "/src/app/go.mod")
        return Undoing(change, "/src/app/go.mod", outcome, f"message of {change}")

    def end(self):
        """End the process as a stop does."""
        self.memory.close()

    def check(self, workspace, *diagnostics):
        self.announcer.checked(workspace, diagnostics)
        self.time.advance(1)


def begin(drawer, before=None, **more):
    """Begin a process of ours, ``before`` being the one that just ended."""
    if before is not None:
        before.end()
        more["screen"] = before.screen
    return Bench(drawer=drawer, **more)


def error(message="directory ./x does not exist", line=5, severity=Severity.ERROR, path=APP):
    return Diagnostic(path, Span.at(line), severity, "use-missing-module", message)


def fixable(message="go line too low", severity=Severity.ERROR):
    edit = Edit(APP, Span.at(5), "x")
    return Diagnostic(APP, Span.at(5), severity, "go-line-too-low", message, Fix("Raise it", (edit,)))
