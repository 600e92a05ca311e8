"""A history that is damaged, locked, too old, too new or cannot be written: said, and never in the way."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing, suppress

import pytest

from gowatchd.services.changes import ChangeKind, ChangeState, HistoryError
from gowatchd.services.history import History
from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.services.undoing import LATEST, UndoOutcome
from gowatchd.system.files import SafeFiles
from gowatchd.system.history_db import HistoryDatabase
from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.other_process import as_nobody, needs_root
from tests.support.places import folder_on, small_disk

MESSY, TIDY = b"module   example.com/m\ngo 1.21\n", b"module example.com/m\n\ngo 1.21\n"
WRITTEN = Swap(SwapOutcome.WRITTEN)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state"


def fill(folder, changes=30):
    """Make a history with contents of several pages; return the bytes of its file."""
    with closing(HistoryDatabase(str(folder))) as database:
        for number in range(changes):
            before = (b"%d before\n" % number) * (1 + number * 40)
            change = database.add(f"/home/me/{number}/go.mod", ChangeKind.FORMAT, before, b"after\n", None)
            database.settle(change, ChangeState.DONE, "")
    return (folder / "history.sqlite3").read_bytes()


def use(folder):
    """Do with the history what a daemon does; return what it says of the contents it holds."""
    with closing(HistoryDatabase(str(folder))) as database:
        history = History(database, SafeFiles())
        history.recover()
        entries = history.log(0, 1000)["entries"]
        contents = [database.get(entry["id"]) for entry in entries]
        history.undo(LATEST)
        change = history.begin("/home/me/go.mod", b"old", b"new")
        history.finish(change, WRITTEN)
        assert database.get(change).before == b"old"
        return [one for one in contents if one is not None and one.state is ChangeState.DONE]


def flip(data, chance):
    for _ in range(chance.choice((1, 3, 40))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def overwrite(data, chance):
    at = chance.randrange(len(data))
    length = chance.choice((1, 16, 512, 4096))
    data[at : at + length] = chance.choice((b"\0", b"\xff")) * len(data[at : at + length])


def shorten(data, chance):
    del data[chance.randrange(len(data)) :]


def damage_the_header(data, chance):
    data[chance.randrange(100)] = chance.randrange(256)


def exchange_pages(data, chance):
    one, other = (4096 * chance.randrange(len(data) // 4096) for _ in range(2))
    data[one : one + 4096], data[other : other + 4096] = data[other : other + 4096], data[one : one + 4096]


@pytest.mark.parametrize("damage", [flip, overwrite, shorten, damage_the_header, exchange_pages])
def test_any_damage_is_survived_and_no_wrong_byte_is_given_back(tmp_path, damage):
    """The store is set aside, or what it says is what was put there."""
    sound = fill(tmp_path / "sound")
    chance, asides = random.Random(3), 0
    for number in range(40):
        folder = tmp_path / str(number)
        folder.mkdir()
        data = bytearray(sound)
        damage(data, chance)
        (folder / "history.sqlite3").write_bytes(data)
        for one in use(folder):
            row = int(one.path.split("/")[3])
            assert one.before == (b"%d before\n" % row) * (1 + row * 40)
            assert one.after == b"after\n"
        asides += len(list(folder.glob("*.corrupt-*[0-9]")))
        assert use(folder)  # what was begun anew works from then on
        shutil.rmtree(folder)
    assert asides > 3, "hardly any damage was noticed"


@pytest.mark.parametrize("keep", ["wal", "file", "neither"])
def test_a_file_of_no_length_after_a_power_cut(folder, keep):
    """A kill leaves the file and its log; then the file system forgets one of them."""
    program = f"""
        import os, signal
        from gowatchd.services.changes import ChangeKind
        from gowatchd.system.history_db import HistoryDatabase
        database = HistoryDatabase({str(folder)!r})
        for number in range(20):
            database.add("/home/me/go.mod", ChangeKind.FORMAT, os.urandom(3000), b"new", None)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], timeout=90, check=False)
    if keep != "file":
        os.truncate(folder / "history.sqlite3", 0)
    if keep != "wal":
        os.truncate(folder / "history.sqlite3-wal", 0)
    use(folder)
    use(folder)


