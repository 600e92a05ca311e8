"""What one process of ours leaves to the next: notes on show, and what was told."""

import json

import pytest

from gowatchd.services import unit_notes
from gowatchd.services.note_memory import NOTES_MOST, memory_of
from gowatchd.services.notes import Level
from tests.support.announcements import APP, LIB, TOOLS, Bench, Drawer, begin, error

FORMATTED, PROBLEM = f"formatted:{APP}", f"problem:{APP}"


@pytest.fixture
def drawer():
    return Drawer.of_somebody_who_knows_us()


class TestIntroduction:
    def test_the_first_note_of_all_says_who_speaks_and_how_to_make_it_quiet(self):
        drawer, muted = Drawer(), []
        bench = begin(drawer, mute=lambda *what: muted.append(what))
        bench.check(APP)
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        note = bench.screen.notes[FORMATTED]
        fact, introduction = note.body.split("\n")
        assert fact == "/src/app"
        assert introduction.startswith("gowatchd checks and formats")
        assert "gowatchctl mute" in introduction
        assert [key for key, _ in note.actions] == ["show", "undo", "mute"]
        bench.check(TOOLS, error())
        assert "gowatchctl mute" not in bench.screen.notes[f"problem:{TOOLS}"].body
        bench.screen.press(FORMATTED, "mute")
        assert muted == [("/src/app", 3600)]
        assert FORMATTED not in bench.screen.notes
        later = begin(drawer, bench)
        later.check(LIB)
        later.check(LIB, error())
        assert "gowatchctl mute" not in later.screen.notes[f"problem:{LIB}"].body

    def test_one_that_no_server_took_was_not_the_first(self):
        drawer = Drawer()
        bench = begin(drawer, server=False)
        bench.check(APP, error())
        later = begin(drawer, bench)
        later.check(TOOLS, error())
        (note,) = later.screen.notes.values()
        assert "gowatchctl mute" in note.body

    def test_one_about_no_folder_mutes_everything(self):
        muted = []
        bench = begin(Drawer(), mute=lambda *what: muted.append(what))
        bench.announcer.degraded("go", "none found")
        bench.screen.press("degraded:go", "mute")
        assert muted == [("/", 3600)]
        bench.limits["/"] = Level.OFF
        bench.announcer.degraded("inotify", "none left")
        bench.announcer.unit(unit_notes.unit_lacks("a.service", ["A"]))
        assert bench.screen.titles == []


class TestSameServer:
    def test_a_button_of_a_note_of_the_process_before_works(self, drawer):
        bench = begin(drawer)
        for change in (7, 8):
            bench.announcer.formatted(change, f"/src/app/{change}/go.mod", APP)
        bench.time.advance(3)
        later = begin(drawer, bench)
        assert later.screen.adopted == {FORMATTED: 1}
        later.screen.press(FORMATTED, "undo")
        later.screen.press(FORMATTED, "undo")
        assert later.undone == [8, 7]
        assert FORMATTED not in later.screen.notes

    def test_what_the_person_took_off_the_screen_is_forgotten(self, drawer):
        bench = begin(drawer)
        bench.check(APP, error())
        bench.screen.dismiss(PROBLEM)
        bench.time.advance(1)
        later = begin(drawer, bench, start_seconds=30)
        later.check(APP, error())
        assert later.screen.titles == []
        assert later.screen.adopted == {}

    def test_a_problem_is_told_again_when_it_was_seen_again(self, drawer):
        bench = begin(drawer)
        bench.check(APP, error())
        bench.screen.notes.clear()  # as GNOME does when our process ends
        later = begin(drawer, bench, start_seconds=30)
        assert later.screen.titles == []
        later.check(TOOLS, error())  # another one, which was there before us
        later.check(APP, error(), error("another"))
        assert later.screen.titles == ["2 problems in app/go.work"]
        later.time.advance(60)
        assert later.screen.titles == ["2 problems in app/go.work"]
        later.check(APP)
        assert later.screen.titles == ["app/go.work is fine again"]

    def test_a_problem_that_is_over_takes_its_note_along(self, drawer):
        bench = begin(drawer)
        bench.check(APP, error())
        bench.check(TOOLS, error())
        later = begin(drawer, bench, start_seconds=30)
        later.check(APP)
        later.check(TOOLS)
        assert len(later.screen.titles) == 2  # go may still say something
        later.check(TOOLS, error())
        later.time.advance(30)
        assert later.screen.titles == ["1 problem in tools/go.mod"]

    def test_many_problems_come_no_faster_than_new_ones(self, drawer):
        bench = begin(drawer)
        for number in range(9):
            bench.check(f"/src/{number}/go.mod", error())
            bench.time.advance(60)
        bench.screen.notes.clear()
        bench.screen.new.clear()
        later = begin(drawer, bench, start_seconds=30)
        for number in range(9):
            later.announcer.checked(f"/src/{number}/go.mod", [error()])
        later.time.advance(2)
        assert len(later.screen.new) == 3
        later.time.advance(60)
        assert later.screen.notes["summary"].title == "6 workspaces changed"

    def test_a_scan_that_takes_long_is_waited_for(self, drawer):
        bench = begin(drawer)
        bench.check(APP, error())
        later = begin(drawer, bench, start_seconds=30)
        later.announcer.quiet = True
        later.time.advance(50)
        assert later.screen.titles == ["1 problem in app/go.work"]
        later.announcer.quiet = False
        later.time.advance(30)
        assert later.screen.titles == []

    def test_a_connection_that_goes_and_comes_takes_nothing_along(self, drawer):
        bench = begin(drawer)
        bench.announcer.formatted(7, "/src/app/go.mod", APP)
        bench.check(TOOLS, error())
        bench.time.advance(3)
        bench.screen.listener.server_changed(None, "")
        bench.screen.appear()
        assert bench.screen.adopted == {FORMATTED: 2, f"problem:{TOOLS}": 1}
        bench.screen.press(FORMATTED, "undo")
        assert bench.undone == [7]

    def test_more_than_is_believed_is_not_written(self, drawer):
        bench = begin(drawer)
        for change in range(2000):
            bench.announcer.formatted(change, f"/src/app/{change}/go.mod", APP)
        bench.time.advance(3)
        bench.announcer.unit(unit_notes.unit_repaired("a.service", ["A"], 1, runs=False, diff=["x" * 10**6]))
        later = begin(drawer, bench)
        assert set(later.screen.adopted) == {FORMATTED, "unit:a.service"}


