"""What the checks of ``gowatchctl doctor`` look at, each asked once and only when a check wants it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress

from gowatchd.cli.client import NO_ANSWER, Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.system.bus_address import TIMEOUT_SECONDS
from gowatchd.system.go_search import GoNotFoundError, find_go
from gowatchd.system.login_shell import ask_login_shell
from gowatchd.system.process import Command, child_environment, run_child

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gowatchd.system.go_installation import GoInstallation

SYSTEMD = DBusAddress(
    "/org/freedesktop/systemd1", "org.freedesktop.systemd1", "org.freedesktop.systemd1.Manager"
)
LOGINCTL_SECONDS = 5.0  # it asks logind over the system bus, whose own timeout is 25 s


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user manager said: its version and environment, or in ``failure`` why there is none."""

    version: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    failure: str = ""


class Examination:
    """The machine and session of this person."""

    @cached_property
    def manager(self) -> Answer:
        """What systemd's user manager says of itself."""
        try:
            with Client() as client:
                assignments = client.ask_other(SYSTEMD, "Environment")
                version = str(client.ask_other(SYSTEMD, "Version"))
        except CommandError as error:
            if error.code is Exit.NOT_RUNNING:
                return Answer(failure="systemd's user manager is not on the session bus")
            if error.message == NO_ANSWER:
                return Answer(failure=f"systemd's user manager did not answer within {TIMEOUT_SECONDS:.0f} s")
            return Answer(failure=error.message)
        pairs = (one.partition("=") for one in assignments)
        return Answer(version, {name: value for name, _, value in pairs})

    @cached_property
    def shell(self) -> tuple[Mapping[str, str], str]:
        """What the login shell exports where it starts as the manager's units do; and why nothing."""
        ours = child_environment()
        return ask_login_shell({**ours, **self.manager.environment})

    @cached_property
    def status(self) -> tuple[dict[str, Any] | None, str]:
        """What ``gowatchctl status`` says, and why it says nothing."""
        try:
            with Client() as client:
                return client.ask("GetStatus"), ""
        except CommandError as error:
            return None, error.message

    @cached_property
    def go(self) -> tuple[GoInstallation | None, str]:
        """The go command that is found from here, and why none is."""
        try:
            return find_go(), ""
        except GoNotFoundError as error:
            return None, str(error)

    @cached_property
    def session(self) -> tuple[str, str]:
        """The type of the session, such as ``wayland`` or ``tty``, and its desktop; "" for none."""
        for environment in (self.manager.environment, os.environ):
            desktop = environment.get("XDG_CURRENT_DESKTOP", "")
            if desktop:
                return environment.get("XDG_SESSION_TYPE") or _session_type(), desktop
        return os.environ.get("XDG_SESSION_TYPE") or _session_type(), ""


def _session_type() -> str:
    number = os.environ.get("XDG_SESSION_ID", "")
    if not number:
        return ""
    words = ("loginctl", "show-session", number, "--property=Type", "--value")
    finished = run_child(Command(words, cwd="/", timeout=LOGINCTL_SECONDS))
    return finished.stdout.decode(errors="replace").strip() if finished.succeeded else ""