def test_a_history_of_the_first_layout_is_taken_over(folder, caplog):
    folder.mkdir()
    with closing(sqlite3.connect(folder / "history.sqlite3")) as old:
        old.executescript("""
            CREATE TABLE change (
                id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, path BLOB NOT NULL,
                kind TEXT NOT NULL, state TEXT NOT NULL, before BLOB NOT NULL, after BLOB NOT NULL,
                undoes INTEGER, undone INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
                size INTEGER NOT NULL AS (length(before) + length(after)) STORED
            );
            CREATE INDEX change_path ON change (path, id);
            CREATE INDEX change_bounds ON change (id, state, size);
            INSERT INTO change (at, path, kind, state, before, after)
                VALUES (1e9, x'2f61', 'format', 'done', x'6f6c64', x'6e6577');
            PRAGMA user_version = 1;
        """)
    with closing(HistoryDatabase(str(folder))) as database:
        change = database.latest()
        assert (change.path, change.before, change.after) == ("/a", b"old", b"new")
        assert database.add("/a", ChangeKind.FORMAT, b"", b"", None) == 2
    with closing(HistoryDatabase(str(folder))) as database:
        assert database.get(1).before == b"old"
    assert not caplog.records


@pytest.mark.parametrize(
    "statement", ["DROP TABLE change", "DROP INDEX change_limits", "PRAGMA user_version = 7"]
)
def test_another_layout_is_set_aside(folder, caplog, statement):
    fill(folder)
    with closing(sqlite3.connect(folder / "history.sqlite3")) as other:
        other.execute(statement)
    assert use(folder) == []
    assert "kept as" in caplog.text


def test_somebody_elses_database_is_set_aside_whole(folder):
    folder.mkdir()
    with closing(sqlite3.connect(folder / "history.sqlite3")) as other, other:
        other.execute("CREATE TABLE mine (text)")
        other.execute("INSERT INTO mine VALUES ('precious')")
    use(folder)
    (aside,) = folder.glob("*.corrupt-*[0-9]")
    with closing(sqlite3.connect(aside)) as other:
        assert other.execute("SELECT text FROM mine").fetchall() == [("precious",)]


def test_the_ids_go_on_in_a_new_store(folder):
    """A note on the desktop may still name a change: its Undo must not hit another one."""
    with closing(HistoryDatabase(str(folder))) as database:
        first = [database.add("/a", ChangeKind.FORMAT, os.urandom(9000), b"", None) for _ in range(3)]
        database.close()
        os.truncate(folder / "history.sqlite3", 5000)
        assert database.add("/b", ChangeKind.FORMAT, b"", b"", None) > first[-1]


@needs_root
def test_a_state_folder_that_cannot_be_written_is_said_and_nothing_is_formatted(tmp_path):
    with folder_on(None) as home, PrivateBus(tmp_path) as bus:
        state = home / "state" / "gowatchd"
        state.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(state)], check=True, timeout=90)
        try:
            with Daemon(home, bus) as daemon:
                saved(daemon)
                said = standing(daemon)
                assert "no way back could be kept" in said
                assert f"{state}/history.sqlite3 cannot be used" in said
                assert [one for one in daemon.ask("GetStatus")["off"] if one["part"] == "history"]
                assert daemon.gowatchctl("log").returncode == 69
                assert (daemon.source / "go.mod").read_bytes() == MESSY
                subprocess.run(["mount", "-o", "remount,rw", str(state)], check=True, timeout=90)
                (daemon.source / "go.mod").write_bytes(MESSY)
                daemon.wait_for_bytes(daemon.source / "go.mod", TIDY)
        finally:
            subprocess.run(["umount", "-l", str(state)], check=True, timeout=90)


def test_a_second_daemon_with_the_same_state_says_so_and_formats_nothing(tmp_path):
    with PrivateBus(tmp_path) as bus, Daemon(tmp_path / "home", bus) as first:
        (first.source / "go.mod").write_bytes(MESSY)
        first.wait_for_bytes(first.source / "go.mod", TIDY)
        (tmp_path / "other").mkdir()
        with PrivateBus(tmp_path / "other") as other:
            second = Daemon(tmp_path / "second", other)
            second.environment["XDG_STATE_HOME"] = first.environment["XDG_STATE_HOME"]
            with second:
                saved(second)
                assert "is in use by another gowatchd" in standing(second)
                assert (second.source / "go.mod").read_bytes() == MESSY
                assert first.gowatchctl("undo").returncode == 0
                assert first.stop() == 0
                (second.source / "go.mod").write_bytes(MESSY + b"// again\n")  # it has the history now
                second.wait_for_bytes(second.source / "go.mod", TIDY + b"\n// again\n")


