"""list, add, remove, mute and unmute with the real daemon, and without one."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.git import commit, git, repository
from tests.support.go import NEWEST, needs_go, run_go
from tests.support.watching import write

MESSY, TIDY = "module example.com/m\ngo 1.21\n", "module example.com/m\n\ngo 1.21\n"


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def daemon(tmp_path, bus):
    daemon = Daemon(tmp_path / "home", bus)
    write(daemon.source / "app/go.mod", TIDY)
    daemon.start()
    yield daemon
    if daemon.alive:
        daemon.stop()
    assert "Traceback" not in daemon.log(), daemon.log()


def listing(daemon):
    return json.loads(daemon.gowatchctl("list", "--json").stdout)


def roots(daemon):
    """Return the folders of the workspaces, below the home."""
    return {os.path.relpath(one["root"], daemon.home) for one in listing(daemon)["workspaces"]}


def wait_for(daemon, *expected):
    wanted = set(expected)
    daemon.wait_for(lambda: roots(daemon) == wanted and not listing(daemon)["scanning"], f"{wanted}")


def restart(daemon):
    assert daemon.stop() == 0
    daemon.log_file.unlink()
    daemon.start()


def test_why_each_is_watched(daemon):
    outside = write(daemon.home / "outside/go.mod", TIDY.replace("/m", "/outside"))
    repository(daemon.source / "repo")
    write(daemon.source / "repo/sub/go.mod", TIDY)
    write(daemon.source / "repo/sub/go.work", f"go 1.21\n\nuse .\n\nuse {outside.parent}\n")
    wait_for(daemon, "src/app", "src/repo", "src/repo/sub")
    daemon.wait_for(lambda: listing(daemon)["outside"], "the module outside")
    found = {os.path.basename(one["root"]): one for one in listing(daemon)["workspaces"]}
    assert found["app"]["why"] == f"below {daemon.source}, configuration"
    assert (found["sub"]["kind"], found["sub"]["repository"]) == ("work", str(daemon.source / "repo"))
    (beside,) = listing(daemon)["outside"]
    assert beside == {"path": str(outside.parent), "why": f"used by {daemon.source}/repo/sub/go.work"}
    page = daemon.gowatchctl("list").stdout
    assert "~/src/repo/sub  go.work" in page
    assert "git ~/src/repo" in page
    assert "used by ~/src/repo/sub/go.work" in page


def test_an_added_folder_counts_at_once_and_after_a_restart(daemon):
    mod = write(daemon.home / "else/node_modules/own/go.mod", TIDY)
    done = daemon.gowatchctl("add", "-n", str(mod.parent))
    assert (done.returncode, done.stdout) == (0, f"would be: {mod.parent} is watched\n")
    assert roots(daemon) == {"src/app"}
    assert daemon.gowatchctl("add", str(mod.parent)).returncode == 0
    wait_for(daemon, "src/app", "else/node_modules/own")
    mod.write_text(MESSY)
    daemon.wait_for_bytes(mod, TIDY.encode())
    restart(daemon)
    wait_for(daemon, "src/app", "else/node_modules/own")
    assert {one["why"] for one in listing(daemon)["roots"]} == {"configuration", "added by you"}


def test_a_removed_folder_is_left_alone_and_comes_back(daemon):
    mod = write(daemon.source / "big/deep/go.mod", TIDY)
    wait_for(daemon, "src/app", "src/big/deep")
    assert daemon.gowatchctl("-C", str(daemon.source), "remove", "big").returncode == 0
    wait_for(daemon, "src/app")
    mod.write_text(MESSY)
    (daemon.source / "app/go.mod").write_text(MESSY)
    daemon.wait_for_bytes(daemon.source / "app/go.mod", TIDY.encode())
    assert mod.read_text() == MESSY
    assert listing(daemon)["excluded"] == [{"what": str(daemon.source / "big"), "why": "removed by you"}]
    restart(daemon)
    assert roots(daemon) == {"src/app"}
    assert daemon.gowatchctl("add", str(daemon.source / "big")).returncode == 0
    wait_for(daemon, "src/app", "src/big/deep")
    assert listing(daemon)["excluded"] == []


def test_the_last_root_can_go_and_come_back(daemon):
    assert daemon.gowatchctl("remove", str(daemon.source)).returncode == 0
    wait_for(daemon)
    assert "Looking below: no folder" in daemon.gowatchctl("status").stdout
    assert daemon.gowatchctl("list").returncode == 0
    restart(daemon)
    assert daemon.gowatchctl("add", str(daemon.source)).returncode == 0
    wait_for(daemon, "src/app")


def test_what_makes_no_sense_is_refused(daemon):
    for verb, path, code, text in (
        ("add", "missing", 4, "is not a folder"),
        ("add", "/", 1, "whole file system"),
        ("remove", "/usr", 4, "is not watched"),
        ("mute", "missing", 4, "is not a folder"),
    ):
        done = daemon.gowatchctl(verb, path)
        assert (done.returncode, done.stdout) == (code, "")
        assert text in done.stderr
    assert daemon.gowatchctl("mute", "--for", "soon").returncode == 2


def test_a_mute_is_shown_and_survives_and_ends(daemon):
    app = daemon.source / "app"
    done = daemon.gowatchctl("mute", "--for", "2d", str(app))
    assert done.returncode == 0
    assert done.stdout.startswith(f"{app} is muted until 20")
    for again in (False, True):
        if again:
            restart(daemon)
        assert "muted until 20" in daemon.gowatchctl("status").stdout
        assert "ok, muted until 20" in daemon.gowatchctl("list").stdout
        assert daemon.workspace(app)["muted"]["folder"] == str(app)
    (app / "go.mod").write_text(MESSY)
    daemon.wait_for_bytes(app / "go.mod", TIDY.encode())
    assert daemon.gowatchctl("unmute", str(app)).returncode == 0
    assert daemon.workspace(app)["muted"] is None
    daemon.gowatchctl("mute", str(app))
    assert daemon.workspace(app)["muted"]["until"] is None


def test_without_a_daemon_it_counts_from_the_next_start(daemon):
    mod = write(daemon.home / "else/go.mod", TIDY)
    daemon.config.rename(daemon.home / "aside")  # with roots of its own, which gowatchctl would not know
    daemon.stop()
    done = daemon.gowatchctl("add", str(mod.parent))
    assert (done.returncode, done.stdout) == (0, f"{mod.parent} is watched already\n")
    done = daemon.gowatchctl("remove", str(daemon.source / "app"))
    assert done.returncode == 0
    assert "from its next start" in done.stderr
    assert daemon.gowatchctl("list").returncode == 3
    (daemon.home / "aside").rename(daemon.config)
    daemon.log_file.unlink()
    daemon.start()
    assert roots(daemon) == set()


def test_choices_do_not_count_where_the_roots_are_given(daemon):
    daemon.gowatchctl("remove", str(daemon.source / "app"))
    daemon.stop()
    daemon.log_file.unlink()
    daemon.start("--root", str(daemon.source))
    assert roots(daemon) == {"src/app"}
    done = daemon.gowatchctl("add", str(daemon.home))
    assert done.returncode == 1
    assert "--root" in done.stderr


def test_what_a_day_brings_is_found(daemon):
    source = daemon.source
    origin = daemon.home / "origin"
    repository(origin)
    (origin / "lib").mkdir()
    git(origin, "mv", "go.mod", "lib/go.mod")
    commit(origin, TIDY, "lib/go.mod")
    git(source, "clone", "-q", str(origin), "clone")
    wait_for(daemon, "src/app", "src/clone/lib")
    git(source / "clone", "worktree", "add", "-q", "../linked", "HEAD", "--detach")
    wait_for(daemon, "src/app", "src/clone/lib", "src/linked/lib")
    (source / "clone").rename(source / "renamed")
    wait_for(daemon, "src/app", "src/renamed/lib", "src/linked/lib")
    shutil.rmtree(source / "linked")
    (source / "renamed").rename(daemon.home / "away")
    wait_for(daemon, "src/app")
    (daemon.home / "away").rename(source / "back")
    wait_for(daemon, "src/app", "src/back/lib")


@needs_go
def test_a_module_that_go_makes(daemon):
    (daemon.source / "fresh").mkdir()
    run_go(NEWEST, "mod", "init", "example.com/fresh", cwd=daemon.source / "fresh")
    wait_for(daemon, "src/app", "src/fresh")
