"""Whom we trust with a program that we run: its person and root."""

from __future__ import annotations

import os
import stat


def distrust(path: str) -> str:
    """Say why the program at ``path`` must not be run, or nothing.

    It and its directory have to belong to us or to root, and nobody else may write to them: whoever can put a
    program there would run it as us. Links are followed.
    """
    real = os.path.realpath(path)
    for one in (real, os.path.dirname(real)):
        try:
            status = os.stat(one)
        except OSError as error:
            return f"{one}: {error.strerror}"
        if status.st_uid not in trusted_owners():
            return f"{one} belongs to another user (uid {status.st_uid})"
        if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
            return f"{one} can be written by everybody: chmod o-w {one}"
    return "" if os.path.isfile(real) and os.access(real, os.X_OK) else f"{path} is not a program"


def trusted_owners() -> frozenset[int]:
    """Return us and root; where a user namespace hides root, its files show the overflow id instead."""
    owners = {0, os.getuid()}
    with open("/proc/self/uid_map") as uid_map:
        maps_root = any(int(line.split()[1]) == 0 for line in uid_map)
    if not maps_root:
        with open("/proc/sys/kernel/overflowuid") as overflow:
            owners.add(int(overflow.read()))
    return frozenset(owners)
