"""What the doctor judges of environments; tests/integration/test_shared_environment.py has a real manager."""

from __future__ import annotations

import pytest

from gowatchd.cli.checks.environment import (
    NO_MATTER,
    check_environment,
    check_shell,
    check_units,
    differences,
)
from gowatchd.cli.checks.uploads import uploads
from gowatchd.cli.diagnosis import State
from gowatchd.cli.session_examination import Answer
from tests.support.patient import MANAGER
from tests.support.patient import patient as somebody

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


def patient(**facts):
    """Somebody on a console, whose shell exports more than the manager has."""
    return somebody(**{"shell": (SHELL, ""), "session": ("tty", ""), **facts})


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
    debian = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
    assert differences({"PATH": debian}, {"PATH": "/usr/local/bin:/usr/bin"}) == ((), ())


def test_only_what_may_be_copied_is_offered():
    found = check_environment(patient())
    assert found.state is State.NOTE
    assert found.commands == (
        "gowatchctl env --shared --diff GOPRIVATE",
        "gowatchctl env --shared --apply GOPRIVATE",
    )
    assert found.mending == ("gowatchctl", "env", "--shared", "--apply", "GOPRIVATE")
    assert check_environment(patient(status=(None, "not running"))).mending == (), "the daemon does it"
    assert "environment.d" in found.result
    assert "TERM" in found.result
    assert check_environment(patient(shell=(MANAGER, ""))).state is State.OK
    unknown = check_environment(patient(shell=({}, "it hangs")))
    assert (unknown.state, unknown.rows) == (State.UNKNOWN, ())


def test_what_is_for_one_build_or_of_others_is_not_offered():
    names = ("GOROOT", "GOWORK", "GOOS", "GOARCH", "GOOGLE_CLOUD_PROJECT", "GOVERNMENT")
    offered = ("GOFLAGS", "CGO_CFLAGS", "XDG_CACHE_HOME", "https_proxy")
    shell = {**MANAGER, **dict.fromkeys((*names, *offered), "linux")}
    found = check_environment(patient(shell=(shell, "")))
    assert sorted(found.mending[4:]) == sorted(offered)
    advice = {row.name: row.advice for row in found.rows}
    assert {advice[name] for name in names} == {NO_MATTER}


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


def test_a_shell_that_cannot_be_asked_is_a_problem():
    found = check_shell(patient(shell=({}, "it hangs")))
    assert (found.state, found.result) == (State.PROBLEM, "it hangs")
    assert found.commands
    assert check_shell(patient()).state is State.OK
    assert check_environment(patient(manager=Answer(failure="x"))).state is State.UNKNOWN


def test_units_that_lack_something_are_named():
    lacking = {"unit": "sync.service", "findings": [{"kind": "missing"}]}
    well = {"unit": "a.service", "findings": []}
    found = check_units(patient(units=({"reason": "", "units": [well, lacking]}, "")))
    assert (found.state, found.commands) == (State.NOTE, ("gowatchctl env sync.service",))
    assert found.result == "1 unit lacks something: sync.service"
    assert check_units(patient()).state is State.OK
    assert check_units(patient(units=(None, "no daemon"))).state is State.UNKNOWN
    waiting = check_units(patient(units=({"reason": "the manager is starting", "units": []}, "")))
    assert (waiting.state, waiting.result) == (State.UNKNOWN, "no audit: the manager is starting")
