"""Commands beside the sandbox of the service, by a real systemd user manager."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gowatchd.system import go_search, login_shell, plain_unit
from gowatchd.system.child import ChildPool
from gowatchd.system.plain_unit import outside
from gowatchd.system.process import Command
from tests.support.bus import PrivateBus, wait_for
from tests.support.main_loop import MainLoop
from tests.support.user_manager import obstacle, user_manager

pytestmark = pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-")

ROOT = Path(__file__).resolve().parents[2]
NASTY = "$HOME ${PATH} %h %% 'a' \"b\" \\ ;"
# What runs in the sandbox; setpriv(1) gives it the sign of one.
ASKING = """\
import json, sys
from gowatchd.system.plain_unit import outside
from gowatchd.system.process import Command, child_environment, run_child
words, folder, seconds, more = json.load(sys.stdin)
done = run_child(outside(Command(tuple(words), folder, seconds, child_environment(**more))))
print(json.dumps([done.exit_code, done.stdout.decode(), done.timed_out, done.error]))
"""


@pytest.fixture(scope="module")
def manager(tmp_path_factory):
    with user_manager(tmp_path_factory.mktemp("plain"), f"gowatchd-plain-{os.getpid()}") as running:
        yield running


@pytest.fixture
def ask(manager, tmp_path):
    def ask(*words, seconds=30.0, bus=manager.address, **more):
        done = subprocess.run(
            ["setpriv", "--no-new-privs", sys.executable, "-c", ASKING],
            input=json.dumps([words, str(tmp_path), seconds, more]),
            env={**manager.environment, "PYTHONPATH": str(ROOT), "DBUS_SESSION_BUS_ADDRESS": bus},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)

    return ask


def test_it_is_free_of_the_sandbox_and_gets_what_a_login_gives(ask, manager, tmp_path):
    script = "grep NoNewPrivs /proc/self/status; pwd; env"
    status, said, timed_out, error = ask("sh", "-c", script, HOME=NASTY, API_TOKEN="hush")
    assert (status, timed_out, error) == (0, False, "")
    privileges, folder, *variables = said.splitlines()
    assert (privileges, folder) == ("NoNewPrivs:\t0", str(tmp_path))
    environment = dict(line.split("=", 1) for line in variables)
    assert environment["HOME"] == NASTY
    assert environment["PATH"] == manager.environment["PATH"]
    assert set(environment) <= {*manager.environment, "OLDPWD", "PWD", "SHLVL", "_"}


def test_its_words_and_how_it_ended_come_through(ask):
    assert ask("sh", "-c", 'printf "%s" "$1"; exit 7', "sh", NASTY)[:2] == [7, NASTY]


def test_it_ends_with_its_time_and_leaves_nobody_behind(ask, manager, tmp_path):
    script = 'trap "" TERM; setsid sleep 4711 & echo $! >left; echo $$ >own; sleep 4712'
    names = [tmp_path / name for name in ("left", "own")]
    for seconds in (1.0, 5.0, 25.0):  # in which systemd-run has to start it, too
        assert ask("sh", "-c", script, seconds=seconds)[2] is True
        if all(name.exists() and name.read_text() for name in names):
            break
    processes = [int(name.read_text()) for name in names]
    wait_for(lambda: not any(os.path.exists(f"/proc/{one}") for one in processes), "both have ended")
    wait_for(lambda: "run-" not in manager.systemctl("list-units", "run-*"), "the unit is gone")


@pytest.fixture
def other_bus(tmp_path):
    """A bus that no manager is on, as dbus-run-session starts one."""
    folder = tmp_path / "other"
    folder.mkdir()
    with PrivateBus(folder) as bus:
        yield bus


def test_a_bus_of_the_session_alone_is_not_asked(ask, other_bus):
    script = 'grep NoNewPrivs /proc/self/status; echo "$DBUS_SESSION_BUS_ADDRESS"'
    status, said, _, _ = ask("sh", "-c", script, bus=other_bus.address)
    assert (status, said) == (0, f"NoNewPrivs:\t0\n{other_bus.address}\n")


@pytest.mark.parametrize("lost", ["manager", "bus"])
def test_where_it_cannot_be_started_it_is_a_child_all_the_same(other_bus, tmp_path, monkeypatch, lost):
    if lost == "bus":
        other_bus.kill()
        other_bus.socket.touch()
    home = tmp_path / "home"
    home.mkdir()
    (home / ".profile").write_text(f"export A=1\nPATH={home}:$PATH\n")
    go = home / "go"
    go.write_text("#!/bin/sh\nexit 1\n")
    go.chmod(0o755)
    for name, value in (("HOME", home), ("XDG_RUNTIME_DIR", other_bus.folder), ("SHELL", "/bin/sh")):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(plain_unit, "_is_restricted", lambda: True)
    monkeypatch.setattr(login_shell, "login_shell", lambda: "/bin/sh")
    loop, answers = MainLoop(), []
    pool = ChildPool(loop)
    login_shell.LoginShell(pool).ask(lambda *answer: answers.append(answer))
    loop.run_until(lambda: answers)
    pool.close()
    assert (answers[0][1], answers[0][0].get("A")) == ("", "1")
    monkeypatch.setattr(go_search, "WELL_KNOWN", ())
    with pytest.raises(go_search.GoNotFoundError, match=re.escape(str(go))):  # found, and refused
        go_search.find_go()


def test_where_there_is_no_sandbox_it_stays_a_child():
    command = Command(("sh", "-c", "true"), "/", 1.0)
    assert outside(command) is command
