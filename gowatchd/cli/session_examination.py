"""What the checks of ``gowatchctl doctor`` look at of the session: bus, manager, daemon, shell, desktop."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress

from gowatchd.cli import service_facts
from gowatchd.cli.client import NO_ANSWER, Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.system.bus_address import TIMEOUT_SECONDS, session_bus_address
from gowatchd.system.lingering import lingers, systemd_is_running
from gowatchd.system.login_shell import ask_login_shell
from gowatchd.system.process import Command, child_environment, run_child
from gowatchd.system.room import name_of
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@dataclass(frozen=True, slots=True)
class Bus:
    """The session bus: its address, "" where none is known, and why it does not answer, "" where it does."""

    address: str
    failure: str
    systemd: bool


class SessionExamination:
    """The session of this person, each part asked once and only when a check wants it."""

    @cached_property
    def bus(self) -> Bus:
        """Whether there is a session bus."""
        address = session_bus_address() or ""
        failure = ""
        try:
            Client().close()
        except CommandError as error:
            failure = error.message
        return Bus(address, failure, systemd_is_running())

    @cached_property
    def manager(self) -> Answer:
        """What systemd's user manager says of itself."""
        if self.bus.failure:
            return Answer(failure=self.bus.failure)
        try:
            with Client() as client:
                assignments = client.ask_other(SYSTEMD, "Environment")
                version = str(client.ask_other(SYSTEMD, "Version"))
        except CommandError as error:
            if error.code is Exit.NOT_RUNNING:
                return Answer(failure=_("systemd's user manager is not on the session bus"))
            if error.message == NO_ANSWER:
                return Answer(
                    failure=_("systemd's user manager did not answer within {seconds} s").format(
                        seconds=f"{TIMEOUT_SECONDS:.0f}"
                    )
                )
            return Answer(failure=error.message)
        pairs = (one.partition("=") for one in assignments)
        return Answer(version, {name: value for name, _equals, value in pairs})

    @cached_property
    def shell(self) -> tuple[Mapping[str, str], str]:
        """What the login shell exports where it starts as the manager's units do; and why nothing."""
        ours = child_environment()
        return ask_login_shell({**ours, **self.manager.environment})

    @cached_property
    def status(self) -> tuple[dict[str, Any] | None, str]:
        """What ``gowatchctl status`` says, and why it says nothing."""
        return self._asked("GetStatus")

    @cached_property
    def units(self) -> tuple[dict[str, Any] | None, str]:
        """What ``gowatchctl env`` says, and why it says nothing."""
        return self._asked("GetUnits", "b", 0)  # but those that are not the person's own

    @cached_property
    def service(self) -> tuple[service_facts.Service | None, str]:
        """Our unit as systemd has it, and why it is not known."""
        if self.manager.failure:
            return None, self.manager.failure
        try:
            return service_facts.service(), ""
        except CommandError as error:
            return None, error.message

    @cached_property
    def notifications(self) -> tuple[service_facts.Notifications | None, str]:
        """The notification server, and why it is not known whether there is one."""
        if self.bus.failure:
            return None, self.bus.failure
        try:
            return service_facts.notifications(), ""
        except CommandError as error:
            return None, error.message

    @cached_property
    def user(self) -> str:
        """The name of this person's account."""
        return name_of(os.getuid())

    @cached_property
    def lingers(self) -> bool:
        """Whether the user manager outlives the last session."""
        return lingers()

    @cached_property
    def session(self) -> tuple[str, str]:
        """The type of the session, such as ``wayland`` or ``tty``, and its desktop; "" for none."""
        for environment in (self.manager.environment, os.environ):
            desktop = environment.get("XDG_CURRENT_DESKTOP", "")
            if desktop:
                return environment.get("XDG_SESSION_TYPE") or _session_type(), desktop
        return os.environ.get("XDG_SESSION_TYPE") or _session_type(), ""

    def _asked(
        self, method: str, signature: str | None = None, *arguments: object
    ) -> tuple[dict[str, Any] | None, str]:
        if self.bus.failure:  # a bus that hangs makes nobody wait twice
            return None, self.bus.failure
        try:
            with Client() as client:
                return client.ask(method, signature, *arguments), ""
        except CommandError as error:
            return None, error.message


def _session_type() -> str:
    number = os.environ.get("XDG_SESSION_ID", "")
    if not number:
        return ""
    words = ("loginctl", "show-session", number, "--property=Type", "--value")
    finished = run_child(Command(words, cwd="/", timeout=LOGINCTL_SECONDS))
    return finished.stdout.decode(errors="replace").strip() if finished.succeeded else ""
