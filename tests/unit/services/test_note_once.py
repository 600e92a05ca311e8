"""What is told once: in this process of ours, and in those that follow."""

import pytest

from gowatchd.services import unit_notes
from gowatchd.services.changes import HistoryError
from tests.support.announcements import Drawer, begin


@pytest.fixture
def drawer():
    return Drawer.of_somebody_who_knows_us()


class TestOnce:
    repaired = unit_notes.unit_repaired("a.service", ["A"], 7, runs=True)

    def test_what_can_be_taken_back_from_a_unit_is_offered_again_at_once(self, drawer):
        bench = begin(drawer)
        bench.announcer.unit(self.repaired)
        bench.screen.notes.clear()
        later = begin(drawer, bench)
        assert later.screen.titles == ["Gave a.service A"]
        later.screen.press("unit:a.service", "undo")
        assert later.undone == [7]

    def test_unless_it_was_taken_back_meanwhile(self, drawer):
        bench = begin(drawer)
        bench.announcer.unit(self.repaired)
        bench.screen.notes.clear()
        later = begin(drawer, bench, stands=lambda _change: False)
        assert later.screen.titles == []

    def test_without_a_history_it_is_offered_all_the_same(self, drawer):
        def stands(_change):
            raise HistoryError("disk full")

        bench = begin(drawer)
        bench.announcer.unit(self.repaired)
        assert begin(drawer, bench, stands=stands).screen.titles == ["Gave a.service A"]

    def test_a_unit_is_told_of_once_with_the_same_content(self, drawer):
        bench = begin(drawer)
        bench.announcer.unit(unit_notes.unit_lacks("a.service", ["A"]))
        bench.screen.dismiss("unit:a.service")
        later = begin(drawer, bench)
        later.announcer.unit(unit_notes.unit_lacks("a.service", ["A"]))
        assert later.screen.titles == []
        later.announcer.unit(unit_notes.unit_lacks("a.service", ["A", "B"]))
        assert later.screen.titles == ["a.service lacks A, B"]
        later.announcer.unit_over("a.service")
        assert later.screen.titles == []
        later.announcer.unit(unit_notes.unit_lacks("a.service", ["A", "B"]))
        assert later.screen.titles == ["a.service lacks A, B"]

    def test_that_a_unit_is_fine_leaves_the_way_back(self, drawer):
        bench = begin(drawer)
        bench.announcer.unit(self.repaired)
        bench.announcer.unit_over("a.service")
        assert bench.screen.titles == ["Gave a.service A"]

    def test_a_part_that_is_off_is_told_once_a_boot(self, drawer):
        bench = begin(drawer)
        bench.announcer.degraded("go", "none found")
        bench.screen.dismiss("degraded:go")
        later = begin(drawer, bench)
        later.announcer.degraded("go", "none found")
        assert later.screen.titles == []
        later.announcer.restored("go")
        later.announcer.degraded("go", "none found")
        assert later.screen.titles == ["gowatchd works without go"]
        later.screen.dismiss("degraded:go")
        after = begin(drawer, later, boot="boot 2")
        after.announcer.degraded("go", "none found")
        assert after.screen.titles == ["gowatchd works without go"]

    def test_another_reason_for_what_is_off_takes_the_place_of_the_first(self, drawer):
        bench = begin(drawer)
        bench.announcer.degraded("go", "none found")
        bench.announcer.degraded("go", "it hangs")
        assert [note.body for note in bench.screen.notes.values()] == ["it hangs"]
        bench.screen.dismiss("degraded:go")
        bench.announcer.degraded("go", "none found")
        assert bench.screen.titles == []

    def test_a_part_that_works_by_now_takes_its_note_along(self, drawer):
        bench = begin(drawer)
        bench.announcer.degraded("go", "none found")
        later = begin(drawer, bench, start_seconds=30)
        assert later.screen.titles == ["gowatchd works without go"]
        later.time.advance(30)
        assert later.screen.titles == []
