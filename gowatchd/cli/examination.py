"""What the checks of ``gowatchctl doctor`` look at, each asked once and only when a check wants it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gowatchd import __version__
from gowatchd.cli import go_folders
from gowatchd.cli.session_examination import SessionExamination
from gowatchd.cli.workspace_access import Access, accesses
from gowatchd.system.clock import Clock, clock
from gowatchd.system.go_archive import Archive, read_archive
from gowatchd.system.go_places import GoPlace, go_places
from gowatchd.system.go_search import GoNotFoundError, find_go
from gowatchd.system.go_trial import Trial, try_go
from gowatchd.system.inotify import max_user_instances, max_user_watches
from gowatchd.system.person import Person
from gowatchd.system.processes import process_of
from gowatchd.system.room import Room, room_of
from gowatchd.system.watch_census import watch_holders

if TYPE_CHECKING:
    from gowatchd.cli.config_check import Checked
    from gowatchd.cli.go_folders import GoFolders, Goroots
    from gowatchd.system.go_installation import GoInstallation

ASIDE_MOST = 1000  # names in the state folder that are looked at; it has a dozen


@dataclass(frozen=True, slots=True)
class Watches:
    """The kernel's inotify limits of this user, and who takes how much: program, instances, watches."""

    watches_most: int
    instances_most: int
    holders: tuple[tuple[str, int, int], ...]


class Examination(SessionExamination):
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
    def configuration(self) -> tuple[Checked, ...]:
        """What is to say about the files of the configuration, whether or not they are there."""
        from gowatchd.cli.config_check import check  # noqa: PLC0415 pydantic: 50 ms, and one check wants it
        from gowatchd.cli.config_show import files_that_count  # noqa: PLC0415 with it

        return tuple(map(check, files_that_count()))

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
        ours = [os.path.abspath(__file__), os.path.realpath(sys.executable), "/etc/machine-id"]
        return clock([*ours, found.go] if found is not None else ours)
