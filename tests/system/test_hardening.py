"""The sandbox of the installed service: what must not work in it does not, and all that it is for does.

Two people on one machine, the second of whom may make no user namespaces, as on a hardened kernel. What works
without that restriction is held by the other files of this folder, which drive the same unit.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import ROOT, obstacle
from tests.support.booted_desktop import Desktop
from tests.support.booted_go import install_go
from tests.support.bus import wait_for
from tests.support.go import needs_go
from tests.support.sandbox_probe import attempts_program, probe, refused

if TYPE_CHECKING:
    from tests.support.booted import Booted

pytestmark = [pytest.mark.booted, needs_go, pytest.mark.skipif(bool(obstacle()), reason=obstacle())]
# The same buttons of the same unit are pressed in test_end_to_end.py, for somebody who may make namespaces.
with_a_display = pytest.mark.skipif(
    "SUITE" not in os.environ, reason="half a minute of waiting: make system-test does without namespaces too"
)

UNITS = ".config/systemd/user"
IN_A_UNIT = ("systemd-run", "--user", "--quiet", "--wait", "--pipe", "--collect")
NO_USER_NAMESPACES = "[Service]\nRestrictNamespaces=~user\n"
# What ends a Python that finds it first: a service of the person's own Python's making would not start.
TRAP = "raise SystemExit('this is not the pydantic of the system')\n"
CONFIGURATION = """\
[watch]
roots = ["~/src"]
[notify]
editor = "{home}/editor {{file}} {{line}}"
"""
EDITOR = """\
#!/bin/sh
python3 -I "$HOME/attempts.py" >"$HOME/editor-attempts" && echo "$@" >"$HOME/opened"
"""
MESSY = "module   example.com/one\n\n\n\ngo 1.22\n"
TIDY = "module example.com/one\n\ngo 1.22\n"
BROKEN = "module go\n\ngo 1.22\n"  # a reserved name
NEEDS = """\
[Service]
Type=oneshot
ExecStart=/usr/bin/env sh -c 'cd "$${WORKSPACE_ROOT:?}" && go version >%h/said'
"""
# What a version manager asks of a node at a login would not work in the sandbox; ssh-agent stays behind.
PROFILE = """\
python3 -I ~/attempts.py >~/profile-attempts
setsid sleep 4711 &
export WORKSPACE_ROOT="$HOME/src"
"""


@pytest.fixture(scope="module")
def free(machine: Booted) -> Desktop:
    return Desktop(machine, machine.add_person("free"))


@pytest.fixture(scope="module")
def walled(machine: Booted) -> Desktop:
    """Somebody without user namespaces, with a second group, and with traps for a Python."""
    desktop = Desktop(machine, machine.add_person("walled"))
    home, manager = desktop.person.home, f"user@{desktop.person.uid}.service"
    machine.run("usermod", "-aG", "users", "walled")
    folder = machine.path(f"/etc/systemd/system/{manager}.d")
    folder.mkdir()
    (folder / "50-no-namespaces.conf").write_text(NO_USER_NAMESPACES)
    own = desktop.run("python3", "-c", "import site; print(site.getusersitepackages())").stdout.strip()
    for place in (own, f"{home}/own"):
        desktop.write(f"{place.removeprefix(f'{home}/')}/pydantic.py", TRAP)
    own_settings = f"PYTHONPATH={home}/own\nPYTHONHOME={home}/own\nLD_LIBRARY_PATH={home}/own\n"
    desktop.write(".config/environment.d/50-own.conf", own_settings)
    desktop.write(".config/gowatchd/config.toml", CONFIGURATION.format(home=home))
    desktop.write("./editor", EDITOR, "755")
    desktop.write("./attempts.py", attempts_program())
    desktop.write("./.bash_profile", PROFILE)
    desktop.write("src/tools/go.mod", TIDY)
    desktop.write("src/shared/go.mod", TIDY)
    desktop.run("chgrp", "users", "src/shared/go.mod")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "restart", manager)
    up = ("systemctl", "--user", "is-active", "--quiet", "default.target")
    wait_for(lambda: desktop.run(*up, check=False).returncode == 0, "the restricted user manager")
    return desktop


@pytest.fixture(scope="module")
def installed(machine: Booted, free: Desktop, walled: Desktop) -> tuple[Desktop, Desktop]:
    install_go(machine)
    machine.run("apt-get", "install", "-y", "/root/gowatchd.deb", timeout=300)
    for desktop in (free, walled):
        wait_for(lambda it=desktop: it.unit("ActiveState") == "active", "the service is active")
    return free, walled


@pytest.fixture(scope="module")
def shown(installed: tuple[Desktop, Desktop]) -> Desktop:
    """Put the second person before a display."""
    _, walled = installed
    walled.show()
    wait_for(lambda: walled.ask("status")["notifications"]["server"], "the notification server is known")
    return walled


def test_a_plain_unit_of_the_same_person_may_do_what_is_attempted(installed: tuple[Desktop, Desktop]) -> None:
    """Else a refusal would say nothing about our sandbox."""
    free, _ = installed
    free.write("./attempts.py", attempts_program())
    outside = free.run(*IN_A_UNIT, "/usr/bin/python3", f"{free.person.home}/attempts.py").stdout
    assert {name: said for name, said in json.loads(outside).items() if said} == {}


@pytest.mark.parametrize("who", ["free", "walled"])
def test_nothing_of_that_works_in_the_sandbox_nor_in_its_children(
    installed: tuple[Desktop, Desktop], machine: Booted, who: str
) -> None:
    desktop = next(one for one in installed if one.person.name == who)
    found = probe(desktop)
    assert len(found["itself"]) == len(found["child"]) > 0
    for process in ("itself", "child"):
        assert set(found[process].values()) <= {"EPERM", "EACCES", "EAFNOSUPPORT"}, found[process]
    daemon = machine.run("cat", f"/proc/{desktop.unit('MainPID')}/status").stdout
    fields = dict(line.partition(":\t")[::2] for line in daemon.splitlines())
    assert found["status"] == {name: fields[name] for name in found["status"]}
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")
    assert set(found["environment"]) & {"LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH"} == set()


def test_the_second_person_may_make_no_user_namespace(installed: tuple[Desktop, Desktop]) -> None:
    made = [desktop.run(*IN_A_UNIT, "unshare", "-U", "true", check=False).returncode for desktop in installed]
    assert made[0] == 0
    assert made[1] != 0


def test_the_service_lives_in_the_namespaces_of_its_person(
    installed: tuple[Desktop, Desktop], machine: Booted
) -> None:
    """In others it would see neither editors nor owners, and would not start where they are refused."""
    for desktop in installed:
        manager = machine.run("systemctl", "show", f"user@{desktop.person.uid}", "-P", "MainPID").stdout
        links = [
            machine.run("sh", "-c", f"readlink /proc/{process}/ns/*").stdout
            for process in (desktop.unit("MainPID"), manager.strip())
        ]
        assert links[0] == links[1] != ""


def test_systemds_own_measure_is_what_the_page_says(installed: tuple[Desktop, Desktop]) -> None:
    free, _ = installed
    version = free.run("systemctl", "--user", "--version").stdout.split()[1]
    page = (ROOT / "docs/hardening.md").read_text()
    recorded = dict(re.findall(r"^\| (\d+) \|[^|]*\| (\d\.\d) \|$", page, re.MULTILINE))
    said = free.run("systemd-analyze", "--user", "security", "--no-pager", "gowatchd.service").stdout
    measured = re.search(r"Overall exposure level for gowatchd.service: (\d+\.\d)", said)
    assert measured is not None
    asked = set(re.findall(r"^\W*([A-Z]\w+=)", said, re.MULTILINE))
    assert {name for name in asked if name not in page} == set(), "directives without a word about them"
    # a version that has no line yet may be no worse than the worst
    assert measured[1] == recorded.get(version, min(measured[1], max(recorded.values())))


def test_a_file_that_somebody_reads_is_formatted_and_stays_its_groups(
    installed: tuple[Desktop, Desktop], machine: Booted
) -> None:
    """Two names change places then: the new file is given the group of the old one."""
    _, walled = installed
    place = machine.path(f"{walled.person.home}/src/shared/go.mod")
    before = place.stat()
    read = f"exec sleep infinity <{walled.person.home}/src/shared/go.mod"
    walled.run("systemd-run", "--user", "--quiet", "--unit=reader", "sh", "-c", read)
    walled.write("src/shared/go.mod", MESSY)
    walled.wait_for_text("src/shared/go.mod", TIDY)
    wait_for(lambda: place.stat().st_ino != before.st_ino, "another file in its place")
    assert place.stat().st_gid == before.st_gid == 100  # users, base-passwd


def test_go_is_asked_and_a_unit_given_what_it_lacks(installed: tuple[Desktop, Desktop]) -> None:
    _, walled = installed
    wait_for(lambda: (walled.ask("status")["go"] or {}).get("path") == "/usr/local/go/bin/go", "go is found")
    walled.write(f"{UNITS}/needs.service", NEEDS)
    walled.run("systemctl", "--user", "daemon-reload")
    walled.run("systemctl", "--user", "start", "needs.service", check=False)
    loaded = ("systemctl", "--user", "show", "needs.service", "-P", "Environment")
    wait_for(lambda: "WORKSPACE_ROOT=" in walled.run(*loaded).stdout, "the repair of the unit")
    walled.run("systemctl", "--user", "start", "needs.service")
    assert walled.read("said").startswith("go version go1.")


def test_the_login_shell_was_asked_outside_of_the_sandbox(installed: tuple[Desktop, Desktop]) -> None:
    """And what it left behind is gone: neither the service nor anything else keeps it."""
    _, walled = installed
    assert refused(walled, "profile-attempts") == {"a user namespace"}
    left = ("pgrep", "-u", "walled", "-f", "sleep 4711")
    wait_for(lambda: walled.run(*left, check=False).returncode == 1, "nobody is left behind")


@with_a_display
def test_a_change_is_told_and_its_button_takes_it_back(shown: Desktop) -> None:
    shown.write("src/tools/go.mod", MESSY)
    shown.wait_for_text("src/tools/go.mod", TIDY)
    wait_for(lambda: shown.told("Formatted tools/go.mod"), "a notification")
    shown.press("Undo", "Formatted tools/go.mod")
    shown.wait_for_text("src/tools/go.mod", MESSY)


@with_a_display
def test_the_file_of_a_problem_is_opened_outside_of_the_sandbox(shown: Desktop) -> None:
    started = int(shown.unit("ActiveEnterTimestampMonotonic")) / 1e6
    # What is found in the first half minute of a login was so before, and is told to nobody.
    uptime = ("cut", "-d ", "-f1", "/proc/uptime")
    wait_for(lambda: float(shown.run(*uptime).stdout) > started + 31, "the service is no longer new")
    shown.write("src/tools/go.mod", BROKEN)
    wait_for(lambda: shown.told(" in tools/go.mod"), "a notification about the problem")
    (title,) = {line.split("\t")[0] for line in shown.notifications() if " in tools/go.mod" in line}
    shown.press("Open", title)
    opened = shown.machine.path(f"{shown.person.home}/opened")
    wait_for(lambda: opened.exists() and opened.read_text(), "the editor")
    assert shown.read("opened") == f"{shown.person.home}/src/tools/go.mod 1\n"
    assert refused(shown, "editor-attempts") == {"a user namespace"}
