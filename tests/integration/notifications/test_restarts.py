"""Our process ends and another one begins, in front of the same person, on real servers."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace

import pytest

from gowatchd.lint.diagnostic import Diagnostic, Severity
from gowatchd.modfile.position import Span
from gowatchd.services import note_text, unit_notes
from gowatchd.services.announcing import Announcer, Restraint
from gowatchd.services.note_buttons import NoteDeeds
from gowatchd.services.note_memory import NoteMemory
from gowatchd.services.notes import UNTIL_CLOSED, Level
from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.memory_file import MemoryFile, boot_id
from gowatchd.system.notification_form import XFCE
from gowatchd.system.notifier import DesktopNotifier
from gowatchd.system.session_bus import SessionBus
from tests.support.announcements import Windows
from tests.support.bus import beside
from tests.support.desktop import PUPIL, Dunst, needs_display, needs_dunst, needs_xfce, start_xfce
from tests.support.notifications import NEW, OLD

pytestmark = [needs_display, needs_dunst]
# Where xfce4-notifyd draws the buttons: of the first note of all, and of one that says nothing of us.
SHOW_DIFF, UNDO = (543, 156), (727, 102)


class Process:
    """What of the daemon notes are made of, with its own place on the bus."""

    def __init__(self, loop, bus, state, history, start_seconds=0.0):
        self._loop = loop
        self.windows = Windows()
        self.notifier = DesktopNotifier(loop)
        self.memory = NoteMemory(loop, MemoryFile.of_notes(str(state)), boot_id())
        self._place = SessionBus(
            loop, ManagerObject(None), (self.notifier,), lambda: None, address=lambda: bus.address
        )
        deeds = NoteDeeds(history.undo, history.difference, history.stands, opener=self.windows)
        self.announcer = Announcer(
            self.notifier, loop, Level.CHANGES, deeds, Restraint(start_seconds), self.memory
        )
        self._place.start()
        loop.run_until(lambda: self.notifier.server)

    def end(self):
        self.memory.close()
        self._place.stop()
        self._loop.run_until(lambda: self.notifier.server is None)


@pytest.fixture
def begin(loop, bus, tmp_path, history):
    processes = []

    def begin(**more):
        if processes:
            processes.pop().end()
        processes.append(Process(loop, bus, tmp_path / "state", history, **more))
        return processes[-1]

    yield begin
    processes.pop().end()


def change(history, app):
    """Format the file as the daemon does, and return the change."""
    change = history.begin(str(app), OLD, NEW)
    app.write_bytes(NEW)
    history.finish(change, Swap(SwapOutcome.WRITTEN))
    return change


def trouble(app):
    return Diagnostic(str(app), Span.at(1), Severity.ERROR, "syntax", "unknown directive: modul")


@needs_xfce
def test_a_note_of_the_process_before_is_still_answered(
    loop, bus, display, begin, app, history, icon, tmp_path
):
    """Where the server tells everybody what was pressed; dunst and GNOME tell only who asked for the note."""
    start_xfce(bus, display, tmp_path)
    process = begin()
    assert process.notifier.server.startswith(XFCE)  # who draws a click as a button
    note = note_text.formatted(str(app), [str(app)], (change(history, app),))
    process.announcer.unit(replace(note, body="/src/app", milliseconds=UNTIL_CLOSED))
    beside(loop, lambda: display.wait_for_colour("xfce-first-of-all", PUPIL))
    process = begin()
    kept = tmp_path / "state" / "notes.json"
    assert stat.S_IMODE(os.stat(kept).st_mode) == 0o600
    assert [one["title"] for one in json.loads(kept.read_text())["notes"]] == ["Formatted app/go.mod"]
    display.click(*SHOW_DIFF)
    loop.run_until(lambda: process.windows.opened)
    ((title, diff, _token),) = process.windows.opened
    assert title == "Formatted app/go.mod"
    assert "-module  example.com/app\n+module example.com/app\n" in diff
    beside(loop, lambda: display.click_until(lambda: app.read_bytes() == OLD, *UNDO))  # the note comes back


def test_what_can_be_taken_back_from_a_unit_is_offered_again(loop, bus, display, begin, app, history):
    dunst = Dunst(bus, display)
    note = unit_notes.unit_repaired("a.service", ["A"], change(history, app), runs=True, diff=["+A=1"])
    process = begin()
    process.announcer.unit(note)
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: display.wait_for_picture("dunst-first-of-all"))
    assert dunst.told("gowatchctl mute makes it quiet") == 1
    process = begin()
    beside(loop, lambda: dunst.wait_for_told("Gave a.service A", 2))
    assert (dunst.count(), dunst.told("gowatchctl mute makes it quiet")) == (1, 1)
    beside(loop, lambda: dunst.press("Show diff"))
    loop.run_until(lambda: process.windows.opened)
    assert process.windows.opened == [("Gave a.service A", "+A=1", None)]
    beside(loop, lambda: dunst.press("Undo"))
    loop.run_until(lambda: app.read_bytes() == OLD)
    beside(loop, lambda: dunst.wait_for_count(0))


def test_a_problem_is_shown_again_on_the_server_that_comes_later(loop, bus, display, begin, app):
    dunst = Dunst(bus, display)
    process = begin()
    process.announcer.checked(str(app), [trouble(app)])
    beside(loop, lambda: dunst.wait_for_count(1))
    process = begin(start_seconds=600)
    process.announcer.checked(str(app), [trouble(app)])  # in place of the one that is there
    beside(loop, lambda: dunst.wait_for_told("1 problem in app/go.mod", 2))
    assert dunst.count() == 1
    dunst.stop()
    loop.run_until(lambda: process.notifier.server is None)
    dunst = Dunst(bus, display)
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: dunst.press("Open"))
    loop.run_until(lambda: process.windows.opened)
    assert process.windows.opened == [(str(app), 1, None)]
    process.announcer.vanished(str(app))
    beside(loop, lambda: dunst.wait_for_count(0))


def test_what_was_dismissed_stays_away(loop, bus, display, begin, app):
    dunst = Dunst(bus, display)
    process = begin()
    process.announcer.degraded("go", "none found")
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, dunst.close_all)
    loop.run_until(lambda: not process.announcer.standing)
    process = begin()
    process.announcer.degraded("go", "none found")
    process.announcer.degraded("inotify", "no watches left")
    beside(loop, lambda: dunst.wait_for_count(1))
    assert (dunst.told("without go"), dunst.told("without inotify")) == (1, 1)
