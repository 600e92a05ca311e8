"""What may happen between one step of a rewrite and the next: names move, owners change, we are stopped."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import subprocess
import time

import pytest

from gowatchd.services.ports import Swap, SwapOutcome
from gowatchd.system import exchange, lease, safe_write
from gowatchd.system.files import SafeFiles
from gowatchd.system.refusals import MAX_SIZE, Refusals
from tests.support.other_process import NOBODY, needs_root
from tests.support.places import KINDS, folder_on
from tests.support.stops import NEW, OLD, SAVED

NEWER = Swap(SwapOutcome.CHANGED, "it was saved again meanwhile")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "app" / "go.mod"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


@pytest.fixture
def between(monkeypatch):
    """Return a function that has something happen right behind a step of ours."""

    def arrange(module, step, event):
        real = getattr(module, step)

        def both(*arguments):
            answer = real(*arguments)
            event(*arguments)
            return answer

        monkeypatch.setattr(module, step, both)

    return arrange


def swap(path, *refused):
    return SafeFiles(Refusals(map(str, refused))).swap(str(path), OLD, NEW)


def test_a_link_gets_another_target(path, between):
    link, other = path.with_name("link"), path.with_name("other")
    link.symlink_to(path)
    other.write_bytes(OLD)

    def point_elsewhere(*_):
        link.unlink()
        link.symlink_to(other)

    between(safe_write, "_probe", point_elsewhere)
    assert swap(link) == NEWER
    assert (path.read_bytes(), other.read_bytes()) == (OLD, OLD)


@pytest.mark.parametrize("reader", [False, True], ids=["in place", "exchanged"])
def test_a_folder_becomes_a_link_into_a_tools_folder(path, between, tmp_path, reader):
    shutil.copytree(path.parent, tmp_path / "cache" / "m")
    theirs = tmp_path / "cache" / "m" / "go.mod"

    def replace_the_folder(*_):
        path.parent.rename(tmp_path / "away")
        path.parent.symlink_to(theirs.parent)

    between(safe_write, "_probe", replace_the_folder)
    with path.open("rb") if reader else open(os.devnull), theirs.open("rb") if reader else open(os.devnull):
        assert swap(path, tmp_path / "cache") == Swap(SwapOutcome.REFUSED, f"is below {tmp_path}/cache")
    assert theirs.read_bytes() == OLD
    assert os.listdir(theirs.parent) == ["go.mod"]


@needs_root
@pytest.mark.parametrize("reader", [False, True], ids=["in place", "exchanged"])
def test_the_file_gets_another_owner(path, between, reader):
    between(safe_write, "_probe", lambda *_: os.chown(path, NOBODY, NOBODY))
    with path.open("rb") if reader else open(os.devnull):
        assert swap(path) == Swap(SwapOutcome.REFUSED, "belongs to another user")
    assert path.read_bytes() == OLD


def test_the_folder_is_renamed_before_the_file_is_opened_for_writing(path, between):
    elsewhere = path.parent.with_name("elsewhere")
    between(safe_write, "_probe", lambda *_: path.parent.rename(elsewhere))
    assert swap(path) == Swap(SwapOutcome.CHANGED, "no such file or directory")
    assert (elsewhere / "go.mod").read_bytes() == OLD


@pytest.mark.parametrize("step", ["_draft", "exchange"])
def test_the_folder_is_renamed_during_an_exchange(path, between, step):
    elsewhere = path.parent.with_name("elsewhere")
    between(exchange, step, lambda *_: path.parent.rename(elsewhere))
    with path.open("rb"):
        outcome = swap(path).outcome
    assert outcome is (SwapOutcome.WRITTEN if step == "exchange" else SwapOutcome.CHANGED)
    assert (elsewhere / "go.mod").read_bytes() == (NEW if step == "exchange" else OLD)
    assert os.listdir(elsewhere) == ["go.mod"]


@pytest.mark.parametrize("step", ["_draft", "_closed_by", "_hindrance"])
def test_a_save_before_the_exchange_stays(path, between, step):
    between(exchange, step, lambda *_: os.replace(write(path.with_name("new"), SAVED), path))
    with path.open("rb"):
        assert swap(path).outcome is SwapOutcome.CHANGED
    assert path.read_bytes() == SAVED
    assert os.listdir(path.parent) == ["go.mod"]


def test_a_second_hard_link_before_the_exchange(path, between):
    between(exchange, "_draft", lambda *_: os.link(path, path.with_name("other")))
    with path.open("rb"):
        swapped = swap(path)
    assert swapped.outcome is SwapOutcome.BUSY
    assert "its links or attributes bind it" in swapped.reason
    assert os.stat(path).st_nlink == 2
    assert sorted(os.listdir(path.parent)) == ["go.mod", "other"]


# We are stopped (SIGSTOP, a debugger, a frozen control group) and the kernel takes our lease away after 45 s.
# Here it is given away instead, and the clock that tells of it put forward; `make soak` waits for the kernel.


@pytest.fixture
def stopped(monkeypatch, between):
    def arrange(step):
        def overtake(fd, *_):
            lease.release(fd)
            path = os.readlink(f"/proc/self/fd/{fd}")
            editor = subprocess.run(["cp", f"{path}.saved", path], timeout=90, check=True)
            assert editor.returncode == 0

        monkeypatch.setattr(safe_write, "_SURE", -1.0)
        between(safe_write, step, overtake)

    return arrange


@pytest.mark.parametrize(
    ("step", "outcome"), [("objection", SwapOutcome.BUSY), ("_write", SwapOutcome.WRITTEN)]
)
def test_a_save_while_we_are_stopped_under_the_lease_stands(path, stopped, step, outcome):
    saved = SAVED * 3
    write(path.with_name("go.mod.saved"), saved)
    stopped(step)
    assert swap(path).outcome is outcome
    assert path.read_bytes() == saved


def test_a_stop_in_which_nobody_came_changes_nothing(path, monkeypatch):
    monkeypatch.setattr(safe_write, "_SURE", -1.0)
    assert swap(path).outcome is SwapOutcome.WRITTEN
    assert path.read_bytes() == NEW


def test_a_failure_after_a_stop_does_not_put_old_bytes_over_a_save(path, stopped, monkeypatch):
    saved = SAVED * 3
    write(path.with_name("go.mod.saved"), saved)
    stopped("_write")
    real = safe_write._write

    def fail(fd, data):
        real(fd, data)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(safe_write, "_write", fail)
    assert swap(path) == Swap(SwapOutcome.FAILED, "input/output error")
    assert path.read_bytes() == saved


# Files of uncommon kinds.


@needs_root
@pytest.mark.parametrize("flag", ["i", "a"])
def test_an_immutable_file(path, flag):
    if subprocess.run(["chattr", f"+{flag}", path], capture_output=True, timeout=90, check=False).returncode:
        pytest.skip(f"no chattr +{flag} on this file system")
    try:
        assert swap(path) == Swap(SwapOutcome.REFUSED, "operation not permitted")
        with path.open("rb"):
            assert swap(path) == Swap(SwapOutcome.REFUSED, "operation not permitted")
    finally:
        subprocess.run(["chattr", f"-{flag}", path], timeout=90, check=True)
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == ["go.mod"]


def test_owner_mode_acl_and_attributes_stay(path):
    subprocess.run(["setfacl", "-m", "u:nobody:r", path], timeout=90, check=True)
    os.setxattr(path, "user.note", b"mine")
    path.chmod(0o4640)
    before, acl = path.stat(), os.getxattr(path, "system.posix_acl_access")
    assert swap(path).outcome is SwapOutcome.WRITTEN
    after = path.stat()
    assert (after.st_ino, after.st_uid, after.st_gid) == (before.st_ino, before.st_uid, before.st_gid)
    assert os.getxattr(path, "system.posix_acl_access") == acl
    assert os.getxattr(path, "user.note") == b"mine"
    with path.open("rb"):
        assert SafeFiles().swap(str(path), NEW, OLD).outcome is SwapOutcome.BUSY


def test_an_exchanged_file_takes_no_acl_from_its_folder(path):
    subprocess.run(["setfacl", "-d", "-m", "u:nobody:rwx", path.parent], timeout=90, check=True)
    path.chmod(0o604)
    with path.open("rb"):
        assert swap(path).outcome is SwapOutcome.WRITTEN
    assert path.stat().st_mode & 0o7777 == 0o604
    assert os.listxattr(path) == []


@pytest.mark.parametrize("reader", [False, True], ids=["in place", "exchanged"])
def test_the_time_of_change_is_the_time_of_our_change(path, reader):
    os.utime(path, (1e9, 1e9))
    before = time.time()
    with path.open("rb") if reader else open(os.devnull):
        assert swap(path).outcome is SwapOutcome.WRITTEN
    assert before - 0.1 <= path.stat().st_mtime <= time.time()  # the kernel's clock for it is a coarse one


@pytest.mark.parametrize("where", KINDS)
@pytest.mark.parametrize("reader", [False, True], ids=["in place", "exchanged"])
def test_large_files_and_holes(where, reader):
    with folder_on(where) as folder:
        path = folder / "go.mod"
        for old, new in [(bytes(MAX_SIZE), b"x" * MAX_SIZE), (b"x" * MAX_SIZE, b""), (bytes(8192), b"new")]:
            path.write_bytes(b"")
            if old[:1] == b"\0":
                os.truncate(path, len(old))
            else:
                path.write_bytes(old)
            with path.open("rb") if reader else open(os.devnull):
                assert SafeFiles().swap(str(path), old, new).outcome is SwapOutcome.WRITTEN
            assert path.read_bytes() == new


def test_a_lock_that_was_handed_on(path, monkeypatch):
    """The lease would see the open file; with the lease blind, flock itself says no."""
    monkeypatch.setattr(lease, "take_write_lease", lambda _: lease.Grant.GRANTED)
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert swap(path) == Swap(SwapOutcome.BUSY, "another program keeps it open")
    assert path.read_bytes() == OLD


def test_a_lock_of_a_reader(path):
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert swap(path) == Swap(SwapOutcome.BUSY, "another program keeps it open and locked")
    assert path.read_bytes() == OLD


@pytest.mark.parametrize("step", ["_draft", "exchange"])
@pytest.mark.parametrize("number", [errno.EOPNOTSUPP, errno.EINVAL])
def test_a_file_system_that_cannot_exchange(path, monkeypatch, step, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(exchange, step, refuse)
    with path.open("rb"):
        swapped = swap(path)
    assert swapped.outcome is SwapOutcome.BUSY
    assert "cannot exchange files" in swapped.reason
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == ["go.mod"]


def write(path, data):
    path.write_bytes(data)
    return path
