"""The daemon as a whole: a real process, a real bus, real files; what a person's day does to it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess

import pytest

from tests.support.bus import PrivateBus, wait_for
from tests.support.daemon import Daemon
from tests.support.git import commit, git, repository
from tests.support.go import NEWEST, TOOLCHAINS, needs_go

MESSY = b"go 1.21\n\nuse (\n    ./b\n  ./a // the app\n)\n"
TIDY = b"go 1.21\n\nuse (\n\t./a // the app\n\t./b\n)\n"
BROKEN = TIDY.replace(b"./b", b"./b\n\t./gone")


@pytest.fixture
def bus(tmp_path):
    with PrivateBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def app(home):
    """A workspace of two modules, in order."""
    app = home / "src" / "app"
    for name in ("a", "b"):
        (app / name).mkdir(parents=True)
        (app / name / "go.mod").write_text(f"module example.com/{name}\n\ngo 1.21\n")
    (app / "go.work").write_bytes(TIDY)
    return app


@pytest.fixture
def daemon(home, bus, app):
    with Daemon(home, bus) as daemon:
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


def test_a_messy_save_becomes_the_formatted_one(daemon, app):
    (app / "go.work").write_bytes(MESSY)
    daemon.wait_for_bytes(app / "go.work", TIDY)
    daemon.wait_for(lambda: daemon.ask("GetStatus")["last_change"], "the change in the status")
    change = daemon.ask("GetStatus")["last_change"]
    assert (change["path"], change["kind"]) == (str(app / "go.work"), "format")


def test_what_was_messy_before_the_start_waits_for_its_save(home, bus, app):
    (app / "go.work").write_bytes(MESSY)
    with Daemon(home, bus) as daemon:
        (app / "a" / "go.mod").write_bytes(b"module example.com/a\ngo 1.21\n")
        daemon.wait_for_bytes(app / "a" / "go.mod", b"module example.com/a\n\ngo 1.21\n")
        assert (app / "go.work").read_bytes() == MESSY
        (app / "go.work").write_bytes(MESSY)
        daemon.wait_for_bytes(app / "go.work", TIDY)


def test_an_unchanged_save_by_rename_is_a_save_too(home, bus, app):
    work = app / "go.work"
    work.write_bytes(MESSY)
    with Daemon(home, bus) as daemon:
        work.rename(app / "go.work~")  # as vim does
        work.write_bytes(MESSY)
        (app / "go.work~").unlink()
        daemon.wait_for_bytes(work, TIDY)


def test_a_problem_comes_and_goes(daemon, app):
    assert daemon.workspace(app)["state"] == "ok"
    (app / "go.work").write_bytes(BROKEN)
    daemon.wait_for(lambda: daemon.codes(app) == ["use-missing-module"], "the diagnostic")
    (diagnostic,) = daemon.workspace(app)["diagnostics"]
    assert (diagnostic["line"], diagnostic["column"], diagnostic["severity"]) == (6, 2, "error")
    (app / "gone").mkdir()
    (app / "gone" / "go.mod").write_text("module example.com/gone\n\ngo 1.21\n")
    daemon.wait_for(lambda: daemon.codes(app) == [], "the diagnostic to go")


def test_a_member_outside_of_the_roots_is_watched_too(daemon, home, app):
    outside = home / "elsewhere"
    outside.mkdir()
    (app / "go.work").write_bytes(TIDY.replace(b"./b", b"./b\n\t../../elsewhere"))
    daemon.wait_for(lambda: daemon.codes(app) == ["use-missing-module"], "the diagnostic")
    (outside / "go.mod").write_text("module   example.com/outside\ngo 1.21\n")
    daemon.wait_for(lambda: "use-missing-module" not in daemon.codes(app), "the diagnostic to go")
    (app / "a" / "go.mod").write_text("module   example.com/a\ngo 1.21\n")
    daemon.wait_for_bytes(app / "a" / "go.mod", b"module example.com/a\n\ngo 1.21\n")
    assert (outside / "go.mod").read_text() == "module   example.com/outside\ngo 1.21\n"  # not below a root


def test_no_save_is_missed(daemon, app):
    """The event of a close comes before the writer has let go: none of many may fall into that gap."""
    for number in range(50):
        content, codes = ((BROKEN, ["use-missing-module"]), (TIDY, []))[number % 2]
        (app / "go.work").write_bytes(content)
        daemon.wait_for(lambda codes=codes: daemon.codes(app) == codes, f"the verdict on save {number}")


def test_a_root_that_is_not_there_yet_is_said_and_waited_for(home, bus, app):
    daemon = Daemon(home, bus)
    later = home / "later"
    daemon.config.write_text(f'[watch]\nroots = ["{later}"]\n')
    daemon.start()
    said = {"part": "watching", "reason": f"there is no folder {later} yet"}
    assert said in daemon.ask("GetStatus")["off"]
    later.mkdir()
    (later / "go.mod").write_text("module   example.com/later\ngo 1.21\n")
    daemon.wait_for_bytes(later / "go.mod", b"module example.com/later\n\ngo 1.21\n")
    assert said not in daemon.ask("GetStatus")["off"]
    assert daemon.stop() == 0


def test_undo_by_gowatchctl_and_again(daemon, app):
    (app / "go.work").write_bytes(MESSY)
    daemon.wait_for_bytes(app / "go.work", TIDY)
    assert daemon.gowatchctl("undo").returncode == 0
    assert (app / "go.work").read_bytes() == MESSY
    daemon.wait_for(lambda: daemon.workspace(app)["format"], "the reason why it stays")
    assert daemon.workspace(app)["format"][0]["reason"] == "the change to it was undone"
    again = daemon.gowatchctl("undo", "1")
    assert again.returncode == 0
    assert (app / "go.work").read_bytes() == MESSY
    log = daemon.gowatchctl("log")
    assert "formatted" in log.stdout
    assert "~/src/app/go.work" in log.stdout


def test_a_clone_and_a_new_module_are_noticed(daemon, home, app):
    origin = repository(home / "origin")
    (origin / "go.mod").write_text("module   example.com/first\n")
    git(origin, "commit", "-qam", "messy")
    git(home / "src", "clone", "-q", str(origin), "clone")
    fresh = home / "src" / "deep" / "er"
    fresh.mkdir(parents=True)
    (fresh / "go.mod").write_text("module   example.com/fresh\ngo 1.21\n")
    daemon.wait_for_bytes(fresh / "go.mod", b"module example.com/fresh\n\ngo 1.21\n")
    daemon.wait_for(lambda: len(daemon.ask("GetStatus")["workspaces"]) == 3, "three workspaces")
    assert git(home / "src" / "clone", "status", "--porcelain") == ""
    shutil.rmtree(home / "src" / "clone")
    daemon.wait_for(lambda: len(daemon.ask("GetStatus")["workspaces"]) == 2, "two workspaces")


def test_a_checkout_leaves_a_clean_tree_and_an_edit_is_formatted(daemon, home):
    place = repository(home / "src" / "repository")
    commit(place, "module   example.com/first\ngo 1.21\n")
    git(place, "checkout", "-q", "HEAD~1")
    git(place, "checkout", "-q", "main")
    daemon.wait_for(
        lambda: (
            [one["reason"] for one in daemon.workspace(place)["format"]] == ["this is what git has for it"]
        ),
        "the reason why it stays",
    )
    assert git(place, "status", "--porcelain") == ""
    (place / "go.mod").write_text("module   example.com/edited\ngo 1.21\n")
    daemon.wait_for_bytes(place / "go.mod", b"module example.com/edited\n\ngo 1.21\n")


def test_the_configuration_is_read_again_on_sighup(daemon, app):
    good = daemon.config.read_text()
    daemon.config.write_text(good + "[format]\nenabled = false\n")
    os.kill(daemon.process.pid, signal.SIGHUP)
    daemon.wait_for_log("configuration read")
    daemon.wait_for(lambda: daemon.ask("GetStatus")["workspaces"], "the first look of the new run")
    assert {"part": "formatting", "reason": "[format] enabled = false"} in daemon.ask("GetStatus")["off"]
    daemon.config.write_text(good + "[format]\nsettle_ms = -3\n")
    os.kill(daemon.process.pid, signal.SIGHUP)
    daemon.wait_for_log("format.settle_ms = -3")
    assert "configuration" in [one["part"] for one in daemon.ask("GetStatus")["off"]]
    daemon.config.write_text(good)
    daemon.ask("Reload")
    daemon.wait_for(lambda: len(daemon.ask("GetStatus")["workspaces"]) == 1, "the first look of the new run")
    (app / "go.work").write_bytes(MESSY)
    daemon.wait_for_bytes(app / "go.work", TIDY)


def test_it_ends_cleanly_on_sigterm(home, bus, app):
    daemon = Daemon(home, bus)
    daemon.start()
    assert daemon.stop() == 0
    assert "Traceback" not in daemon.log()


def test_it_survives_being_killed(home, bus, app):
    daemon = Daemon(home, bus)
    daemon.start()
    (app / "go.work").write_bytes(MESSY)
    daemon.wait_for_bytes(app / "go.work", TIDY)
    daemon.kill()
    daemon.start()
    assert daemon.gowatchctl("undo").returncode == 0
    assert (app / "go.work").read_bytes() == MESSY
    daemon.stop()


def test_it_runs_without_a_bus(home, app):
    with Daemon(home, None) as daemon:
        daemon.wait_for_log("no session bus")
        (app / "go.work").write_bytes(MESSY)
        daemon.wait_for_bytes(app / "go.work", TIDY)
        assert daemon.gowatchctl("status").returncode == 69


def test_a_bus_that_dies_is_joined_again(daemon, bus, app):
    bus.kill()
    daemon.wait_for_log("the session bus went away")
    (app / "go.work").write_bytes(MESSY)
    daemon.wait_for_bytes(app / "go.work", TIDY)
    bus.start()
    wait_for(lambda: bus.ask("NameHasOwner", "s", "org.gowatchd.Gowatchd1")[0], "the daemon on the new bus")
    assert daemon.workspace(app)["state"] == "ok"


def test_it_says_that_there_is_no_go(daemon):
    daemon.wait_for(lambda: "go" in [one["part"] for one in daemon.ask("GetStatus")["off"]], "the missing go")


@needs_go
def test_a_go_that_was_installed_is_found_on_sighup(daemon, home):
    daemon.wait_for(lambda: "go" in [one["part"] for one in daemon.ask("GetStatus")["off"]], "the missing go")
    (home / "sdk").mkdir()
    (home / "sdk" / "go1.27.3").symlink_to(TOOLCHAINS[NEWEST])
    os.kill(daemon.process.pid, signal.SIGHUP)
    daemon.wait_for(lambda: daemon.ask("GetStatus")["go"], "the go command")
    assert daemon.ask("GetStatus")["off"] == []


@needs_go
def test_go_adds_what_only_go_can_tell(home, bus, app):
    with Daemon(home, bus, go=True) as daemon:
        daemon.wait_for(lambda: daemon.ask("GetStatus")["go"], "the go command")
        assert daemon.ask("GetStatus")["go"]["version"] == "1.27.3"
        (app / "go.work").write_bytes(TIDY.replace(b"go 1.21", b"go 1.99"))
        daemon.wait_for(lambda: daemon.codes(app) == ["go-line-too-new"], "the diagnostic")
        (app / "go.work").write_bytes(TIDY)
        daemon.wait_for(lambda: daemon.codes(app) == [], "the diagnostic to go")


def test_a_second_daemon_says_that_the_name_is_taken(daemon, home, bus):
    second = Daemon(home / "second", bus)
    second.start()
    second.wait_for_log("is taken")
    assert second.stop() == 0


def test_a_dry_run_writes_nothing(home, bus, app):
    daemon = Daemon(home, bus)
    daemon.start("--dry-run")
    (app / "go.work").write_bytes(MESSY)
    daemon.wait_for_log("would format")
    assert (app / "go.work").read_bytes() == MESSY
    assert daemon.stop() == 0


def test_a_bad_file_on_its_command_line_ends_it_with_78(home, bus):
    daemon = Daemon(home, bus, config="[format]\nindent = 3\n")
    daemon.start()
    assert daemon.process.wait(60) == 78
    assert "format.indent = 3" in daemon.log()


def test_its_watchdog_and_readiness_speak_to_systemd(home, bus, app, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        daemon = Daemon(home, bus)
        daemon.environment |= {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}
        daemon.start()
        said = ""
        while said.count("WATCHDOG=1") < 3:
            said += manager.recv(4096).decode() + "\n"
        assert "READY=1" in said
        assert "STATUS=Watching" in said
        os.kill(daemon.process.pid, signal.SIGHUP)
        while "RELOADING=1" not in said:
            said += manager.recv(4096).decode() + "\n"
        assert daemon.stop() == 0
        while "STOPPING=1" not in said:
            said += manager.recv(4096).decode() + "\n"


def test_nothing_is_left_open_or_running(daemon, app):
    """Saves, problems and git questions leave no descriptor, watch or child behind."""
    git(app, "init", "-q")

    def held() -> tuple[int, int]:
        children = subprocess.run(
            ["ps", "--ppid", str(daemon.process.pid), "-o", "pid="], capture_output=True, check=False
        )
        return len(os.listdir(f"/proc/{daemon.process.pid}/fd")), len(children.stdout.split())

    def round_trip() -> None:
        (app / "go.work").write_bytes(MESSY.replace(b"./b", b"./b\n  ./gone"))
        daemon.wait_for(lambda: daemon.codes(app) == ["use-missing-module"], "the diagnostic")
        (app / "go.work").write_bytes(TIDY)
        daemon.wait_for(lambda: daemon.codes(app) == [], "the diagnostic to go")

    round_trip()
    daemon.wait_for(lambda: held()[1] == 0, "all children to end")
    before = held()
    for _ in range(5):
        round_trip()
    daemon.wait_for(lambda: held() == before, f"{before} descriptors and children again")
