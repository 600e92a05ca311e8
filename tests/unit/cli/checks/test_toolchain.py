"""What the doctor judges of the go command, PATH, GOROOT, Go's folders, a build and an archive."""

from __future__ import annotations

import platform

import pytest

from gowatchd.cli.checks.toolchain import check_go, check_go_builds, check_go_on_path
from gowatchd.cli.checks.toolchain_archive import check_archive
from gowatchd.cli.checks.toolchain_folders import check_go_folders, check_goroot
from gowatchd.cli.diagnosis import State
from gowatchd.cli.go_folders import Goroots, Setting
from gowatchd.system.go_archive import Archive
from gowatchd.system.go_places import GoPlace
from gowatchd.system.go_trial import Trial
from tests.support.patient import PLACE, folders, patient

OLD = GoPlace("/usr/bin/go", "/usr/lib/go-1.19", "1.19.8")
NAME = f"go1.24.1.linux-{'amd64' if platform.machine() == 'x86_64' else 'arm64'}.tar.gz"
native = pytest.mark.skipif(
    platform.machine() not in {"x86_64", "aarch64"}, reason="the test's archive is of another machine"
)


def test_the_daemons_go_may_be_another_or_missing():
    other = {"version": "1", "off": [], "go": {"version": "1.19", "path": "/usr/bin/go"}}
    found = check_go(patient(status=(other, "")))
    assert found.state is State.NOTE
    assert 'go = "/opt/go/bin/go"' in found.remedy
    lost = check_go(patient(status=({**other, "go": None}, "")))
    assert (lost.state, lost.mending[2]) == (State.PROBLEM, "restart")
    assert check_go(patient()).state is State.OK
    assert check_go(patient(status=(None, "not running"))).state is State.OK
    none = check_go(patient(go=(None, "no go command found")))
    assert (none.state, none.result) == (State.PROBLEM, "no go command found")


@pytest.mark.parametrize(
    ("facts", "state", "words"),
    [
        ({}, State.OK, "/opt/go/bin/go (1.24.1) is the only one"),
        ({"gos": (PLACE, OLD)}, State.NOTE, "wins, and /usr/bin/go (1.19.8)"),
        ({"gos": (PLACE, PLACE)}, State.OK, "the first of 2"),
        ({"shell_gos": (OLD,)}, State.NOTE, "a new login shell would run /usr/bin/go"),
        ({"shell_gos": ()}, State.OK, "only one"),
        ({"gos": ()}, State.NOTE, "a new login shell would run /opt/go/bin/go"),
        ({"gos": (), "shell_gos": ()}, State.NOTE, "but there is /opt/go/bin/go"),
        ({"gos": (), "shell_gos": (), "go": (None, "")}, State.UNKNOWN, "no go command"),
    ],
)
def test_which_go_wins(facts, state, words):
    found = check_go_on_path(patient(**facts))
    assert found.state is state
    assert words in found.result


def test_a_folder_that_path_lacks_comes_with_its_line():
    found = check_go_on_path(patient(gos=(), shell_gos=()))
    assert found.commands == ("echo 'PATH=\"$PATH:/opt/go/bin\"' >>~/.profile",)


