from __future__ import annotations

from pathlib import Path

import pytest

from gowatchd.services.changes import HistoryError
from gowatchd.services.fixing import Plan, Rewrite
from gowatchd.services.history import History
from gowatchd.services.ports import Provenance, Swap, SwapOutcome
from gowatchd.services.saves import RETRY_FIRST_SECONDS, RETRY_MOST_SECONDS, TidyOptions, Unfinished
from gowatchd.services.settling import SITTING_REST_SECONDS
from gowatchd.services.standing import Standing, State
from gowatchd.services.tidying import Tidier
from gowatchd.system.history_db import HistoryDatabase
from tests.support.files import PlainFiles
from tests.support.scheduler import ManualScheduler

MESSY = b"go 1.21\nuse (\n  ./b\n   ./a\n)\n"
TIDY = b"go 1.21\n\nuse (\n\t./a\n\t./b\n)\n"
BROKEN = b"go 1.21\nuse (\n"


class Answers:
    """git and the editors, saying what a test needs them to say; and a listener that writes down."""

    def __init__(self) -> None:
        self.provenance: Provenance | None = Provenance.EDITED
        self.asked: list = []
        self.index = 0
        self.git_reason: str | None = None
        self.editor_reason: str | None = None
        self.heard: list[tuple] = []

    def came_by_git(self, path, data, done):
        self.asked.append(done)
        if self.provenance is not None:
            done(self.provenance)

    def index_mark(self, path):
        return self.index

    def busy(self, path):
        return self.git_reason

    def belongs(self, path, place):
        return path.startswith(f"{place}/")

    def held(self, path):
        return self.editor_reason

    def noticed(self, path):
        pass

    def formatted(self, change, path):
        self.heard.append(("formatted", change, path))

    def fixed(self, change, path, titles):
        self.heard.append(("fixed", change, path, titles))

    def would_format(self, path):
        self.heard.append(("would format", path))

    def stands(self, standing):
        self.heard.append((standing.state.value, standing.reason))

    def write_failed(self, path, reason):
        self.heard.append(("failed", reason))

    def write_over(self, path):
        self.heard.append(("over", path))


@pytest.fixture
def scheduler():
    return ManualScheduler()


@pytest.fixture
def answers():
    return Answers()


@pytest.fixture
def files():
    return PlainFiles()


@pytest.fixture
def history(tmp_path, files):
    database = HistoryDatabase(str(tmp_path / "state"))
    yield History(database, files)
    database.close()


@pytest.fixture
def work(tmp_path):
    return tmp_path / "go.work"


@pytest.fixture
def make(scheduler, files, history, answers):
    def make(**options):
        return Tidier(scheduler, files, history, answers, answers, answers, TidyOptions(**options))

    return make


def save(tidier, path, data):
    path.write_bytes(data)
    tidier.saved(str(path), data)


def test_a_messy_file_is_formatted_when_it_has_rested(make, scheduler, answers, work):
    tidier = make()
    save(tidier, work, MESSY)
    scheduler.advance(0.09)
    assert work.read_bytes() == MESSY
    scheduler.advance(0.02)
    assert work.read_bytes() == TIDY
    assert answers.heard == [("formatted", 1, str(work))]
    assert scheduler.planned == 0


def test_nothing_is_written_during_a_pause_and_all_of_it_afterwards(make, scheduler, answers, work):
    tidier = make()
    reasons = ["paused"]
    tidier.paused = lambda: reasons[0]
    save(tidier, work, MESSY)
    scheduler.advance(60.0)
    assert work.read_bytes() == MESSY
    assert tidier.standings() == (Standing(str(work), State.PENDING, "paused"),)
    assert scheduler.planned == 0, "nobody wakes up for what has to be ended"
    tidier.sign_changed(str(work))
    scheduler.advance(60.0)
    assert (work.read_bytes(), scheduler.planned) == (MESSY, 0)
    reasons[0] = ""
    tidier.resumed()
    scheduler.advance(1.0)
    assert work.read_bytes() == TIDY
    assert answers.heard == [("pending", "paused"), ("formatted", 1, str(work))]


def test_the_echo_of_our_own_write_is_no_save(make, scheduler, answers, work):
    tidier = make()
    save(tidier, work, MESSY)
    scheduler.advance(1)
    tidier.saved(str(work), TIDY)
    assert scheduler.planned == 0
    assert len(answers.heard) == 1


def test_a_tidy_file_is_not_written(make, scheduler, answers, work):
    save(make(), work, TIDY)
    before = work.stat().st_mtime_ns
    scheduler.advance(1)
    assert work.stat().st_mtime_ns == before
    assert answers.heard == []


