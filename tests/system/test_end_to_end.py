"""The installed package on a booted Debian, from `apt install` to `apt purge`, as its owner sees it.

One machine for the whole file; the tests run in their order, each on a workspace of its own.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.booted import obstacle
from tests.support.booted_desktop import Desktop
from tests.support.booted_roots import SUITE
from tests.support.booted_traces import called, lasting
from tests.support.booted_workspaces import BROKEN, MESSY, TIDY, diagnostics, make_workspace
from tests.support.bus import wait_for
from tests.support.repacked import with_version

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.booted import Booted

pytestmark = [pytest.mark.booted, pytest.mark.skipif(bool(obstacle()), reason=obstacle())]

NEXT = "9.9.9"  # after every version that the package under test may have
CONFIGURATION = '[watch]\nroots = ["~/src"]\n'


@pytest.fixture(scope="module")
def bystander(machine: Booted) -> Desktop:
    """Somebody who does not want the service."""
    desktop = Desktop(machine, machine.add_person("bystander"))
    desktop.run("systemctl", "--user", "mask", "gowatchd.service")
    return desktop


@pytest.fixture(scope="module")
def owner(machine: Booted) -> Desktop:
    """Somebody who is logged in while the package is installed."""
    desktop = Desktop(machine, machine.add_person("dev"))
    desktop.write(".config/gowatchd/config.toml", CONFIGURATION)
    desktop.run("mkdir", "src")
    return desktop


@pytest.fixture(scope="module")
def before(machine: Booted, bystander: Desktop, owner: Desktop) -> set[str]:
    """What the file system holds before the package comes."""
    return lasting(machine)


@pytest.fixture(scope="module")
def desktop(machine: Booted, before: set[str], owner: Desktop) -> Desktop:
    """Install the package; the owner's desktop comes up after the service, as at a login."""
    machine.run("apt-get", "install", "-y", "/root/gowatchd.deb", timeout=300)
    wait_for(lambda: owner.unit("ActiveState") == "active", "the service is active after the installation")
    owner.show()
    wait_for(lambda: owner.ask("status")["notifications"]["server"], "the notification server is known")
    return owner


def test_whoever_is_logged_in_has_the_service_running(desktop: Desktop) -> None:
    status = desktop.run("systemctl", "--user", "--no-pager", "status", "gowatchd").stdout
    assert "Active: active (running)" in status
    assert 'Status: "Watching 0 workspaces' in status
    assert desktop.unit("UnitFileState") == "enabled"


def test_the_unit_has_no_fault(desktop: Desktop) -> None:
    verified = desktop.run("systemd-analyze", "--user", "verify", desktop.unit("FragmentPath"))
    assert verified.stderr == ""


def test_it_does_not_run_for_whom_masked_it(desktop: Desktop, bystander: Desktop) -> None:
    assert bystander.unit("ActiveState") == "inactive"


def test_the_programs_and_their_pages_are_there(desktop: Desktop) -> None:
    assert desktop.unit("ActiveState") == "active"
    for program in ("gowatchd", "gowatchctl", "gofumpt-work"):
        assert program in desktop.run(program, "--help").stdout
        chinese = desktop.run("env", "LANG=zh_CN.UTF-8", program, "--help").stdout
        assert chinese.startswith(f"用法：{program} ")
    desktop.run("man", "-w", "gowatchd", "gowatchctl", "gofumpt-work", "gowatchd.toml")


def test_an_untidy_file_is_formatted_and_the_button_takes_that_back(desktop: Desktop) -> None:
    path = make_workspace(desktop, "app", MESSY)
    desktop.wait_for_text(path, TIDY)
    wait_for(lambda: diagnostics(desktop, "app") == [], "the workspace is listed without problems")
    wait_for(lambda: desktop.told("Formatted app/go.work"), "a notification about the formatted file")
    wait_for(lambda: desktop.screenshot(f"formatted-{SUITE}") > 20, "the notification is to be seen")
    desktop.press("Undo", "Formatted app/go.work")
    desktop.wait_for_text(path, MESSY)
    newest = desktop.ask("log")["entries"][-1]
    assert (newest["kind"], newest["path"]) == ("undo", f"{desktop.person.home}/{path}")
    assert desktop.read(path) == MESSY, "it was formatted again"


