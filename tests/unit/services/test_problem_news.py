import pytest

from gowatchd.lint.diagnostic import Diagnostic, Severity
from gowatchd.modfile.position import Span
from gowatchd.services.notes import Level, Urgency
from tests.support.announcements import APP, LIB, TOOLS, Bench, error


@pytest.fixture
def bench():
    return Bench()


def test_a_setting_that_is_wrong_everywhere_is_told_once(bench):
    def off(path):
        return Diagnostic(path, Span.at(1), Severity.ERROR, "modules-disabled", "GO111MODULE=off; unset it")

    other, third = "/src/other/go.mod", "/src/third/go.mod"
    bench.check(APP, off(APP))
    bench.check(other, off(other), error(path=other))
    bench.check(third, off(third))
    app, elsewhere = bench.screen.notes.values()
    assert "GO111MODULE=off" in app.body
    assert "GO111MODULE=off" not in elsewhere.body
    assert "directory ./x does not exist" in elsewhere.body
    bench.announcer.vanished(APP)
    bench.check(third, off(third))
    assert sum("GO111MODULE=off" in note.body for note in bench.screen.notes.values()) == 1


class TestProblems:
    def test_a_break_is_told_once(self, bench):
        bench.check(APP)
        bench.check(APP, error())
        (note,) = bench.screen.notes.values()
        assert note.title == "1 problem in app/go.work"
        assert note.body == "go.work:5: directory ./x does not exist"
        assert note.urgency is Urgency.NORMAL
        assert note.actions == (("mute", "Mute 1 h"),)
        bench.screen.dismiss(note.key)
        bench.check(APP, error())
        bench.check(APP, error(line=9))  # it only moved
        assert bench.screen.titles == []

    def test_what_came_with_a_disk_was_wrong_before(self):
        bench = Bench(start_seconds=30)
        bench.time.advance(40)
        bench.announcer.arrived([TOOLS])
        bench.check(TOOLS, error(path=TOOLS))
        assert bench.screen.titles == []
        bench.time.advance(30)
        bench.check(TOOLS, error(path=TOOLS))
        assert bench.screen.titles == []
        bench.check(TOOLS, error(path=TOOLS), error("another", path=TOOLS))
        assert len(bench.screen.titles) == 1

    def test_a_slip_that_is_mended_at_once_is_not_told(self, bench):
        bench.announcer.checked(APP, [error()])
        bench.time.advance(0.5)
        bench.announcer.checked(APP, [])
        bench.time.advance(10)
        assert bench.screen.new == []

    def test_another_problem_updates_the_note_in_place(self, bench):
        bench.check(APP, error())
        bench.check(APP, error(), error("go 1.24 is required"))
        assert bench.screen.titles == ["2 problems in app/go.work"]
        assert len(bench.screen.new) == 1

    def test_fewer_problems_are_no_news_but_correct_the_note_on_show(self, bench):
        bench.check(APP, error(), error("other"))
        bench.check(APP, error())
        assert bench.screen.titles == ["1 problem in app/go.work"]
        bench.screen.dismiss(f"problem:{APP}")
        bench.check(TOOLS, error(), error("other"))
        bench.screen.dismiss(f"problem:{TOOLS}")
        bench.check(TOOLS, error())
        assert bench.screen.titles == []

    def test_the_repair_replaces_the_note_for_five_seconds(self, bench):
        bench.check(APP, error())
        bench.check(APP)
        (note,) = bench.screen.notes.values()
        assert note.title == "app/go.work is fine again"
        assert (note.urgency, note.milliseconds, note.transient) == (Urgency.LOW, 5000, True)
        assert len(bench.screen.new) == 1

    def test_the_repair_of_what_was_never_shown_is_silent(self):
        bench = Bench(server=False)
        bench.check(APP, error())
        bench.check(APP)
        bench.screen.appear()
        assert bench.screen.new == []

    def test_warnings_count_only_at_level_all(self, bench):
        bench.check(APP, error(severity=Severity.WARNING))
        assert bench.screen.new == []
        everything = Bench(Level.ALL)
        everything.check(APP, error(severity=Severity.WARNING), error(severity=Severity.INFO))
        assert everything.screen.titles == ["1 problem in app/go.work"]

    def test_what_was_wrong_at_the_start_is_no_news(self):
        bench = Bench(start_seconds=30)
        bench.check(APP)
        bench.check(APP, error())  # the go command's opinion comes a little later
        bench.time.advance(40)
        bench.check(APP, error())
        assert bench.screen.new == []
        bench.check(APP, error(), error("new"))
        assert bench.screen.titles == ["2 problems in app/go.work"]

    def test_a_workspace_that_comes_later_and_is_broken_is_news(self):
        bench = Bench(start_seconds=30)
        bench.time.advance(31)
        bench.check(LIB, error())
        assert bench.screen.titles == ["1 problem in lib/go.mod"]

    def test_a_workspace_that_is_gone_takes_its_note_along(self, bench):
        bench.check(APP, error())
        bench.announcer.vanished(APP)
        assert bench.screen.titles == []
        bench.announcer.checked(LIB, [error()])
        bench.announcer.vanished(LIB)
        bench.time.advance(5)
        assert bench.screen.titles == []
        assert bench.time.planned == 0

    def test_long_lists_and_texts_are_cut(self, bench):
        bench.check(APP, *[error("x" * 1000 + str(number)) for number in range(9)])
        lines = bench.screen.notes[f"problem:{APP}"].body.split("\n")
        assert [len(line) for line in lines[:5]] == [200] * 5
        assert lines[5] == "and 4 more"

    def test_text_from_files_cannot_act(self, bench):
        bench.check("/src/\x1b[31m\n/go.mod", error("a\nb\x1b[0m\udcff"))
        (note,) = bench.screen.notes.values()
        assert note.title == r"1 problem in \x1b[31m\n/go.mod"
        assert note.body.endswith(r"a\nb\x1b[0m\xff")

    def test_a_reload_takes_away_the_notes_on_what_is_not_watched_any_more(self, bench):
        bench.check(APP, error())
        bench.check(LIB, error(path=LIB))
        bench.announcer.keep_only([APP])
        assert bench.screen.titles == ["1 problem in app/go.work"]

    def test_a_part_that_works_again_takes_its_note_away(self, bench):
        for _ in range(2):
            bench.announcer.degraded("go", "no go command found")
            assert bench.screen.titles == ["gowatchd works without go"]
            bench.announcer.restored("go")
            assert bench.screen.titles == []


