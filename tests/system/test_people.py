"""Several people on one machine: for whom the package starts, restarts and stops the service.

One machine for the whole file; the tests run in their order.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.support.booted import obstacle
from tests.support.booted_people import Hung, lingering, lingering_root, logged_in
from tests.support.bus import wait_for
from tests.support.repacked import with_version

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.booted import Booted
    from tests.support.booted_desktop import Desktop

pytestmark = [
    pytest.mark.booted,
    pytest.mark.skipif(bool(obstacle()), reason=obstacle() or "-"),
    pytest.mark.skipif("SUITE" not in os.environ, reason="takes minutes: make system-test SUITE=trixie"),
]

VERSIONS = ("0.1.0", "0.2.0", "0.3.0", "0.4.0")
FIRST, SECOND, THIRD, FOURTH = VERSIONS
GREETER = 60578  # an uid of gdm's login screen; such accounts come and go with it
MOST_DELAY = 15.0  # seconds that managers may cost dpkg by hanging, however many they are
NO_ANSWER = r"service manager of user (\d+) does not answer: "
CRASHING = "[Service]\nExecStart=\nExecStart=/bin/false\nRestart=no\n"
POLICY = "/usr/sbin/policy-rc.d"
RUNNING = ("/etc/systemd", "/run", "-ignore_readdir_race", "-xdev")  # where files come and go


class Site:
    """A machine, the people at it before the package comes, and how long each ``dpkg`` took."""

    def __init__(self, machine: Booted) -> None:
        self.machine = machine
        self.seconds: dict[str, float] = {}
        self.seated = logged_in(machine, "seated")
        self.lingering = lingering(machine, "lingering")
        self.leaving = lingering(machine, "leaving")
        self.stopped = lingering(machine, "stopped")
        self.crashed = lingering(machine, "crashed")
        self.masked = lingering(machine, "masked")
        self.masked.run("systemctl", "--user", "mask", "gowatchd.service")
        self.greeter = lingering(machine, "greeter", f"--uid={GREETER}")
        self.root = lingering_root(machine)
        self.nobody = (self.masked, self.greeter, self.root)  # for whom it never runs

    def dpkg(self, *words: str) -> str:
        """Let dpkg do something; return all that it said."""
        start = time.monotonic()
        done = self.machine.run("dpkg", *words, timeout=300)
        self.seconds[words[-1]] = time.monotonic() - start
        return done.stdout + done.stderr

    def install(self, version: str) -> str:
        return self.dpkg("--install", deb(version))


def without_answer(said: str, consequence: str) -> set[int]:
    """Return the uids whose managers did not answer: on a busy machine one may that does not hang."""
    return {int(uid) for uid in re.findall(NO_ANSWER + re.escape(consequence), said)}


def deb(version: str) -> str:
    return f"/root/{version}.deb"


@pytest.fixture(scope="module")
def site(machine: Booted, package: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("versions")
    for version in VERSIONS:
        shutil.copyfile(with_version(package, version, folder / version), machine.path(deb(version)))
    site = Site(machine)
    site.install(FIRST)
    return site


def version_of(desktop: Desktop) -> str:
    """Return which version runs for somebody, "" where none is ready."""
    ready = desktop.unit("ActiveState") == "active"
    return desktop.unit("StatusText").rpartition("(")[2].rstrip(")") if ready else ""


def wait_for_version(version: str, *desktops: Desktop) -> None:
    for desktop in desktops:
        wait_for(partial(_has, desktop, version), f"{desktop.person.name} has {version}")


def _has(desktop: Desktop, version: str) -> bool:
    return version_of(desktop) == version


def assert_off(*desktops: Desktop) -> None:
    """Hold that the service neither runs for any of them nor is about to."""
    for desktop in desktops:
        jobs = desktop.run("systemctl", "--user", "list-jobs", "--no-legend", "gowatchd.service").stdout
        assert (desktop.unit("MainPID"), "gowatchd" in jobs) == ("0", False), desktop.person.name


def test_whoever_is_there_gets_the_service_but_no_login_screen_and_not_root(site: Site) -> None:
    wait_for_version(FIRST, site.seated, site.lingering, site.leaving, site.stopped, site.crashed)
    wait_for(lambda: site.greeter.unit("Result") == "exec-condition", "the unit has refused the login screen")
    assert_off(*site.nobody)
    assert site.masked.unit("UnitFileState") == "masked"


def test_whoever_comes_later_gets_it_at_their_login(site: Site) -> None:
    wait_for_version(FIRST, logged_in(site.machine, "late"))


def test_an_upgrade_serves_whom_it_served_and_revives_what_crashed(site: Site) -> None:
    site.leaving.run("gowatchctl", "disable")
    site.stopped.run("systemctl", "--user", "stop", "gowatchd")
    crash(site.crashed)
    site.install(SECOND)
    wait_for_version(SECOND, site.seated, site.lingering, site.crashed)
    assert_off(site.leaving, site.stopped, *site.nobody)
    assert site.leaving.unit("UnitFileState") == "masked"


def crash(desktop: Desktop) -> None:
    """Have the service of ``desktop`` fail until systemd gives it up."""
    folder = ".config/systemd/user/gowatchd.service.d"
    desktop.write(f"{folder}/crash.conf", CRASHING)
    desktop.run("systemctl", "--user", "daemon-reload")
    desktop.run("systemctl", "--user", "restart", "gowatchd", check=False)
    wait_for(lambda: desktop.unit("ActiveState") == "failed", "systemd has given it up")
    desktop.run("rm", "-r", folder)


def test_what_somebody_stopped_comes_back_with_their_next_session(site: Site) -> None:
    site.machine.run("systemctl", "restart", f"user@{site.stopped.person.uid}")
    wait_for_version(SECOND, site.stopped)


def test_managers_that_hang_cost_dpkg_seconds_and_nobody_else_anything(site: Site) -> None:
    hung = (site.stopped, site.crashed, site.masked, site.greeter)
    with Hung(*hung):
        said = site.install(THIRD)
        wait_for_version(THIRD, site.seated, site.lingering)
    assert without_answer(said, "this version starts at their next login") >= {one.person.uid for one in hung}
    # what a busy machine needs more for itself is not their doing; one after the other they take twice this
    usual = site.seconds[deb(SECOND)]
    assert site.seconds[deb(THIRD)] - usual < MOST_DELAY + usual / 2
    wait_for_version(SECOND, site.crashed)  # it answers again, and has lost nothing


def test_where_policy_forbids_it_nothing_is_touched(site: Site) -> None:
    site.machine.run("sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' >{POLICY} && chmod +x {POLICY}")
    people = (site.seated, site.lingering, site.crashed)
    before = [(who.unit("MainPID"), who.unit("StateChangeTimestampMonotonic")) for who in people]
    site.install(FOURTH)
    after = [(who.unit("MainPID"), who.unit("StateChangeTimestampMonotonic")) for who in people]
    site.machine.run("rm", POLICY)
    assert after == before
    assert_off(site.leaving, *site.nobody)


def test_a_removal_stops_it_also_where_a_manager_hangs(site: Site) -> None:
    hung = (site.crashed, site.masked, site.greeter)
    with Hung(*hung):
        said = site.dpkg("--remove", "gowatchd")
        assert_off(site.seated, site.lingering, site.stopped, site.leaving, site.root)
    assert without_answer(said, "what runs there ends with their session") >= {one.person.uid for one in hung}
    usual = site.seconds[deb(SECOND)]
    assert site.seconds["gowatchd"] < MOST_DELAY + usual


def test_after_a_removal_it_is_as_new_in_an_older_version_too(site: Site) -> None:
    site.install(THIRD)
    wait_for_version(THIRD, site.seated, site.lingering, site.stopped, site.crashed)
    assert_off(site.leaving, *site.nobody)


def test_what_is_purged_was_stopped_and_leaves_people_their_files(site: Site) -> None:
    assert site.seated.run("find", ".local/state/gowatchd", "-name", "history.sqlite3").stdout
    site.dpkg("--purge", "gowatchd")
    assert_off(site.seated, site.lingering, site.stopped, site.crashed, site.leaving, *site.nobody)
    assert site.seated.run("find", ".local/state/gowatchd", "-name", "history.sqlite3").stdout
    assert site.machine.run("find", *RUNNING, "-name", "*gowatchd.new*").stdout == ""
