import pytest

from gowatchd.services.changes import HistoryError
from gowatchd.services.notes import SERVER_DECIDES, Urgency
from gowatchd.services.undoing import UndoOutcome
from tests.support.announcements import APP, Bench


@pytest.fixture
def bench():
    return Bench()


class TestFormatted:
    def test_one_file(self, bench):
        bench.announcer.formatted(17, "/src/app/go.mod", APP)
        bench.time.advance(2.9)
        assert bench.screen.titles == []
        bench.time.advance(0.2)
        (note,) = bench.screen.notes.values()
        assert (note.title, note.body) == ("Formatted app/go.mod", "/src/app")
        assert (note.urgency, note.transient, note.milliseconds) == (Urgency.LOW, True, SERVER_DECIDES)
        assert note.actions == (("show", "Show diff"), ("undo", "Undo"))
        assert note.click == "show"

    def test_files_of_one_workspace_come_as_one_note_after_3_quiet_seconds(self, bench):
        for change, name in enumerate(("go.work", "a/go.mod", "b/go.mod", "a/go.mod"), start=1):
            bench.announcer.formatted(change, f"/src/app/{name}", APP)
            bench.time.advance(2)
        assert bench.screen.titles == []
        bench.time.advance(1)
        assert bench.screen.titles == ["Formatted 3 files"]
        assert bench.screen.notes[f"formatted:{APP}"].body == "app/go.work, a/go.mod, b/go.mod"

    def test_saving_on_and_on_does_not_put_it_off_for_ever(self, bench):
        for change in range(1, 9):
            bench.announcer.formatted(change, "/src/app/go.mod", APP)
            bench.time.advance(2)
        assert len(bench.screen.new) == 1

    def test_undo_takes_back_all_the_newest_first_and_closes_the_note(self, bench):
        for change in (1, 2, 3):
            bench.announcer.formatted(change, f"/src/app/{change}/go.mod", APP)
        bench.time.advance(3)
        bench.screen.press(f"formatted:{APP}", "undo")
        assert bench.undone == [3, 2, 1]
        assert bench.screen.titles == []

    def test_undo_says_what_could_not_be_undone(self, bench):
        bench.outcomes = {1: UndoOutcome.CHANGED}
        for change in (1, 2):
            bench.announcer.formatted(change, f"/src/app/{change}/go.mod", APP)
        bench.time.advance(3)
        bench.screen.press(f"formatted:{APP}", "undo")
        (note,) = bench.screen.notes.values()
        assert (note.title, note.body, note.actions) == ("Not undone", "message of 1", ())

    def test_undo_without_a_history_says_so(self, bench):
        bench.outcomes = {1: HistoryError("disk full")}
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.screen.press(f"formatted:{APP}", "undo")
        assert bench.screen.notes[f"formatted:{APP}"].body == "disk full"

    def test_a_button_of_a_note_that_is_gone_does_nothing(self, bench):
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.screen.dismiss(f"formatted:{APP}")
        bench.screen.press(f"formatted:{APP}", "undo")
        bench.screen.press("formatted:never", "undo")
        assert bench.undone == []

    def test_an_action_that_we_do_not_know_does_nothing(self, bench):
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.screen.press(f"formatted:{APP}", "default")
        assert bench.undone == []

    def test_an_undo_from_elsewhere_closes_the_note_or_stops_it(self, bench):
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.announcer.undone(1, "/src/app/go.mod")
        assert bench.screen.titles == []
        bench.announcer.formatted(2, "/src/app/go.mod", APP)
        bench.announcer.undone(2, "/src/app/go.mod")
        bench.time.advance(3)
        assert bench.screen.titles == []

    def test_a_part_undone_elsewhere_is_not_undone_again(self, bench):
        for change in (1, 2):
            bench.announcer.formatted(change, f"/src/app/{change}/go.mod", APP)
        bench.time.advance(3)
        bench.announcer.undone(1, "/src/app/1/go.mod")
        bench.screen.press(f"formatted:{APP}", "undo")
        assert bench.undone == [2]


class TestWaiting:
    """Several batches of one workspace before the first of them can be shown."""

    def test_a_note_that_waits_and_the_next_one_are_told_as_one(self):
        bench = Bench(server=False)
        for change, name in ((1, "a"), (2, "b"), (3, "c")):
            bench.announcer.formatted(change, f"/src/app/{name}/go.mod", APP)
            bench.time.advance(3)
        bench.announcer.undone(2, "/src/app/b/go.mod")
        bench.announcer.formatted(4, "/src/app/d/go.mod", APP)
        bench.time.advance(3)
        bench.screen.appear()
        (note,) = bench.screen.notes.values()
        assert (note.title, note.body) == ("Formatted 3 files", "a/go.mod, c/go.mod, d/go.mod")
        bench.screen.press(note.key, "undo")
        assert bench.undone == [4, 3, 1]

    def test_what_was_shown_or_is_history_is_not_told_with_the_next(self):
        bench = Bench(server=False)
        bench.announcer.formatted(1, "/src/app/a/go.mod", APP)
        bench.time.advance(600)
        bench.announcer.formatted(2, "/src/app/b/go.mod", APP)
        bench.time.advance(3)
        bench.screen.appear()
        assert bench.screen.notes[f"formatted:{APP}"].changes == (2,)
        bench.screen.dismiss(f"formatted:{APP}")
        bench.announcer.formatted(3, "/src/app/c/go.mod", APP)
        bench.time.advance(3)
        assert bench.screen.notes[f"formatted:{APP}"].changes == (3,)
