"""The real daemon as a process of its own, on a private bus, in a home of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.support.bus import PrivateBus, wait_for
from tests.support.go import NEWEST, TOOLCHAINS

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
MANAGER = DBusAddress("/org/gowatchd/Gowatchd1", "org.gowatchd.Gowatchd1", "org.gowatchd.Manager1")


class Daemon:
    """gowatchd watching ``home/src``; ``bus`` may be None for a machine without one."""

    def __init__(self, home: Path, bus: PrivateBus | None, *, config: str = "", go: bool = False) -> None:
        self.home = home
        self.source = home / "src"
        self.source.mkdir(parents=True, exist_ok=True)
        self.bus = bus
        self.config = home / "config.toml"
        self.config.write_text(f'[watch]\nroots = ["{self.source}"]\n{config}')
        self.options: tuple[str, ...] = ("--config", str(self.config))
        self.log_file = home / "log"
        path = f"{TOOLCHAINS[NEWEST]}/bin:/usr/bin:/bin" if go else "/usr/bin:/bin"
        self.environment = {
            "HOME": str(home),
            "PATH": path,
            "SHELL": "/bin/false",
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_RUNTIME_DIR": str(home),
        }
        if bus is not None:
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.address
        self.launcher: tuple[str, ...] = ()  # in front of its command: another user, other limits
        self.process: subprocess.Popen[bytes] | None = None
        self.own_group = False  # with its children in a group of their own, which can be killed as a whole

    def __enter__(self) -> Daemon:  # noqa: PYI034 typing.Self is of Python 3.11
        self.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self.stop()

    def start(self, *options: str, until: str = "checked everything") -> None:
        """Start it and wait until its log says that it has looked at everything, or ``until``."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *self.launcher,
                    sys.executable,
                    "-m",
                    "gowatchd",
                    *self.options,
                    "--log-level",
                    "debug",
                    *options,
                ],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=self.own_group,
            )
        for text in (until, "D-Bus: "):
            self.wait_for(lambda text=text: text in self.log() or not self.alive, f"{text!r} in the log")

    def stop(self) -> int:
        """End it as systemd would and return its exit code."""
        assert self.process is not None
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(60)
            raise

    def kill(self) -> None:
        """End it as nobody should, and forget its log."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(60)
        self.log_file.unlink()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def wait_for(self, condition: Callable[[], object], what: str, seconds: float = 60.0) -> None:
        try:
            wait_for(condition, what, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\nthe log:\n{self.log()}") from None

    def wait_for_log(self, text: str) -> None:
        self.wait_for(lambda: text in self.log(), f"{text!r} in the log")

    def wait_for_bytes(self, path: Path, data: bytes, seconds: float = 60.0) -> None:
        self.wait_for(lambda: path.read_bytes() == data, f"{path} to hold {data!r}", seconds)

    def ask(self, method: str, signature: str | None = None, *arguments: object) -> Any:
        """Call the manager; return the JSON of its answer."""
        assert self.bus is not None
        with open_dbus_connection(self.bus.address, auth_timeout=30) as connection:
            reply = connection.send_and_get_reply(
                new_method_call(MANAGER, method, signature, arguments), timeout=90
            )
        assert reply.header.message_type is MessageType.method_return, reply.body
        return json.loads(reply.body[0]) if reply.body else None

    def workspace(self, root: Path) -> dict[str, Any]:
        """Return what the status says of one workspace."""
        found = [one for one in self.ask("GetStatus")["workspaces"] if one["root"] == os.path.realpath(root)]
        assert len(found) == 1, f"{root} is not watched:\n{self.log()}"
        return found[0]

    def standing(self, path: Path) -> tuple[str, str] | None:
        """Return the state and the reason where the file at ``path`` is not simply formatted."""
        for workspace in self.ask("GetStatus")["workspaces"]:
            for one in workspace["format"]:
                if one["path"] == os.path.realpath(path):
                    return one["state"], one["reason"]
        return None

    def off(self) -> dict[str, str]:
        """Return the parts that do not work, with their reasons."""
        return {one["part"]: one["reason"] for one in self.ask("GetStatus")["off"]}

    def codes(self, root: Path) -> list[str]:
        """Return the codes of the diagnostics at ``root``: those of its go.mod, then of its go.work."""
        here = [one for one in self.ask("GetStatus")["workspaces"] if one["root"] == os.path.realpath(root)]
        assert here, f"{root} is not watched:\n{self.log()}"
        return [one["code"] for workspace in here for one in workspace["diagnostics"]]

    def gowatchctl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run gowatchctl in the daemon's environment."""
        return subprocess.run(
            [sys.executable, "-m", "gowatchd.cli.main", *arguments],
            cwd=ROOT,
            env={**self.environment, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
