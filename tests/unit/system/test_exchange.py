"""An exchange that is disturbed or killed in the middle, and what is left of it."""

from __future__ import annotations

import hashlib
import os

import pytest

from gowatchd.services.ports import SwapOutcome
from gowatchd.system.exchange import swap_by_exchange
from gowatchd.system.refusals import Refusals
from gowatchd.system.strays import clean_strays

OLD, NEW, SAVED, LATER = b"module old\n", b"module new\n", b"module saved\n", b"module later\n"


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


STRAY = f".go.mod.gowatchd-{digest(OLD)}-{digest(NEW)}"


@pytest.mark.parametrize(
    ("stray", "file", "left"),
    [
        (NEW, OLD, OLD),  # killed before the exchange
        (OLD, NEW, NEW),  # after it
        (OLD, LATER, LATER),
        (SAVED, NEW, SAVED),  # a save came between and was taken out: it goes back
        (SAVED, None, SAVED),
        (OLD, None, None),
    ],
)
def test_settled(tmp_path, stray, file, left):
    (tmp_path / STRAY).write_bytes(stray)
    if file is not None:
        (tmp_path / "go.mod").write_bytes(file)
    assert clean_strays(str(tmp_path)) == ()
    assert os.listdir(tmp_path) == ([] if left is None else ["go.mod"])
    assert left is None or (tmp_path / "go.mod").read_bytes() == left


def test_two_saves_of_somebody_both_stay(tmp_path):
    (tmp_path / STRAY).write_bytes(SAVED)
    (tmp_path / "go.mod").write_bytes(LATER)
    assert clean_strays(str(tmp_path)) == (str(tmp_path / STRAY),)
    assert (tmp_path / "go.mod").read_bytes() == LATER
    assert (tmp_path / STRAY).read_bytes() == SAVED


def test_other_files_are_left_alone(tmp_path):
    names = {".go.mod.gowatchd", ".go.mod.swp", f".x{STRAY}", "go.mod"}
    for name in names:
        (tmp_path / name).touch()
    assert clean_strays(str(tmp_path)) == ()
    assert set(os.listdir(tmp_path)) == names


def test_special_files_by_that_name_stay(tmp_path):
    os.mkfifo(tmp_path / STRAY)
    assert clean_strays(str(tmp_path)) == (str(tmp_path / STRAY),)


def test_no_folder(tmp_path):
    assert clean_strays(str(tmp_path / "none")) == ()


@pytest.mark.parametrize(
    ("disturb", "left"),
    [
        (lambda path: path.rename(path.with_name("go.mod~")), {"go.mod": OLD, "go.mod~": NEW, "new": SAVED}),
        (lambda path: path.with_name("new").rename(path), {"go.mod": SAVED}),
        (lambda path: path.write_bytes(SAVED), {"go.mod": OLD, "new": SAVED}),
    ],
    ids=["an editor moves the file away", "an editor renames its own over it", "somebody wants to write"],
)
def test_undone(tmp_path, monkeypatch, disturb, left):
    """The disturbance comes while the exchange watches whether it stays quiet."""
    path = tmp_path / "go.mod"
    path.write_bytes(OLD)
    path.with_name("new").write_bytes(SAVED)
    monkeypatch.setattr("gowatchd.system.trade.stays_quiet", lambda _: disturb(path) and False)
    assert swap_by_exchange(str(path), str(path), OLD, NEW, Refusals()).outcome is SwapOutcome.CHANGED
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == left
