from __future__ import annotations

import os
import socket
import stat
import time

import pytest

from gowatchd.services.ports import Look, Reading, Swap, SwapOutcome
from gowatchd.system import lease
from gowatchd.system.files import YOUNG_NS, SafeFiles
from gowatchd.system.refusals import MAX_SIZE, Refusals
from tests.support.other_process import Fork
from tests.support.places import KINDS, folder_on
from tests.support.watching import write

OLD = b"module   example.com/m\n\n\n"
NEW = b"module example.com/m\n"


@pytest.fixture
def path(tmp_path):
    return str(write(tmp_path / "go.mod", OLD.decode()))


def test_reads_the_content(path):
    assert SafeFiles().read(path) == Reading(path, Look.CONTENT, OLD)


def make_directory(path):
    path.mkdir()


def make_loop(path):
    path.symlink_to(path)


def make_dangling(path):
    path.symlink_to("nowhere")


def make_socket(path):
    os.chdir(path.parent)  # the address of a socket has little room
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)


def make_large(path):
    path.touch()
    os.truncate(path, MAX_SIZE + 1)


@pytest.mark.parametrize(
    ("make", "look", "reason"),
    [
        (lambda path: None, Look.MISSING, "no such file or directory"),
        (make_dangling, Look.MISSING, "no such file or directory"),
        (make_loop, Look.MISSING, "too many levels of symbolic links"),
        (make_directory, Look.SPECIAL, "is a directory"),
        (os.mkfifo, Look.SPECIAL, "is a named pipe"),
        (make_socket, Look.SPECIAL, "is a socket"),
        (lambda path: path.symlink_to("/dev/zero"), Look.SPECIAL, "is a device"),
        (make_large, Look.TOO_LARGE, "is larger than 16 MiB"),
    ],
)
def test_what_is_not_read_is_not_written_either(tmp_path, monkeypatch, make, look, reason):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "go.mod"
    make(path)
    assert SafeFiles().read(str(path)) == Reading(str(path), look, reason=reason)
    swap = SafeFiles().swap(str(path), b"", b"module m\n")
    assert swap.outcome in {SwapOutcome.REFUSED, SwapOutcome.CHANGED}
    assert swap.reason == reason


def test_the_largest_file_is_read(path):
    os.truncate(path, MAX_SIZE)
    assert len(SafeFiles().read(path).data) == MAX_SIZE


@pytest.mark.parametrize("path", ["/dev/null/go.mod", "/" + "x" * 300, "/a\0b"])
def test_impossible_paths(path):
    assert SafeFiles().read(path).look is Look.MISSING


def test_a_waiting_writer_of_a_fifo_is_left_waiting(tmp_path):
    path = tmp_path / "go.mod"
    os.mkfifo(path)
    SafeFiles().read(str(path))
    with pytest.raises(OSError, match="No such device"):  # no reader is, or was left, there
        os.open(path, os.O_WRONLY | os.O_NONBLOCK)


def test_a_writer_is_seen(path):
    with open(path, "r+b"):
        assert SafeFiles().read(path).look is Look.WRITER
    assert SafeFiles().read(path).look is Look.CONTENT


def test_readers_do_not_matter_to_a_look(path):
    with open(path, "rb"):
        assert SafeFiles().read(path).look is Look.CONTENT


def test_somebody_elses_write_lease_is_not_waited_for(path):
    def hold():
        fd = os.open(path, os.O_RDWR)
        lease.take_write_lease(fd)
        os.write(told, b"x")
        os.read(wait, 1)
        lease.release(fd)

    (hear, told), (wait, end) = os.pipe(), os.pipe()
    holder = Fork(hold)
    os.read(hear, 1)
    assert SafeFiles().read(path).look is Look.WRITER
    os.write(end, b"x")
    holder.answer()


def test_the_kernels_signal_to_a_lease_holder_does_not_kill(path):
    """SIGIO, which is the default for that, would."""

    def hold():
        fd = os.open(path, os.O_RDWR)
        lease.take_write_lease(fd)
        os.write(told, b"x")
        opener = Fork(lambda: os.close(os.open(path, os.O_RDONLY)))
        while os.read(hear, 1) and lease.fcntl.fcntl(fd, lease.fcntl.F_GETLEASE) == lease.fcntl.F_WRLCK:
            os.write(told, b"x")  # until the opener waits
        lease.release(fd)
        return opener.answer()

    hear, told = os.pipe()
    assert Fork(hold).answer() is None


def test_is_directory(tmp_path, path):
    (tmp_path / "link").symlink_to(tmp_path)
    files = SafeFiles()
    assert files.is_directory(str(tmp_path))
    assert files.is_directory(str(tmp_path / "link"))
    assert not files.is_directory(path)
    assert not files.is_directory("/nowhere")


