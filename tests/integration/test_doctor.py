"""gowatchctl doctor beside a real bus, a real user manager, and beside nothing at all."""

from __future__ import annotations

import json
import os
import socket

import pytest

from gowatchd.cli.workspace_access import accesses
from tests.support.bus import PrivateBus, wait_for
from tests.support.desktop import Display, Dunst, needs_display, needs_dunst
from tests.support.doctored import DOCTOR, Home
from tests.support.other_process import BOUND_BY_PERMISSIONS, as_nobody, needs_root
from tests.support.tmux import Tmux
from tests.support.user_manager import obstacle, user_manager


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_beside_nothing_it_says_what_is_missing_and_what_it_could_not_look_at(home):
    found = home.asked()
    states = {code: one["state"] for code, one in found.items()}
    assert states["session-bus"] == "problem"
    for code in ("user-manager", "service", "daemon", "units", "notifications", "environment"):
        assert states[code] == "unknown", found[code]
    for code in ("workspaces", "file-systems", "state-folder"):
        assert states[code] == "ok", found[code]
    assert states["login-shell"] in {"ok", "problem"}  # what root's shell does is this machine's matter
    text = home.run("session-bus", "daemon").stdout
    assert "× session-bus\n" in text  # noqa: RUF001 the sign of a problem
    assert "\n○ daemon: not asked: no session bus answers\n" in text


def test_a_bus_that_accepts_and_never_answers_is_waited_for_once(home):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(home.folder / "bus"))
        silent.listen()
        address = f"unix:path={home.folder}/bus"
        found = home.asked(
            "session-bus",
            "user-manager",
            "service",
            "daemon",
            "notifications",
            DBUS_SESSION_BUS_ADDRESS=address,
        )
    assert found["session-bus"]["state"] == "problem"
    assert f"{address} does not answer" in found["session-bus"]["result"]
    others = [one["result"] for code, one in found.items() if code != "session-bus"]
    assert set(others) == {"not asked: no session bus answers"}


def test_a_locale_without_utf8_has_other_signs_and_no_colour_is_none(home):
    plain = home.run("session-bus", "daemon", LC_ALL="C", PYTHONIOENCODING="ascii").stdout
    assert plain.startswith("x session-bus\n")
    assert "\no daemon:" in plain
    coloured = home.run("daemon", "--color", "always").stdout
    assert coloured.startswith("\x1b[2m○\x1b[0m")
    assert "\x1b" not in plain


def test_files_that_may_not_be_written(home):
    home.launcher = BOUND_BY_PERMISSIONS
    known = home.folder / "src/closed/module"
    known.mkdir(parents=True)
    (known / "go.mod").write_text("module example.com/m\n")
    (home.folder / "go.mod").write_text("module example.com/here\n")
    state = home.folder / "state/gowatchd"
    state.mkdir(parents=True)
    (state / "folders.json").write_text(json.dumps({"schema": 1, "folders": [str(known)]}))
    assert home.asked("workspaces")["workspaces"]["result"].startswith("2 files")
    (home.folder / "go.mod").chmod(0o444)
    locked = home.asked("workspaces")["workspaces"]
    assert (locked["state"], locked["commands"]) == ("note", ["ls -l ~/go.mod"])


@needs_root
def test_a_folder_on_the_way_that_somebody_else_closed(tmp_path):
    (tmp_path / "go.mod").write_text("module example.com/m\n")
    status = {"workspaces": [{"root": str(tmp_path)}]}
    here = [one for one in accesses(status) if one.path == f"{tmp_path}/go.mod"]
    assert [(one.closed, one.owner) for one in here] == [("", "root")]
    (found,) = [one for one in as_nobody(lambda: accesses(status)) if one.path == f"{tmp_path}/go.mod"]
    assert "cannot be entered by nobody" in found.closed, "pytest's folder is closed to others"
    assert not found.readable


