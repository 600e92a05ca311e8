from __future__ import annotations

import os
import select
import signal
import time
from pathlib import Path

import pytest

from gowatchd.services.ports import Finished
from gowatchd.system.child import MAX_WAITING, ChildPool
from gowatchd.system.process import MAX_INPUT, NICENESS, Command, child_environment, run_child
from tests.support.bus import wait_for
from tests.support.main_loop import MainLoop


def shell(script: str, timeout: float = 20.0, **more) -> Command:
    return Command(("/bin/sh", "-c", script), "/", timeout, **more)


def in_pool(command: Command) -> Finished:
    loop = MainLoop()
    pool = ChildPool(loop)
    answers: list[Finished] = []
    pool.start("only", command, answers.append)
    assert not answers, "answered before the loop turned"
    loop.run_until(lambda: answers)
    pool.close()
    (finished,) = answers
    return finished


@pytest.fixture(params=[run_child, in_pool], ids=["in place", "in the pool"])
def run(request):
    return request.param


def descriptors() -> set[str]:
    return {os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if fd_is_open(fd)}


def fd_is_open(fd: str) -> bool:
    return Path(f"/proc/self/fd/{fd}").is_symlink()


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_until_dead(pid: int) -> None:
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([fd], [], [], 5)[0], f"process {pid} still lives"
    finally:
        os.close(fd)


def test_output_and_exit_code(run):
    assert run(shell("echo out; echo err >&2; exit 3")) == Finished(3, b"out\n", b"err\n")


def test_a_signal_is_a_negative_exit_code(run):
    assert run(shell("kill -TERM $$")).exit_code == -signal.SIGTERM


def test_stdin_is_empty_or_what_was_given(run):
    assert run(shell("cat")).stdout == b""
    assert run(shell("cat", stdin=b"asked\n")).stdout == b"asked\n"


def test_more_input_than_a_pipe_surely_holds_is_refused(run):
    finished = run(shell("cat", stdin=b"x" * (MAX_INPUT + 1)))
    assert finished.exit_code is None
    assert "4096" in finished.error


def test_one_that_ended_while_we_were_stopped_was_not_too_slow():
    """Its end and its time are told at once then, in any order."""
    loop = MainLoop()
    pool = ChildPool(loop)
    answers: list[Finished] = []
    before = {*children()}
    pool.start("only", shell("echo done", timeout=0.01), answers.append)
    late = time.monotonic() + 0.05
    (child,) = {*children()} - before
    wait_for(lambda: time.monotonic() > late and not alive(int(child)), "its end")
    loop.run_until(lambda: answers)
    pool.close()
    assert answers == [Finished(0, b"done\n")]


def test_a_missing_program_and_a_missing_directory_are_told_apart(run, tmp_path):
    finished = run(Command((f"{tmp_path}/go", "version"), "/", 5))
    assert finished == Finished(None, error=f"{tmp_path}/go cannot be started: No such file or directory")
    finished = run(Command(("/bin/true",), f"{tmp_path}/gone", 5))
    assert finished.error == f"/bin/true cannot be started in {tmp_path}/gone: No such file or directory"


def test_a_slow_child_and_its_children_are_ended(run, tmp_path):
    began = time.monotonic()
    for timeout in (0.5, 5, 25):  # in which the shell has to come so far
        finished = run(shell(f"sleep 300 & echo $! > {tmp_path}/pid; echo started; wait", timeout=timeout))
        assert finished.timed_out
        assert not finished.succeeded
        if finished.stdout:
            break
    assert finished.stdout == b"started\n"
    assert time.monotonic() - began < 200, "it was waited for"
    grandchild = int((tmp_path / "pid").read_text())
    if alive(grandchild):
        wait_until_dead(grandchild)


def test_a_grandchild_that_keeps_the_pipes_open_delays_nothing_and_ends(run, tmp_path):
    began = time.monotonic()
    finished = run(shell(f"sleep 300 & echo $! > {tmp_path}/pid; echo done"))
    assert finished == Finished(0, b"done\n")
    assert time.monotonic() - began < 10
    grandchild = int((tmp_path / "pid").read_text())
    if alive(grandchild):
        wait_until_dead(grandchild)


def test_output_at_the_limit_is_whole_and_above_it_is_cut(run):
    assert run(shell("printf 12345", limit=5)) == Finished(0, b"12345")
    finished = run(shell("yes", limit=100_000))
    assert finished.truncated
    assert len(finished.stdout) == 100_000
    assert not finished.succeeded


