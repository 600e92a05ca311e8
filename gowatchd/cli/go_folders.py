"""The folders that go works with, as ``go env`` names them to this person, and who set GOROOT."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gowatchd.services.plain_text import escape, shorten
from gowatchd.system.go_installation import ENV_SECONDS, read_setting
from gowatchd.system.go_places import toolchain_version
from gowatchd.system.process import Command, child_environment, run_child
from gowatchd.system.room import room_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASKED = ("GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOBIN", "GOTMPDIR")
_WORDS = 200  # characters of what go says: its first line names the cause
ENTRIES_MOST = 64  # of a GOPATH; one is usual


@dataclass(frozen=True, slots=True)
class GoFolders:
    """What ``go env`` says, GOPATH taken apart, and which of them somebody else owns: (path, owner)."""

    goroot: str
    gopath: tuple[str, ...]
    gomodcache: str
    gocache: str
    gobin: str
    gotmpdir: str = ""
    foreign: tuple[tuple[str, str], ...] = ()
    on_path: bool = True

    @property
    def programs(self) -> str:
        """Where ``go install`` puts programs."""
        return self.gobin or (os.path.join(self.gopath[0], "bin") if self.gopath else "")


@dataclass(frozen=True, slots=True)
class Setting:
    """A GOROOT that somebody set: where, to what, and the version of the toolchain there, "" for none."""

    place: str
    value: str
    version: str


@dataclass(frozen=True, slots=True)
class Goroots:
    """The toolchain that the go command belongs to, and what is set otherwise."""

    own: str
    version: str
    settings: tuple[Setting, ...]


def goroots(own: str, version: str, places: Mapping[str, Mapping[str, str]]) -> Goroots:
    """Return where GOROOT is set; ``own`` is where go lies, ``places`` are environments by their names."""
    values = {place: environment.get("GOROOT", "") for place, environment in places.items()}
    values["go env -w"] = read_setting(_settings_file(), "GOROOT")
    settings = (Setting(place, value, toolchain_version(value)) for place, value in values.items() if value)
    return Goroots(own, version, tuple(settings))


def go_folders(go: str) -> tuple[GoFolders | None, str]:
    """Ask ``go env``, in the environment of this person; the text says why there is no answer."""
    command = Command(
        (go, "env", "-json", *_ASKED),
        cwd=os.path.expanduser("~"),
        timeout=ENV_SECONDS,
        env=child_environment(GOTOOLCHAIN="local", GOPROXY="off", GOWORK="off"),
    )
    finished = run_child(command)
    try:
        said = json.loads(finished.stdout) if finished.succeeded else None
        values = {name: str(said[name]) for name in _ASKED} if said is not None else {}
    except (ValueError, KeyError, TypeError):
        values = {}
    if not values:
        words = finished.error or finished.stderr.decode(errors="replace").strip().partition("\n")[0]
        return None, shorten(escape(words or f"go env did not answer in {ENV_SECONDS:g} s"), _WORDS)
    gopath = tuple(one for one in values["GOPATH"].split(":") if one)[:ENTRIES_MOST]
    goroot, _gopath, gomodcache, gocache, gobin, gotmpdir = map(values.__getitem__, _ASKED)
    folders = GoFolders(goroot, gopath, gomodcache, gocache, gobin, gotmpdir)
    return _looked_at(folders), ""


def _looked_at(folders: GoFolders) -> GoFolders:
    """Add what only the disk and PATH tell."""
    foreign = []
    for path in dict.fromkeys((*folders.gopath[:1], folders.gomodcache, folders.gocache)):
        if os.path.isabs(path):
            room = room_of(path)
            if not room.writable:
                foreign.append((room.stands, room.owner))
    programs = os.path.realpath(folders.programs)
    on_path = programs in map(os.path.realpath, os.get_exec_path()) or not _has_programs(programs)
    return replace(folders, foreign=tuple(dict.fromkeys(foreign)), on_path=on_path)


def _has_programs(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


def _settings_file() -> str:
    """Return where ``go env -w`` keeps what it was told (cmd/go/internal/cfg, EnvFile)."""
    named = os.environ.get("GOENV", "")
    if named:
        return "" if named == "off" else named
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(home, "go", "env")
