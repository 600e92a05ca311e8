"""A process without a descriptor left: what it knows stays known, and what it missed is made good."""

from __future__ import annotations

import os
import resource

import pytest

from tests.support.daemon import Daemon
from tests.support.desktop import needs_display, needs_dunst
from tests.support.git import repository
from tests.support.processor import RESTS, RETRIED_SECONDS, share_beside_a_busy_one

UNTIDY = b"module   example.com/m\ngo 1.21\n"
TIDY = b"module example.com/m\n\ngo 1.21\n"
WORK = "go 1.21\n\nuse ./m\n"
TOO_MANY = "too many open files"


@pytest.fixture
def daemon(home, bus):
    repository(home / "src" / "repository")
    app = home / "src" / "app"
    (app / "m").mkdir(parents=True)
    (app / "m" / "go.mod").write_bytes(TIDY)
    (app / "go.work").write_text(WORK)
    with Daemon(home, bus) as daemon:
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


def held(daemon):
    """Return the descriptors that ``daemon`` holds."""
    return {int(name) for name in os.listdir(f"/proc/{daemon.process.pid}/fd")}


def take_descriptors(daemon, used, more=0):
    """Leave ``daemon`` none but ``used`` and so many ``more``; return what gives them back."""
    pid = daemon.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    lowest_free = next(number for number in range(len(used) + 1) if number not in used)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (lowest_free + more, before[1]))
    return lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


@needs_display
@needs_dunst
def test_what_it_could_not_read_is_said_and_read_later(daemon, dunst):
    app, repo, new = (daemon.source / name for name in ("app", "repository", "new"))
    daemon.wait_for(lambda: daemon.ask("GetStatus")["notifications"]["server"], "the server")
    daemon.wait_for(daemon.off, "the search for go to end")
    give_back = take_descriptors(daemon, held(daemon))
    (app / "go.work").write_text(WORK.replace("./m", "./gone"))
    (repo / "go.mod").write_bytes(UNTIDY)
    (new / "below").mkdir(parents=True)
    (new / "below" / "go.mod").write_bytes(UNTIDY)
    daemon.wait_for(lambda: TOO_MANY in daemon.off().get("reading files", ""), "the trouble in the status")
    daemon.wait_for(lambda: TOO_MANY in daemon.off().get("watching", ""), "the folder that is not listed")
    for part in ("reading files", "watching"):
        daemon.wait_for(lambda part=part: dunst.told(f"works without {part}") == 1, "the notification")
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    assert daemon.codes(app) == []  # the last that is known
    assert daemon.codes(repo) == ["missing-go-line"]
    assert (repo / "go.mod").read_bytes() == UNTIDY
    give_back()
    daemon.wait_for_bytes(repo / "go.mod", TIDY, RETRIED_SECONDS)
    daemon.wait_for_bytes(new / "below" / "go.mod", TIDY, RETRIED_SECONDS)
    daemon.wait_for(lambda: "use-missing-module" in daemon.codes(app), "the verdict", RETRIED_SECONDS)
    daemon.wait_for(lambda: set(daemon.off()) == {"go"}, "everything but go", RETRIED_SECONDS)
    for part in ("reading files", "watching"):
        daemon.wait_for(lambda part=part: dunst.closed(f"works without {part}"), "the note to go")
        assert dunst.told(f"works without {part}") == 1


def test_without_one_for_git_the_save_waits(daemon):
    """A file can be read with a single descriptor; a child takes several."""
    mod = daemon.source / "repository" / "go.mod"
    daemon.wait_for(daemon.off, "the search for go to end")
    give_back = take_descriptors(daemon, held(daemon), more=1)
    mod.write_bytes(UNTIDY)
    waits = ("pending", "git has not answered yet whether it brought it")
    daemon.wait_for(lambda: daemon.standing(mod) == waits, "the reason why it is not formatted")
    assert share_beside_a_busy_one(daemon.process.pid) < RESTS
    give_back()
    daemon.wait_for_bytes(mod, TIDY, RETRIED_SECONDS)


def test_one_that_goes_before_the_rewrite_puts_it_off(daemon):
    """The descriptors go between the save and the rewrite."""
    daemon.config.write_text(daemon.config.read_text() + "[format]\nsettle_ms = 5000\n")
    daemon.ask("Reload")
    repo = daemon.source / "repository"
    daemon.wait_for(lambda: daemon.ask("GetStatus")["workspaces"], "the first look of the new run")
    daemon.wait_for(lambda: daemon.log().count("no go command found") == 2, "the end of its search for go")
    used = held(daemon)
    (repo / "go.mod").write_bytes(UNTIDY)
    daemon.wait_for(lambda: daemon.codes(repo) == [], "a look at the save, which has a go line")
    daemon.wait_for(lambda: held(daemon) == used, "the answer of git")
    give_back = take_descriptors(daemon, used)
    daemon.wait_for(lambda: daemon.standing(repo / "go.mod"), "the reason why it is not formatted")
    assert daemon.standing(repo / "go.mod") == ("pending", TOO_MANY)
    give_back()
    daemon.wait_for_bytes(repo / "go.mod", TIDY, RETRIED_SECONDS)