@pytest.mark.parametrize(
    ("settings", "state", "words", "command"),
    [
        ((), State.OK, "nowhere", ""),
        ((Setting("terminal", "/opt/go", "1.24.1"),), State.OK, "(terminal)", ""),
        (
            (Setting("terminal", "/old", "1.19"),),
            State.PROBLEM,
            "terminal: /old is go 1.19; the go command is 1.24.1, in /opt/go",
            "unset GOROOT",
        ),
        ((Setting("go env -w", "/gone", ""),), State.PROBLEM, "no Go toolchain", "go env -u GOROOT"),
        (
            (Setting("user manager", "/old", "1.19"),),
            State.PROBLEM,
            "user manager",
            "systemctl --user unset-environment GOROOT",
        ),
    ],
)
def test_goroot(settings, state, words, command):
    found = check_goroot(patient(goroots=Goroots("/opt/go", "1.24.1", settings)))
    assert found.state is state
    assert words in found.result
    assert found.commands == ((command,) if command else ())
    assert check_goroot(patient(goroots=None)).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"gopath": ("/opt/go",)}, "GOPATH and GOROOT are the same folder, /opt/go"),
        ({"gopath": ("/a", "/opt/go/")}, "the same folder"),
        ({"gopath": ("/opt/go/work",)}, "lies in the toolchain"),
        ({"gopath": ("go",)}, "GOPATH=go is no absolute path"),
        ({"gocache": "/home/me/go/pkg/mod/cache"}, "lie in one another"),
        ({"gomodcache": "/home/me/.cache/go-build"}, "lie in one another"),
        ({"gocache": "/opt/go/cache"}, "a cache lies in the toolchain"),
        (
            {"foreign": (("/home/me/go", "root"),)},
            "you may not write into /home/me/go, which belongs to root",
        ),
    ],
)
def test_folders_that_get_into_each_others_way(facts, words):
    found = check_go_folders(patient(go_folders=(folders(**facts), "")))
    assert found.state is State.PROBLEM
    assert words in found.result
    assert found.commands


def test_folders_that_keep_apart():
    assert check_go_folders(patient()).state is State.OK
    off = folders(gocache="off")
    assert check_go_folders(patient(go_folders=(off, ""))).state is State.OK
    fetched = folders(goroot="/home/me/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.24.1.linux-amd64")
    assert check_go_folders(patient(go_folders=(fetched, ""))).state is State.OK
    inside = folders(goroot="/home/me/go/go1.24")
    assert check_go_folders(patient(go_folders=(inside, ""))).state is State.NOTE
    unseen = check_go_folders(patient(go_folders=(folders(on_path=False), "")))
    assert (unseen.state, unseen.commands) == (
        State.NOTE,
        ("echo 'PATH=\"$PATH:/home/me/go/bin\"' >>~/.profile",),
    )
    assert check_go_folders(patient(go_folders=(None, "it hangs"))).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("trial", "state", "words", "command"),
    [
        (Trial("", "", "/tmp", 0.21), State.OK, "built and run in 0.2 s", ""),
        (
            Trial(
                "build", 'compile: version "go1.21.13" does not match go tool version "go1.27.3"', "/tmp", 1
            ),
            State.PROBLEM,
            "does not match",
            "unset GOROOT",
        ),
        (Trial("build", "package runtime is not in std", "/tmp", 1), State.PROBLEM, "is not in std", ""),
        (Trial("build", "", "/tmp", 90, timed_out=True), State.UNKNOWN, "longer than 90 s", "gowatchctl"),
        (Trial("run", "Permission denied", "/tmp", 1), State.PROBLEM, "in /tmp does not run", "findmnt"),
        (Trial("folder", "/tmp: No space left", "/tmp", 1), State.PROBLEM, "no folder", ""),
        (None, State.UNKNOWN, "no go command", ""),
    ],
)
def test_a_build(trial, state, words, command):
    found = check_go_builds(patient(trial=trial))
    assert found.state is state
    assert words in found.result
    assert (found.commands or ("",))[0].startswith(command)


@native
@pytest.mark.parametrize(
    ("facts", "state", "words"),
    [
        ({"told": "a" * 64, "source": "--sha256"}, State.OK, "--sha256"),
        ({"told": "b" * 64, "source": "--sha256"}, State.PROBLEM, f"--sha256 says {'b' * 64}"),
        ({}, State.NOTE, "a" * 64),
        ({"damage": "unexpected end of data"}, State.PROBLEM, "unexpected end"),
        ({"version": "go1.19"}, State.PROBLEM, "its name says go1.24.1"),
        ({"path": "/d/go1.24.1.darwin-arm64.tar.gz"}, State.PROBLEM, "it is for darwin-arm64"),
        ({"path": "/d/mine.tar.gz", "version": ""}, State.NOTE, "a" * 64),
    ],
)
def test_an_archive(facts, state, words):
    well = {
        "path": f"/d/{NAME}",
        "sha256": "a" * 64,
        "told": "",
        "source": "",
        "version": "go1.24.1",
        "damage": "",
    }
    found = check_archive(patient(archive=Archive(**{**well, **facts})))
    assert found.state is state
    assert words in found.result