def test_a_backup_program_that_reads_the_history_at_the_start_is_waited_for(folder, tmp_path):
    fill(folder)
    with closing(sqlite3.connect(folder / "history.sqlite3")) as backup:
        backup.execute("PRAGMA journal_mode = WAL")
        backup.execute("BEGIN")
        backup.execute("SELECT count(*) FROM change").fetchone()
        with closing(HistoryDatabase(str(folder))) as database:
            with pytest.raises(HistoryError, match="or by a program that looks into it"):
                database.open()
            backup.execute("COMMIT")
            backup.close()
            assert database.latest() is not None
    assert not list(folder.glob("*.corrupt-*"))


def test_a_copy_of_a_history_in_use_is_a_whole_history(folder, tmp_path):
    """What a backup program copies while the daemon runs can be read."""
    with closing(HistoryDatabase(str(folder))) as database:
        for number in range(50):
            change = database.add("/home/me/go.mod", ChangeKind.FORMAT, b"%d" % number * 3000, b"new", None)
            database.settle(change, ChangeState.DONE, "")
        shutil.copytree(folder, tmp_path / "copy")
    with closing(HistoryDatabase(str(tmp_path / "copy"))) as copy:
        assert copy.latest().before == b"49" * 3000
        assert len(copy.newest(0, 1000)) == 50


@needs_root
def test_a_disk_that_is_full_between_the_write_and_its_note(tmp_path):
    """The file is rewritten, and the note of it is made up for before anything else is."""
    disk = tmp_path / "disk"
    path = tmp_path / "go.mod"
    path.write_bytes(MESSY)
    with small_disk(disk, "256k"), closing(HistoryDatabase(str(disk / "state"))) as database:
        history = History(database, SafeFiles())
        change = history.begin(str(path), MESSY, TIDY)
        ballast = disk / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(1024)):
                pass
        path.write_bytes(TIDY)
        with pytest.raises(HistoryError, match=r"full|I/O error"):
            history.finish(change, WRITTEN)
        with pytest.raises(HistoryError):
            history.begin(str(path), TIDY, MESSY)
        assert database.get(change).state is ChangeState.INTENDED
        ballast.unlink()
        assert history.begin(str(path), TIDY, MESSY) == change + 1
        assert database.get(change).state is ChangeState.DONE


@needs_root
def test_an_undo_on_a_disk_that_is_full_for_its_note_is_an_undo(tmp_path):
    disk, path = tmp_path / "disk", tmp_path / "go.mod"
    path.write_bytes(TIDY)
    with small_disk(disk, "256k"), closing(HistoryDatabase(str(disk / "state"))) as database:
        history = History(database, SafeFiles())
        change = history.begin(str(path), MESSY, TIDY)
        history.finish(change, WRITTEN)
        real = database.settle
        database.settle = lambda *_: (_ for _ in ()).throw(HistoryError("disk full"))
        assert history.undo(LATEST).outcome is UndoOutcome.UNDONE
        assert path.read_bytes() == MESSY
        database.settle = real
        assert history.undo(change).outcome in {UndoOutcome.ALREADY_UNDONE, UndoOutcome.UNKNOWN}
        assert path.read_bytes() == MESSY


@needs_root
def test_a_history_of_another_user_is_said(tmp_path):
    with folder_on(None) as place:
        fill(place / "state")

        def look():
            try:
                HistoryDatabase(str(place / "state")).open()
            except HistoryError as error:
                return str(error)
            return "opened"

        assert "cannot be used: [Errno 1] Operation not permitted" in as_nobody(look)


def saved(daemon):
    (daemon.source / "go.mod").write_bytes(MESSY)
    daemon.wait_for(lambda: standing(daemon), "a reason why it is not formatted")


def standing(daemon):
    found = [one["format"] for one in daemon.ask("GetStatus")["workspaces"]]
    return found[0][0]["reason"] if found and found[0] else ""
