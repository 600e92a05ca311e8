"""A file of our own state: never half written, never trusted, never in the way of a start."""

from __future__ import annotations

import json
import os
import stat

import pytest

from gowatchd.system.state_file import MAX_ASIDE, MAX_SIZE, StateFile, StateFileError


def names_are_text(value):
    if not all(isinstance(name, str) for name in value["names"]):
        raise ValueError("a name is no text")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "gowatchd"


@pytest.fixture
def file(folder):
    return StateFile(str(folder), "names.json", names_are_text)


def test_what_was_written_is_read_again(file, folder):
    assert file.read() is None
    file.write({"names": ["a", "\udcff"]}, durable=True)
    file.write({"names": ["b", "\udcff"]}, durable=False)
    assert file.read() == {"schema": 1, "names": ["b", "\udcff"]}
    assert os.listdir(folder) == ["names.json"]


def test_nobody_else_may_read_it(file, folder):
    file.write({"names": []}, durable=True)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "names.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"schema": 2, "names": []}',
        b'{"schema": 1}',
        b'{"schema": 1, "names": 3}',
        b'{"schema": 1, "names": [3]}',
        b"[" * 100_000,
        b" " * (MAX_SIZE + 1),
    ],
    ids=lambda content: content[:30].decode("latin-1"),
)
def test_a_bad_one_is_set_aside_and_said(file, folder, content, caplog):
    folder.mkdir(parents=True)
    (folder / "names.json").write_bytes(content)
    assert file.read() is None
    (aside,) = folder.glob("names.json.corrupt-*")
    assert aside.read_bytes() == content
    assert str(aside) in caplog.text
    file.write({"names": ["new"]}, durable=True)
    assert file.read() == {"schema": 1, "names": ["new"]}


def test_only_a_few_are_set_aside(file, folder):
    folder.mkdir(parents=True)
    for year in range(2020, 2026):
        (folder / f"names.json.corrupt-{year}0101T000000").write_text("old")
    (folder / "names.json").write_text("bad")
    file.read()
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == MAX_ASIDE
    assert kept[:2] == ["names.json.corrupt-20240101T000000", "names.json.corrupt-20250101T000000"]


def test_a_pipe_does_not_hold_us_up(file, folder):
    folder.mkdir(parents=True)
    os.mkfifo(folder / "names.json")
    assert file.read() is None


def test_a_link_is_not_followed(file, folder, tmp_path):
    folder.mkdir(parents=True)
    (tmp_path / "other").write_text(json.dumps({"schema": 1, "names": ["theirs"]}))
    (folder / "names.json").symlink_to(tmp_path / "other")
    with pytest.raises(StateFileError, match=r"names\.json"):
        file.read()
    file.write({"names": ["ours"]}, durable=True)
    assert file.read() == {"schema": 1, "names": ["ours"]}
    assert "theirs" in (tmp_path / "other").read_text()


def test_a_failed_write_leaves_the_old_one_and_no_draft(file, folder, monkeypatch):
    file.write({"names": ["old"]}, durable=True)
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(StateFileError, match="no space left"):
        file.write({"names": ["new"]}, durable=True)
    assert os.listdir(folder) == ["names.json"]
    assert file.read() == {"schema": 1, "names": ["old"]}


def test_one_at_a_time_may_change_it(file, folder):
    other = StateFile(str(folder), "names.json", names_are_text)
    with file.locked(), pytest.raises(StateFileError, match="try again"), other.locked():
        pytest.fail("both had the lock")
    with other.locked():
        other.write({"names": []}, durable=True)