def test_what_does_not_parse_is_kept_with_its_reason(make, scheduler, answers, work):
    tidier = make()
    save(tidier, work, BROKEN)
    scheduler.advance(1)
    assert work.read_bytes() == BROKEN
    (standing,) = tidier.standings()
    assert (standing.path, standing.state) == (str(work), State.KEPT)
    assert "unterminated block" in standing.reason


def test_what_git_has_is_kept(make, scheduler, answers, work):
    answers.provenance = Provenance.UNCHANGED
    tidier = make()
    save(tidier, work, MESSY)
    scheduler.advance(1)
    assert work.read_bytes() == MESSY
    assert answers.heard == [("kept", "this is what git has for it")]


def test_where_git_does_not_answer_nothing_is_written(make, scheduler, answers, work):
    answers.provenance = Provenance.UNKNOWN
    save(make(), work, MESSY)
    scheduler.advance(1)
    assert work.read_bytes() == MESSY
    assert answers.heard == [("kept", "git does not say whether it brought it")]


def test_where_git_could_not_be_asked_it_is_asked_again(make, scheduler, answers, work):
    answers.provenance = Provenance.NO_ANSWER
    save(make(), work, MESSY)
    scheduler.advance(600)
    assert work.read_bytes() == MESSY
    assert answers.heard == [("pending", "git has not answered yet whether it brought it")]
    assert len(answers.asked) < 30  # 50 ms, 100 ms, ... and then every half minute
    answers.provenance = Provenance.EDITED
    scheduler.advance(RETRY_MOST_SECONDS)
    assert work.read_bytes() == TIDY


def test_what_was_committed_while_it_was_pending_is_kept(make, scheduler, answers, work):
    answers.editor_reason = "vim has it open"
    save(make(), work, MESSY)
    scheduler.advance(1)
    answers.index, answers.provenance = 1, Provenance.UNCHANGED
    answers.editor_reason = None
    scheduler.advance(RETRY_MOST_SECONDS)
    assert work.read_bytes() == MESSY
    assert answers.heard[-1] == ("kept", "this is what git has for it")
    assert scheduler.planned == 0


def test_gits_answer_may_come_after_the_rest(make, scheduler, answers, work):
    answers.provenance = None
    save(make(), work, MESSY)
    scheduler.advance(1)
    assert work.read_bytes() == MESSY
    answers.asked[0](Provenance.UNTRACKED)
    assert work.read_bytes() == TIDY


def test_an_answer_to_an_older_save_is_not_taken_for_this_one(make, scheduler, answers, work):
    answers.provenance = None
    tidier = make()
    save(tidier, work, MESSY)
    save(tidier, work, MESSY + b"use ./c\n")
    scheduler.advance(1)
    answers.asked[0](Provenance.EDITED)
    assert b"./c" in work.read_bytes()
    assert answers.heard == []


@pytest.mark.parametrize("who", ["git_reason", "editor_reason"])
def test_a_busy_file_is_pending_until_the_reason_is_gone(make, scheduler, answers, work, who):
    tidier = make()
    setattr(answers, who, "somebody is at it")
    save(tidier, work, MESSY)
    scheduler.advance(0.2)
    assert tidier.standings() == (Standing(str(work), State.PENDING, "somebody is at it"),)
    setattr(answers, who, None)
    tidier.sign_changed(str(work))
    scheduler.advance(0.11)
    assert work.read_bytes() == TIDY
    assert tidier.standings() == ()


def test_what_is_pending_in_a_repository_is_looked_at_when_git_is_done(make, scheduler, answers, work):
    tidier = make()
    answers.git_reason = "a rebase is under way"
    save(tidier, work, MESSY)
    scheduler.advance(3600)
    answers.git_reason = None
    tidier.repository_changed("/elsewhere")
    scheduler.advance(0.11)
    assert work.read_bytes() == MESSY
    tidier.repository_changed(str(work.parent))
    scheduler.advance(0.11)
    assert work.read_bytes() == TIDY


def test_a_reason_that_follows_another_is_looked_at_often_again(make, scheduler, answers, work):
    tidier = make()
    answers.git_reason = "a rebase is under way"
    save(tidier, work, MESSY)
    scheduler.advance(3600)
    answers.git_reason = "git is at work (index.lock)"
    tidier.repository_changed(str(work.parent))
    scheduler.advance(0.11)
    answers.git_reason = None
    scheduler.advance(2 * RETRY_FIRST_SECONDS)
    assert work.read_bytes() == TIDY


