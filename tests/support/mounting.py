"""Mounting for the length of a test: seen by the whole machine, so below a test's own folder."""

from __future__ import annotations

import ctypes
import os
import select
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.watching import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def run(*command: str) -> None:
    """Run ``command``; fail where it does."""
    subprocess.run(command, check=True, timeout=60)


@contextmanager
def mounted(point: Path, *what: str) -> Iterator[Path]:
    """Mount ``what`` (a tmpfs if nothing) at ``point``."""
    point.mkdir(parents=True, exist_ok=True)
    run("mount", *(what or ("-t", "tmpfs", "none")), str(point))
    try:
        yield point
    finally:
        run("umount", "-l", str(point))


@contextmanager
def stored(tmp_path: Path, name: str, *files: str) -> Iterator[Path]:
    """Give a file system with go.mod ``files``, kept elsewhere, to be bound to where it is wanted."""
    with mounted(tmp_path / "stored" / name) as store:
        for file in files:
            write(store / file)
        yield store


class Automounter:
    """An automounter that mounts nothing: who looks into its folder from another process group, waits."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    @property
    def asked(self) -> bool:
        """Whether somebody made the kernel ask for something to be mounted."""
        return bool(select.select([self._pipe], [], [], 0)[0])


@contextmanager
def automounter(point: Path) -> Iterator[Automounter]:
    """Have an automounter wait at ``point``, as autofs and systemd's .automount units do."""
    point.mkdir(parents=True, exist_ok=True)
    reader, writer = os.pipe()
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"fd={writer},pgrp={os.getpgrp()},minproto=5,maxproto=5,direct"
    if libc.mount(b"test", os.fsencode(point), b"autofs", 0, options.encode()) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(point))
    os.close(writer)
    try:
        yield Automounter(reader)
    finally:
        os.close(reader)  # who waits is let go
        run("umount", "-l", str(point))
