"""The doctor's judgements; tests/integration/test_shared_environment.py has it look at a real manager."""

from types import SimpleNamespace

import pytest

from gowatchd.cli.diagnosis import Diagnosis, Row, State
from gowatchd.cli.doctor import ALL, ASCII_MARKS, _Page
from gowatchd.cli.environment_checks import (
    NO_MATTER,
    check_daemon,
    check_difference,
    check_go,
    check_manager,
    check_shell,
    differences,
    uploads,
)
from gowatchd.cli.examination import Answer
from gowatchd.cli.table import width
from gowatchd.cli.terminal import Paint

SHELL = {
    "GOPRIVATE": "corp",
    "API_TOKEN": "hush",
    "GOPROXY": "https://u:hush@proxy",
    "LD_PRELOAD": "/x.so",
    "LESS": "R",
    "PATH": "/usr/bin:/opt/bin",
    "LANG": "C",
    "TERM": "x",
}
MANAGER = {"PATH": "/usr/bin", "LANG": "C", "GOPROXY": "direct"}
GO = SimpleNamespace(version="1.24.1", go="/opt/go/bin/go", found="on PATH")


def patient(**facts):
    """What an examination would find of a person who is well, but for ``facts``."""
    well = {
        "manager": Answer("257", MANAGER),
        "shell": (SHELL, ""),
        "status": ({"version": "1", "off": [], "go": {"version": "1.24.1", "path": GO.go}}, ""),
        "go": (GO, ""),
        "session": ("tty", ""),
    }
    return SimpleNamespace(**{**well, **facts})


def test_every_difference_has_advice_and_no_secret_is_shown():
    rows, volatile = differences(SHELL, MANAGER)
    advice = {row.name: row.advice for row in rows}
    assert [row.name for row in rows] == ["GOPRIVATE", "GOPROXY", "PATH", "API_TOKEN", "LD_PRELOAD", "LESS"]
    assert volatile == ("TERM",)
    assert advice["GOPRIVATE"] == "gowatchctl env --shared --apply GOPRIVATE"
    assert "/opt/bin" in advice["PATH"]
    assert "LoadCredential" in advice["GOPROXY"]
    assert "by hand" in advice["LD_PRELOAD"]
    assert advice["LESS"] == NO_MATTER
    assert "hush" not in repr(rows)
    assert {row.name: row.manager for row in rows}["GOPROXY"] == "(another)"


def test_a_path_with_nothing_of_its_own_is_no_difference():
    assert differences({"PATH": "/usr/bin"}, {"PATH": "/bin:/usr/bin"}) == ((), ())


def test_only_what_may_be_copied_is_offered():
    found = check_difference(patient())
    assert found.state is State.NOTE
    assert found.remedy == "gowatchctl env --shared --diff GOPRIVATE, then --apply"
    assert "environment.d" in found.result
    assert "TERM" in found.result
    assert check_difference(patient(shell=(MANAGER, ""))).state is State.OK
    unknown = check_difference(patient(shell=({}, "it hangs")))
    assert (unknown.state, unknown.rows) == (State.NOTE, ())


@pytest.mark.parametrize(
    ("kind", "desktop", "words"),
    [
        ("tty", "", "ssh"),
        ("wayland", "ubuntu:GNOME", "GNOME on Wayland"),
        ("x11", "GNOME", "~/.profile"),
        ("wayland", "KDE", "at logout"),
        ("wayland", "sway", "SWAYSOCK"),
        ("x11", "XFCE", "dbus-x11"),
    ],
)
def test_what_a_session_gives_the_manager(kind, desktop, words):
    assert words in uploads(kind, desktop)


def test_what_does_not_work_is_a_problem_with_a_remedy():
    ill = patient(
        manager=Answer(failure="not on the bus"), status=(None, "not running"), shell=({}, "it hangs")
    )
    nothing = patient(go=(None, "no go command found"))
    lost = patient(status=({"version": "1", "off": [], "go": None}, ""))
    for check, who in (
        (check_manager, ill),
        (check_daemon, ill),
        (check_shell, ill),
        (check_go, nothing),
        (check_go, lost),
    ):
        found = check(who)
        assert found.state is State.PROBLEM, found
        assert found.remedy, found
    assert check_difference(ill).state is State.NOTE


def test_the_daemons_go_may_be_another():
    other = {"version": "1", "off": [], "go": {"version": "1.19", "path": "/usr/bin/go"}}
    found = check_go(patient(status=(other, "")))
    assert found.state is State.NOTE
    assert 'go = "/opt/go/bin/go"' in found.remedy
    assert check_go(patient()).state is State.OK
    assert check_go(patient(status=(None, "not running"))).state is State.OK


def test_what_is_off_is_told():
    off = {"version": "1", "off": [{"part": "history", "reason": "disk full"}], "go": None}
    found = check_daemon(patient(status=(off, "")))
    assert (found.state, found.result) == (State.NOTE, "history is off: disk full")


@pytest.mark.parametrize("cells", [40, 60, 120])
def test_no_line_is_wider_than_the_terminal(cells):
    rows = (
        Row("GOFLAGS", "-tags=" + "x" * 200, None, "set it " * 30),
        Row("LESS", "R", None, NO_MATTER),
        Row("日本語", "値" * 90, "\x1b[31m", "a"),
    )
    page = _Page(Paint(enabled=False), ASCII_MARKS, cells)
    one = Diagnosis("environment", "it fails " * 20, "both", State.NOTE, "so 日本 " * 40, "do that", rows)
    lines = page.lines(one)
    assert max(map(width, lines)) <= cells
    assert "\x1b" not in "".join(lines)
    assert any(line.startswith("    others    LESS") for line in lines)
    assert "R" not in [line.split()[-1] for line in lines if "shell" in line], "only its name matters"
    assert len(page.lines(Diagnosis("a", "b", "c", State.OK, "fine"))) == 1


def test_every_check_is_in_the_list_once():
    codes = [check(patient()).code for check in ALL]
    assert codes == ["user-manager", "daemon", "login-shell", "environment", "go"]
