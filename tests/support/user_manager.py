"""A real systemd user manager without a boot: root's, in a mount namespace and control group of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

from tests.support.bus import wait_for
from tests.support.control_group import control_group

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SYSTEMD = "/lib/systemd/systemd"
# systemd refuses to be a user's manager where none is the system's: /run says that one is.
ENTER = "mount -t tmpfs none /run && mkdir -p /run/systemd/system && exec"


def obstacle() -> str:
    """Say why there can be no user manager here, or return an empty string."""
    if os.geteuid() != 0:
        return "a user manager without a boot needs root"
    if not os.path.exists(SYSTEMD) or not os.path.exists("/usr/lib/systemd/user/dbus.socket"):
        return "systemd or dbus-user-session is not installed"
    attempt = subprocess.run(
        ["unshare", "--mount", "true"], capture_output=True, text=True, timeout=20, check=False
    )
    return f"no mount namespace: {attempt.stderr.strip()}" if attempt.returncode else ""


class RunningManager:
    """The manager, its bus, and the home of its person."""

    def __init__(self, home: Path, runtime: Path) -> None:
        self.home = home
        self.runtime = runtime
        self.address = f"unix:path={runtime / 'bus'}"
        self.units = home / ".config/systemd/user"
        self.process = 0  # its process id

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(self.runtime),
            "DBUS_SESSION_BUS_ADDRESS": self.address,
        }

    def write(self, name: str, text: str) -> Path:
        """Write a unit file or drop-in below the person's unit folder."""
        path = self.units / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def systemctl(self, *words: str, check: bool = True) -> str:
        """Run ``systemctl --user``; return what it printed."""
        done = subprocess.run(
            ["systemctl", "--user", "--no-pager", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def show(self, unit: str, name: str) -> str:
        """Return one property of a unit."""
        return self.systemctl("show", "--value", "-p", name, unit).rstrip("\n")

    def room_in_run(self, size: str) -> None:
        """Give the manager a /run of ``size``: with less than 16 MiB free it refuses to reload."""
        enter = ["nsenter", f"--target={self.process}", "--mount", "--"]
        subprocess.run([*enter, "mount", "-o", f"remount,size={size}", "/run"], check=True, timeout=20)

    def tree(self) -> dict[str, bytes | None]:
        """Return every file (with its bytes) and folder (None) below the unit folder."""
        return {
            str(path.relative_to(self.units)): None if path.is_dir() else path.read_bytes()
            for path in sorted(self.units.rglob("*"))
        }


@contextlib.contextmanager
def user_manager(folder: Path, name: str) -> Iterator[RunningManager]:
    """Run a user manager whose home and runtime folders are below ``folder``."""
    home, runtime = folder / "home", folder / "run"
    runtime.mkdir(mode=0o700)
    manager = RunningManager(home, runtime)
    manager.units.mkdir(parents=True)
    with control_group(name) as group, (folder / "manager.log").open("wb") as log:
        command = ["unshare", "--mount", "--propagation", "slave", "sh", "-c", f'{ENTER} "$@"', "sh"]
        systemd = subprocess.Popen(
            group.joining([*command, SYSTEMD, "--user", "--log-target=console"]),
            env={**manager.environment, "TERM": "dumb"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        manager.process = systemd.pid
        try:
            wait_for(lambda: _is_up(manager), "the user manager is up", 60)
            yield manager
        finally:
            systemd.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                systemd.wait(20)
            group.end()
            systemd.wait(20)
            shutil.rmtree(runtime, ignore_errors=True)


def _is_up(manager: RunningManager) -> bool:
    if not (manager.runtime / "bus").is_socket():
        return False
    return manager.systemctl("is-active", "default.target", check=False).strip() == "active"
