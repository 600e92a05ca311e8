import pytest

from gowatchd.services import notes, unit_notes
from gowatchd.services.announcing import Announcer, Restraint
from gowatchd.services.changes import HistoryError
from gowatchd.services.fixer import Fixed, Fixing
from gowatchd.services.fixing import Refusal
from gowatchd.services.note_buttons import NoteDeeds
from gowatchd.services.notes import Level
from tests.support.announcements import APP, Bench, error, fixable


@pytest.fixture
def bench():
    return Bench()


class TestFixes:
    """The Fix button of a problem, and what was fixed on save."""

    @pytest.fixture
    def bench(self):
        bench = Bench()
        bench.asked = []
        bench.answer = Fixing((Fixed(APP, 7, ("Raise it",)),))

        def fix(workspace, codes):
            bench.asked.append((workspace, codes))
            if isinstance(bench.answer, HistoryError):
                raise bench.answer
            return bench.answer

        bench.announcer = Announcer(
            bench.screen, bench.time, Level.CHANGES, NoteDeeds(bench.undo, fix=fix), Restraint(0.0)
        )
        bench.screen.appear()
        return bench

    def press(self, bench):
        bench.screen.press(f"problem:{APP}", "fix")

    def test_only_what_can_be_fixed_has_the_button(self, bench):
        bench.check(APP, error())
        mute = ("mute", "Mute 1 h")
        assert bench.screen.notes[f"problem:{APP}"].actions == (mute,)
        bench.check(APP, error(), fixable())
        assert bench.screen.notes[f"problem:{APP}"].actions == (("fix", "Fix"), mute)

    def test_the_button_fixes_what_was_told_and_says_so(self, bench):
        bench.check(APP, error(), fixable())
        self.press(bench)
        assert bench.asked == [(APP, frozenset({"go-line-too-low"}))]
        note = bench.screen.notes[f"fixed:{APP}"]
        assert (note.title, note.body) == ("Fixed app/go.work", "Raise it")
        assert [key for key, _ in note.actions] == ["show", "undo"]

    def test_the_problem_note_closes_when_the_verdict_is_clean(self, bench):
        bench.check(APP, fixable())
        self.press(bench)
        assert f"problem:{APP}" in bench.screen.notes
        bench.check(APP)
        assert list(bench.screen.notes) == [f"fixed:{APP}"]
        bench.check(APP, error("another"))
        bench.check(APP)
        assert bench.screen.notes[f"problem:{APP}"].title == "app/go.work is fine again"

    def test_what_is_left_stays_in_the_note(self, bench):
        bench.check(APP, error(), fixable())
        self.press(bench)
        bench.check(APP, error())
        note = bench.screen.notes[f"problem:{APP}"]
        assert note.title == "1 problem in app/go.work"
        assert [key for key, _ in note.actions] == ["mute"]

    def test_undo_takes_it_back(self, bench):
        bench.check(APP, fixable())
        self.press(bench)
        bench.screen.press(f"fixed:{APP}", "undo")
        assert bench.undone == [7]
        assert f"fixed:{APP}" not in bench.screen.notes

    def test_what_could_not_be_fixed_is_said_with_its_reason(self, bench):
        bench.answer = Fixing((), (Refusal(APP, "Raise it", "another program keeps it open"),))
        bench.check(APP, fixable())
        self.press(bench)
        note = bench.screen.notes[f"fixed:{APP}"]
        assert (note.title, note.body) == ("Not fixed", "Raise it: another program keeps it open")
        bench.answer = HistoryError("disk full")
        self.press(bench)
        assert bench.screen.notes[f"fixed:{APP}"].body == "disk full"

    def test_a_fix_of_which_nothing_came_is_said(self, bench):
        bench.answer = Fixing(())
        bench.check(APP, fixable())
        self.press(bench)
        note = bench.screen.notes[f"fixed:{APP}"]
        assert note.title == "Not fixed"
        assert note.body == "nothing that can be fixed is known of it now: see gowatchctl fix --dry-run"

    def test_a_button_that_the_note_does_not_have_does_nothing(self, bench):
        bench.check(APP, error())
        self.press(bench)
        bench.screen.press(f"problem:{APP}", "undo")
        assert (bench.asked, bench.undone) == ([], [])

    def test_fixed_on_save_is_told_like_formatting_with_its_titles(self, bench):
        bench.announcer.formatted(1, "/src/app/a/go.mod", APP)
        bench.announcer.fixed(2, APP, APP, ("Raise it",))
        bench.time.advance(3)
        (note,) = bench.screen.notes.values()
        assert (note.title, note.body, note.changes) == ("Fixed 2 files", "Raise it", (1, 2))


class TestUnits:
    def repaired(self, *, runs=False, names=("A", "B")):
        return unit_notes.unit_repaired("sync.service", names, 7, runs=runs)

    def test_a_repair_has_an_undo_and_a_restart_only_where_it_runs_without_it(self):
        assert [action for action, _ in self.repaired().actions] == ["undo"]
        note = self.repaired(runs=True)
        assert [action for action, _ in note.actions] == ["undo", "restart"]
        assert note.title == "Gave sync.service A, B"
        assert "still runs without" in note.body

    def test_the_buttons_do_what_they_say(self):
        restarted = []
        bench = Bench(restart=restarted.append)
        bench.announcer.unit(self.repaired(runs=True))
        key = "unit:sync.service"
        assert list(bench.screen.notes) == [key]
        bench.screen.press(key, notes.RESTART)
        assert restarted == ["sync.service"]
        bench.announcer.unit(self.repaired())
        bench.screen.press(key, notes.UNDO)
        assert bench.undone == [7]

    def test_one_note_a_unit(self):
        bench = Bench()
        bench.announcer.unit(unit_notes.unit_lacks("sync.service", ["A"]))
        bench.announcer.unit(self.repaired())
        bench.announcer.unit(unit_notes.unit_lacks("other.service", ["A"]))
        assert bench.screen.titles == ["Gave sync.service A, B", "other.service lacks A"]

    def test_who_wants_problems_only_hears_of_repairs_that_did_not_work(self):
        bench = Bench(Level.PROBLEMS)
        bench.announcer.unit(self.repaired())
        assert bench.screen.titles == []
        bench.announcer.unit(unit_notes.unit_not_repaired("a.service", "x"), least=Level.PROBLEMS)
        assert bench.screen.titles == ["a.service was not repaired"]
        quiet = Bench(Level.OFF)
        quiet.announcer.unit(unit_notes.unit_not_repaired("a.service", "x"), least=Level.PROBLEMS)
        assert quiet.screen.titles == []

    def test_show_diff_puts_the_lines_into_the_note_and_keeps_the_other_buttons(self):
        bench = Bench()
        diff = ['-Environment="A=0"', '+Environment="A=1\x1b"']
        bench.announcer.unit(unit_notes.unit_repaired("sync.service", ["A"], 7, runs=True, diff=diff))
        key = "unit:sync.service"
        assert [label for _, label in bench.screen.notes[key].actions] == [
            "Show diff",
            "Undo",
            "Restart unit",
        ]
        bench.screen.press(key, notes.SHOW)
        shown = bench.screen.notes[key]
        assert shown.body.splitlines()[0] == '-Environment="A=0"'
        assert '+Environment="A=1' in shown.body
        assert [label for _, label in shown.actions] == ["Undo", "Restart unit"]
        bench.screen.press(key, notes.UNDO)
        assert bench.undone == [7]
