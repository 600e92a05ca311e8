"""The .gowatchd.toml files of repositories: found, read with suspicion, and remembered while unchanged.

Such a file came with a clone: it is somebody else's. It can only switch things off, and one that makes no
sense switches formatting off, for that is the one thing of ours that changes files.
"""

from __future__ import annotations

import errno
import logging
import os
import stat

from gowatchd.modfile.kind import Kind
from gowatchd.services.restriction import FILE_NAME, UNRESTRICTED, Restriction
from gowatchd.system.system_error import error_text

log = logging.getLogger(__name__)

SIZE_LIMIT = 1 << 14  # bytes; a screenful is below 4 kB
LINE_LIMIT = 1000  # characters: the reader of TOML takes a second for a key of 8,000 dots
EXCLUDES_MOST = 100  # patterns of one file, each of which is held against every path below it
FILES_MOST = 32  # on the way up from one path
MISTAKES_MOST = 3  # of one file that are told
MAX_REMEMBERED = 4096  # files; a home with more repositories than that reads some again
_GO_NAMES = tuple(kind.file_name for kind in Kind)
_CONSEQUENCE = "nothing is formatted there until it is mended"

Mark = tuple[int, int, int, int, int]


class _UnfitError(Exception):
    """A file that is not read; the text says why."""


class RepositoryFiles:
    """The ``Restrictions`` of the repositories on the disk.

    A file counts for all that is below it. It is looked for from a path upward to the top of the git work
    tree; where there is none, to the topmost folder with a go.work or go.mod.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[Mark, Restriction]] = {}

    def of(self, path: str) -> Restriction:
        """Return what counts for the file at ``path``, as the disk says now."""
        restriction = UNRESTRICTED
        files = _files_above(path)
        if len(files) > FILES_MOST:
            restriction = Restriction(unformatted=f"more than {FILES_MOST} {FILE_NAME} files stand above it")
        for file in files[-FILES_MOST:]:
            found = self._read(file)
            if found is not None:
                restriction = restriction.and_also(found)
        return restriction

    def forget(self, file: str) -> None:
        """Read ``file`` again when it counts next: two quick writes may leave it with the same times."""
        self._known.pop(file, None)

    def problems(self) -> tuple[str, ...]:
        """Return the mistakes in the files that were looked at and are still there."""
        found = (self._read(file) for file in tuple(self._known))
        return tuple(problem for one in found if one is not None for problem in one.problems)

    def _read(self, file: str) -> Restriction | None:
        try:
            mark = _mark(os.lstat(file))
        except OSError:
            self._known.pop(file, None)
            return None
        known = self._known.get(file)
        if known is not None and known[0] == mark:
            return known[1]
        restriction = _restriction(file)
        for problem in restriction.problems:
            log.warning("%s", problem)
        self._known.pop(file, None)
        while len(self._known) >= MAX_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[file] = (mark, restriction)
        return restriction


def _files_above(path: str) -> list[str]:
    """Return the files that count for ``path``, nearest first."""
    found: list[str] = []
    folder = os.path.dirname(path)
    while os.path.dirname(folder) != folder:  # "/", but also "//" and, of a relative path, ""
        if os.path.lexists(f"{folder}/{FILE_NAME}"):
            found.append(folder)
        if os.path.lexists(f"{folder}/.git"):
            break
        folder = os.path.dirname(folder)
    else:
        top = _go_top(path) if found else ""
        found = [one for one in found if top and len(one) >= len(top)]  # all are above path
    return [f"{one}/{FILE_NAME}" for one in found]


def _go_top(path: str) -> str:
    """Return the topmost folder above ``path`` with a go.work or go.mod, or nothing."""
    top = ""
    folder = os.path.dirname(path)
    while os.path.dirname(folder) != folder:
        if any(os.path.lexists(f"{folder}/{name}") for name in _GO_NAMES):
            top = folder
        folder = os.path.dirname(folder)
    return top


def _restriction(file: str) -> Restriction:
    # pydantic takes longer than all else that gowatchctl check imports
    from gowatchd.config.mistake import ConfigError  # noqa: PLC0415 only where there is such a file
    from gowatchd.config.repository import restriction_in  # noqa: PLC0415 as above

    try:
        restriction = restriction_in(file, _text(file))
        if len(restriction.excludes) <= EXCLUDES_MOST:
            return restriction
        problem = f"{file}: [watch] exclude has more than {EXCLUDES_MOST} patterns: {_CONSEQUENCE}"
    except _UnfitError as error:
        problem = f"{file}: {error}: {_CONSEQUENCE}"
    except OSError as error:
        reason = "is a symbolic link" if error.errno == errno.ELOOP else error_text(error)
        problem = f"{file}: {reason}: {_CONSEQUENCE}"
    except UnicodeDecodeError:
        problem = f"{file}: not valid UTF-8: {_CONSEQUENCE}"
    except ConfigError as error:
        told = "; ".join(map(str, error.mistakes[:MISTAKES_MOST]))
        more = len(error.mistakes) - MISTAKES_MOST
        problem = f"{told}{f' (and {more} more)' if more > 0 else ''}: {_CONSEQUENCE}"
    return Restriction(unformatted=f"{file} makes no sense", problems=(problem,))


def _text(file: str) -> str:
    """Read ``file`` if it is a plain, small one; a FIFO is not waited for, and a link not followed."""
    fd = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(fd, "rb") as stream:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise _UnfitError("is not a regular file")
        data = stream.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise _UnfitError(f"is larger than {SIZE_LIMIT >> 10} KiB")
    text = data.decode()
    if any(len(line) > LINE_LIMIT for line in text.split("\n")):
        raise _UnfitError(f"has a line of more than {LINE_LIMIT} characters")
    return text


def _mark(found: os.stat_result) -> Mark:
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns
