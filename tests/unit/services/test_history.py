import pytest

from gowatchd.services.changes import ChangeKind, ChangeState, HistoryError
from gowatchd.services.history import PAGE, History
from gowatchd.services.manager import NoSuchChangeError
from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.services.undoing import LATEST, UndoOutcome
from gowatchd.system.drop_in_files import DropInFiles
from gowatchd.system.history_db import HistoryDatabase
from tests.support.files import PlainFiles

WRITTEN = Swap(SwapOutcome.WRITTEN)
OLD, NEW = b"module  a\r\n\xff", b"module a\n"


@pytest.fixture
def files():
    return PlainFiles()


@pytest.fixture
def store(tmp_path):
    store = HistoryDatabase(str(tmp_path / "state"))
    yield store
    store.close()


@pytest.fixture
def history(store, files):
    return History(store, files)


@pytest.fixture
def go_mod(tmp_path):
    path = tmp_path / "go.mod"
    path.write_bytes(OLD)
    return path


def change(history, path, new=NEW):
    before = path.read_bytes()
    number = history.begin(str(path), before, new)
    path.write_bytes(new)
    history.finish(number, WRITTEN)
    return number


def test_undo_puts_the_very_bytes_back(history, go_mod):
    number = change(history, go_mod)
    undoing = history.undo(number)
    assert undoing.outcome is UndoOutcome.UNDONE
    assert undoing.outcome.success
    assert go_mod.read_bytes() == OLD


def test_the_latest_that_stands_is_undone_one_after_the_other(history, go_mod):
    first = change(history, go_mod)
    second = change(history, go_mod, b"module b\n")
    assert [history.undo(LATEST).id, history.undo(LATEST).id] == [second, first]
    assert go_mod.read_bytes() == OLD
    nothing = history.undo(LATEST)
    assert (nothing.outcome, nothing.message) == (UndoOutcome.UNKNOWN, "there is no change to undo")


def test_undoing_twice_is_a_success_and_does_nothing(history, go_mod):
    number = change(history, go_mod)
    history.undo(number)
    go_mod.write_bytes(b"edited since")
    again = history.undo(number)
    assert again.outcome is UndoOutcome.ALREADY_UNDONE
    assert again.outcome.success
    assert go_mod.read_bytes() == b"edited since"


def test_an_undo_can_be_undone(history, go_mod):
    number = change(history, go_mod)
    history.undo(number)
    undo = history.log(0, 10)["entries"][-1]
    assert (undo["kind"], undo["undoes"]) == ("undo", number)
    assert history.undo(undo["id"]).outcome is UndoOutcome.UNDONE
    assert go_mod.read_bytes() == NEW
    assert history.undo(number).outcome is UndoOutcome.UNDONE


def test_a_file_that_was_edited_since_is_left_alone_and_the_difference_shown(history, go_mod):
    number = change(history, go_mod)
    go_mod.write_bytes(b"module a\n\ngo 1.24\n")
    undoing = history.undo(number)
    assert undoing.outcome is UndoOutcome.CHANGED
    assert not undoing.outcome.success
    assert "edited after change 1" in undoing.message
    assert "-go 1.24\n" in undoing.diff
    assert go_mod.read_bytes() == b"module a\n\ngo 1.24\n"
    assert history.undo(number).outcome is UndoOutcome.CHANGED


def test_a_file_that_the_person_put_back_by_hand_is_undone_already(history, go_mod):
    number = change(history, go_mod)
    go_mod.write_bytes(OLD)
    assert history.undo(number).outcome is UndoOutcome.ALREADY_UNDONE


def test_a_file_that_is_gone_is_not_made_again(history, go_mod):
    number = change(history, go_mod)
    go_mod.unlink()
    undoing = history.undo(number)
    assert undoing.outcome is UndoOutcome.CHANGED
    assert "No such file" in undoing.message
    assert not go_mod.exists()


@pytest.mark.parametrize("outcome", [SwapOutcome.BUSY, SwapOutcome.REFUSED, SwapOutcome.FAILED])
def test_a_refused_write_is_passed_on_with_its_reason(history, files, go_mod, outcome):
    number = change(history, go_mod)
    files.refusal = Swap(outcome, "because")
    undoing = history.undo(number)
    assert undoing.outcome.value == outcome.value
    assert undoing.message == f"{go_mod} was not touched: because"
    files.refusal = None
    assert history.undo(number).outcome is UndoOutcome.UNDONE


def test_an_unknown_change(history):
    undoing = history.undo(17)
    assert undoing.as_json() == {
        "schema": 1,
        "id": 17,
        "path": "",
        "outcome": "unknown",
        "message": "there is no change 17: see gowatchctl log",
        "diff": "",
    }
    with pytest.raises(NoSuchChangeError, match="no change 17"):
        history.preview(17)


