"""The signs that editors leave while they hold a file open, and whether the editor still lives.

A rewrite under an open vim asks the person a question at the next ``:w``. Known signs:

- vim and nano: ``.go.mod.swp`` (``.swo``, ...) beside the file, a block that names process and host;
- neovim: the same block, in ``~/.local/state/nvim/swap`` (before 0.8: ``~/.local/share/nvim/swap``), named
  after the whole path with ``%`` for ``/``;
- emacs: ``.#go.mod``, a dangling symlink ``user@host.process:boot``.

Editors without a sign are another matter (``open_editors``). VS Code and those of JetBrains leave none and
need none: they read a file that changed anew.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.system.discovery import FILE_NAMES
from gowatchd.system.liveness import boot_time, is_running_since
from gowatchd.system.open_editors import OpenEditors, is_editor
from gowatchd.system.processes import process_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMES = tuple(sorted(os.fsdecode(name) for name in FILE_NAMES))
_LETTERS = "ponmlkjihgfedcba"  # vim goes backwards from p while names are taken

SIGN_NAMES = frozenset(
    os.fsencode(sign)
    for name in _NAMES
    for sign in (f".#{name}", *(f".{name}.sw{letter}" for letter in _LETTERS))
)
_BESIDE = re.compile(r"(?:\.#(go\.mod|go\.work)|\.(go\.mod|go\.work)\.sw[a-p])")
_ELSEWHERE = re.compile(r"(%.*%(?:go\.mod|go\.work))\.sw[a-p]", re.DOTALL)

# block 0 of a swap file (vim's memline.c; nano's files.c writes the same places): "b" and a letter or digit
# for the version and cipher, then at 24 the process, at 28 the user and at 68 the host, filled with NULs
_BLOCK_SIZE = 108
_BLOCK_MAGIC = re.compile(rb"b[0cdC]")
_EMACS_LOCK = re.compile(r".*@(?P<host>.*)\.(?P<pid>\d+)(?::(?P<boot>\d+))?", re.DOTALL)
_BOOT_SLACK = 2  # seconds: the clock may have been set between emacs' look at the boot time and ours


@dataclass(frozen=True, slots=True)
class Sign:
    """The sign of an open file: its own path, and the editor's process (0 where unknown)."""

    path: str
    pid: int = 0


def sign_owner(sign: str) -> str | None:
    """Return the Go file that the path ``sign`` belongs to, None where it is no editor's sign."""
    folder, _, name = sign.rpartition("/")
    if beside := _BESIDE.fullmatch(name):
        return f"{folder}/{beside[1] or beside[2]}"
    if elsewhere := _ELSEWHERE.fullmatch(name):
        return elsewhere[1].replace("%", "/")
    return None


def neovim_swap_folders(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return where this user's neovim keeps its swap files, for all its versions."""
    home = environment.get("HOME", "")
    state = environment.get("XDG_STATE_HOME") or f"{home}/.local/state"
    data = environment.get("XDG_DATA_HOME") or f"{home}/.local/share"
    return (f"{state}/nvim/swap", f"{data}/nvim/swap")


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a file must wait, in words for a person, and the process whose end may change that (0: unknown)."""

    reason: str
    pid: int = 0


class Editors:
    """Says whether an editor holds a file open, by its own sign, or may do so without one."""

    def __init__(self, swap_folders: Iterable[str] = ()) -> None:
        self._swap_folders = tuple(swap_folders)
        self._without_sign = OpenEditors()

    def noticed(self, path: str) -> None:
        """Look at the sign that came or went beside ``path``: it names an editor that has the file open.

        emacs takes its lock away at each save and still has the buffer.
        """
        folder, _, name = path.rpartition("/")
        lock = _emacs_sign(f"{folder}/.#{name}")
        if lock is not None and lock.pid:
            self._without_sign.locked(os.path.realpath(path), lock.pid)

    def held(self, path: str) -> Hold | None:
        """Say that a living editor holds ``path`` open, or may do so, or ``None``."""
        sign = self.holding(path)
        if sign is not None:
            process = f" (process {sign.pid})" if sign.pid else ""
            return Hold(f"an editor{process} has it open: {os.path.basename(sign.path)}", sign.pid)
        editor = self._without_sign.holding(os.path.realpath(path))
        if editor is not None:
            return Hold(f"an editor may have it open: {editor.name} (process {editor.pid})", editor.pid)
        return None

    def holding(self, path: str) -> Sign | None:
        """Return the sign of a living editor (or of one that we cannot ask) on ``path``, if there is one."""
        real = os.path.realpath(path)
        for file in dict.fromkeys((path, real)):
            folder, _, name = file.rpartition("/")
            if (sign := _emacs_sign(f"{folder}/.#{name}")) is not None:
                return sign
            stems = [f"{folder}/.{name}"]
            stems += [f"{swap}/{file.replace('/', '%')}" for swap in self._swap_folders]
            for stem in stems:
                for letter in _LETTERS:
                    if (sign := _swap_sign(f"{stem}.sw{letter}")) is not None:
                        return sign
        return None


def _swap_sign(path: str) -> Sign | None:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    try:
        # what took its place since the look may be a FIFO, for which nobody waits
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(fd, "rb") as file:
            block = file.read(_BLOCK_SIZE)
    except OSError:
        return Sign(path)
    if len(block) < _BLOCK_SIZE or not _BLOCK_MAGIC.match(block):
        return Sign(path)  # just being made, or of an editor that we do not know
    pid = int.from_bytes(block[24:28], "little")
    host = block[68:108].split(b"\0")[0]
    if not pid or not _is_this_host(os.fsdecode(host)):
        return Sign(path, pid)
    alive = is_running_since(pid, found.st_mtime) or _still_holds(pid, path)
    return Sign(path, pid) if alive else None


def _still_holds(pid: int, swap_file: str) -> bool:
    """Say whether the editor ``pid`` still has ``swap_file``, whatever the clock says: it may have been set.

    vim keeps its swap file open; of nano, which does not, we know no more than that it is one.
    """
    process = process_of(pid)
    if process is None:
        return False
    return process.name == "nano" or os.path.realpath(swap_file) in process.open_files


def _emacs_sign(path: str) -> Sign | None:
    try:
        found = os.lstat(path)
        lock = _EMACS_LOCK.fullmatch(os.readlink(path))
    except OSError:
        return None
    if lock is None:
        return Sign(path)
    pid = int(lock["pid"])
    if not _is_this_host(lock["host"]):
        return Sign(path, pid)
    if is_editor(pid):
        return Sign(path, pid)
    if lock["boot"] and abs(int(lock["boot"]) - boot_time()) > _BOOT_SLACK:
        return None  # left behind before the last boot
    return Sign(path, pid) if is_running_since(pid, found.st_mtime) else None


def _is_this_host(name: str) -> bool:
    """Compare as far as the sign has room: vim keeps 39 bytes, nano 31."""
    here = os.uname().nodename
    return name == here or (len(name) >= 31 and here.startswith(name))
