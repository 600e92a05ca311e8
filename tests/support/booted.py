"""A Debian that is really booted: systemd as PID 1 in a container, for tests of the installed package.

Nothing of the machine around it is changed: the container has its own copy of a root directory, no network
and no entry in machined, and is powered off through its own process id.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.booted_roots import copied
from tests.support.bus import wait_for
from tests.support.control_group import ControlGroup, control_group

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
NSPAWN = (
    "setpriv",
    "--pdeathsig=TERM",  # what systemd-nspawn takes as the wish to power off, should the tests be killed
    "systemd-nspawn",
    "--boot",
    "--quiet",
    "--register=no",
    "--keep-unit",
    "--private-network",
    "--settings=no",
    "--link-journal=no",
    "--resolv-conf=off",
)
BOOT_SECONDS = 90
POWER_OFF_SECONDS = 100  # systemd itself gives a user manager 90 s to stop


def obstacle() -> str:
    """Say why no container can be booted here, or return an empty string."""
    if os.geteuid() != 0:
        return "booting a container needs root"
    for program in ("systemd-nspawn", "mmdebstrap", "nsenter", "setpriv"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    # systemd-nspawn begins with this, and it fails in a chroot and in a container without privileges.
    begin = "unshare --mount --pid --fork --propagation slave mount -t tmpfs none /mnt"
    attempt = subprocess.run(begin.split(), capture_output=True, text=True, timeout=90, check=False)
    if attempt.returncode != 0:
        return f"no container can be booted here: {attempt.stderr.strip()}"
    return ""


@dataclass(frozen=True)
class Person:
    """An account inside the container, with the environment of a login."""

    name: str
    uid: int

    @property
    def home(self) -> str:
        return f"/home/{self.name}" if self.uid else "/root"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HOME": self.home,
            "USER": self.name,
            "LOGNAME": self.name,
            "SHELL": "/bin/bash",
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "XDG_RUNTIME_DIR": f"/run/user/{self.uid}",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path=/run/user/{self.uid}/bus",
        }


class Booted:
    """A running container: the process id of its systemd and the group it lives in."""

    def __init__(self, leader: int, group: ControlGroup) -> None:
        self.leader = leader
        self.group = group

    def run(
        self,
        *command: str,
        person: Person | None = None,
        check: bool = True,
        stdin: str = "",
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        """Run ``command`` inside, as root or as ``person``; fail with its output where it fails."""
        enter = ["nsenter", f"--target={self.leader}", "-m", "-u", "-i", "-n", "-p", "-C", "--"]
        words = {"HOME": "/root", "LANG": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        if person is not None:
            enter += ["setpriv", f"--reuid={person.uid}", f"--regid={person.uid}", "--init-groups"]
            words = person.environment
        enter += [
            "env",
            "-i",
            f"--chdir={words['HOME']}",
            *(f"{name}={value}" for name, value in words.items()),
        ]
        done = subprocess.run(
            # logind answers only callers from the container's own groups
            self.group.joining([*enter, *command], below="payload/commands"),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode != 0:
            pytest.fail(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def path(self, inside: str) -> Path:
        """Return where a file of the container stands, seen from outside."""
        return Path(f"/proc/{self.leader}/root") / inside.lstrip("/")

    def journal(self) -> str:
        """Return the newest lines that systemd and everything below it logged."""
        return self.run("journalctl", "--boot", "--no-pager", "--lines=100", check=False).stdout

    def add_person(self, name: str, *options: str) -> Person:
        """Make an account whose user manager runs from now on, and wait until its bus is there.

        ``options`` are those of useradd.
        """
        self.run("useradd", "--create-home", "--shell", "/bin/bash", *options, name)
        person = Person(name, int(self.run("id", "-u", name).stdout))
        self.run("loginctl", "enable-linger", name)
        up = ("systemctl", "--user", "is-active", "--quiet", "default.target")
        wait_for(lambda: self.run(*up, person=person, check=False).returncode == 0, f"user manager of {name}")
        return person


RUNNING: list[Booted] = []  # whose journals belong beside a failure


@contextlib.contextmanager
def booted(base: Path) -> Iterator[Booted]:
    """Boot a copy of ``base`` and power it off in the end, whatever happens in between."""
    with copied(base) as root, control_group(f"gowatchd-{root.name}") as group:
        log = root.with_name(f"{root.name}.console")
        with log.open("wb") as console:
            nspawn = subprocess.Popen(
                group.joining([*NSPAWN, f"--directory={root}", f"--machine={root.name}"]),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                # Newer systemd refuses the old cgroup hierarchy that an older host would hand on.
                env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            )
        try:
            machine = Booted(_leader(nspawn, log), group)
            RUNNING.append(machine)
            _wait_for_boot(machine, log)
            yield machine
            _power_off(nspawn, machine.leader)
        finally:
            RUNNING.clear()
            group.end()
            nspawn.wait(30)
            log.unlink(missing_ok=True)


def _leader(nspawn: subprocess.Popen[bytes], log: Path) -> int:
    """Wait for the child of systemd-nspawn that has become systemd; its helpers before that go away."""
    children = Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children")
    found: list[int] = []

    def appeared() -> bool:
        if nspawn.poll() is not None:
            pytest.fail(f"systemd-nspawn ended at once:\n{log.read_text(errors='replace')[-3000:]}")
        with contextlib.suppress(OSError):  # a helper that went away while we looked
            found[:] = [
                int(pid)
                for pid in children.read_text().split()
                if Path(f"/proc/{pid}/comm").read_text() == "systemd\n"
            ]
        return bool(found)

    wait_for(appeared, "systemd-nspawn has started systemd")
    return found[0]


def _wait_for_boot(machine: Booted, log: Path) -> None:
    state = ""

    def up() -> bool:
        nonlocal state
        state = machine.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    try:
        wait_for(up, "the container is up", BOOT_SECONDS)
    except AssertionError:
        pytest.fail(f"the boot did not finish ({state}):\n{log.read_text(errors='replace')[-3000:]}")


def _power_off(nspawn: subprocess.Popen[bytes], leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.kill(leader, signal.SIGRTMIN + 4)  # systemd(1): power off
        nspawn.wait(POWER_OFF_SECONDS)
