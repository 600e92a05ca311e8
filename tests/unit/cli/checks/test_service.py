"""What the doctor judges of the service and of the daemon's answer."""

from __future__ import annotations

import pytest

from gowatchd.cli.checks.service import START, check_daemon, check_service
from gowatchd.cli.diagnosis import State
from gowatchd.system.group_counters import GroupCounters
from tests.support.patient import patient, service


def judged(**facts):
    return check_service(patient(service=(service(**facts), "")))


def test_one_that_runs_says_how():
    found = judged()
    assert (found.state, found.result) == (
        State.OK,
        "it is active (running, 40 MiB), never restarted, short of nothing",
    )
    assert judged(memory=None, memory_high=None, tasks=None, counters=GroupCounters()).state is State.OK


@pytest.mark.parametrize(
    ("facts", "state", "words"),
    [
        ({"load": "masked"}, State.NOTE, "switched off"),
        ({"load": "not-found"}, State.PROBLEM, "no gowatchd.service"),
        ({"active": "inactive", "file_state": "disabled"}, State.PROBLEM, "inactive (disabled)"),
        ({"active": "inactive", "skipped": True}, State.NOTE, "a condition of its unit"),
        ({"active": "failed", "result": "exit-code", "exit_status": 78}, State.PROBLEM, "configuration"),
        ({"active": "failed", "result": "exit-code", "exit_status": 226}, State.PROBLEM, "exit code 226"),
        ({"active": "failed", "result": "exit-code", "exit_status": 70}, State.PROBLEM, "exit code 70"),
        ({"active": "failed", "result": "start-limit-hit"}, State.PROBLEM, "too often"),
        ({"active": "failed", "result": "oom-kill"}, State.PROBLEM, "memory ran out"),
        ({"restarts": 1}, State.NOTE, "restarted it 1 time after"),
        ({"restarts": 3}, State.NOTE, "restarted it 3 times after"),
        ({"counters": GroupCounters(4, 0, 0, 0, 0.0)}, State.NOTE, "MemoryHigh= 4 times"),
        ({"counters": GroupCounters(4, 2, 1, 0, 0.0)}, State.PROBLEM, "killed 1 process of it"),
        ({"counters": GroupCounters(0, 0, 0, 7, 1.25)}, State.NOTE, "7 times, for 1.2 s"),
        ({"memory": 490 << 20}, State.NOTE, "490 MiB of the 512"),
        ({"stale": True}, State.NOTE, "has not read it again"),
    ],
)
def test_what_is_wrong_with_it(facts, state, words):
    found = judged(**facts)
    assert found.state is state
    assert words in found.result
    assert found.commands


def test_only_what_is_safe_is_offered():
    assert judged(active="inactive").mending == START
    assert judged(stale=True).mending == ("systemctl", "--user", "daemon-reload")
    for facts in ({"load": "masked"}, {"active": "failed", "exit_status": 78}, {"restarts": 2}):
        assert judged(**facts).mending == ()


def test_without_a_manager_nothing_is_asked():
    assert check_service(patient(service=(None, "no bus"))).state is State.UNKNOWN


def test_what_the_daemon_answers():
    assert check_daemon(patient()).state is State.OK
    ill = check_daemon(patient(status=(None, "gowatchd is not running")))
    assert ill.state is State.PROBLEM
    assert ill.commands == (" ".join(START),)
    off = {"version": "1", "off": [{"part": "history", "reason": "disk full"}], "go": None}
    found = check_daemon(patient(status=(off, "")))
    assert (found.state, found.result) == (State.NOTE, "history is off: disk full")
    other = check_daemon(patient(version="2"))
    assert (other.state, other.mending[2]) == (State.NOTE, "restart")
    assert "gowatchctl 2" in other.result