def test_fix_gives_a_folder_back_after_a_yes_and_does_nothing_after_a_no(home, tmp_path_factory):
    home.launcher = BOUND_BY_PERMISSIONS
    folder = home.folder / "state/gowatchd"
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    assert home.run("state-folder", "--fix").returncode == 2, "there is no terminal"
    command = " ".join((*home.launcher, *DOCTOR, "state-folder --fix; echo ended $?; read x"))
    environment = home.environment
    with Tmux(tmp_path_factory.mktemp("t"), command, start=home.folder, environment=environment) as window:
        window.wait_for("run chmod u+rwx")
        window.type("Enter")
        assert "nothing was changed" in window.wait_for("ended 1")
    assert folder.stat().st_mode & 0o777 == 0o500
    with Tmux(tmp_path_factory.mktemp("t"), command, start=home.folder, environment=environment) as window:
        window.wait_for("[y/N]")
        window.type("y", "Enter")
        assert "● state-folder" in window.wait_for("ended 0")
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o500)
    done = home.run("state-folder", "--fix", "--yes", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["checks"][0]["state"]) == (0, "ok")
    assert answer["mended"] == [
        {
            "code": "state-folder",
            "command": ["chmod", "u+rwx", str(folder)],
            "done": True,
            "said": "",
        }
    ]


@needs_display
@needs_dunst
def test_a_notification_server_and_its_buttons(home, tmp_path_factory):
    with PrivateBus(tmp_path_factory.mktemp("bus")) as bus, Display() as display:
        home.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.address
        found = home.asked("session-bus", "notifications", "user-manager", "service")
        assert found["session-bus"]["state"] == "ok"
        assert "no server runs" in found["notifications"]["result"]
        assert found["user-manager"]["state"] == "problem"
        assert found["service"]["state"] == "unknown"
        dunst = Dunst(bus, display)
        found = home.asked("notifications")["notifications"]
        assert found["state"] == "ok"
        assert "dunst" in found["result"]
        dunst.stop()


@pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-")
def test_the_service_as_a_real_manager_has_it(tmp_path):
    with user_manager(tmp_path, f"gowatchd-doctor-{os.getpid()}") as manager:
        home = Home(manager.home)
        home.environment.update(
            {"DBUS_SESSION_BUS_ADDRESS": manager.address, "XDG_RUNTIME_DIR": str(manager.runtime)}
        )

        def service() -> dict:
            return home.asked("service")["service"]

        wait_for(lambda: service()["state"] == "problem", "the manager is on its bus")
        assert "no gowatchd.service" in service()["result"]
        manager.write(
            "gowatchd.service", "[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=default.target\n"
        )
        manager.systemctl("daemon-reload")
        stopped = service()
        assert (stopped["state"], stopped["result"]) == ("problem", "it is inactive (disabled)")
        answer = json.loads(home.run("service", "--fix", "--yes", "--json").stdout)
        assert answer["mended"][0]["done"], answer
        assert answer["checks"][0]["state"] == "ok", answer
        assert "active (running" in answer["checks"][0]["result"]
        assert manager.systemctl("is-enabled", "gowatchd").strip() == "enabled"

        manager.write("gowatchd.service", "[Service]\nExecStart=/bin/sh -c 'exit 78'\n")
        manager.systemctl("daemon-reload")
        manager.systemctl("restart", "gowatchd", check=False)
        failed = service()
        assert failed["state"] == "problem"
        assert "configuration cannot be used" in failed["result"]
        assert failed["mending"] == []
        manager.write(
            "gowatchd.service", "[Unit]\nConditionUser=nobody\n[Service]\nExecStart=/bin/sleep 1000\n"
        )
        manager.systemctl("daemon-reload")
        manager.systemctl("reset-failed", "gowatchd")
        manager.systemctl("start", "gowatchd")
        skipped = service()
        assert (skipped["state"], skipped["mending"]) == ("note", [])
        assert "a condition of its unit" in skipped["result"]

        (manager.units / "gowatchd.service").unlink()
        manager.systemctl("mask", "gowatchd")
        manager.systemctl("daemon-reload")
        assert service()["commands"] == ["gowatchctl enable"]
