"""Progress in a real terminal: late enough, gone at the end, and nowhere but on a terminal."""

from __future__ import annotations

import io
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from gowatchd.cli.progress import ERASE, Progress, TellingFiles
from tests.support.memory import MemoryFiles

ROOT = Path(__file__).resolve().parents[3]


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def terminal():
    leader, follower = pty.openpty()
    with open(follower, "w") as stream:
        yield leader, stream
    os.close(leader)


def shown(leader, least=0):
    """Return what reached the terminal: at least ``least`` characters, for which it is waited."""
    text = ""
    while len(text) < least:
        assert select.select([leader], [], [], 20)[0], f"only {text!r} within 20 s"
        text += os.read(leader, 1 << 16).decode()
    while select.select([leader], [], [], 0)[0]:
        text += os.read(leader, 1 << 16).decode()
    return text


def test_what_is_quick_says_nothing(terminal, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    leader, stream = terminal
    clock = Clock()
    with Progress(stream, clock) as progress:
        clock.now = 0.49
        progress.tell("early")
    assert shown(leader) == ""


def test_a_line_that_is_replaced_and_goes(terminal, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    leader, stream = terminal
    clock = Clock()
    with Progress(stream, clock) as progress:
        for number, clock.now in enumerate((0.5, 0.55, 0.61)):
            progress.tell(f"step {number}")
        expected = f"{ERASE}step 0{ERASE}step 2"
        assert shown(leader, len(expected)) == expected
    assert shown(leader, len(ERASE)) == ERASE


def test_reads_are_counted(terminal, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    leader, stream = terminal
    clock = Clock()
    progress = Progress(stream, clock)
    files = TellingFiles(MemoryFiles({}), progress, 3)
    for clock.now in (0.0, 1.0, 2.0):
        files.read("/w/go.mod")
    expected = f"{ERASE}reading 2 of 3 files{ERASE}reading 3 of 3 files"
    assert shown(leader, len(expected)) == expected


@pytest.mark.parametrize("term", ["dumb", None])
def test_no_terminal_no_progress(terminal, monkeypatch, term):
    monkeypatch.setenv("TERM", term or "xterm")
    leader, stream = terminal
    clock = Clock()
    other = io.StringIO()
    progress = Progress(stream if term else other, clock)
    clock.now = 9
    progress.tell("x")
    assert shown(leader) + other.getvalue() == ""


SLOW = """
import sys, time
from gowatchd.cli import check, progress
from gowatchd.cli.main import main
began = time.monotonic()
original = progress.Progress.__init__
def quick(self, *arguments):
    original(self, None, lambda: (time.monotonic() - began) * 200)
progress.Progress.__init__ = quick
sys.exit(main(["check", "."]))
"""


def test_check_over_300_modules_in_a_terminal(tmp_path):
    """The clock runs 200 times as fast, so that no machine is too quick for progress to be seen."""
    for number in range(300):
        module = tmp_path / f"m{number}"
        module.mkdir()
        (module / "go.mod").write_text(f"module ex.com/m{number}\n\ngo 1.22\n")
    uses = "".join(f"\t./m{number}\n" for number in range(300))
    (tmp_path / "go.work").write_text(f"go 1.22\n\nuse (\n{uses})\n")
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", SLOW],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=follower,
    ) as process:
        os.close(follower)
        said = b""
        while piece := read_terminal(leader):
            said += piece
        assert process.wait(60) == 0
        assert process.stdout.read() == b""
    os.close(leader)
    text = said.decode()
    assert f"{ERASE}reading " in text
    assert " of 301 files" in text
    last = text.rsplit(ERASE, 1)[1]
    assert last.splitlines()[-1] == "no problems in 1 workspace"


def read_terminal(leader):
    """Return what is there to read; nothing once the other side has closed it, which Linux calls EIO."""
    try:
        return os.read(leader, 1 << 16)
    except OSError:
        return b""
