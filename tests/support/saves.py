"""The ways in which programs save a file, each as a function of the file's path and its new content."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Save = Callable[[Path, bytes], None]
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_libc = ctypes.CDLL(None, use_errno=True)


def truncate_and_write(path: Path, text: bytes) -> None:
    """A shell, nano, VS Code."""
    path.write_bytes(text)


def write_and_cut(path: Path, text: bytes) -> None:
    """Over the old bytes, and cut at the end."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    os.pwrite(fd, text, 0)
    os.ftruncate(fd, len(text))
    os.close(fd)


def write_under_lock(path: Path, text: bytes) -> None:
    """The go command (lockedfile.Transform): opened for both, locked, read, written over, cut."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    fcntl.flock(fd, fcntl.LOCK_EX)
    os.pread(fd, 1 << 16, 0)
    os.pwrite(fd, text, 0)
    os.ftruncate(fd, len(text))
    fcntl.flock(fd, fcntl.LOCK_UN)
    os.close(fd)


def write_behind_and_over(path: Path, text: bytes) -> None:
    """Opened long before it is written, in small pieces, and cut to nothing first."""
    with path.open("r+b" if path.exists() else "w+b", buffering=0) as file:
        file.truncate(0)
        for at in range(0, len(text), 7):
            file.write(text[at : at + 7])


def rename_over(path: Path, text: bytes) -> None:
    """Atomically: what most libraries do."""
    beside = path.with_name("go.mod.new")
    beside.write_bytes(text)
    beside.rename(path)


def rename_away_and_write(path: Path, text: bytes) -> None:
    """Vim, with a backup that is removed at the end."""
    backup = path.with_name("go.mod~")
    path.rename(backup)
    path.write_bytes(text)
    backup.unlink()


def exchange_and_remove(path: Path, text: bytes) -> None:
    """RENAME_EXCHANGE, as careful programs and we ourselves do."""
    beside = path.with_name("go.mod.new")
    beside.write_bytes(text)
    done = _libc.renameat2(_AT_FDCWD, bytes(beside), _AT_FDCWD, bytes(path), _RENAME_EXCHANGE)
    assert done == 0, os.strerror(ctypes.get_errno())
    beside.unlink()


def write_and_move_the_folder(path: Path, text: bytes) -> None:
    """In place, while the folder gets another name and its old one back."""
    folder, elsewhere = path.parent, path.parent.with_name("elsewhere")
    folder.rename(elsewhere)
    (elsewhere / path.name).write_bytes(text)
    elsewhere.rename(folder)


def through_the_other_name(path: Path, text: bytes) -> None:
    """In place, through another hard link of the file."""
    (path.parent / "other").write_bytes(text)


def replace_the_target(path: Path, text: bytes) -> None:
    """Atomically, at the place that a symbolic link leads to."""
    rename_over(path.parent / os.readlink(path), text)


def point_elsewhere(path: Path, text: bytes) -> None:
    """A new target, then atomically a new symbolic link to it; the old target is removed."""
    old = os.readlink(path)
    new = "b" if old == "a" else "a"
    shutil.rmtree(path.parent / new, ignore_errors=True)
    (path.parent / new).write_bytes(text)
    beside = path.with_name("link")
    beside.symlink_to(new)
    beside.rename(path)


def _plain(path: Path) -> None:
    path.write_bytes(b"")


def _hard(path: Path) -> None:
    path.write_bytes(b"")
    os.link(path, path.parent / "other")


def _soft(path: Path) -> None:
    (path.parent / "a").write_bytes(b"")
    path.symlink_to("a")


@dataclass(frozen=True)
class Habit:
    """A way of saving, and the kind of file that it needs: ``make`` makes that, empty."""

    name: str
    save: Save
    make: Callable[[Path], None] = _plain
    leaves: frozenset[str] = frozenset({"go.mod"})  # what the folder holds afterwards
    atomic: bool = False  # nobody ever sees half of it


HABITS = (
    Habit("truncated and written", truncate_and_write),
    Habit("written over and cut", write_and_cut),
    Habit("as the go command does", write_under_lock),
    Habit("in small pieces", write_behind_and_over),
    Habit("renamed over", rename_over, atomic=True),
    Habit("as vim does", rename_away_and_write),
    Habit("exchanged", exchange_and_remove, atomic=True),
    Habit("in a folder that moves", write_and_move_the_folder),
    Habit("through another hard link", through_the_other_name, _hard, frozenset({"go.mod", "other"})),
    Habit("through a symbolic link", truncate_and_write, _soft, frozenset({"go.mod", "a"})),
    Habit(
        "renamed over the link's target", replace_the_target, _soft, frozenset({"go.mod", "a"}), atomic=True
    ),
    Habit(
        "by pointing the link elsewhere", point_elsewhere, _soft, frozenset({"go.mod", "a", "b"}), atomic=True
    ),
)
