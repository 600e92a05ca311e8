"""The processes that run as this person, as far as /proc shows them (proc(5))."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# What a program's file may have before and after its name: vim.basic, emacs-nox, .emacs-29.1-wrapped. The
# kernel adds " (deleted)" when an upgrade has replaced the program meanwhile.
_NAME = re.compile(r"\.?([a-z]+)")

_ARGUMENTS_MOST = 1 << 20  # bytes of a command line that are read; a shell hands over 2 MiB at most
_FILES_MOST = 4096  # descriptors that are looked at; an editor with a thousand files has a thousand

_PARENT, _START = 1, 19  # ppid and starttime, fields 4 and 22 of /proc/PID/stat, counted from the state


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this person; ``name`` is that of its program, without version or flavour.

    Every question about one that has ended meanwhile is answered with nothing.
    """

    pid: int
    name: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """What it was started with, without its own name."""
        try:
            with open(f"/proc/{self.pid}/cmdline", "rb") as file:
                words = file.read(_ARGUMENTS_MOST).split(b"\0")
        except OSError:
            return ()
        return tuple(map(os.fsdecode, words[1:-1]))

    @property
    def folder(self) -> str | None:
        """The folder in which it works."""
        try:
            return os.readlink(f"/proc/{self.pid}/cwd")
        except OSError:
            return None

    @property
    def home(self) -> str:
        """The home folder that it was told of, else that of this person."""
        try:
            with open(f"/proc/{self.pid}/environ", "rb") as file:
                variables = file.read(_ARGUMENTS_MOST).split(b"\0")
        except OSError:
            variables = []
        homes = (os.fsdecode(one[5:]) for one in variables if one.startswith(b"HOME="))
        return next(homes, os.path.expanduser("~"))

    @property
    def parent(self) -> int:
        """The number of the process that started it."""
        fields = stat_fields(self.pid)
        return int(fields[_PARENT]) if fields else 0

    @property
    def open_files(self) -> Iterator[str]:
        """The paths of the files that it holds open; what is no file has none."""
        try:
            descriptors = os.listdir(f"/proc/{self.pid}/fd")
        except OSError:
            return
        for descriptor in descriptors[:_FILES_MOST]:
            try:
                target = os.readlink(f"/proc/{self.pid}/fd/{descriptor}")
            except OSError:
                continue  # closed meanwhile
            if target.startswith("/"):
                yield target


def running(names: Collection[str]) -> Iterator[Process]:
    """Yield this person's processes whose program is one of ``names``: one readlink for each process."""
    for number in os.listdir("/proc"):
        if number.isdigit() and (process := process_of(int(number))) is not None and process.name in names:
            yield process


def process_of(pid: int) -> Process | None:
    """Return the process ``pid``, None where it has ended or is another person's."""
    try:
        program = os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return None
    name = _NAME.match(os.path.basename(program))
    return Process(pid, name[1]) if name else None


def started(pid: int) -> int | None:
    """Return when ``pid`` was started, in ticks since the boot, which no setting of the clock changes.

    None where it has ended. With ``pid`` it tells a process from a later one with the same number.
    """
    fields = stat_fields(pid)
    return int(fields[_START]) if fields else None


def stat_fields(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat from the state on, None where it does not live any more."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    fields = line.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else fields
