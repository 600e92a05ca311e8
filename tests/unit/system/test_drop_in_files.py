"""Our drop-ins on the disk: written whole, removed whole, and never over an edit of the same moment."""

from __future__ import annotations

import os
import stat
import threading

import pytest

from gowatchd.services.ports import Look, SwapOutcome
from gowatchd.system import drop_in_trade
from gowatchd.system.drop_in_files import DropInFiles, clean_drop_in_folder, is_drop_in
from gowatchd.unitfile.drop_in import render

OURS = render("a.service", {"A": "1"}, "a test").encode()
NEWER = render("a.service", {"A": "2"}, "a test").encode()
MINE = b"[Service]\n# mine\n"


@pytest.fixture
def files():
    return DropInFiles()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "user" / "a.service.d" / "50-gowatchd.conf"


def left(tmp_path):
    return sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*"))


def test_nothing_becomes_a_file_and_nothing_again(files, path, tmp_path):
    assert files.read(str(path)).look is Look.CONTENT
    assert files.swap(str(path), b"", OURS).outcome is SwapOutcome.WRITTEN
    assert path.read_bytes() == OURS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert files.swap(str(path), OURS, NEWER).outcome is SwapOutcome.WRITTEN
    assert path.read_bytes() == NEWER
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert left(tmp_path) == ["user", "user/a.service.d", "user/a.service.d/50-gowatchd.conf"]
    assert files.swap(str(path), NEWER, b"").outcome is SwapOutcome.WRITTEN
    assert left(tmp_path) == ["user"]


def test_others_in_the_folder_keep_it(files, path):
    files.swap(str(path), b"", OURS)
    override = path.with_name("override.conf")
    override.write_bytes(MINE)
    assert files.swap(str(path), OURS, b"").outcome is SwapOutcome.WRITTEN
    assert os.listdir(path.parent) == ["override.conf"]


@pytest.mark.parametrize("new", [b"", NEWER])
def test_what_is_not_as_expected_stays(files, path, new):
    path.parent.mkdir(parents=True)
    path.write_bytes(MINE)
    assert files.swap(str(path), OURS, new).outcome is SwapOutcome.CHANGED
    assert files.swap(str(path), b"", NEWER).outcome is SwapOutcome.CHANGED
    assert os.listdir(path.parent) == [path.name]
    assert path.read_bytes() == MINE


@pytest.mark.parametrize("new", [b"", NEWER])
def test_an_editor_that_has_it_open_keeps_it(files, path, new):
    files.swap(str(path), b"", OURS)
    with path.open("r+b"):
        assert files.swap(str(path), OURS, new).outcome is SwapOutcome.BUSY
    assert path.read_bytes() == OURS
    assert os.listdir(path.parent) == [path.name]


def test_links_and_other_things_are_not_ours(files, path, tmp_path):
    target = tmp_path / "target"
    target.write_bytes(OURS)
    path.parent.mkdir(parents=True)
    path.symlink_to(target)
    assert files.read(str(path)).look is Look.DENIED
    assert files.swap(str(path), OURS, b"").outcome is SwapOutcome.REFUSED
    path.unlink()
    os.mkfifo(path)
    assert files.swap(str(path), b"", OURS).outcome is SwapOutcome.REFUSED
    assert target.read_bytes() == OURS


def test_a_linked_folder_is_somebody_elses(files, path, tmp_path):
    (tmp_path / "store").mkdir()
    path.parent.parent.mkdir()
    path.parent.symlink_to(tmp_path / "store")
    assert files.swap(str(path), b"", OURS).outcome is SwapOutcome.REFUSED
    assert not os.listdir(tmp_path / "store")


def test_without_leases_the_content_decides(files, path, monkeypatch):
    monkeypatch.setattr(
        drop_in_trade.lease, "take_read_lease", lambda _fd: drop_in_trade.lease.Grant.UNSUPPORTED
    )
    files.swap(str(path), b"", OURS)
    assert files.swap(str(path), OURS, NEWER).outcome is SwapOutcome.WRITTEN
    assert path.read_bytes() == NEWER
    assert files.swap(str(path), NEWER, b"").outcome is SwapOutcome.WRITTEN
    assert not path.parent.exists()


