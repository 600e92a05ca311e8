import pytest

from gowatchd.lint.diagnostic import Severity
from gowatchd.services.notes import UNTIL_CLOSED, Level, Urgency
from tests.support.announcements import APP, TOOLS, Bench, error


@pytest.fixture
def bench():
    return Bench()


class TestLevels:
    def everything(self, level):
        bench = Bench(level)
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.announcer.checked(APP, [error()])
        bench.time.advance(5)
        bench.announcer.undone(9, "/src/lib/go.mod")
        bench.time.advance(120)
        bench.announcer.degraded("the go command", "not found")
        bench.announcer.degraded("the go command", "not found")
        bench.announcer.write_failed("/src/app/go.mod", "No space left on device")
        return bench

    def test_off(self):
        assert self.everything(Level.OFF).screen.new == []

    def test_problems(self):
        new = self.everything(Level.PROBLEMS).screen.new
        assert new == [f"problem:{APP}", "degraded:the go command", "write:/src/app/go.mod"]

    def test_changes(self):
        assert f"formatted:{APP}" in self.everything(Level.CHANGES).screen.new

    def test_all(self):
        assert "undone:/src/lib/go.mod" in self.everything(Level.ALL).screen.new

    def test_a_level_set_later_counts_for_what_happens_then(self, bench):
        bench.announcer.level = Level.OFF
        bench.check(APP, error())
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(5)
        assert bench.screen.new == []
        bench.announcer.level = Level.CHANGES
        bench.check(APP, error())  # wrong before it was set: no news
        bench.check(TOOLS, error())
        assert bench.screen.new == [f"problem:{TOOLS}"]

    def test_a_level_of_off_takes_away_what_is_on_show_and_what_waits(self, bench):
        bench.announcer.write_failed("/src/app/go.mod", "disk full")
        for number in range(4):
            bench.check(f"/src/{number}/go.mod", error())
        assert len(bench.screen.titles) == 3
        bench.announcer.level = Level.OFF
        bench.announcer.level = Level.CHANGES
        bench.time.advance(120)
        assert bench.screen.titles == []
        assert len(bench.screen.new) == 3

    def test_a_part_that_is_off_is_told_once_and_stays(self):
        bench = self.everything(Level.CHANGES)
        note = bench.screen.notes["degraded:the go command"]
        assert (note.body, note.milliseconds) == ("not found", UNTIL_CLOSED)
        assert bench.screen.new.count(note.key) == 1

    def test_nothing_is_ever_critical(self):
        assert max(Urgency) < 2


class TestLimits:
    def test_a_muted_workspace_is_not_spoken_of_and_the_others_are(self, bench):
        bench.limits[APP] = Level.OFF
        bench.check(APP, error())
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.announcer.write_failed(APP, "disk full")
        bench.time.advance(20)
        assert bench.screen.titles == []
        bench.check(TOOLS, error(path=TOOLS))
        assert len(bench.screen.titles) == 1

    def test_what_was_wrong_meanwhile_is_no_news_afterwards(self, bench):
        bench.limits[APP] = Level.OFF
        bench.check(APP, error())
        bench.limits.clear()
        bench.check(APP, error(line=6))
        assert bench.screen.titles == []
        bench.check(APP, error(), error("another"))
        assert len(bench.screen.titles) == 1

    def test_a_warning_of_before_a_mute_is_no_news_after_it(self):
        bench = Bench(Level.ALL)
        old = error("old", severity=Severity.WARNING)
        bench.check(APP, old)
        bench.limits[APP] = Level.OFF
        bench.announcer.limits_changed()
        bench.check(APP, old)
        bench.announcer.limits_changed()  # another mute
        bench.limits.clear()
        bench.check(APP, old)
        assert bench.screen.titles == []
        bench.check(APP, old, error("new", severity=Severity.WARNING))
        assert bench.screen.titles == ["2 problems in app/go.work"]

    def test_warnings_that_were_known_do_not_hide_an_error_where_only_errors_are_told(self, bench):
        warning = error("warning", severity=Severity.WARNING)
        bench.limits[APP] = Level.OFF
        bench.check(APP, warning)
        bench.limits.clear()
        bench.check(APP, warning)
        assert bench.screen.titles == []
        bench.check(APP, warning, error())
        assert bench.screen.titles == ["1 problem in app/go.work"]
        bench.check(APP, warning)
        assert bench.screen.titles == ["app/go.work is fine again"]

    def test_a_mute_takes_away_what_is_on_show_and_on_its_way(self, bench):
        bench.check(APP, error())
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.announcer.checked(APP, (error(), error("another")))
        assert len(bench.screen.titles) == 1
        bench.limits[APP] = Level.OFF
        bench.announcer.limits_changed()
        bench.time.advance(20)
        assert bench.screen.titles == []
        assert bench.time.planned == 0

    def test_a_lower_limit_keeps_problems_and_drops_the_rest(self, bench):
        bench.limits[APP] = Level.PROBLEMS
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(20)
        assert bench.screen.titles == []
        bench.check(APP, error())
        assert len(bench.screen.titles) == 1

    def test_a_limit_does_not_raise_the_level(self):
        bench = Bench(Level.PROBLEMS)
        bench.limits[APP] = Level.ALL
        bench.check(APP, error(severity=Severity.WARNING))
        assert bench.screen.titles == []

    def test_while_quiet_problems_are_taken_for_old_ones(self, bench):
        bench.announcer.quiet = True
        bench.check(APP, error())
        bench.announcer.quiet = False
        bench.check(APP, error(line=6))
        assert bench.screen.titles == []
