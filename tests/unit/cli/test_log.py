"""log, as a program, against what the daemon puts on a real bus."""

import json
import signal
import subprocess
from contextlib import ExitStack

import pytest

from gowatchd.services.changes import ChangeKind
from gowatchd.services.ports import Swap, SwapOutcome
from tests.support.bus import beside, wait_for
from tests.support.desk import COMMAND, NEW, OLD, ctl

HOUR = 3600


def test_what_was_done(daemon, go_mod):
    daemon.format(go_mod)
    failed = daemon.history.begin(str(go_mod), OLD, NEW)
    daemon.history.finish(failed, Swap(SwapOutcome.BUSY, "vim has it"))
    daemon.ctl("undo")
    lines = daemon.ctl("log").stdout.splitlines()
    assert [line[21:] for line in lines] == [
        f"    1  formatted      {go_mod}  (undone since)",
        f"    2  not formatted  {go_mod}  (vim has it)",
        f"    3  undone         {go_mod}  (change 1)",
    ]
    assert daemon.ctl("log", "-n", "1").stdout.splitlines() == lines[2:]
    assert daemon.ctl("log", "-n", "0").stdout == ""
    entries = json.loads(daemon.ctl("log", "--json").stdout)["entries"]
    assert [entry["id"] for entry in entries] == [1, 2, 3]


def test_why_there_is_none(daemon):
    daemon.desk.history = None
    done = daemon.ctl("log")
    assert (done.returncode, done.stderr) == (69, "gowatchctl: the history is off: disk full\n")


@pytest.mark.parametrize("lines", ["-1", "1001", "x"])
def test_not_a_number_of_lines(lines):
    assert ctl("log", "-n", lines).returncode == 2


def test_follow(daemon, go_mod, tmp_path):
    said = tmp_path / "said"

    def until_it_says(number):
        def says():
            return len(said.read_bytes().splitlines()) == number

        beside(daemon.loop, lambda: wait_for(says, f"{number} lines of log -f"))

    daemon.format(go_mod)
    daemon.format(go_mod)
    with said.open("wb") as stream:
        command = [*COMMAND, "log", "-f", "-n", "1", "--json"]
        follower = subprocess.Popen(command, stdout=stream, stderr=subprocess.PIPE)
    with follower, ExitStack() as stack:
        stack.callback(follower.kill)  # where a test fails, it would be waited for without end
        until_it_says(1)
        daemon.format(go_mod)
        until_it_says(2)
        daemon.stop()
        daemon.format(go_mod)  # nobody tells it, but the next start makes it ask
        daemon.start()
        until_it_says(3)
        follower.send_signal(signal.SIGINT)
        assert (follower.wait(10), follower.stderr.read()) == (130, b"")
    lines = [json.loads(line) for line in said.read_bytes().splitlines()]
    assert [(line["schema"], line["id"]) for line in lines] == [(1, 2), (1, 3), (1, 4)]


@pytest.fixture
def full(daemon, tmp_path, database_clock):
    """A history of four changes: three, two and one hour ago, and now."""
    for hours, kind, name in (
        (3, ChangeKind.FORMAT, "app/go.mod"),
        (2, ChangeKind.FIX, "app/api/go.mod"),
        (1, ChangeKind.FORMAT, "apple/go.mod"),
        (0, ChangeKind.ENV, "app/go.mod"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(NEW)
        database_clock.ago = hours * HOUR
        change = daemon.history.begin(str(path), OLD, NEW, kind)
        daemon.history.finish(change, Swap(SwapOutcome.WRITTEN))
    return daemon


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (("--kind", "fix"), [2]),
        (("--kind", "fix", "--kind", "env"), [2, 4]),
        (("app",), [1, 2, 4]),
        (("app/", "-n", "1"), [4]),
        (("app/go.mod",), [1, 4]),
        (("app/api", "apple"), [2, 3]),
        (("link",), [1, 2, 4]),
        (("--since", "90m"), [3, 4]),
        (("--until", "90 minutes ago"), [1, 2]),
        (("--since", "150m", "--until", "30m"), [2, 3]),
        (("--since", "2000-01-01", "-n", "2"), [3, 4]),
        (("--until", "2000-01-01"), []),
        (("--kind", "undo"), []),
    ],
    ids=str,
)
def test_what_is_asked_for(full, tmp_path, arguments, ids):
    (tmp_path / "link").symlink_to("app")
    done = full.ctl("-C", str(tmp_path), "log", "--json", *arguments)
    assert [entry["id"] for entry in json.loads(done.stdout)["entries"]] == ids
    assert len(full.ctl("-C", str(tmp_path), "log", *arguments).stdout.splitlines()) == len(ids)


def test_since_shows_all_that_happened_since(daemon, go_mod):
    for _ in range(21):
        daemon.format(go_mod)
    assert len(daemon.ctl("log").stdout.splitlines()) == 20
    assert len(daemon.ctl("log", "--since", "yesterday").stdout.splitlines()) == 21


@pytest.mark.parametrize(
    "arguments", [("--since", "soon"), ("--kind", "x"), ("-f", "--until", "17:00")], ids=str
)
def test_what_makes_no_sense(arguments):
    assert ctl("log", *arguments).returncode == 2


def test_what_is_followed_is_filtered_too(full, tmp_path):
    said = tmp_path / "said"
    with said.open("wb") as stream:
        command = [*COMMAND, "log", "-f", "-n", "1", "--kind", "format", "--json", str(tmp_path / "app")]
        follower = subprocess.Popen(command, stdout=stream)
    with follower, ExitStack() as stack:
        stack.callback(follower.kill)

        def until_it_says(number):
            def says():
                return len(said.read_bytes().splitlines()) == number

            beside(full.loop, lambda: wait_for(says, f"{number} lines of log -f"))

        until_it_says(1)
        full.format(tmp_path / "apple/go.mod")
        full.format(tmp_path / "app/go.mod")
        until_it_says(2)
    assert [json.loads(line)["id"] for line in said.read_bytes().splitlines()] == [1, 6]