def test_a_change_that_failed_has_nothing_to_undo(history, go_mod):
    number = history.begin(str(go_mod), OLD, NEW)
    history.finish(number, Swap(SwapOutcome.BUSY, "vim has it"))
    assert history.undo(number).outcome is UndoOutcome.ALREADY_UNDONE
    assert history.log(0, 10)["entries"][0]["reason"] == "vim has it"
    assert go_mod.read_bytes() == OLD


def test_preview_shows_what_undo_would_do(history, go_mod):
    number = change(history, go_mod)
    preview = history.preview(LATEST)
    assert preview["id"] == number
    assert preview["diff"] == (
        f"--- {go_mod} (now)\n+++ {go_mod} (after undo)\n@@ -1 +1,2 @@\n-module a\n+module  a\r\n+\ufffd\n"
        "\\ No newline at end of file\n"
    )
    assert go_mod.read_bytes() == NEW


def test_the_difference_of_several_changes_has_one_part_for_each_file(history, go_mod, tmp_path):
    other = tmp_path / "other.mod"
    other.write_bytes(b"x\n")
    numbers = [
        change(history, go_mod),
        change(history, other, b"y\n"),
        change(history, go_mod, b"module b\n"),
    ]
    diff = history.difference(reversed(numbers))
    assert diff.count("--- ") == 2
    assert f"--- {go_mod} (before)\n+++ {go_mod} (after)\n" in diff
    assert "+module b\n" in diff
    assert "+module a\n" not in diff
    assert "-x\n+y\n" in diff
    assert history.difference([*numbers, 999]) == diff
    assert history.difference([999]) == ""
    go_mod.write_bytes(b"module by hand\n")
    numbers.append(change(history, go_mod, b"module c\n"))
    assert "-module by hand\n+module c\n" in history.difference(numbers)
    assert "-module b\n" not in history.difference(numbers)


def test_a_change_stands_until_it_is_taken_back(history, go_mod):
    number = change(history, go_mod)
    assert history.stands(number)
    assert not history.stands(999)
    history.undo(number)
    assert not history.stands(number)


def test_two_texts_too_long_to_compare_do_not_hold_up_the_daemon(history, go_mod):
    go_mod.write_bytes(b"".join(b"// %d\n" % number for number in range(20_000)))
    change(history, go_mod, b"".join(b"// %d\n" % number for number in range(20_000, 0, -1)))
    assert "too long to compare" in history.preview(LATEST)["diff"]


def test_what_an_undo_put_back_is_kept(history, go_mod):
    assert not history.kept(str(go_mod), OLD)
    number = change(history, go_mod)
    history.undo(number)
    assert history.kept(str(go_mod), OLD)
    assert not history.kept(str(go_mod), b"something else")
    change(history, go_mod)
    assert not history.kept(str(go_mod), OLD)


@pytest.mark.parametrize(
    ("found", "state"),
    [(NEW, ChangeState.DONE), (OLD, ChangeState.FAILED), (b"modu", ChangeState.INTERRUPTED)],
)
def test_a_kill_in_between_is_settled_at_the_next_start(history, store, go_mod, found, state):
    number = history.begin(str(go_mod), OLD, NEW)
    go_mod.write_bytes(found)
    torn = history.recover()
    assert store.get(number).state is state
    assert [entry.id for entry in torn] == ([number] if state is ChangeState.INTERRUPTED else [])
    assert store.unsettled() == ()
    undone = history.undo(number)
    assert (undone.outcome is UndoOutcome.UNDONE) == (state is ChangeState.DONE)
    if state is ChangeState.INTERRUPTED:
        assert "+module  a" in undone.diff


LONG = b"module   example.com/a\n" + b"".join(b"require  example.com/m%04d v1.0.0\n" % n for n in range(400))
SHORT = b"module example.com/a\n" + b"".join(b"require example.com/m%04d v1.0.0\n" % n for n in range(400))
FILLED = SHORT.ljust(len(LONG), b"\n")


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(FILLED, id="filled up, not yet cut"),
        pytest.param(LONG[: len(SHORT)], id="cut, but the old text"),
        pytest.param(FILLED[:PAGE] + LONG[PAGE:], id="first page new"),
        pytest.param(LONG[:PAGE] + FILLED[PAGE : len(SHORT)], id="first page old, cut"),
    ],
)
def test_a_write_that_was_cut_off_is_put_right(history, store, tmp_path, left):
    path = tmp_path / "go.mod"
    number = history.begin(str(path), LONG, SHORT)
    path.write_bytes(left)
    assert history.recover() == ()
    assert path.read_bytes() == SHORT
    assert store.get(number).state is ChangeState.DONE
    assert history.undo(number).outcome is UndoOutcome.UNDONE
    assert path.read_bytes() == LONG


