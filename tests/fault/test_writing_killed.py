"""SIGKILL at any moment of a rewrite leaves a whole file, old or new."""

from __future__ import annotations

import os
import random
import time

import pytest

from gowatchd.system.exchange import clean_strays
from gowatchd.system.files import SafeFiles
from tests.support.other_process import Fork
from tests.support.places import KINDS, folder_on

KILLS = 60
LONG = b"module example.com/m\n" + b"// a comment that the formatter takes out\n" * 60
SHORT = b"module example.com/m\n"
WHOLE = {LONG, SHORT, SHORT.ljust(len(LONG), b"\n")}


def rewrite_for_ever(path):
    files, old, new = SafeFiles(), LONG, SHORT
    while True:
        files.swap(str(path), old, new)
        old, new = new, old


@pytest.mark.parametrize("where", KINDS)
@pytest.mark.parametrize("reader", [False, True], ids=["in place", "exchanged"])
def test_killed_at_random(where, reader):
    chance = random.Random(7)
    with folder_on(where) as folder:
        path = folder / "go.mod"
        for _ in range(KILLS):
            path.write_bytes(LONG)
            held = path.open("rb") if reader else None
            before = os.stat(path)
            worker = Fork(lambda: rewrite_for_ever(path))
            deadline = time.monotonic() + 10
            while os.stat(path).st_mtime_ns == before.st_mtime_ns and time.monotonic() < deadline:
                pass  # it has begun
            time.sleep(chance.random() / 100)  # the moment is what the test is about
            worker.kill()
            assert path.read_bytes() in WHOLE
            if held is not None:
                held.close()
            assert clean_strays(str(folder)) == ()
            assert os.listdir(folder) == ["go.mod"]
            assert path.read_bytes() in WHOLE
