"""What real login shells export, with the profiles that people have, good and bad."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from gowatchd.system import login_shell
from gowatchd.system.child import ChildPool
from tests.support.bus import wait_for
from tests.support.main_loop import MainLoop

# The file that a login shell reads, below home.
PROFILES = {
    "bash": ".bash_profile",
    "dash": ".profile",
    "sh": ".profile",
    "zsh": ".zprofile",
    "fish": ".config/fish/config.fish",
}
SHELLS = [
    pytest.param(
        name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"there is no {name} here")
    )
    for name in PROFILES
]
SLOWEST = 20.0  # seconds that an answer may take on a busy machine, where none is waited for


class Asked:
    """One question to ``shell`` with ``profile`` as its profile, and the answer."""

    def __init__(self, home: Path, monkeypatch, shell: str, profile: str, place="", folders=None) -> None:
        path = home / (place or PROFILES[os.path.basename(shell)])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(profile)
        monkeypatch.setenv("HOME", str(home))
        for name, folder in (folders or {}).items():
            monkeypatch.setenv(name, str(home / folder))
        monkeypatch.setattr(login_shell, "login_shell", lambda: shell)
        loop = MainLoop()
        pool = ChildPool(loop)
        answers = []
        begun = time.monotonic()
        login_shell.LoginShell(pool).ask(lambda *answer: answers.append(answer))
        loop.run_until(lambda: answers, SLOWEST)
        self.seconds = time.monotonic() - begun
        self.variables, self.reason = answers[0]
        pool.close()


@pytest.fixture
def ask(tmp_path, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(name, raising=False)

    def asking(shell, profile, *elsewhere):
        return Asked(tmp_path, monkeypatch, shutil.which(shell) or shell, profile, *elsewhere)

    return asking


def exported(shell, name, value):
    quoted = (
        value.replace("\\", "\\\\").replace("'", "\\'") if shell == "fish" else value.replace("'", "'\\''")
    )
    return f"set -gx {name} '{quoted}'\n" if shell == "fish" else f"export {name}='{quoted}'\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_what_the_profile_exports_comes_byte_for_byte(ask, shell):
    nasty = "two  blanks, 'quotes' \"too\",\na newline, $HOME `id` %h \\ ü 日本 = ; #"
    profile = exported(shell, "PLAIN", "/srv/src") + exported(shell, "NASTY", nasty)
    asked = ask(shell, profile)
    assert asked.reason == ""
    assert asked.variables["PLAIN"] == "/srv/src"
    assert asked.variables["NASTY"] == nasty


@pytest.mark.parametrize(
    ("shell", "place", "name"),
    [("zsh", "elsewhere/.zprofile", "ZDOTDIR"), ("fish", "elsewhere/fish/config.fish", "XDG_CONFIG_HOME")],
)
def test_its_files_are_found_where_they_were_put(ask, shell, place, name):
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    asked = ask(shell, exported(shell, "A", "1"), place, {name: "elsewhere"})
    assert (asked.reason, asked.variables.get("A")) == ("", "1")


@pytest.mark.parametrize("shell", SHELLS)
def test_what_it_prints_is_no_variable(ask, shell):
    asked = ask(shell, "echo A=1; printf 'B=2\\0C=3\\0'; echo E=4 >&2\n" + exported(shell, "D", "5"))
    assert asked.reason == ""
    assert asked.variables["D"] == "5"
    assert not {"A", "B", "C", "E"} & set(asked.variables)


@pytest.mark.parametrize("shell", SHELLS)
def test_it_is_run_once(ask, shell, tmp_path):
    asked = ask(shell, "echo ran >> ~/runs\n" + exported(shell, "A", "1"))
    assert asked.variables["A"] == "1"
    assert (tmp_path / "runs").read_text() == "ran\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_nobody_types_into_it(ask, shell):
    asked = ask(shell, "read answer\n" + exported(shell, "A", "1"))
    assert asked.variables["A"] == "1"


@pytest.mark.parametrize("shell", SHELLS)
def test_what_it_leaves_behind_keeps_nobody_waiting_and_ends(ask, shell, tmp_path):
    asked = ask(
        shell,
        "sleep 1000 &\necho $last_pid $! > ~/left 2>/dev/null\n".replace(
            "$last_pid $!", "$last_pid" if shell == "fish" else "$!"
        )
        + exported(shell, "A", "1"),
    )
    assert asked.variables["A"] == "1"
    assert asked.seconds < login_shell.SECONDS
    pid = (tmp_path / "left").read_text().strip()
    wait_for(lambda: not runs(pid), "the end of what it left behind")


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("shell", SHELLS)
def test_a_profile_that_never_ends_is_ended(ask, shell, monkeypatch):
    monkeypatch.setattr(login_shell, "SECONDS", 1.0)
    loop = "while true; sleep 0.1; end\n" if shell == "fish" else "while :; do sleep 0.1; done\n"
    asked = ask(shell, exported(shell, "A", "1") + loop)
    assert asked.variables == {}
    assert asked.reason == "the login shell did not answer in 1 s: see what its profile waits for"
    assert asked.seconds >= 1.0


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("end", ["exit 1", "exit 0", "exec true", "exec false"])
def test_a_profile_that_ends_the_shell_is_told(ask, shell, end):
    if shell == "fish" and end.startswith("exit"):
        pytest.skip("it ends no more than the reading of config.fish")
    asked = ask(shell, exported(shell, "A", "1") + end + "\n")
    assert asked.variables == {}
    assert asked.reason == "the login shell ended before it could be asked: see what its profile runs"


@pytest.mark.parametrize("shell", ["bash", "dash"])
@pytest.mark.parametrize("other", ["tmux", "fish", "zsh -l", "tmux new-session -A -s main"])
def test_a_profile_that_becomes_another_program(ask, shell, other):
    if shutil.which(other.split()[0]) is None:
        pytest.skip(f"there is no {other.split()[0]} here")
    asked = ask(shell, f"export A=1\nexec {other}\n")
    assert asked.variables == {}
    assert asked.reason
    assert asked.seconds < SLOWEST


@pytest.mark.parametrize("shell", ["bash", "dash", "sh"])
def test_set_e_and_other_habits(ask, shell):
    asked = ask(shell, "set -eu\nset -o noclobber\nIFS=x\numask 077\ncd /\nfalse || true\nexport A=1\n")
    assert (asked.reason, asked.variables["A"]) == ("", "1")


def test_bash_functions_and_aliases_do_not_come_between(ask):
    asked = ask("bash", "alias printf='echo no'\nprintf() { echo no; }\nexec() { echo no; }\nexport A=1\n")
    assert asked.variables.get("A") in {None, "1"}
    assert "BASH_FUNC_printf%%" not in asked.variables


def test_an_endless_profile_is_no_flood(ask):
    asked = ask("bash", "yes\n")
    assert asked.variables == {}
    assert asked.reason


@pytest.mark.parametrize("shell", ["/usr/sbin/nologin", "/bin/false", "/usr/bin/git-shell", "/no/such/tcsh"])
def test_other_shells_are_not_asked(tmp_path, monkeypatch, shell):
    monkeypatch.setattr(login_shell, "login_shell", lambda: shell)
    answers = []
    login_shell.LoginShell(ChildPool(MainLoop())).ask(lambda *answer: answers.append(answer))
    assert answers == [({}, f"the login shell {shell} is none that can be asked")]


def test_a_shell_that_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(login_shell, "login_shell", lambda: "/no/such/bash")
    loop, answers = MainLoop(), []
    pool = ChildPool(loop)
    login_shell.LoginShell(pool).ask(lambda *answer: answers.append(answer))
    loop.run_until(lambda: answers)
    pool.close()
    assert answers == [({}, "/no/such/bash cannot be started: No such file or directory")]