class TestAnotherServer:
    def test_numbers_mean_nothing_there_and_events_are_history(self, drawer):
        bench = begin(drawer)
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.end()
        later = begin(drawer, server=False)
        later.screen.run = 2
        later.screen.appear()
        assert (later.screen.adopted, later.screen.titles) == ({}, [])
        later.screen.press(FORMATTED, "undo")
        assert later.undone == []

    def test_a_state_is_told_again(self, drawer):
        bench = begin(drawer)
        bench.check(APP, error())
        bench.screen.vanish()
        later = begin(drawer, bench, start_seconds=30, server=False)
        later.check(APP, error())
        later.screen.appear()
        assert later.screen.titles == ["1 problem in app/go.work"]

    def test_after_a_boot_nothing_is(self, drawer):
        bench = begin(drawer)
        bench.check(APP, error())
        later = begin(drawer, bench, start_seconds=30, boot="boot 2", server=False)
        later.screen.vanish()
        later.screen.appear()
        later.check(APP, error())
        assert later.screen.titles == []


def test_what_nobody_was_told_is_not_written_down_when_it_is_over(drawer):
    bench = begin(drawer)
    bench.time.advance(60)
    bench.announcer.restored("go")
    bench.announcer.write_over("/src/app/go.mod")
    bench.announcer.vanished(APP)
    assert bench.time.planned == 0


def test_what_is_kept_is_bounded(drawer):
    bench = begin(drawer)
    for number in range(3 * NOTES_MOST):
        bench.check(f"/src/{number}/go.mod", error("x" * 10000))
        bench.time.advance(60)
    bench.end()
    assert len(json.loads(drawer.text)["notes"]) == NOTES_MOST
    assert len(drawer.text) < 100_000


BEFORE = Drawer()
_bench = Bench(drawer=BEFORE, opener=None)
_bench.check(APP, error())
_bench.end()
GOOD = json.loads(BEFORE.text)


@pytest.mark.parametrize(
    "change",
    [
        {"introduced": 1},
        {"boot": None},
        {"notes": {}},
        {"notes": GOOD["notes"] * (NOTES_MOST + 1)},
        {"told": {"a": 1}},
        {"told": {str(number): "" for number in range(300)}},
        {"notes": [{}]},
        *(
            {"notes": [GOOD["notes"][0] | field]}
            for field in (
                {"number": -1},
                {"number": True},
                {"title": None},
                {"title": "x" * 100_000},
                {"urgency": 2},
                {"lasting": 0},
                {"actions": [["a"]]},
                {"actions": [["a", 1]]},
                {"changes": [1] * 5000},
                {"place": ["relative", 1]},
                {"place": ["/a", "1"]},
                {"folders": ["/a\0"]},
                {"folders": ["//"]},
                {"folders": ["/a/../b"]},
                {"number": 2**32},
                {"milliseconds": 2**31},
                {"changes": [2**63]},
                {"place": ["/a", 2**63]},
                {"title": "\ud800"},
                {"place": ["/\ud800", 1]},
            )
        ),
    ],
    ids=str,
)
def test_what_somebody_else_wrote_is_not_believed(change):
    memory_of(GOOD)
    with pytest.raises((ValueError, TypeError, KeyError)):
        memory_of(GOOD | change)
