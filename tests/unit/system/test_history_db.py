import os
import sqlite3
import stat
import subprocess
import sys
import textwrap

import pytest

from gowatchd.services.changes import ChangeKind, ChangeState, HistoryError
from gowatchd.system import history_db
from gowatchd.system.history_db import HistoryDatabase
from tests.support.places import small_disk


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "gowatchd"


@pytest.fixture
def database(folder, monkeypatch):
    monkeypatch.setattr(history_db, "PRUNE_EVERY", 1)
    database = HistoryDatabase(str(folder))
    yield database
    database.close()


def add(database, path="/home/me/go.mod", before=b"old", after=b"new", state=ChangeState.DONE, undoes=None):
    kind = ChangeKind.FORMAT if undoes is None else ChangeKind.UNDO
    change = database.add(path, kind, before, after, undoes)
    database.settle(change, state, "")
    return change


def test_a_change_comes_back_whole(database):
    path = "/home/me/\udcff/go.mod"
    change = add(database, path, b"\0old\xff", b"new\n")
    found = database.get(change)
    assert (found.path, found.before, found.after) == (path, b"\0old\xff", b"new\n")
    assert (found.kind, found.state, found.undone) == (ChangeKind.FORMAT, ChangeState.DONE, False)
    assert database.get(change + 1) is None
    assert database.latest_of(path) == found
    assert database.latest_of("/elsewhere") is None


def test_only_the_owner_can_look(database, folder):
    add(database)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_failed_change_keeps_no_contents_and_is_no_candidate_for_undo(database):
    first = add(database)
    failed = add(database, state=ChangeState.FAILED)
    assert database.get(failed).before == b""
    assert database.latest().id == first


def test_an_undo_marks_what_it_undid_and_an_undo_of_that_sets_it_back(database):
    change = add(database)
    undo = add(database, undoes=change)
    assert database.get(change).undone
    assert database.latest() is None
    redo = add(database, undoes=undo)
    assert [database.get(row).undone for row in (change, undo, redo)] == [False, True, False]
    add(database, undoes=redo)
    assert [database.get(row).undone for row in (change, undo, redo)] == [True, False, True]


def test_a_failed_undo_marks_nothing(database):
    change = add(database)
    add(database, undoes=change, state=ChangeState.FAILED)
    assert not database.get(change).undone


def test_newest_gives_the_last_ones_in_order(database):
    ids = [add(database) for _ in range(5)]
    assert [change.id for change in database.newest(0, 3)] == ids[2:]
    assert [change.id for change in database.newest(ids[3], 3)] == ids[4:]
    assert database.newest(0, 3)[0].before == b""


def test_the_oldest_go_when_there_are_too_many(database, monkeypatch):
    monkeypatch.setattr(history_db, "MAX_CHANGES", 3)
    ids = [add(database) for _ in range(5)]
    assert [change.id for change in database.newest(0, 10)] == ids[2:]


def test_the_oldest_go_when_they_are_too_large_but_never_the_newest(database, monkeypatch):
    monkeypatch.setattr(history_db, "MAX_BYTES", 1000)
    ids = [add(database, before=b"x" * 400, after=b"") for _ in range(4)]
    assert [change.id for change in database.newest(0, 10)] == ids[2:]
    large = add(database, before=b"x" * 5000)
    assert [change.id for change in database.newest(0, 10)] == [large]


def test_the_old_go_but_never_the_last_ones(folder, monkeypatch):
    monkeypatch.setattr(history_db, "PRUNE_EVERY", 1)
    now = [1e9]
    database = HistoryDatabase(str(folder), clock=lambda: now[0])
    old = [add(database) for _ in range(history_db.ALWAYS_KEPT + 5)]
    now[0] += history_db.MAX_AGE
    assert [change.id for change in database.newest(0, 100)] == old
    add(database)
    now[0] += 1
    new = add(database)
    kept = [change.id for change in database.newest(0, 100)]
    assert len(kept) == history_db.ALWAYS_KEPT
    assert kept[-1] == new
    database.close()


def test_the_write_ahead_log_does_not_stay_large(folder, database, monkeypatch):
    for _ in range(3):
        add(database, before=os.urandom(12 << 20))
        for _ in range(3):
            add(database)
    assert (folder / "history.sqlite3-wal").stat().st_size <= 2 * history_db.MAX_LOG


def test_a_circle_of_undoes_has_an_end(folder, database):
    first = add(database)
    second = add(database, undoes=first)
    database.close()
    with sqlite3.connect(folder / "history.sqlite3") as other:
        other.execute("UPDATE change SET undoes = ? WHERE id = ?", (second, first))
    other.close()
    assert add(database, undoes=second) == second + 1


def test_failures_do_not_push_out_changes(database, monkeypatch):
    monkeypatch.setattr(history_db, "MAX_FAILED", 2)
    change = add(database)
    failed = [add(database, state=ChangeState.FAILED) for _ in range(4)]
    assert [row.id for row in database.newest(0, 10)] == [change, *failed[2:]]


