import pytest

from gowatchd.services.tally import Tally
from tests.support.announcements import APP, LIB, TOOLS, Bench, error


@pytest.fixture
def bench():
    return Bench()


class TestRate:
    def test_a_fourth_note_within_a_minute_waits_and_is_merged(self, bench):
        for number in range(6):
            bench.check(f"/src/{number}/go.mod", error())
        assert len(bench.screen.new) == 3
        bench.time.advance(60)
        assert bench.screen.new[3:] == ["summary"]
        note = bench.screen.notes["summary"]
        assert note.title == "3 workspaces changed"
        assert note.body.split("\n") == [f"1 problem in {number}/go.mod" for number in (3, 4, 5)]

    def test_what_is_shown_and_merged_is_counted(self, bench):
        bench.announcer.count_in(tally := Tally())
        for number in range(6):
            bench.check(f"/src/{number}/go.mod", error())
        assert (tally.notes_shown, tally.notes_merged) == (3, 0)
        bench.time.advance(60)
        assert (tally.notes_shown, tally.notes_merged) == (4, 3)

    def test_a_single_one_that_waited_comes_as_itself(self, bench):
        for number in range(4):
            bench.check(f"/src/{number}/go.mod", error())
        bench.time.advance(60)
        assert bench.screen.new == [f"problem:/src/{number}/go.mod" for number in range(4)]

    def test_a_flood_never_makes_more_than_three_a_minute(self, bench):
        for number in range(600):
            bench.announcer.degraded(f"part {number}", "because")
            bench.time.advance(1)
        assert len(bench.screen.new) <= 3 * 10 + 3
        assert bench.time.planned <= 1

    def test_an_update_in_place_is_not_counted(self, bench):
        for number in range(10):
            bench.check(APP, error(str(number)))
        assert bench.screen.titles == ["1 problem in app/go.work"]
        bench.check(TOOLS, error())
        assert len(bench.screen.new) == 2

    def test_the_summary_goes_when_nothing_of_it_is_true_any_more(self):
        bench = Bench(server=False)
        bench.check(APP, error())
        bench.check(TOOLS, error())
        bench.screen.appear()
        assert bench.screen.new == ["summary"]
        bench.announcer.vanished(APP)
        assert list(bench.screen.notes) == ["summary"]
        bench.announcer.vanished(TOOLS)
        assert bench.screen.titles == []


class TestServer:
    def test_what_waited_for_the_server_comes_as_one_summary(self):
        bench = Bench(server=False)
        bench.announcer.degraded("the go command", "not found")
        bench.check(APP, error())
        bench.check(APP, error(), error("other"))
        bench.announcer.formatted(1, "/src/lib/go.mod", LIB)
        bench.time.advance(3)
        bench.screen.appear()
        assert bench.screen.new == ["summary"]
        assert bench.screen.notes["summary"].body.split("\n") == [
            "gowatchd works without the go command",
            "2 problems in app/go.work",
            "Formatted lib/go.mod",
        ]

    def test_what_waits_is_bounded(self):
        bench = Bench(server=False)
        for number in range(1000):
            bench.announcer.degraded(str(number), "because")
        bench.screen.appear()
        assert bench.screen.notes["summary"].title.startswith("64 messages")

    def test_a_new_server_is_told_what_is_still_true(self, bench):
        bench.check(APP, error())
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.time.advance(3)
        bench.screen.vanish()
        bench.check(TOOLS)
        bench.screen.appear()
        assert bench.screen.titles == ["1 problem in app/go.work"]

    def test_what_lasts_of_a_summary_is_told_to_a_new_server_too(self):
        bench = Bench(server=False)
        bench.check(APP, error())
        bench.check(TOOLS, error())
        bench.announcer.formatted(1, "/src/lib/go.mod", LIB)
        bench.time.advance(3)
        bench.screen.appear()
        bench.screen.vanish()
        bench.announcer.vanished(TOOLS)
        bench.check(LIB, error())
        bench.screen.appear()
        assert bench.screen.notes["summary"].body.split("\n") == [
            "1 problem in app/go.work",
            "1 problem in lib/go.mod",
        ]

    def test_what_is_repaired_while_there_is_no_server_is_not_told_again(self, bench):
        bench.check(APP, error())
        bench.screen.vanish()
        bench.check(APP)
        bench.screen.appear()
        assert bench.screen.titles == []


class TestHistoryIsNoNews:
    def test_an_event_that_nobody_could_be_told_in_time_is_not_told_late(self):
        bench = Bench(server=False)
        bench.announcer.formatted(1, "/src/app/go.mod", APP)
        bench.check(TOOLS, error())
        bench.time.advance(600)
        bench.screen.appear()
        assert bench.screen.titles == ["1 problem in tools/go.mod"]

    def test_the_same_words_are_not_sent_twice(self, bench):
        shown = []
        bench.screen.show, show = lambda note: (shown.append(note), show(note)), bench.screen.show
        for _ in range(3):
            bench.announcer.write_failed("/src/app/go.mod", "disk full")
        assert len(shown) == 1

    def test_messages_that_are_about_no_workspace_are_counted_as_such(self):
        bench = Bench(server=False)
        bench.check(APP, error())
        bench.announcer.degraded("go", "none found")
        bench.screen.appear()
        assert bench.screen.titles == ["2 messages on your Go workspaces"]