def test_a_pending_file_costs_less_and_less(make, scheduler, answers, work):
    answers.editor_reason = "vim has it open"
    save(make(), work, MESSY)
    looks = []
    answers.held = lambda path: looks.append(path) or answers.editor_reason
    scheduler.advance(3600)
    assert 3600 / RETRY_MOST_SECONDS <= len(looks) < 3600 / RETRY_MOST_SECONDS + 20
    assert answers.heard == [("pending", "vim has it open")]


def test_a_file_that_is_open_elsewhere_is_tried_again(make, scheduler, files, answers, work):
    files.refusal = Swap(SwapOutcome.BUSY, "another program keeps it open")
    save(make(), work, MESSY)
    scheduler.advance(0.11)
    assert answers.heard == [("pending", "another program keeps it open")]
    files.refusal = None
    scheduler.advance(RETRY_FIRST_SECONDS)
    assert work.read_bytes() == TIDY


def test_a_newer_save_wins(make, scheduler, answers, work):
    tidier = make()
    save(tidier, work, MESSY)
    work.write_bytes(b"go 1.22\n")
    scheduler.advance(1)
    assert work.read_bytes() == b"go 1.22\n"
    assert tidier.standings() == ()


def test_a_file_that_is_put_back_again_and_again_is_left_alone(make, scheduler, answers, work):
    tidier = make(settle_seconds=0.0)
    for until_rewritten in (
        0.01,
        2.01,
        4.03,
    ):  # each time put back at once, and so taken for somebody at work
        save(tidier, work, MESSY)
        scheduler.advance(until_rewritten)
    assert work.read_bytes() == MESSY
    assert [event[0] for event in answers.heard] == ["formatted", "formatted", "kept"]
    scheduler.advance(10)
    save(tidier, work, MESSY)
    scheduler.advance(3)
    assert work.read_bytes() == TIDY


def test_three_saves_of_a_person_in_a_moment_are_all_formatted(make, scheduler, answers, work):
    """Each with other bytes: nobody puts anything back."""
    tidier = make()
    for number, until_rewritten in enumerate((0.2, 2.1, 4.6)):
        save(tidier, work, MESSY + b"// %d\n" % number)
        scheduler.advance(until_rewritten)
        assert work.read_bytes() == TIDY + b"\n// %d\n" % number
    assert [event[0] for event in answers.heard] == ["formatted"] * 3


def test_a_program_that_has_other_bytes_each_time_is_left_alone_too(make, scheduler, answers, work):
    """It answers each of our writes at once, and is taken for somebody at work now and then."""
    tidier = make()
    for number in range(7):
        save(tidier, work, MESSY + b"// %d\n" % number)
        before = len(answers.heard)
        while len(answers.heard) == before:
            scheduler.advance(0.05)
    assert [event[0] for event in answers.heard] == ["formatted"] * 6 + ["kept"]


def test_half_lines_and_tidy_ones_that_auto_save_writes_tell_the_pace_too(make, scheduler, answers, work):
    tidier = make()
    for data in (TIDY, BROKEN, MESSY):
        save(tidier, work, data)
        scheduler.advance(1.5)
    assert work.read_bytes() == MESSY
    scheduler.advance(1.51)
    assert work.read_bytes() == TIDY


def test_our_own_writes_do_not_count_as_saves(make, scheduler, answers, work):
    tidier = make()
    save(tidier, work, MESSY)
    scheduler.advance(3)
    tidier.saved(str(work), TIDY)
    scheduler.advance(2.5)
    save(tidier, work, MESSY)
    scheduler.advance(0.11)
    assert work.read_bytes() == TIDY


def test_a_full_disk_is_said_once_and_waited_for(make, scheduler, files, answers, work):
    files.refusal = Swap(SwapOutcome.FAILED, "no space left on device")
    tidier = make()
    save(tidier, work, MESSY)
    for _ in range(20):
        scheduler.advance(1)
        tidier.saved(str(work), MESSY)  # opening a file for writing looks like a save
    assert work.read_bytes() == MESSY
    full = "no space left on device"
    assert answers.heard == [("pending", full), ("failed", full)]
    assert tidier.standings() == (Standing(str(work), State.PENDING, full),)
    save(tidier, work, MESSY + b"// more\n")
    scheduler.advance(3)
    assert [event[0] for event in answers.heard] == ["pending", "failed", "pending"]
    files.refusal = None
    scheduler.advance(RETRY_MOST_SECONDS)
    assert work.read_bytes() == TIDY + b"\n// more\n"
    assert [event[0] for event in answers.heard[3:]] == ["over", "formatted"]