def test_much_output_on_both_streams_arrives_whole(run):
    finished = run(shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"))
    assert (len(finished.stdout), len(finished.stderr)) == (300_000, 300_000)
    assert finished.succeeded


def test_a_child_has_its_own_session_no_terminal_low_priority_and_no_descriptor_of_ours(run):
    low = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
    wait = f'until [ "$(nice)" -eq {low} ]; do :; done'  # it comes a moment after the start
    finished = run(
        shell(f"{wait}; cat /proc/self/stat; ls /proc/self/fd | wc -l; [ -t 0 ] || echo no terminal")
    )
    stat, count, terminal = finished.stdout.decode().splitlines()
    session = int(stat.rsplit(")", 1)[1].split()[3])
    assert session != os.getsid(0)
    assert count == "4"  # 0, 1, 2 and the one that ls reads the directory with
    assert terminal == "no terminal"


def test_the_environment_leaves_the_service_managers_words_out(run, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/x")
    monkeypatch.setenv("KEPT", "yes")
    finished = run(shell("env", env=child_environment(GOWORK="off")))
    lines = finished.stdout.decode().splitlines()
    assert {"KEPT=yes", "GOWORK=off", "LC_ALL=C"} <= set(lines)
    assert not [line for line in lines if line.startswith("NOTIFY_SOCKET")]


def test_nothing_is_left_open_or_unburied(run, tmp_path):
    run(shell("true"))
    before = descriptors()
    for script in ("echo x", "exit 1", "kill -9 $$", "sleep 300 & echo y"):
        run(shell(script))
    run(shell("sleep 300", timeout=0.1))
    run(shell("yes", limit=10))
    run(Command((f"{tmp_path}/none",), "/", 5))
    assert {name for name in descriptors() - before if "pipe" in name or "pidfd" in name} == set()
    assert children() == []


class TestPool:
    @pytest.fixture
    def loop(self):
        return MainLoop()

    @pytest.fixture
    def pool(self, loop):
        pool = ChildPool(loop, at_most=2)
        yield pool
        pool.close()
        assert children() == []

    def test_runs_two_at_once_and_the_others_after_them(self, loop, pool, tmp_path):
        answers: dict[str, Finished] = {}
        script = (
            f"mkdir {tmp_path}/$0; ls {tmp_path} | wc -l; "
            f"until [ -e {tmp_path}/go ]; do sleep 0.01; done; rmdir {tmp_path}/$0"
        )
        for name in "abcd":
            command = Command(("/bin/sh", "-c", script, name), "/", 20)
            pool.start(name, command, lambda finished, name=name: answers.__setitem__(name, finished))
        loop.run_until(lambda: sorted(os.listdir(tmp_path)) == ["a", "b"])
        (tmp_path / "go").touch()
        loop.run_until(lambda: len(answers) == 4)
        assert all(finished.succeeded for finished in answers.values())

    def test_the_newest_of_a_key_wins_over_one_that_runs(self, loop, pool):
        answers: list[bytes] = []
        pool.start("k", shell("sleep 300"), lambda finished: answers.append(b"old"))
        pool.start("k", shell("echo new"), lambda finished: answers.append(finished.stdout))
        loop.run_until(lambda: answers)
        assert answers == [b"new\n"]

    def test_the_newest_of_a_key_wins_over_one_that_waits(self, loop, pool, tmp_path):
        answers: list[bytes] = []

        def note(finished):
            answers.append(finished.stdout)

        for name in ("first", "second"):
            pool.start(name, shell(f"until [ -e {tmp_path}/go ]; do sleep 0.01; done"), note)
        for number in range(5):
            pool.start("k", shell(f"echo {number}; echo {number} >> {tmp_path}/ran"), note)
        (tmp_path / "go").touch()
        loop.run_until(lambda: len(answers) == 3)
        assert sorted(answers) == [b"", b"", b"4\n"]
        assert (tmp_path / "ran").read_text() == "4\n"

    def test_what_is_forgotten_is_never_answered(self, loop, pool, tmp_path):
        answers: list[str] = []
        pool.start("running", shell("sleep 300"), lambda finished: answers.append("running"))
        missing = Command((f"{tmp_path}/none",), "/", 5)
        pool.start("missing", missing, lambda finished: answers.append("missing"))
        pool.forget("running")
        pool.forget("missing")
        pool.start("other", shell("true"), lambda finished: answers.append("other"))
        loop.run_until(lambda: answers)
        loop.run_until(lambda: children() == [])
        assert answers == ["other"]

    def test_a_full_queue_says_so(self, loop, pool):
        answers: list[Finished] = []
        for number in range(MAX_WAITING + 2):
            pool.start(f"k{number}", shell("sleep 300"), answers.append)
        pool.start("one more", shell("true"), answers.append)
        loop.run_until(lambda: answers)
        assert answers == [Finished(None, error="too many commands are waiting", passing=True)]

    def test_a_thousand_questions_at_once_are_all_answered(self, loop, pool):
        """A clone or a start asks for every module."""
        answers: list[Finished] = []
        for number in range(1000):
            pool.start(f"k{number}", Command(("/bin/true",), "/", 30), answers.append)
        loop.run_until(lambda: len(answers) == 1000)
        assert all(finished.succeeded for finished in answers)

    def test_a_callback_may_ask_again(self, loop, pool):
        answers: list[bytes] = []

        def again(finished):
            answers.append(finished.stdout)
            if len(answers) < 3:
                pool.start("k", shell(f"echo {len(answers)}"), again)

        pool.start("k", shell("echo 0"), again)
        loop.run_until(lambda: len(answers) == 3)
        assert answers == [b"0\n", b"1\n", b"2\n"]

    def test_closing_ends_what_runs(self, loop, pool):
        pool.start("k", shell("sleep 300"), lambda finished: pytest.fail("answered"))
        assert len(children()) == 1
        pool.close()
        assert children() == []