@pytest.mark.parametrize(
    "damage", [b"this is no database at all, but a text" * 200, b"SQLite format 3\0" + b"\xff" * 9000]
)
def test_a_corrupt_store_is_set_aside_and_said(folder, database, caplog, damage):
    folder.mkdir(parents=True)
    (folder / "history.sqlite3").write_bytes(damage)
    assert add(database) == 1
    (aside,) = folder.glob("*.corrupt-*")
    assert aside.read_bytes() == damage
    assert str(aside) in caplog.text


def test_damage_behind_a_good_header_is_found_too(folder, database):
    for _ in range(50):
        add(database, before=b"x" * 3000)
    database.close()
    file = folder / "history.sqlite3"
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    add(database)
    assert len(list(folder.glob("*.corrupt-*[0-9]"))) == 1
    assert len(database.newest(0, 100)) == 1


def test_a_store_of_another_version_is_set_aside(folder, database):
    add(database)
    database.close()
    with sqlite3.connect(folder / "history.sqlite3") as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    assert add(database) == 2  # not 1 again: somebody may still want to undo that
    assert list(folder.glob("*.corrupt-*"))


def test_only_a_few_corrupt_stores_are_kept(folder):
    for second in range(6):
        database = HistoryDatabase(str(folder), clock=lambda second=second: 1e9 + second)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "history.sqlite3").write_bytes(b"%d" % second * 9000)
        database.open()
        database.close()
    kept = sorted(folder.glob("*.corrupt-*"))
    assert [path.read_bytes()[:1] for path in kept] == [b"3", b"4", b"5"]


def test_a_second_daemon_gets_a_reason(folder, database):
    add(database)
    second = HistoryDatabase(str(folder))
    with pytest.raises(HistoryError, match="in use by another gowatchd"):
        second.open()
    database.close()
    second.open()
    second.close()


def test_a_folder_that_cannot_be_made_is_a_reason_and_is_tried_again(tmp_path):
    (tmp_path / "state").write_text("in the way")
    database = HistoryDatabase(str(tmp_path / "state" / "gowatchd"))
    with pytest.raises(HistoryError, match=r"cannot be used: .*Not a directory"):
        add(database)
    (tmp_path / "state").unlink()
    assert add(database) == 1
    database.close()


def test_what_was_added_survives_a_kill(folder, database):
    program = f"""
        import os, signal
        from gowatchd.services.changes import ChangeKind
        from gowatchd.system.history_db import HistoryDatabase
        HistoryDatabase({str(folder)!r}).add("/home/me/go.mod", ChangeKind.FORMAT, b"old", b"new", None)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], timeout=20, check=False)
    assert done.returncode == -9
    (change,) = database.unsettled()
    assert (change.before, change.after) == (b"old", b"new")


def test_kills_at_any_moment_lose_nothing_that_was_said_to_be_kept(folder, database, tmp_path):
    program = f"""
        from gowatchd.services.changes import ChangeKind, ChangeState
        from gowatchd.system import history_db
        history_db.MAX_CHANGES, history_db.PRUNE_EVERY = 40, 1
        database = history_db.HistoryDatabase({str(folder)!r})
        while True:
            change = database.add("/home/me/go.mod", ChangeKind.FORMAT, b"old" * 2000, b"new", None)
            print(change, flush=True)
            database.settle(change, ChangeState.DONE, "")
    """
    for stop_after in (1, 7, 20, 90):
        child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE)
        with child:
            said = [int(child.stdout.readline()) for _ in range(stop_after)]
            child.kill()
            said += [int(line) for line in child.stdout if line.endswith(b"\n")]
        kept = database.newest(0, 1000)
        assert kept[-1].id >= said[-1]
        assert {change.before for change in map(database.get, (row.id for row in kept))} == {b"old" * 2000}
        assert [row.state for row in kept[:-1]].count(ChangeState.DONE) >= len(kept) - 4
        database.close()
    assert not list(folder.glob("*.corrupt-*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a file system of 256 kB")
def test_a_full_disk_is_a_reason_and_no_harm(folder):
    program = f"""
        import os
        from gowatchd.services.changes import ChangeKind, HistoryError
        from gowatchd.system.history_db import HistoryDatabase
        database = HistoryDatabase({str(folder)!r})
        first = database.add("/home/me/go.mod", ChangeKind.FORMAT, b"old", b"new", None)
        with open({str(folder / "filler")!r}, "wb", buffering=0) as filler:
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:
                pass
        for _ in range(2):
            try:
                database.add("/home/me/go.mod", ChangeKind.FORMAT, os.urandom(40000), b"", None)
            except HistoryError as error:
                print(error)
        os.unlink({str(folder / "filler")!r})
        print(database.get(first).before, database.add("/home/me/go.mod", ChangeKind.FORMAT, b"", b"", None))
    """
    folder.parent.mkdir()
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with small_disk(folder, "256k"):
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    first, second, last = done.stdout.splitlines()
    assert first == second
    assert first.endswith(("database or disk is full", "disk I/O error"))
    assert last == "b'old' 2"
