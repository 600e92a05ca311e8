"""The counts, and where they are made."""

import pytest

from gowatchd.services.tally import BOUNDS, Histogram, Tally


@pytest.mark.parametrize(("seconds", "place"), [(0.0, 0), (0.001, 0), (0.0011, 1), (10.0, 11), (10.1, 12)])
def test_a_bound_belongs_to_what_is_below_it(seconds, place):
    histogram = Histogram()
    histogram.observe(seconds)
    assert histogram.counts.index(1) == place
    assert (len(histogram.counts), histogram.sum) == (len(BOUNDS) + 1, seconds)


@pytest.fixture
def tally(pipeline):
    pipeline._tally = tally = Tally()
    return tally


def test_a_save_is_timed_from_its_event_to_the_verdict(pipeline, tally, files, root, scheduler):
    path = root / "a/go.mod"
    path.write_text(path.read_text() + "\nnonsense\n")
    files.writing = True
    pipeline.look(str(path))
    scheduler.advance(0.002)
    files.writing = False
    scheduler.advance(0.01)
    assert (tally.saves, sum(tally.verdict_seconds.counts)) == (1, 1)
    assert tally.verdict_seconds.sum == pytest.approx(0.003)


def test_files_that_are_judged_together_count_from_the_first_that_waits(pipeline, tally, root, scheduler):
    for name, later in (("a", 0.0), ("b", 0.02)):
        scheduler.advance(later)
        path = root / name / "go.mod"
        path.write_text(path.read_text() + "\nnonsense\n")
        pipeline.look(str(path))
    scheduler.advance(1.0)
    assert (tally.saves, sum(tally.verdict_seconds.counts)) == (2, 2)
    assert tally.verdict_seconds.sum == pytest.approx(0.08)


def test_what_is_only_come_across_is_no_save(pipeline, tally, root):
    path = root / "a/go.mod"
    pipeline.look(str(path))
    path.write_text(path.read_text() + "\nnonsense\n")
    pipeline.look(str(path), saved=False)
    assert (tally.saves, sum(tally.verdict_seconds.counts)) == (0, 0)