@pytest.mark.parametrize("where", KINDS)
@pytest.mark.parametrize("new", [NEW, OLD + b"// longer\n", OLD.swapcase(), b"", OLD + b"// x\n" * 5000])
@pytest.mark.parametrize("reader", [False, True], ids=["alone", "with a reader"])
def test_swap(where, new, reader):
    with folder_on(where) as folder:
        path = folder / "go.mod"
        path.write_bytes(OLD)
        path.chmod(0o640)
        before = path.stat()
        held = path.open("rb") if reader else None
        assert SafeFiles().swap(str(path), OLD, new) == Swap(SwapOutcome.WRITTEN)
        assert path.read_bytes() == new
        after = path.stat()
        assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
        assert reader or after.st_ino == before.st_ino
        assert os.listdir(folder) == ["go.mod"]
        if held is not None:
            assert held.read() == OLD  # whoever reads the old file reads it to its end
            held.close()


def test_swap_keeps_links_and_attributes(tmp_path, path):
    os.link(path, tmp_path / "hard")
    (tmp_path / "soft").symlink_to("go.mod")
    os.setxattr(path, "user.note", b"mine")
    assert SafeFiles().swap(str(tmp_path / "soft"), OLD, NEW).outcome is SwapOutcome.WRITTEN
    assert (tmp_path / "soft").is_symlink()
    assert (tmp_path / "hard").read_bytes() == NEW
    assert os.getxattr(path, "user.note") == b"mine"


@pytest.mark.parametrize("bind", ["hard link", "attribute"])
def test_swap_waits_for_readers_where_an_exchange_would_break_something(tmp_path, path, bind):
    if bind == "hard link":
        os.link(path, tmp_path / "other")
    else:
        os.setxattr(path, "user.note", b"mine")
    with open(path, "rb"):
        assert SafeFiles().swap(path, OLD, NEW).outcome is SwapOutcome.BUSY
    assert SafeFiles().read(path).data == OLD
    assert SafeFiles().swap(path, OLD, NEW).outcome is SwapOutcome.WRITTEN


def test_swap_leaves_a_newer_save(path):
    assert SafeFiles().swap(path, b"older", NEW).outcome is SwapOutcome.CHANGED
    assert SafeFiles().read(path).data == OLD


def test_swap_leaves_a_file_that_somebody_writes(path):
    with open(path, "r+b"):
        assert SafeFiles().swap(path, OLD, NEW).outcome is SwapOutcome.BUSY
    assert SafeFiles().read(path).data == OLD


def test_swap_respects_the_go_commands_lock(path):
    """A lock needs an open file, which the lease sees; with the lock only inherited, flock itself decides."""
    import fcntl  # noqa: PLC0415 - beside what it shows

    with open(path, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert SafeFiles().swap(path, OLD, NEW).outcome is SwapOutcome.BUSY
    assert SafeFiles().read(path).data == OLD


def test_swap_of_a_file_that_went_away(tmp_path):
    swap = SafeFiles().swap(str(tmp_path / "go.mod"), OLD, NEW)
    assert swap == Swap(SwapOutcome.CHANGED, "no such file or directory")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("vendor/x/go.mod", "is below a vendor folder"), ("cache/x/go.mod", "is below {root}/cache")],
)
def test_swap_refuses_what_belongs_to_tools(tmp_path, name, reason):
    path = write(tmp_path / name, OLD.decode())
    swap = SafeFiles(Refusals([str(tmp_path / "cache"), ""])).swap(str(path), OLD, NEW)
    assert swap == Swap(SwapOutcome.REFUSED, reason.format(root=tmp_path))
    assert path.read_bytes() == OLD


def test_swap_refuses_a_file_without_the_write_bit(path):
    os.chmod(path, stat.S_IRUSR)
    assert SafeFiles().swap(path, OLD, NEW) == Swap(SwapOutcome.REFUSED, "is not writable")


def test_a_look_and_a_vain_swap_make_no_event(tmp_path, path):
    from gowatchd.system.inotify import Inotify  # noqa: PLC0415 - this test alone listens

    watch = Inotify()
    watch.add(os.fsencode(tmp_path))
    os.link(path, tmp_path.parent / "elsewhere")
    with open(path, "rb"):
        SafeFiles().read(path)
        SafeFiles().swap(path, OLD, NEW)
        SafeFiles().swap(path, b"other", NEW)
    assert watch.read() == b""
    watch.close()


def test_a_mark_stays_while_a_file_rests_and_only_then(tmp_path, monkeypatch):
    path = tmp_path / "go.sum"
    files = SafeFiles()
    assert files.mark(str(path)) is None
    assert files.mark("a\0b") is None
    path.write_bytes(b"a")
    assert files.mark(str(path)) != files.mark(str(path))  # it may change again in the same tick
    later = time.time_ns() + 10 * YOUNG_NS
    monkeypatch.setattr("gowatchd.system.files.time.time_ns", lambda: later)
    os.utime(path, ns=(1, 1))
    mark = files.mark(str(path))
    assert mark == files.mark(str(path))
    path.write_bytes(b"b")
    assert files.mark(str(path)) != mark


def test_a_larger_file_is_read_where_that_is_asked_for(tmp_path):
    path = tmp_path / "go.sum"
    path.write_bytes(b"x" * 100)
    files = SafeFiles(largest=99)
    assert files.read(str(path)).look is Look.TOO_LARGE
    assert files.read(str(path), 100).data == b"x" * 100
    assert SafeFiles().read(str(path), 99).look is Look.TOO_LARGE
