"""An editor saves as fast as it can while we format as fast as we can: no save is ever lost."""

from __future__ import annotations

import os
import random
import time
from contextlib import ExitStack

import pytest

from gowatchd.services.ports import Look, SwapOutcome
from gowatchd.system.files import SafeFiles
from tests.support.bus import wait_for
from tests.support.other_process import Fork
from tests.support.places import KINDS, folder_on

ROUNDS = 2000
READER_ROUNDS = 300


def save_in_place(path, text):
    path.write_bytes(text)


def save_by_rename(path, text):
    beside = path.with_name("go.mod.new")
    beside.write_bytes(text)
    beside.rename(path)


def save_like_vim(path, text):
    backup = path.with_name("go.mod~")
    path.rename(backup)
    path.write_bytes(text)
    backup.unlink()


def format_until_removed(path, stop):
    """Take the spaces out of ``path`` over and over; return how often it was written and how."""
    files, outcomes = SafeFiles(), {}
    while not stop.exists():
        reading = files.read(str(path))
        if reading.look is Look.CONTENT and b"  " in reading.data:
            outcome = files.swap(str(path), reading.data, reading.data.replace(b" ", b"")).outcome
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
        assert reading.look in {Look.CONTENT, Look.MISSING, Look.WRITER}, reading
    return outcomes


@pytest.mark.parametrize("where", KINDS)
@pytest.mark.parametrize("save", [save_in_place, save_by_rename, save_like_vim])
@pytest.mark.parametrize("reader", [False, True], ids=["alone", "with a reader"])
def test_no_save_is_lost(where, save, reader, monkeypatch):
    monkeypatch.setattr("gowatchd.system.safe_write._PAUSE", 0.0001)  # more races in less time
    chance = random.Random(11)
    rounds, longest = (READER_ROUNDS, 0.006) if reader else (ROUNDS, 0.001)
    with folder_on(where) as folder, ExitStack() as held:
        path, stop = folder / "go.mod", folder / "stop"
        path.write_bytes(b"x")
        formatter = Fork(lambda: format_until_removed(path, stop))
        try:
            for number in range(rounds):
                text = b"module   number  %d\n" % number
                save(path, text)
                if reader:
                    held.pop_all().close()
                    held.enter_context(path.open("rb"))
                moment = time.perf_counter() + chance.random() * longest
                while time.perf_counter() < moment:
                    pass  # so that the next save comes at any moment of a rewrite
                # A save that hits an exchange is out of place until that is undone, some microseconds later.
                wait_for(lambda text=text: path.read_bytes() in forms(text), f"save {number}")
        except BaseException:
            formatter.kill()
            raise
        stop.touch()
        outcomes = formatter.answer()
        assert outcomes.get(SwapOutcome.WRITTEN, 0) > rounds // 20, f"hardly a race: {outcomes}"
        assert not outcomes.get(SwapOutcome.FAILED), outcomes
        assert path.read_bytes() in forms(text)
        assert set(os.listdir(folder)) == {"go.mod", "stop"}


def forms(text):
    """What a save may look like afterwards: as it was, formatted, or formatted and still filled up."""
    formatted = text.replace(b" ", b"")
    return {text, formatted, formatted.ljust(len(text), b"\n")}