@pytest.mark.parametrize("end", ["gone", "tidied by hand"])
def test_a_refusal_is_taken_back_when_nothing_is_to_be_written_any_more(
    make, scheduler, files, answers, work, end
):
    files.refusal = Swap(SwapOutcome.FAILED, "no space left on device")
    tidier = make()
    save(tidier, work, MESSY)
    scheduler.advance(1)
    if end == "gone":
        tidier.gone(str(work))
    else:
        save(tidier, work, TIDY)
    assert answers.heard[-1] == ("over", str(work))


def test_what_was_undone_stays_as_its_person_wants_it(make, scheduler, history, answers, work):
    tidier = make()
    save(tidier, work, MESSY)
    scheduler.advance(1)
    assert history.undo(1).outcome.success
    tidier.saved(str(work), MESSY)
    scheduler.advance(1)
    assert work.read_bytes() == MESSY
    save(tidier, work, MESSY + b"use ./c\n")
    scheduler.advance(SITTING_REST_SECONDS)
    assert b"\t./c\n" in work.read_bytes()


def test_without_a_way_back_nothing_is_written(make, scheduler, history, answers, work, monkeypatch):
    def refuse(*_):
        raise HistoryError("the disk is full")

    monkeypatch.setattr(history, "begin", refuse)
    tidier = make()
    save(tidier, work, MESSY)
    scheduler.advance(1)
    assert work.read_bytes() == MESSY
    assert "the disk is full" in tidier.standings()[0].reason


def test_a_dry_run_writes_nothing(make, scheduler, answers, work):
    save(make(dry_run=True), work, MESSY)
    scheduler.advance(1)
    assert work.read_bytes() == MESSY
    assert answers.heard == [("would format", str(work))]


def test_switched_off_it_does_nothing(make, scheduler, answers, work):
    save(make(enabled=False), work, MESSY)
    assert scheduler.planned == 0


def test_a_file_that_went_is_forgotten(make, scheduler, answers, work):
    tidier = make()
    save(tidier, work, MESSY)
    work.unlink()
    tidier.gone(str(work))
    scheduler.advance(1)
    assert not work.exists()
    assert scheduler.planned == 0


class Planned:
    """Repairs that a test has laid out: what each file becomes of what it holds."""

    def __init__(self):
        self.steps = {}

    def due(self, path, codes):
        return bool(self.plan(path, codes).rewrites)

    def plan(self, path, codes):
        assert codes == frozenset({"a-code"})
        return Plan(
            tuple(
                Rewrite(name, before, after, ("mend it",))
                for name, (before, after) in self.steps.items()
                if Path(name).read_bytes() == before
            )
        )


@pytest.fixture
def repairs():
    return Planned()


@pytest.fixture
def mender(make, repairs):
    tidier = make(fix_on_save=frozenset({"a-code"}))
    tidier.repairs = repairs
    return tidier


@pytest.fixture
def mod(tmp_path):
    (tmp_path / "a").mkdir()
    return tmp_path / "a/go.mod"


FIXED = TIDY.replace(b"1.21", b"1.22")


def test_a_fix_takes_the_formatting_along_as_one_change(mender, repairs, scheduler, answers, work, history):
    repairs.steps[str(work)] = (MESSY, FIXED)
    save(mender, work, MESSY)
    scheduler.advance(1)
    assert work.read_bytes() == FIXED
    assert answers.heard == [("fixed", 1, str(work), ("mend it",))]
    assert history.undo(1).outcome.success
    assert work.read_bytes() == MESSY


def test_a_tidy_file_is_fixed_too(mender, repairs, scheduler, answers, work):
    repairs.steps[str(work)] = (TIDY, FIXED)
    save(mender, work, TIDY)
    scheduler.advance(1)
    assert work.read_bytes() == FIXED


def test_nothing_is_fixed_while_it_does_not_parse(mender, repairs, scheduler, work):
    repairs.steps[str(work)] = (BROKEN, FIXED)
    save(mender, work, BROKEN)
    scheduler.advance(1)
    assert work.read_bytes() == BROKEN


def test_a_save_mends_another_file(mender, repairs, scheduler, answers, work, mod):
    work.write_bytes(TIDY)
    repairs.steps[str(work)] = (TIDY, FIXED)
    save(mender, mod, b"module m\n")
    scheduler.advance(1)
    assert work.read_bytes() == FIXED
    assert mod.read_bytes() == b"module m\n"
    assert answers.heard == [("fixed", 1, str(work), ("mend it",))]
    assert (scheduler.planned, mender.standings()) == (0, ())


