"""A private session bus, real and empty, that a test can kill and start again in the same place."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from typing import TYPE_CHECKING

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.main_loop import MainLoop

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
DBUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    """Look until ``condition`` holds; fail when it does not within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.01)  # what can be looked at need not tell of itself


class PrivateBus:
    """A dbus-daemon below ``folder`` with no services but those in ``folder/services``.

    Leaving it ends everything that was spawned and fails if somebody is still connected.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.services = folder / "services"
        self.socket = folder / "bus"
        self.address = f"unix:path={self.socket}"
        self._daemon: subprocess.Popen[bytes] | None = None
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> PrivateBus:  # noqa: PYI034 typing.Self is of Python 3.11
        self.services.mkdir()
        self.start()
        return self

    def __exit__(self, failure: object, *_details: object) -> None:
        for child in reversed(self._children):
            child.terminate()
            child.wait(60)
        try:
            if failure is None and self._daemon is not None:
                wait_for(lambda: not self.connections(), "everybody to leave the bus")
        finally:
            self.kill()

    def start(self) -> None:
        configuration = self.folder / "bus.conf"
        configuration.write_text(CONFIGURATION.format(socket=self.socket, services=self.services))
        read, write = os.pipe()
        command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", f"--print-address={write}"]
        self._daemon = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as ready:
            assert ready.readline(), "dbus-daemon did not start"

    def kill(self) -> None:
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait(60)
            self._daemon = None
        self.socket.unlink(missing_ok=True)

    def spawn(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        variables = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": self.address, **environment}
        child = subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL)
        self._children.append(child)
        return child

    def ask(self, method: str, signature: str | None = None, *arguments: object) -> tuple:
        """Call a method of the bus itself."""
        with open_dbus_connection(self.address, auth_timeout=30) as connection:
            call = new_method_call(DBUS, method, signature, arguments)
            return connection.send_and_get_reply(call, timeout=60).body

    def connections(self) -> set[str]:
        """Return the unique names of all who are connected, but for the one who asks."""
        with open_dbus_connection(self.address, auth_timeout=30) as connection:
            names = connection.send_and_get_reply(new_method_call(DBUS, "ListNames"), timeout=60).body[0]
            return {name for name in names if name.startswith(":")} - {connection.unique_name}

    def wait_for_name(self, name: str) -> None:
        wait_for(lambda: self.ask("NameHasOwner", "s", name)[0], f"{name} on the bus")


def beside(loop: MainLoop, work: Callable[[], object]) -> object:
    """Run the blocking ``work`` on a thread while the loop turns; return or raise what it does."""
    outcome: list[tuple[object, BaseException | None]] = []

    def run() -> None:
        try:
            outcome.append((work(), None))
        except BaseException as error:  # noqa: BLE001 handed to the test
            outcome.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ticking = [loop.call_later(0.005, lambda: None)]

    def finished() -> bool:
        ticking[0].cancel()
        ticking[0] = loop.call_later(0.005, lambda: None)
        return bool(outcome)

    loop.run_until(finished)
    ticking[0].cancel()
    thread.join()
    value, error = outcome[0]
    if error is not None:
        raise error
    return value
