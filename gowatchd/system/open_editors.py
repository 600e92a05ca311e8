"""Editors that leave no sign of an open file: which of those that run may have it open.

Some never leave one (nano without locking, micro, kakoune), some were told not to (vim's noswapfile), and
emacs only does so while a buffer has changes. Each of them asks its person a question at the next save after
a rewrite. What can be known of them is what they were started with, the folder they work in, and for vim
which swap files they hold open. docs/adr/0008 says what each was seen to do, and why this is the answer.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.system.git import find_work_tree
from gowatchd.system.processes import Process, process_of, running, started

if TYPE_CHECKING:
    from collections.abc import Iterable

# They hold a swap file open for each file, wherever 'directory' puts it, unless told otherwise.
_VIM = frozenset({"vim", "vi", "nvim", "gvim", "view", "ex"})
_OTHERS = frozenset({"emacs", "helix", "hx", "jed", "joe", "kak", "mg", "micro", "nano", "ne", "vis"})
_MC = "mc"  # Midnight Commander is an editor only under the name mcedit
EDITORS = _VIM | _OTHERS | {_MC}

_ONE_FILE = frozenset({"nano", _MC})  # what they were started with is what they have open
_NO_SESSION = frozenset({"--batch", "-batch", "--version", "--help"})  # emacs compiling itself, for one
_ARGUMENTS_MOST = 256  # that may be files; each costs a look at the disk

_SWAP_FILE = re.compile(r".*\.sw[a-p]", re.DOTALL)
_SWAP_NAME = slice(108, 1008)  # b0_fname of vim's memline.c: the file's path, "~user/" for the home folder
_LINE = re.compile(r"(?::\d+)+\Z")  # micro and helix take FILE:LINE:COLUMN

# Files of which we remember who last left a lock beside them: more than a person edits in a day.
_REMEMBERED_MOST = 256


@dataclass(frozen=True, slots=True)
class _Known:
    """A process that cannot be mistaken for a later one with its number."""

    pid: int
    started: int | None

    @property
    def lives(self) -> bool:
        return self.started is not None and started(self.pid) == self.started


class OpenEditors:
    """Says which editor may have a file open that shows no sign of it."""

    def __init__(self) -> None:
        self._lockers: dict[str, _Known] = {}

    def locked(self, path: str, pid: int) -> None:
        """Take note that the editor ``pid`` had unsaved changes in ``path``: it has it open from now on."""
        self._lockers.pop(path, None)
        self._lockers[path] = _Known(pid, started(pid))
        if len(self._lockers) > _REMEMBERED_MOST:
            del self._lockers[next(iter(self._lockers))]

    def holding(self, path: str) -> Process | None:
        """Return an editor that may have ``path``, a real path, open; ``None`` where there is none."""
        locker = self._lockers.get(path)
        if locker is not None:
            if locker.lives:
                return process_of(locker.pid) or Process(locker.pid, "an editor")
            del self._lockers[path]
        editors = tuple(running(EDITORS))
        faces = _faces(editors)
        for editor in editors:
            if editor.pid not in faces and _may_have_open(editor, path):
                return Process(editor.pid, "mcedit") if editor.name == _MC else editor
        return None


def is_editor(pid: int) -> bool:
    """Say whether ``pid`` is an editor of this person."""
    process = process_of(pid)
    return process is not None and process.name in EDITORS


def _faces(editors: Iterable[Process]) -> frozenset[int]:
    """Return those that are only the screen of another: neovim's own, whose child has the files."""
    embedded = (one for one in editors if one.name == "nvim" and "--embed" in one.arguments)
    return frozenset(one.parent for one in embedded)


def _may_have_open(editor: Process, path: str) -> bool:
    arguments, folder = editor.arguments, editor.folder
    if folder is None or not _is_session(editor, arguments):
        return False
    if editor.name in _VIM:
        swap_files = [file for file in editor.open_files if _SWAP_FILE.fullmatch(file)]
        if swap_files:
            return any(_is_swap_of(file, path, editor) for file in swap_files)
    files = [_named(folder, argument) for argument in arguments[:_ARGUMENTS_MOST]]
    if path in files:
        return True
    if editor.name in _ONE_FILE and any(file is not None and os.path.isfile(file) for file in files):
        return False
    return _is_near(folder, path)


def _is_session(editor: Process, arguments: tuple[str, ...]) -> bool:
    """Say whether somebody edits with it, and it is not the inner part of an editor that reads files anew."""
    if editor.name == _MC and not _called(editor.pid, "mcedit"):
        return False
    return not any(one in _NO_SESSION or "vscode" in one for one in arguments)


def _called(pid: int, name: str) -> bool:
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip() == name
    except OSError:
        return False


def _named(folder: str, argument: str) -> str | None:
    """Return the real path of the file that ``argument`` names, None for an option."""
    if not argument or argument.startswith(("-", "+")):
        return None
    return os.path.realpath(os.path.join(folder, _LINE.sub("", argument)))


def _is_swap_of(swap_file: str, path: str, editor: Process) -> bool:
    """Say whether the ``swap_file`` of ``editor`` is that of ``path``, as the file itself says."""
    try:
        with open(swap_file, "rb") as file:
            name = os.fsdecode(file.read(_SWAP_NAME.stop)[_SWAP_NAME].split(b"\0")[0])
    except OSError:
        return True  # gone or unreadable: we do not know
    if name.startswith("~"):
        name = os.path.join(editor.home, name.partition("/")[2])
    return os.path.realpath(name) == path


def _is_near(folder: str, path: str) -> bool:
    """Say whether ``folder`` is in the repository of ``path``, or without one in its folder or below."""
    home = os.path.dirname(path)
    work_tree = find_work_tree(home)
    if find_work_tree(folder) != work_tree:
        return False
    return bool(work_tree) or f"{folder.rstrip('/')}/".startswith(f"{home.rstrip('/')}/")