@pytest.mark.parametrize("left", [FILLED, LONG[: len(SHORT)], FILLED[:PAGE] + LONG[PAGE:]])
def test_a_write_that_was_cut_off_and_could_not_be_put_right_is_undone(history, store, files, tmp_path, left):
    path = tmp_path / "go.mod"
    number = history.begin(str(path), LONG, SHORT)
    path.write_bytes(left)
    files.refusal = Swap(SwapOutcome.BUSY, "an editor has it open")
    assert [one.id for one in history.recover()] == [number]
    assert path.read_bytes() == left
    files.refusal = None
    assert history.undo(number).outcome is UndoOutcome.UNDONE
    assert path.read_bytes() == LONG


def test_what_lies_beside_an_interrupted_write_is_cleaned(store, files, go_mod):
    cleaned = []
    history = History(store, files, cleaned.append)
    change(history, go_mod)
    history.recover()
    assert cleaned == []
    history.begin(str(go_mod), NEW, OLD)
    history.recover()
    assert cleaned == [str(go_mod)]


def test_an_end_that_the_store_did_not_take_is_told_before_the_next_change(
    history, store, go_mod, monkeypatch
):
    def refuse(*_):
        raise HistoryError("disk full")

    number = history.begin(str(go_mod), OLD, NEW)
    with monkeypatch.context() as patch:
        patch.setattr(store, "settle", refuse)
        with pytest.raises(HistoryError):
            history.finish(number, WRITTEN)
        with pytest.raises(HistoryError):
            history.begin(str(go_mod), NEW, OLD)
    assert history.begin(str(go_mod), NEW, OLD) == number + 1
    assert store.get(number).state is ChangeState.DONE


@pytest.mark.parametrize("left", [FILLED[:-1], b"x" * len(SHORT), LONG[:-1] + b"x", b""])
def test_what_somebody_else_wrote_meanwhile_is_not_put_right(history, store, tmp_path, left):
    path = tmp_path / "go.mod"
    history.begin(str(path), LONG, SHORT)
    path.write_bytes(left)
    assert len(history.recover()) == 1
    assert path.read_bytes() == left


def test_without_a_history_nothing_may_be_changed(tmp_path, files):
    (tmp_path / "state").write_text("in the way")
    history = History(HistoryDatabase(str(tmp_path / "state")), files)
    with pytest.raises(HistoryError):
        history.begin("/a/go.mod", OLD, NEW)
    with pytest.raises(HistoryError):
        history.undo(LATEST)


def test_the_log_is_bounded_and_says_when(history, go_mod):
    for new in (b"1", b"2", b"3"):
        change(history, go_mod, new)
    entries = history.log(1, 1)["entries"]
    assert [entry["id"] for entry in entries] == [3]
    assert len(history.log(0, 10**9)["entries"]) == 3
    assert entries[0]["at"][10] == "T"
    assert entries[0]["at"][-3] == ":"  # the offset


def put(history, path, before, after):
    number = history.begin(str(path), before, after, ChangeKind.ENV)
    assert history._files.swap(str(path), before, after).outcome is SwapOutcome.WRITTEN
    history.finish(number, WRITTEN)
    return number


@pytest.fixture
def drop_ins(store):
    return History(store, DropInFiles())


class TestWithdraw:
    ONE, TWO = b"[Service]\nEnvironment=A=1\n", b"[Service]\nEnvironment=A=2\n"

    def test_all_that_was_put_there_goes_at_once(self, drop_ins, tmp_path):
        path = tmp_path / "a.service.d/50-gowatchd.conf"
        put(drop_ins, path, b"", self.ONE)
        put(drop_ins, path, self.ONE, self.TWO)
        assert drop_ins.withdraw(str(path)).outcome is UndoOutcome.UNDONE
        assert not path.parent.exists()
        assert drop_ins.undid(str(path), self.TWO)
        assert not drop_ins.undid(str(path), self.ONE)
        assert drop_ins.withdraw(str(path)).outcome is UndoOutcome.ALREADY_UNDONE

    def test_what_was_edited_since_stays(self, drop_ins, tmp_path):
        path = tmp_path / "a.service.d/50-gowatchd.conf"
        put(drop_ins, path, b"", self.ONE)
        path.write_bytes(b"mine")
        undoing = drop_ins.withdraw(str(path))
        assert not undoing.outcome.success
        assert path.read_bytes() == b"mine"
        assert not drop_ins.undid(str(path), self.ONE)

    def test_where_nothing_was_put_there_is_nothing_to_take(self, drop_ins, tmp_path):
        path = str(tmp_path / "a.service.d/50-gowatchd.conf")
        assert drop_ins.withdraw(path).outcome is UndoOutcome.UNKNOWN
        assert not drop_ins.undid(path, b"")

    def test_after_a_new_change_it_is_not_undone_any_more(self, drop_ins, tmp_path):
        path = tmp_path / "a.service.d/50-gowatchd.conf"
        put(drop_ins, path, b"", self.ONE)
        drop_ins.withdraw(str(path))
        put(drop_ins, path, b"", self.ONE)
        assert not drop_ins.undid(str(path), self.ONE)
        assert drop_ins.withdraw(str(path)).outcome is UndoOutcome.UNDONE
