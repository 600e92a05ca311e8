"""Buttons that open something, mute or restart, and what becomes of their notes then."""

import pytest

from gowatchd.services import notes, unit_notes
from gowatchd.services.changes import HistoryError
from gowatchd.services.manager import NoSuchWorkspaceError, RequestError
from gowatchd.services.notes import Level
from gowatchd.services.opening import Unopened
from tests.support.announcements import APP, LIB, Bench, Windows, error


class TestWindows:
    """Buttons that open something, and what becomes of a note then."""

    @pytest.fixture
    def windows(self):
        return Windows()

    @pytest.fixture
    def bench(self, windows):
        return Bench(opener=windows, difference=lambda changes: f"diff of {changes}")

    def tell_formatted(self, bench):
        for change in (1, 2):
            bench.announcer.formatted(change, f"/src/app/{change}/go.mod", APP)
        bench.time.advance(3)
        return f"formatted:{APP}"

    def test_a_problem_offers_what_helps_most_first(self, bench):
        bench.check(APP, error())
        assert [key for key, _ in bench.screen.notes[f"problem:{APP}"].actions] == ["open", "mute"]

    @pytest.mark.parametrize("action", ["open", notes.CLICK])
    def test_open_and_a_click_lead_to_the_first_problem(self, bench, windows, action):
        bench.check(APP, error(line=7, path="/src/app/lib/go.mod"), error())
        bench.screen.press(f"problem:{APP}", action, "a token")
        assert windows.opened == [("/src/app/lib/go.mod", 7, "a token")]
        assert len(bench.screen.titles) == 1

    @pytest.mark.parametrize("action", ["show", notes.CLICK])
    def test_show_diff_and_a_click_show_all_that_the_note_tells(self, bench, windows, action):
        key = self.tell_formatted(bench)
        bench.screen.press(key, action, "a token")
        assert windows.opened == [("Formatted 2 files", "diff of (1, 2)", "a token")]
        assert key in bench.screen.notes

    def test_the_text_of_a_unit_is_its_own(self, bench, windows):
        bench.announcer.unit(unit_notes.unit_repaired("a.service", ["A"], 7, runs=False, diff=["-a", "+b"]))
        bench.screen.press("unit:a.service", "show")
        assert windows.opened == [("Gave a.service A", "-a\n+b", None)]

    def test_a_note_that_its_server_takes_away_for_the_diff_comes_back(self, bench):
        key = self.tell_formatted(bench)
        bench.screen.press(key, "show")
        bench.screen.dismiss(key)
        assert key in bench.screen.notes
        bench.screen.press(key, "undo")
        assert (bench.undone, bench.screen.titles) == ([2, 1], [])

    def test_one_that_the_person_takes_away_afterwards_does_not(self, bench):
        key = self.tell_formatted(bench)
        bench.screen.press(key, "show")
        bench.time.advance(5)
        bench.screen.dismiss(key)
        assert bench.screen.titles == []

    def test_what_does_not_open_is_told_with_what_would_have_been_seen(self, bench, windows):
        windows.failed(Unopened("Formatted app/go.mod", "-a\n+b\n", "there is no display"))
        (note,) = bench.screen.notes.values()
        assert note.title == "Could not open Formatted app/go.mod"
        assert note.body == "there is no display\n-a\n+b"

    def test_without_a_history_there_is_nothing_to_show(self, windows):
        def broken(_changes):
            raise HistoryError("disk full")

        for difference, reason in ((broken, "disk full"), (lambda _changes: "", "the history does not")):
            bench = Bench(opener=windows, difference=difference)
            bench.screen.press(self.tell_formatted(bench), "show")
            assert [note.title for note in bench.screen.notes.values()][1:] == ["Nothing to show"]
            assert reason in list(bench.screen.notes.values())[1].body
        assert windows.opened == []


class TestMute:
    def test_it_mutes_the_workspace_for_an_hour_as_gowatchctl_does(self):
        muted = []
        bench = Bench(mute=lambda *what: muted.append(what))
        bench.check(APP, error())
        bench.screen.press(f"problem:{APP}", "mute")
        assert (muted, bench.screen.titles) == ([("/src/app", 3600)], [])

    def test_of_a_summary_it_mutes_all_that_is_in_it(self):
        muted = []
        bench = Bench(server=False, mute=lambda *what: muted.append(what))
        bench.check(APP, error())
        bench.check(LIB, error())
        bench.screen.appear()
        bench.screen.press("summary", "mute")
        assert muted == [("/src/app", 3600), ("/src/lib", 3600)]

    def test_a_workspace_that_is_gone_keeps_no_other_from_being_muted(self):
        muted = []

        def mute(folder, _seconds):
            if folder == "/src/app":
                raise NoSuchWorkspaceError("/src/app is not a watched workspace")
            muted.append(folder)

        bench = Bench(server=False, mute=mute)
        bench.check(APP, error())
        bench.check(LIB, error())
        bench.screen.appear()
        bench.screen.press("summary", "mute")
        assert muted == ["/src/lib"]
        assert bench.screen.notes["mute"].body == "/src/app is not a watched workspace"

    def test_what_cannot_be_written_down_is_said(self):
        def mute(_folder, _seconds):
            raise RequestError("choices.json: No space left on device")

        bench = Bench(mute=mute)
        bench.check(APP, error())
        bench.screen.press(f"problem:{APP}", "mute")
        assert bench.screen.titles == ["1 problem in app/go.work", "Not muted"]

    def test_every_note_on_a_muted_workspace_goes(self):
        bench = Bench()
        bench.check(APP, error())
        bench.announcer.write_failed("/src/app/a/go.mod", "disk full")
        bench.check(LIB, error())
        bench.limits.update(dict.fromkeys((APP, "/src/app", "/src/app/a"), Level.OFF))
        bench.announcer.limits_changed()
        assert bench.screen.titles == ["1 problem in lib/go.mod"]


def test_restart_leaves_the_other_buttons():
    restarted = []
    bench = Bench(restart=restarted.append)
    bench.announcer.unit(unit_notes.unit_repaired("a.service", ["A"], 7, runs=True))
    bench.screen.press("unit:a.service", "restart")
    assert restarted == ["a.service"]
    assert [key for key, _ in bench.screen.notes["unit:a.service"].actions] == ["undo"]