def test_a_broken_workspace_is_told_and_its_repair_too(desktop: Desktop) -> None:
    desktop.run("dunstctl", "close-all")
    path = make_workspace(desktop, "tools", TIDY)
    wait_for(lambda: diagnostics(desktop, "tools") == [], "the workspace is known")
    # What is found in the first half minute of a login was so before, and is told to nobody.
    wait_for(lambda: desktop.served_seconds() > 31, "the service is no longer new")
    desktop.write(path, BROKEN)
    wait_for(lambda: diagnostics(desktop, "tools") == ["use-missing-module"], "the diagnostic in the status")
    wait_for(lambda: desktop.told("1 problem in tools/go.work"), "a notification about the problem")
    wait_for(lambda: desktop.screenshot(f"problem-{SUITE}") > 20, "the notification is to be seen")
    desktop.write(path, TIDY)
    wait_for(lambda: diagnostics(desktop, "tools") == [], "no diagnostic after the repair")
    wait_for(lambda: desktop.told("tools/go.work is fine again"), "the good news")
    wait_for(lambda: desktop.displayed() == 0, "nothing more on the display")


def test_a_kill_is_survived(desktop: Desktop) -> None:
    path = make_workspace(desktop, "killed", TIDY)
    wait_for(lambda: diagnostics(desktop, "killed") == [], "the workspace is known")
    files = desktop.run("sh", "-c", "find src -type f | sort | xargs sha256sum").stdout
    first = desktop.unit("MainPID")
    desktop.run("kill", "-KILL", first)
    wait_for(lambda: desktop.unit("NRestarts") == "1", "systemd restarts it")
    wait_for(lambda: desktop.unit("ActiveState") == "active", "it is ready again")
    assert desktop.unit("MainPID") != first
    assert desktop.run("sh", "-c", "find src -type f | sort | xargs sha256sum").stdout == files
    wait_for(lambda: diagnostics(desktop, "killed") == [], "the workspace is known again")
    desktop.write(path, MESSY)
    desktop.wait_for_text(path, TIDY)


def test_the_doctor_tells_of_the_restart_and_starts_what_was_stopped(desktop: Desktop) -> None:
    def doctor(*words: str) -> dict[str, dict[str, Any]]:
        done = desktop.run("gowatchctl", "doctor", "--json", *words, check=False)
        return {one["code"]: one for one in json.loads(done.stdout)["checks"]}

    found = doctor("session-bus", "user-manager", "service", "linger", "notifications", "workspaces")
    assert {code for code, one in found.items() if one["state"] != "ok"} == {"service"}, found
    assert "restarted it 1 time" in found["service"]["result"]
    assert "dunst" in found["notifications"]["result"]
    desktop.run("systemctl", "--user", "stop", "gowatchd")
    assert doctor("service")["service"]["result"] == "it is inactive (enabled)"
    assert doctor("daemon")["daemon"]["state"] == "problem"
    assert doctor("service", "--fix", "--yes")["service"]["state"] == "ok"
    assert desktop.unit("ActiveState") == "active"


def test_the_user_manager_is_re_executed(desktop: Desktop) -> None:
    """As every upgrade of systemd does it: the process stays, and all that ties it to its manager."""
    desktop.write(".config/systemd/user/gowatchd.service.d/10-watchdog.conf", "[Service]\nWatchdogSec=20s\n")
    desktop.run("systemctl", "--user", "daemon-reload")
    desktop.run("systemctl", "--user", "restart", "gowatchd")
    path = make_workspace(desktop, "manager", TIDY)
    wait_for(lambda: diagnostics(desktop, "manager") == [], "the workspace is known")
    process = desktop.unit("MainPID")
    manager = desktop.run("systemctl", "--user", "show", "-P", "UserspaceTimestampMonotonic").stdout
    desktop.run("systemctl", "--user", "daemon-reexec")
    wait_for(lambda: desktop.unit("ActiveState") == "active", "the manager answers again")
    alive = int(desktop.unit("WatchdogTimestampMonotonic"))
    assert desktop.run("systemctl", "--user", "show", "-P", "UserspaceTimestampMonotonic").stdout == manager
    desktop.write(path, BROKEN)
    wait_for(lambda: "1 error in manager" in desktop.unit("StatusText"), "the manager hears of the problem")
    desktop.write(path, MESSY)
    desktop.wait_for_text(path, TIDY)
    wait_for(lambda: "error in manager" not in desktop.unit("StatusText"), "and of its end")
    wait_for(lambda: desktop.told("manager/go.work"), "a notification")
    wait_for(lambda: int(desktop.unit("WatchdogTimestampMonotonic")) > alive, "signs of life go on", 90)
    assert (desktop.unit("MainPID"), desktop.unit("NRestarts")) == (process, "0")
    desktop.run("systemctl", "--user", "reload", "gowatchd")
    assert desktop.unit("MainPID") == process
    desktop.run("rm", "-r", ".config/systemd/user/gowatchd.service.d")
    desktop.run("systemctl", "--user", "daemon-reload")


