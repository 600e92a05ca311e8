"""Reading the files that a unit names: those of EnvironmentFile=, and the head of a script."""

from __future__ import annotations

import glob
import os
import stat
from typing import TYPE_CHECKING

from gowatchd.unitfile.environment_file import EnvironmentFileError, parse_environment_file
from gowatchd.unitfile.shell_script import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Bytes: an environment of more does not fit a process anyway (ARG_MAX).
FILE_SIZE = 1 << 20
_MOST_FILES = 64  # that one pattern stands for
_SHELLS = (b"sh", b"bash", b"dash", b"zsh", b"ksh", b"ash", b"mksh")


def read_environment_files(
    named: Iterable[tuple[str, bool]],
) -> tuple[tuple[Mapping[str, str], ...], tuple[str, ...]]:
    """Return the variables of each file, and the files that are missed.

    ``named`` is the property ``EnvironmentFiles``: a path or pattern, and whether it may be missing.
    """
    found: list[Mapping[str, str]] = []
    lost: list[str] = []
    for pattern, optional in named:
        paths = sorted(glob.glob(pattern))[:_MOST_FILES] or [pattern]
        for path in paths:
            variables = _variables(path)
            if variables is not None:
                found.append(variables)
            elif not optional:
                lost.append(path)
    return tuple(found), tuple(lost)


def _variables(path: str) -> Mapping[str, str] | None:
    text = read_text(path, FILE_SIZE)
    try:
        return None if text is None else parse_environment_file(text)
    except EnvironmentFileError:
        return None


def read_head(path: str) -> str | None:
    """Return the beginning of the shell script at ``path``; None where it is none."""
    text = read_text(path, LONGEST, whole=False) if os.path.isabs(path) else None
    if text is None or not text.startswith("#!"):
        return None
    words = text.partition("\n")[0][2:].split()
    names = [os.path.basename(word).encode() for word in words]
    return text if any(name in _SHELLS for name in names[:2]) else None


def read_text(path: str, size: int, *, whole: bool = True) -> str | None:
    """Return what the regular file at ``path`` holds; None where that cannot be read, or not ``whole``."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = os.read(descriptor, size + 1)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    if len(data) > size and whole:
        return None
    return os.fsdecode(data[:size])
