"""Whether the go.work and go.mod files that are known can be reached, read and written by this person."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from gowatchd.cli.scope import nearest_files
from gowatchd.services.remembering import folders_of
from gowatchd.system.mounts import Mounts
from gowatchd.system.person import Person
from gowatchd.system.room import name_of
from gowatchd.system.way import ourselves, way_to
from gowatchd.workspace.reach import why_closed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST = 1000  # folders that are looked at, some 10 µs for each; nobody reads more than the first few
SIZE_MOST = 64 << 20  # bytes of the remembered folders; a thousand of them are 60 kB


@dataclass(frozen=True, slots=True)
class Access:
    """One file: ``closed`` says which folder on the way bars it, ``blind`` a file system without inotify."""

    path: str
    closed: str
    readable: bool
    writable: bool
    owner: str
    blind: str


def accesses(status: Mapping[str, Any] | None) -> tuple[Access, ...]:
    """Look at the files in the folders of ``status``, else of the daemon's last run, and around here."""
    known = _remembered() if status is None else {one["root"] for one in status["workspaces"]}
    mounts, visitor = Mounts.read(), ourselves()
    found = []
    for path in dict.fromkeys([*nearest_files(os.getcwd()), *_files(sorted(known)[:MOST])]):
        closed = why_closed(way_to(os.path.dirname(path)), visitor)
        try:
            owner = name_of(os.stat(path).st_uid)
        except OSError:  # cannot be seen: the way to it says why, or it went away meanwhile
            if not closed:
                continue
            owner = ""
        found.append(
            Access(
                path,
                closed,
                os.access(path, os.R_OK, effective_ids=True),
                os.access(path, os.W_OK, effective_ids=True),
                owner,
                mounts.blind_type(os.fsencode(path)),
            )
        )
    return tuple(islice(found, MOST))


def _remembered() -> frozenset[str]:
    """Return the folders that the daemon remembers; other than that, this moves no damaged file aside."""
    try:
        with open(os.path.join(Person.of_environment().state_folder, "folders.json"), "rb") as file:
            return folders_of(json.loads(file.read(SIZE_MOST)))
    except (OSError, ValueError, KeyError, TypeError):  # none, or one that the daemon will set aside
        return frozenset()


def _files(folders: list[str]) -> Iterator[str]:
    """Yield the Go files in ``folders``; in one that cannot be looked into the go.mod that was there."""
    for folder in folders:
        names = [name for name in ("go.work", "go.mod") if os.path.lexists(os.path.join(folder, name))]
        yield from (os.path.join(folder, name) for name in names or ["go.mod"])
