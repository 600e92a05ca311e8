"""What the doctor judges of inotify, the state folder, disks, the clock and the workspaces' files."""

from __future__ import annotations

import pytest

from gowatchd.cli.checks.machine import check_clock, check_inotify, check_space, check_state_folder
from gowatchd.cli.checks.workspaces import check_blind, check_reach
from gowatchd.cli.diagnosis import State
from gowatchd.cli.examination import Watches
from gowatchd.cli.workspace_access import Access
from gowatchd.system.clock import Clock
from tests.support.patient import patient, room

WELL = Access("/src/go.work", "", readable=True, writable=True, owner="me", blind="")


@pytest.mark.parametrize(
    ("watches", "state", "words", "command"),
    [
        (Watches(524288, 128, (("code", 2, 9000),)), State.OK, "9000 of 524288 watches (code 9000)", ""),
        (
            Watches(100000, 128, (("code", 2, 60000), ("gopls", 1, 30000))),
            State.PROBLEM,
            "(code 60000, gopls 30000)",
            "max_user_watches=200000",
        ),
        (Watches(524288, 128, (("code", 120, 10),)), State.PROBLEM, "120 of 128", "max_user_instances=256"),
        (Watches(8192, 128, ()), State.NOTE, "0 of 8192 watches (-)", "max_user_watches=524288"),
    ],
)
def test_inotify(watches, state, words, command):
    found = check_inotify(patient(watches=watches))
    assert found.state is state
    assert words in found.result
    assert command in " ".join(found.commands)
    assert found.mending == (), "a limit of the kernel is root's"


def test_the_state_folder():
    def judged(aside=(), **facts):
        return check_state_folder(patient(state_folder=(room("/s/gowatchd", **facts), aside)))

    assert judged().result == "/s/gowatchd can be written"
    assert judged(stands="/s").state is State.OK
    locked = judged(writable=False, mode=0o500)
    assert (locked.state, locked.mending) == (State.PROBLEM, ("chmod", "u+rwx", "/s/gowatchd"))
    foreign = judged(writable=False, ours=False, owner="root", mode=0o700)
    assert "belongs to root with mode 0700" in foreign.result
    assert foreign.commands[0].startswith("sudo chown")
    assert foreign.mending == ()
    above = judged(writable=False, ours=False, owner="root", mode=0o755, stands="/")
    assert above.commands == ('sudo install -d -o "$(id -un)" -m 700 /s/gowatchd',), "/ stays root's"
    assert "XDG_STATE_HOME" in above.remedy
    unsearchable = judged(writable=False, mode=0o600)
    assert unsearchable.mending == ("chmod", "u+rwx", "/s/gowatchd")
    readonly = judged(writable=False)
    assert "read-only" in readonly.remedy
    assert judged(is_folder=False, stands="/s").state is State.PROBLEM
    aside = judged(aside=("history.sqlite3.corrupt-1",))
    assert (aside.state, aside.commands) == (State.NOTE, ("rm /s/gowatchd/history.sqlite3.corrupt-1*",))
    assert judged(aside=("a;b.corrupt-1",)).commands == ("rm /s/gowatchd/'a;b.corrupt-1'*",)


@pytest.mark.parametrize(
    ("facts", "state", "words"),
    [
        ({}, State.OK, "20.0 GiB free at /d"),
        ({"free_files": None}, State.OK, "20.0 GiB"),
        ({"free": 500 << 20}, State.NOTE, "500.0 MiB"),
        ({"free": 1 << 12}, State.PROBLEM, "4 KiB"),
        ({"free_files": 3}, State.PROBLEM, "only 3 more files"),
    ],
)
def test_room_on_the_disks(facts, state, words):
    found = check_space(patient(rooms=(room("/d", **facts), room("/e"))))
    assert found.state is state
    assert words in found.result


@pytest.mark.parametrize(
    ("clock", "state"),
    [
        (Clock(2000.0, 1000.0, "/f", kept=True), State.OK),
        (Clock(2000.0, 1000.0, "/f", kept=None), State.OK),
        (Clock(1000.0, 1030.0, "/f", kept=False), State.OK),
        (Clock(1000.0, 2000.0, "/f", kept=True), State.PROBLEM),
    ],
)
def test_the_clock(clock, state):
    found = check_clock(patient(clock=clock))
    assert found.state is state
    assert ("/f" in found.result) == (state is State.PROBLEM)


@pytest.mark.parametrize(
    ("files", "state", "words"),
    [
        ((), State.OK, "no go.work or go.mod is known yet"),
        ((WELL,), State.OK, "1 file can be reached"),
        (
            (
                Access(
                    "/a/go.mod",
                    "/a is closed; chmod o+x /a",
                    readable=False,
                    writable=False,
                    owner="",
                    blind="",
                ),
            ),
            State.PROBLEM,
            "chmod o+x",
        ),
        (
            (Access("/a/go.mod", "", readable=False, writable=False, owner="root", blind=""), WELL),
            State.PROBLEM,
            "/a/go.mod (of root)",
        ),
        (
            (Access("/a/go.mod", "", readable=True, writable=False, owner="root", blind=""),),
            State.NOTE,
            "1 file is checked and not formatted",
        ),
    ],
)
def test_files_that_cannot_be_reached(files, state, words):
    found = check_reach(patient(accesses=files))
    assert found.state is state
    assert words in found.result


def test_file_systems_without_inotify_are_named():
    far = Access("/net/go.mod", "", readable=True, writable=True, owner="me", blind="nfs4")
    found = check_blind(patient(accesses=(WELL, far)))
    assert found.state is State.NOTE
    assert "nfs4: /net/go.mod" in found.result
    assert check_blind(patient(accesses=(WELL,))).state is State.OK
