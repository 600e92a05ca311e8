"""Notes, from a formatted file to a button that was pressed, on real notification servers."""

from dataclasses import replace

import pytest

from gowatchd.services.announcing import Announcer, Restraint
from gowatchd.services.note_buttons import NoteDeeds
from gowatchd.services.notes import UNTIL_CLOSED, Level, Note
from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system.notification_calls import NAME
from tests.support.bus import beside
from tests.support.desktop import (
    PUPIL,
    Dunst,
    needs_display,
    needs_dunst,
    needs_xfce,
    start_xfce,
)
from tests.support.notifications import NEW, OLD, undo_note

pytestmark = needs_display
HOSTILE = ("a <title> & \udcff 工作区", "v1.2 < v1.3 & <unknown> \0\udcff <b>not bold</b>\n中文 &amp; 格式")


@needs_dunst
def test_a_formatted_file_is_told_and_undone_from_the_note(loop, bus, display, notifier, app, history):
    dunst = Dunst(bus, display)
    announcer = Announcer(
        notifier, loop, Level.CHANGES, NoteDeeds(history.undo, history.difference), Restraint(0.0)
    )
    loop.run_until(lambda: notifier.server)
    assert notifier.server.startswith("dunst")
    change = history.begin(str(app), OLD, NEW)
    app.write_bytes(NEW)
    history.finish(change, Swap(SwapOutcome.WRITTEN))
    announcer.formatted(change, str(app), str(app))
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: display.wait_for_picture("dunst-formatted"))
    beside(loop, lambda: dunst.press("Undo"))
    loop.run_until(lambda: app.read_bytes() == OLD)
    beside(loop, lambda: dunst.wait_for_count(0))  # dunst itself leaves the note there


@needs_dunst
def test_a_note_is_replaced_in_place_and_closed(loop, bus, display, notifier, listener):
    dunst = Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    for number in range(5):  # faster than the ids come back
        notifier.show(undo_note(body=f"version {number}", milliseconds=UNTIL_CLOSED))
    notifier.show(undo_note("another", milliseconds=UNTIL_CLOSED))
    beside(loop, lambda: dunst.wait_for_count(2))
    notifier.close("another")
    notifier.close("never shown")
    beside(loop, lambda: dunst.wait_for_count(1))
    assert [what for what in listener.heard if what[0] == "closed"] == []


@needs_dunst
def test_expiry_is_told(loop, bus, display, notifier, listener):
    Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("short", milliseconds=100))
    loop.run_until(lambda: ("closed", "short") in listener.heard)


@needs_dunst
def test_the_server_comes_late_goes_and_comes_back(loop, bus, display, notifier, listener):
    notifier.show(undo_note())  # without a server nothing happens
    assert notifier.server is None
    dunst = Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    dunst.stop()
    loop.run_until(lambda: notifier.server is None)
    Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    names = [what[1] for what in listener.heard]
    assert [name and name.split()[0] for name in names] == ["dunst", None, "dunst"]


@needs_dunst
def test_the_bus_takes_the_server_along_and_brings_it_back(loop, bus, display, notifier, listener):
    Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("before"))
    bus.kill()
    loop.run_until(lambda: notifier.server is None)
    notifier.show(undo_note("meanwhile"))
    bus.start()
    dunst = Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    notifier.show(undo_note("after", milliseconds=UNTIL_CLOSED))
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: dunst.press("Undo"))
    loop.run_until(lambda: ("action", "after", "undo") in listener.heard)


@needs_dunst
@pytest.mark.parametrize("markup", ["full", "no"])
def test_text_of_any_kind_is_shown_as_it_is(loop, bus, display, notifier, icon, markup, capfd):
    dunst = Dunst(bus, display, markup)
    loop.run_until(lambda: notifier.server)
    notifier.show(Note("text", *HOSTILE, milliseconds=UNTIL_CLOSED))
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: display.wait_for_colour(f"dunst-markup-{markup}", PUPIL))
    assert dunst.looks() == [f"gowatchd {icon}"]
    assert "Unable to parse markup" not in capfd.readouterr().err


@needs_dunst
def test_what_happens_to_other_peoples_notes_is_not_ours(loop, bus, display, notifier, listener):
    dunst = Dunst(bus, display)
    loop.run_until(lambda: notifier.server)
    command = ["gdbus", "call", "--address", bus.address, "--dest", NAME, "--object-path"]
    command += [
        "/org/freedesktop/Notifications",
        "--method",
        f"{NAME}.Notify",
        "other",
        "0",
        "",
        "theirs",
        "",
    ]
    bus.spawn(*command, '["undo", "Undo"]', "{}", "0").wait(60)
    beside(loop, lambda: dunst.wait_for_count(1))
    beside(loop, lambda: dunst.press("Undo"))
    notifier.show(undo_note("ours", milliseconds=100))
    loop.run_until(lambda: ("closed", "ours") in listener.heard)
    assert [what for what in listener.heard if what[0] == "action"] == []


def test_a_server_is_never_started(loop, bus, notifier, listener):
    (bus.services / "server.service").write_text(
        f"[D-BUS Service]\nName={NAME}\nExec=/usr/bin/touch {bus.folder}/started\n"
    )
    bus.ask("ReloadConfig")
    loop.run_until(bus.connections)
    notifier.show(undo_note())
    notifier.close("formatted:/src/go.mod")
    beside(loop, lambda: bus.ask("GetId"))
    assert not (bus.folder / "started").exists()


@needs_xfce
def test_a_button_of_xfce(loop, bus, display, notifier, icon, listener, tmp_path):
    start_xfce(bus, display, tmp_path)
    loop.run_until(lambda: notifier.server)
    note = undo_note("xfce", milliseconds=UNTIL_CLOSED)
    notifier.show(replace(note, title=HOSTILE[0], body=HOSTILE[1]))
    beside(loop, lambda: display.wait_for_colour("xfce-formatted", PUPIL))
    beside(loop, lambda: display.click(727, 122))
    loop.run_until(lambda: ("closed", "xfce") in listener.heard)
    assert listener.heard[1:] == [("action", "xfce", "undo"), ("closed", "xfce")]
