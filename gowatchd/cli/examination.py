"""What the checks of ``gowatchctl doctor`` look at, each asked once and only when a check wants it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress

from gowatchd import __version__
from gowatchd.cli import go_folders, service_facts
from gowatchd.cli.client import NO_ANSWER, Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.workspace_access import Access, accesses
from gowatchd.system.bus_address import TIMEOUT_SECONDS, session_bus_address
from gowatchd.system.clock import Clock, clock
from gowatchd.system.go_archive import Archive, read_archive
from gowatchd.system.go_places import GoPlace, go_places
from gowatchd.system.go_search import GoNotFoundError, find_go
from gowatchd.system.go_trial import Trial, try_go
from gowatchd.system.inotify import max_user_instances, max_user_watches
from gowatchd.system.lingering import lingers, systemd_is_running
from gowatchd.system.login_shell import ask_login_shell
from gowatchd.system.person import Person
from gowatchd.system.process import Command, child_environment, run_child
from gowatchd.system.processes import process_of
from gowatchd.system.room import Room, name_of, room_of
from gowatchd.system.watch_census import watch_holders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gowatchd.cli.config_check import Checked
    from gowatchd.cli.go_folders import GoFolders, Goroots
    from gowatchd.system.go_installation import GoInstallation

SYSTEMD = DBusAddress(
    "/org/freedesktop/systemd1", "org.freedesktop.systemd1", "org.freedesktop.systemd1.Manager"
)
LOGINCTL_SECONDS = 5.0  # it asks logind over the system bus, whose own timeout is 25 s
ASIDE_MOST = 1000  # names in the state folder that are looked at; it has a dozen


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


@dataclass(frozen=True, slots=True)
class Watches:
    """The kernel's inotify limits of this user, and who takes how much: program, instances, watches."""

    watches_most: int
    instances_most: int
    holders: tuple[tuple[str, int, int], ...]


class Examination:
    """The machine and session of this person."""

    version = __version__

    def __init__(self, archive: str = "", sha256: str = "") -> None:
        self._archive = archive
        self._sha256 = sha256

    @cached_property
    def archive(self) -> Archive:
        """The release of Go that its person named, hashed and unpacked for a look."""
        return read_archive(os.path.abspath(self._archive), self._sha256)

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
        return self._asked("GetStatus")

    @cached_property
    def configuration(self) -> tuple[Checked, ...]:
        """What is to say about the files of the configuration, whether or not they are there."""
        from gowatchd.cli.config_check import check  # noqa: PLC0415 pydantic: 50 ms, and one check wants it
        from gowatchd.cli.config_show import files_that_count  # noqa: PLC0415 with it

        return tuple(map(check, files_that_count()))

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
    def go(self) -> tuple[GoInstallation | None, str]:
        """The go command that is found from here, and why none is."""
        try:
            return find_go(), ""
        except GoNotFoundError as error:
            return None, str(error)

    @cached_property
    def gos(self) -> tuple[GoPlace, ...]:
        """The go commands on the PATH of this terminal."""
        return go_places(os.environ.get("PATH", ""))

    @cached_property
    def shell_gos(self) -> tuple[GoPlace, ...]:
        """The go commands on the login shell's PATH."""
        return go_places(self.shell[0].get("PATH", ""))

    @cached_property
    def goroots(self) -> Goroots | None:
        """Where GOROOT is set, and to what; None without go."""
        found, _failure = self.go
        own = next((one for one in self.gos if one.root), None)  # for a wrong GOROOT, go gives no answer
        places = {
            "terminal": os.environ,
            "login shell": self.shell[0],
            "user manager": self.manager.environment,
        }
        if found is not None:
            return go_folders.goroots(found.goroot, found.version, places)
        return None if own is None else go_folders.goroots(own.root, own.version, places)

    @cached_property
    def go_folders(self) -> tuple[GoFolders | None, str]:
        """The folders that go works with as this person, and why they are not known."""
        found, failure = self.go
        return (None, failure) if found is None else go_folders.go_folders(found.go)

    @cached_property
    def trial(self) -> Trial | None:
        """Whether go builds a program; None without go."""
        found, _failure = self.go
        folders, _failure = self.go_folders
        return None if found is None else try_go(found.go, folders.gotmpdir if folders else "")

    @cached_property
    def accesses(self) -> tuple[Access, ...]:
        """Whether the known workspaces can be reached, read and written."""
        return accesses(self.status[0])

    @cached_property
    def watches(self) -> Watches:
        """The inotify limits, and who uses what they grant."""
        holders: dict[str, tuple[int, int]] = {}
        for one in watch_holders():
            if one.instances:
                process = process_of(one.pid)
                name = process.name if process else "?"
                instances, watches = holders.get(name, (0, 0))
                holders[name] = instances + one.instances, watches + one.watches
        ordered = sorted(((name, *counts) for name, counts in holders.items()), key=lambda one: -one[2])
        return Watches(max_user_watches(), max_user_instances(), tuple(ordered))

    @cached_property
    def state_folder(self) -> tuple[Room, tuple[str, ...]]:
        """Where the history is kept, and the damaged stores that were set aside there."""
        room = room_of(Person.of_environment().state_folder)
        names = os.listdir(room.path)[:ASIDE_MOST] if room.exists and room.writable else []
        return room, tuple(
            sorted(one for one in names if ".corrupt-" in one and one[-4:] not in {"-wal", "-shm"})
        )

    @cached_property
    def rooms(self) -> tuple[Room, ...]:
        """Where gowatchd and go write, one for each file system."""
        places = [Person.of_environment().state_folder, os.environ.get("TMPDIR") or "/tmp"]  # noqa: S108 only looked at
        folders = self.go_folders[0]
        if folders is not None:
            places += [path for path in (folders.gocache, folders.gomodcache) if os.path.isabs(path)]
        return tuple({room.device: room for room in map(room_of, reversed(places))}.values())

    @cached_property
    def clock(self) -> Clock:
        """The clock, and what it is held against."""
        found, _failure = self.go
        ours = [os.path.abspath(__file__), os.path.realpath(sys.executable), "/etc/machine-id", "/proc/1"]
        return clock([*ours, found.go] if found is not None else ours)

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
