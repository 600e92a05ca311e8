"""The folders on the way to a directory, and who walks it."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from typing import TYPE_CHECKING

from gowatchd.workspace.reach import Folder, Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator


def way_to(directory: str) -> Iterator[Folder]:
    """Yield the folders from the root down to ``directory``, as far as they can be seen."""
    path = "/"
    for name in ("", *(part for part in directory.split("/") if part)):
        path = os.path.join(path, name)
        try:
            status = os.stat(path)
        except OSError:
            return
        owner = _name_of_user(status.st_uid), status.st_uid
        group = _name_of_group(status.st_gid), status.st_gid
        yield Folder(path, stat.S_IMODE(status.st_mode), owner, group)


def ourselves() -> Visitor:
    """Return whom this process runs as."""
    user = os.geteuid()
    return Visitor(_name_of_user(user), user, frozenset({os.getegid(), *os.getgroups()}))


def _name_of_user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _name_of_group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return f"group {number}"