def test_a_file_system_that_cannot_exchange_keeps_the_old(files, path, monkeypatch):
    def cannot(*_arguments):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(drop_in_trade, "exchange", cannot)
    files.swap(str(path), b"", OURS)
    swap = files.swap(str(path), OURS, NEWER)
    assert (swap.outcome, swap.reason) == (SwapOutcome.REFUSED, "its file system cannot exchange files")
    assert path.read_bytes() == OURS
    assert os.listdir(path.parent) == [path.name]


def test_what_a_kill_left_is_removed_and_what_somebody_wrote_is_not(path):
    path.parent.mkdir(parents=True)
    draft = path.with_name(".50-gowatchd.conf.0123456789abcdef")
    draft.write_bytes(OURS[:20])
    aside = path.with_name(".50-gowatchd.conf.0123456789abcdef.tmp")
    aside.write_bytes(OURS)
    edited = path.with_name(".50-gowatchd.conf.1123456789abcdef.tmp")
    edited.write_bytes(MINE)
    other = path.with_name(".50-gowatchd.conf.swp")
    other.write_bytes(b"vim")
    clean_drop_in_folder(str(path.parent))
    assert sorted(os.listdir(path.parent)) == sorted([edited.name, other.name])
    edited.unlink()
    other.unlink()
    draft.touch()
    clean_drop_in_folder(str(path.parent))
    assert not path.parent.exists()
    clean_drop_in_folder(str(path.parent))


def test_only_our_names_are_drop_ins():
    assert is_drop_in("/h/.config/systemd/user/a.service.d/50-gowatchd.conf")
    assert is_drop_in("/h/.config/systemd/user/a@b.service.d/51-gowatchd-instance.conf")
    assert is_drop_in("/h/.config/environment.d/99-gowatchd.conf")
    assert not is_drop_in("/h/.config/99-gowatchd.conf")
    assert not is_drop_in("/h/.config/systemd/user/a.service.d/override.conf")
    assert not is_drop_in("/h/src/50-gowatchd.conf")


EDITS = [b"[Service]\n# edit %d\n" % number for number in range(400)]


def save(path, data, how):
    if how == "rename":
        draft = path.with_name("draft")
        draft.write_bytes(data)
        os.replace(draft, path)
        return
    with path.open("r+b") as file:
        file.write(data)
        file.truncate()


MOMENTS = ["before", "around", "around", "after"]


@pytest.mark.parametrize("how", ["rename", "in place"])
def test_an_edit_of_the_same_moment_is_never_lost(files, path, how):
    """Somebody saves before, around and after our writes: what they wrote is there in the end."""
    files.swap(str(path), b"", OURS)
    begin, saved, swapped, end = (threading.Barrier(2, timeout=20) for _ in range(4))

    def edit():
        for number, data in enumerate(EDITS):
            moment = MOMENTS[number % len(MOMENTS)]
            begin.wait()
            if moment == "around":
                sum(range(number % 40 * 100))  # a moment, longer every time
            elif moment == "after":
                swapped.wait()
            save(path, data, how)
            if moment == "before":
                saved.wait()
            end.wait()

    editor = threading.Thread(target=edit)
    editor.start()
    outcomes = {moment: set() for moment in MOMENTS}
    for number, data in enumerate(EDITS):
        moment = MOMENTS[number % len(MOMENTS)]
        begin.wait()
        if moment == "before":
            saved.wait()
        outcomes[moment].add(files.swap(str(path), OURS, NEWER).outcome)
        if moment == "after":
            swapped.wait()
        end.wait()
        assert data in [one.read_bytes() for one in path.parent.iterdir()]
        for one in path.parent.iterdir():
            one.unlink()
        path.write_bytes(OURS)
    editor.join(20)
    assert not editor.is_alive()
    assert outcomes["before"] == {SwapOutcome.CHANGED}
    assert outcomes["after"] == {SwapOutcome.WRITTEN}
