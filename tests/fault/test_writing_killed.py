"""SIGKILL at any moment of a rewrite leaves a whole file, old or new, and a history that knows which."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import textwrap
import time
from collections import Counter
from contextlib import closing

import pytest

from gowatchd.services.changes import ChangeState
from gowatchd.services.history import History
from gowatchd.services.undoing import UndoOutcome
from gowatchd.system.files import SafeFiles
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.strays import clean_beside, clean_strays, stray_name
from tests.support.kills import Killing
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


def test_the_daemon_killed_while_it_formats():
    with folder_on(None) as folder:
        deaths = Killing(folder).run(20)
    assert deaths.kills == 20
    assert deaths.groups
    assert deaths.files["old"]
    assert deaths.files["new"], f"never killed between the first and the last formatting: {deaths}"
    assert deaths.undone


def test_a_kill_beside_a_file_that_a_link_leads_to(tmp_path):
    """The folder of the target may be watched by nobody; the history knows the file."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    target, link = elsewhere / "go.mod", tmp_path / "go.mod"
    target.write_bytes(LONG)
    link.symlink_to(target)
    with closing(HistoryDatabase(str(tmp_path / "state"))) as database:
        History(database, SafeFiles()).begin(str(link), LONG, SHORT)
        (elsewhere / stray_name("go.mod", LONG, SHORT)).write_bytes(SHORT)
        assert History(database, SafeFiles(), clean_beside).recover() == ()
        assert database.get(1).state is ChangeState.FAILED
    assert os.listdir(elsewhere) == ["go.mod"]
    assert target.read_bytes() == LONG


# The calls of the kernel with which a formatting changes anything, in the history or beside the file.
CALLS = "pwrite64,write,ftruncate,fsync,fdatasync,linkat,unlink,unlinkat,renameat2,fchmod"
WRITER = """
    import sys
    from pathlib import Path
    from gowatchd.services.history import History
    from gowatchd.system.files import SafeFiles
    from gowatchd.system.history_db import HistoryDatabase

    path, state, new = sys.argv[1:]
    files = SafeFiles()
    history = History(HistoryDatabase(state), files)
    before, after = Path(path).read_bytes(), Path(new).read_bytes()
    change = history.begin(path, before, after)
    swap = files.swap(path, before, after)
    history.secure(path)
    history.finish(change, swap)
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace, which kills at a chosen call")
@pytest.mark.parametrize("reader", [False, True], ids=["in place", "exchanged"])
def test_killed_at_every_call_that_writes(tmp_path, reader):
    """Not at random, but on entering each one, from the record in the history to the last that settles it."""
    trace = tmp_path / "trace"
    whole = Formatting(tmp_path / "whole", reader)
    assert whole.run("-o", str(trace), "-e", f"trace={CALLS}") == 0
    assert whole.end() is ChangeState.DONE
    calls, ends = Counter(), Counter()
    for line in trace.read_text().splitlines():
        name = line.partition("(")[0]
        if name not in CALLS.split(","):
            continue  # how the process ended
        calls[name] += 1
        formatting = Formatting(tmp_path / f"{name}-{calls[name]}", reader)
        kill = f"inject={name}:signal=KILL:when={calls[name]}"
        assert formatting.run("-o", "/dev/null", "-e", f"trace={name}", "-e", kill) != 0
        ends[formatting.end()] += 1
    assert ends.keys() == {None, ChangeState.FAILED, ChangeState.DONE}, ends


class Formatting:
    """One file with one change to be made in a process of its own, under strace."""

    def __init__(self, folder, reader):
        self.path = folder / "app" / "go.mod"
        self.new = folder / "new"
        self.state = folder / "state"
        self.path.parent.mkdir(parents=True)
        self.path.write_bytes(LONG)
        self.new.write_bytes(SHORT)
        self.reader = reader

    def run(self, *options):
        """Make the change; return the exit code."""
        with self.path.open("rb") if self.reader else open(os.devnull):
            return subprocess.run(
                ["strace", "-qqq", *options, sys.executable, "-c", textwrap.dedent(WRITER)]
                + [str(path) for path in (self.path, self.state, self.new)],
                timeout=60,
                check=False,
            ).returncode

    def end(self):
        """Do what the next start does; return the state that the change has then, None if there is none."""
        files, database = SafeFiles(), HistoryDatabase(str(self.state))
        history = History(database, files)
        assert history.recover() == ()
        assert clean_strays(str(self.path.parent)) == ()
        assert os.listdir(self.path.parent) == ["go.mod"]
        found = self.path.read_bytes()
        assert found in {LONG, SHORT}
        state = None if database.get(1) is None else database.get(1).state
        assert (state is ChangeState.DONE) == (found == SHORT), (state, found)
        assert (history.undo(1).outcome is UndoOutcome.UNDONE) == (state is ChangeState.DONE)
        assert self.path.read_bytes() == LONG
        database.close()
        assert not list(self.state.glob("*corrupt*"))
        return state


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace, which kills at a chosen call")
@pytest.mark.parametrize("call", ["write", "fadvise64", "linkat"])
def test_a_new_file_is_whole_or_not_there(tmp_path, call):
    program = "import sys; from gowatchd.system.new_file import create; create(sys.argv[1], b'go 1.21')"
    path = tmp_path / "new" / "go.work"
    path.parent.mkdir()
    for kill in (True, False):
        inject = ["-e", f"inject={call}:signal=KILL"] if kill else []
        command = ["strace", "-qqq", "-o", os.devnull, "-e", f"trace={call}", *inject]
        done = subprocess.run([*command, sys.executable, "-c", program, str(path)], timeout=60, check=False)
        assert (done.returncode != 0) == kill, f"there is no {call} to be killed at"
        assert os.listdir(path.parent) == ([] if kill else ["go.work"])
    assert path.read_bytes() == b"go 1.21"