def test_another_file_waits_for_its_own_editor_and_the_save_does_not(
    mender, repairs, scheduler, answers, work, mod
):
    work.write_bytes(TIDY)
    repairs.steps[str(work)] = (TIDY, FIXED)
    answers.held = lambda path: "vim has it open" if path == str(work) else None
    save(mender, mod, b"module   m\n")
    scheduler.advance(1)
    assert (mod.read_bytes(), work.read_bytes()) == (b"module m\n", TIDY)
    assert mender.standings() == (Standing(str(work), State.PENDING, "vim has it open"),)
    answers.held = lambda path: None
    mender.sign_changed(str(work))
    scheduler.advance(1)
    assert work.read_bytes() == FIXED


def test_a_fix_that_is_not_due_any_more_is_not_made(mender, repairs, scheduler, answers, work, mod):
    work.write_bytes(TIDY)
    repairs.steps[str(work)] = (TIDY, FIXED)
    answers.held = lambda path: "vim has it open" if path == str(work) else None
    save(mender, mod, b"module m\n")
    scheduler.advance(1)
    repairs.steps.clear()
    answers.held = lambda path: None
    scheduler.advance(60)
    assert work.read_bytes() == TIDY
    assert (scheduler.planned, mender.standings()) == (0, ())


@pytest.mark.parametrize("provenance", [Provenance.UNCHANGED, Provenance.UNKNOWN])
def test_a_save_that_came_by_git_mends_nothing(mender, repairs, scheduler, answers, work, mod, provenance):
    work.write_bytes(TIDY)
    repairs.steps[str(work)] = (TIDY, FIXED)
    answers.provenance = provenance
    save(mender, mod, b"module m\n")
    scheduler.advance(1)
    assert work.read_bytes() == TIDY


def test_a_fix_that_was_undone_is_not_made_again(mender, repairs, scheduler, answers, work, mod, history):
    work.write_bytes(TIDY)
    repairs.steps[str(work)] = (TIDY, FIXED)
    save(mender, mod, b"module m\n")
    scheduler.advance(1)
    history.undo(1)
    save(mender, mod, b"module m2\n")
    scheduler.advance(SITTING_REST_SECONDS)
    assert work.read_bytes() == TIDY
    assert mender.standings() == (Standing(str(work), State.KEPT, "the change to it was undone"),)


def test_fixes_that_come_back_end_as_formatting_does(mender, repairs, scheduler, answers, work):
    repairs.steps[str(work)] = (TIDY, FIXED)
    for until_fixed in (0.11, 2.01, 4.3):
        save(mender, work, TIDY)
        scheduler.advance(until_fixed)
    assert [what[0] for what in answers.heard] == ["fixed", "fixed", "kept"]


def test_a_dry_run_fixes_nothing(make, repairs, scheduler, answers, work, mod):
    work.write_bytes(TIDY)
    repairs.steps[str(work)] = (TIDY, FIXED)
    tidier = make(fix_on_save=frozenset({"a-code"}), dry_run=True)
    tidier.repairs = repairs
    save(tidier, mod, b"module m\n")
    scheduler.advance(1)
    assert work.read_bytes() == TIDY
    assert answers.heard == [("would format", str(work))]


@pytest.mark.parametrize("meanwhile", [MESSY, TIDY, None], ids=["as it was", "mended by hand", "taken away"])
def test_a_refused_write_is_told_once_across_a_reload_and_its_end_as_well(
    make, scheduler, answers, files, work, meanwhile
):
    files.refusal = Swap(SwapOutcome.FAILED, "No space left on device")
    before = make()
    save(before, work, MESSY)
    scheduler.advance(1.0)
    (left,) = before.unfinished()
    before.close()
    if meanwhile is None:
        work.unlink()
    else:
        work.write_bytes(meanwhile)
    after = make()
    after.take_up(left)
    scheduler.advance(1.0)
    files.refusal = None
    scheduler.advance(RETRY_MOST_SECONDS)
    told = [one for one in answers.heard if one[0] in {"failed", "over"}]
    assert told == [("failed", "No space left on device"), ("over", str(work))]


def test_without_formatting_a_refused_write_is_over(make, answers):
    make(enabled=False).take_up(Unfinished("/a/go.mod", MESSY, refused=True))
    assert answers.heard == [("over", "/a/go.mod")]