def test_its_owner_switches_it_off_and_on(desktop: Desktop) -> None:
    off = desktop.run("gowatchctl", "disable").stdout
    assert off == "gowatchd is stopped, and does not start any more for you: gowatchctl enable\n"
    assert (desktop.unit("UnitFileState"), desktop.unit("ActiveState")) == ("masked", "inactive")
    desktop.run("systemctl", "--user", "start", "default.target")
    assert desktop.unit("ActiveState") == "inactive"
    on = desktop.run("gowatchctl", "enable").stdout
    assert on == "gowatchd runs, and starts with your session\n"
    assert (desktop.unit("UnitFileState"), desktop.unit("ActiveState")) == ("enabled", "active")
    wait_for(lambda: desktop.ask("status")["notifications"]["server"], "the notification server is known")


def test_with_a_bad_configuration_it_goes_on_and_says_where(desktop: Desktop) -> None:
    desktop.write(".config/gowatchd/config.toml", '[watch]\nroot = ["~/src"]\n')
    desktop.run("systemctl", "--user", "restart", "gowatchd")
    assert desktop.unit("ActiveState") == "active"
    wait_for(lambda: "mistake in the configuration" in desktop.unit("StatusText"), "the status to say so")
    status = desktop.run("systemctl", "--user", "--no-pager", "-l", "status", "gowatchd", check=False).stdout
    assert "config.toml:2: unknown key watch.root: did you mean roots?" in status
    shipped = desktop.run("cat", "/usr/share/gowatchd/gowatchd.schema.json").stdout
    assert desktop.run("gowatchctl", "config", "schema").stdout == shipped  # with this release's pydantic
    wait_for(lambda: desktop.told("A mistake in the configuration of gowatchd"), "a notification")
    desktop.write(".config/gowatchd/config.toml", CONFIGURATION)
    desktop.run("systemctl", "--user", "reload", "gowatchd")
    wait_for(lambda: "mistake" not in desktop.unit("StatusText"), "the end of it in the status")


def test_an_upgrade_keeps_what_its_owner_and_the_administrator_chose(
    machine: Booted, desktop: Desktop, package: Path, tmp_path: Path
) -> None:
    machine.run("sh", "-c", "mkdir /etc/gowatchd && echo '[format]' > /etc/gowatchd/config.toml")
    path = make_workspace(desktop, "later", TIDY)
    wait_for(lambda: diagnostics(desktop, "later") == [], "the workspace is known")
    desktop.run("gowatchctl", "mute", "src/later")
    desktop.run("gowatchctl", "pause")
    changes, process = desktop.ask("log")["entries"], desktop.unit("MainPID")
    shutil.copyfile(with_version(package, NEXT, tmp_path / NEXT), machine.path("/root/next.deb"))
    machine.run("dpkg", "--install", "/root/next.deb", timeout=300)
    wait_for(lambda: desktop.unit("StatusText").endswith(f"({NEXT})"), "the new version runs")
    assert desktop.unit("MainPID") != process
    wait_for(lambda: diagnostics(desktop, "later") == [], "the workspace is known again")
    status = desktop.ask("status")
    assert (status["paused"], desktop.ask("log")["entries"]) == ({"until": None}, changes)
    muted = [one["root"] for one in status["workspaces"] if one["muted"]]
    assert muted == [f"{desktop.person.home}/src/later"]
    assert desktop.read(".config/gowatchd/config.toml") == CONFIGURATION
    assert machine.path("/etc/gowatchd/config.toml").read_text() == "[format]\n"
    desktop.run("gowatchctl", "resume")
    desktop.write(path, MESSY)
    desktop.wait_for_text(path, TIDY)


def test_an_older_version_is_refused_and_all_goes_on(machine: Booted, desktop: Desktop) -> None:
    process = desktop.unit("MainPID")
    refused = machine.run("dpkg", "--install", "/root/gowatchd.deb", check=False)
    assert refused.returncode != 0
    assert f"is older than {NEXT}, which is installed" in refused.stderr
    state = machine.run("dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Version}", "gowatchd").stdout
    assert state == f"ii {NEXT}"
    assert machine.run("dpkg", "--audit").stdout == ""
    assert (desktop.unit("MainPID"), desktop.unit("ActiveState")) == (process, "active")


def test_remove_stops_it_and_purge_leaves_nothing(
    machine: Booted, desktop: Desktop, before: set[str]
) -> None:
    process = desktop.unit("MainPID")
    machine.run("apt-get", "remove", "-y", "gowatchd", timeout=300)
    assert machine.run("kill", "-0", process, check=False).returncode != 0, "it still runs"
    assert machine.path("/etc/gowatchd/config.toml").exists()
    machine.run("apt-get", "purge", "-y", "gowatchd", timeout=300)
    assert lasting(machine) ^ before == set()
    assert called(machine, "*gowatch*") == []