class Git:
    """A git that is in the middle of something, or has moved, as the test says."""

    def __init__(self):
        self.doing = None
        self.moved_at = -1.0
        self.time = None
        self.asked = 0

    def busy(self, _path):
        self.asked += 1
        return self.doing

    def moved(self, _path, seconds):
        return self.moved_at >= self.time.now() - seconds


class TestGit:
    @pytest.fixture
    def git(self):
        return Git()

    @pytest.fixture
    def bench(self, git):
        bench = Bench(git=git)
        git.time = bench.time
        return bench

    def test_what_a_switch_of_branches_brings_is_no_news(self, bench, git):
        bench.announcer.checked(APP, [error()])
        git.moved_at = bench.time.now()
        bench.time.advance(1)
        assert bench.screen.titles == []
        bench.time.advance(100)
        bench.check(APP, error(line=9))
        assert bench.screen.titles == []
        bench.check(APP, error(), error("by hand"))
        assert bench.screen.titles == ["2 problems in app/go.work"]

    def test_a_note_on_show_follows_it_without_praise(self, bench, git):
        bench.check(APP, error())
        bench.time.advance(100)
        git.moved_at = bench.time.now()
        bench.check(APP, error(), error("of the other branch"))
        assert bench.screen.titles == ["2 problems in app/go.work"]
        bench.time.advance(100)
        git.moved_at = bench.time.now()
        bench.check(APP)
        assert bench.screen.titles == []

    def test_nothing_is_told_during_a_merge_and_the_outcome_afterwards(self, bench, git):
        git.doing = "a merge is under way"
        bench.check(APP, error("conflict"))
        bench.time.advance(3600)
        assert bench.screen.titles == []
        assert git.asked < 70
        git.doing = None
        bench.time.advance(60)
        assert bench.screen.titles == ["1 problem in app/go.work"]

    def test_a_rebase_that_ends_well_leaves_no_word(self, bench, git):
        git.doing = "a rebase is under way"
        bench.check(APP, error("conflict"))
        bench.time.advance(600)
        git.doing = None
        bench.check(APP)
        bench.time.advance(600)
        assert (bench.screen.new, bench.time.planned) == ([], 0)

    def test_one_that_ends_with_a_problem_brought_it(self, bench, git):
        git.doing = "a rebase is under way"
        bench.check(APP, error("conflict"))
        bench.time.advance(600)
        git.doing, git.moved_at = None, bench.time.now()
        bench.time.advance(600)
        assert bench.screen.new == []

    def test_a_save_after_the_merge_is_not_kept_waiting(self, bench, git):
        git.doing = "a merge is under way"
        bench.check(APP, error("conflict"))
        bench.time.advance(600)
        git.doing = None
        bench.check(APP, error())
        assert bench.screen.titles == ["1 problem in app/go.work"]

    def test_a_workspace_that_goes_meanwhile_is_not_waited_for(self, bench, git):
        git.doing = "a merge is under way"
        bench.check(APP, error("conflict"))
        bench.announcer.vanished(APP)
        assert bench.time.planned == 0
