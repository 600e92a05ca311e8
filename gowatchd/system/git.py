"""What git is doing, and what it knows: read beside it, and without running what a repository names.

Whether git is busy is a matter of a few stat calls. Whether content came in by git is asked of the object
database: everything that git puts into a work tree (checkout, pull, merge, rebase, stash pop, bisect) is a
blob that it has, while what an editor saves is one that it has never seen. Neither index nor HEAD would do:
they are written after the files, and a popped stash is in neither.

So a file that was edited and then staged counts as git's too, and is left alone: a rewrite would put
something else into the work tree than what is about to be committed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from typing import TYPE_CHECKING

from gowatchd.services.ports import Finished, Provenance
from gowatchd.system.git_attributes import git_changes
from gowatchd.system.git_objects import UnknownFormatError, has_object
from gowatchd.system.process import Command, child_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gowatchd.system.child import ChildPool

TIMEOUT = 5.0  # seconds; the answer takes some milliseconds, but for a huge index on a cold disk
MEMORY = 1 << 30  # bytes: it takes a whole tree into memory, and a small pack can hold a tree of any size
LONGEST_NAME = 1500  # bytes: twice that and the names of contents are what a child is told at once
LINK_SIZE = 4096  # bytes of a .git file: one path, which the kernel takes no longer

# What stands in the git directory while git is in the middle of something (git's wt-status.c and lockfile.c).
# With "sequencer" a cherry-pick or revert of several commits counts between two of them as well.
_SIGNS = (
    ("index.lock", "git is at work (index.lock)"),
    ("rebase-merge", "a rebase is under way"),
    ("rebase-apply", "a rebase or git am is under way"),
    ("MERGE_HEAD", "a merge is under way"),
    ("CHERRY_PICK_HEAD", "a cherry-pick is under way"),
    ("REVERT_HEAD", "a revert is under way"),
    ("sequencer", "a cherry-pick or revert is under way"),
    ("BISECT_LOG", "a bisect is under way"),
)

# The names in a git directory whose coming, going and replacement say that git began or ended something.
STATE_NAMES = frozenset({b"index", b"HEAD", *(os.fsencode(name) for name, _ in _SIGNS)})

_CONFLICT = re.compile(rb"^(?:<{7}|\|{7}|>{7})(?:[ \r\n]|\Z)", re.MULTILINE)

_NOT_OURS = (b"detected dubious ownership", b"unsafe repository")
_EDITED = frozenset({Provenance.EDITED, Provenance.UNTRACKED})

# git answers three questions in one run: cat-file reads objects and the index and neither filters content nor
# runs hooks. Everything else that could start a program is off: the person's and the system's configuration,
# fsmonitor (the empty value is "off" for 2.34 too, where it is the path of a hook) and, for a partial clone,
# the fetching of what is missing (GIT_NO_LAZY_FETCH since 2.39.4, every transport forbidden before).
_GIT = ("git", "--no-optional-locks", "--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=")
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


class GitState:
    """The ``Git`` port, over the file system and ``git cat-file``."""

    def __init__(self, pool: ChildPool) -> None:
        self._pool = pool

    def busy(self, path: str) -> str | None:
        """Say what git is in the middle of in the repository of ``path``, for a person, or ``None``."""
        git_directory = find_git_directory(path)
        if git_directory is None:
            return None
        for name, meaning in _SIGNS:
            if os.path.lexists(os.path.join(git_directory, name)):
                return meaning
        return None

    def belongs(self, path: str, place: str) -> bool:
        """Say whether ``path`` is a file of the repository whose work tree or git directory ``place`` is."""
        ours = find_git_directory(path)
        if ours is None:
            return False
        theirs = _git_directory(os.path.join(place, ".git")) or place
        return os.path.realpath(ours) == os.path.realpath(theirs)

    def index_mark(self, path: str) -> object:
        """Return what is another one once git has staged, committed or checked out something."""
        git_directory = find_git_directory(path)
        if git_directory is None:
            return None
        try:
            found = os.stat(os.path.join(git_directory, "index"))
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def came_by_git(self, path: str, data: bytes, done: Callable[[Provenance], None]) -> None:
        """Ask whether git has ``data``, the content of ``path``; ``done`` hears it, maybe at once."""
        real = os.path.realpath(path)
        key = f"git {real}"
        work_tree = find_work_tree(os.path.dirname(real))
        git_directory = _git_directory(os.path.join(work_tree, ".git"))
        if not work_tree or git_directory is None:
            self._pool.forget(key)
            done(Provenance.NO_REPOSITORY)
            return
        contents = tuple(blob_names(data))
        questions = (*contents, *_named(os.path.relpath(real, work_tree)))
        # from the top: below it, a folder with HEAD, objects and refs would be the repository for git
        command = Command(
            (*_GIT, "cat-file", "--batch-check=%(objectname) %(objecttype)"),
            cwd=work_tree,
            timeout=TIMEOUT,
            env=_environment(),
            stdin=os.fsencode("".join(f"{question}\n" for question in questions)),
            memory=MEMORY,
        )

        def answered(finished: Finished) -> None:
            provenance = _judge(finished, contents)
            if provenance is Provenance.UNKNOWN and _nobody_to_ask(finished):
                provenance = _look_up(git_directory, contents)
            if provenance in _EDITED and git_changes(real, git_directory):
                provenance = Provenance.UNKNOWN
            done(provenance)

        self._pool.start(key, command, answered)


def find_git_directory(path: str) -> str | None:
    """Return the git directory of the work tree that ``path``, links resolved, is in, or ``None``.

    Follows the ``.git`` file of a linked worktree or a submodule (gitrepository-layout(5)).
    """
    work_tree = find_work_tree(os.path.dirname(os.path.realpath(path)))
    return _git_directory(os.path.join(work_tree, ".git")) if work_tree else None


def linked_git_directory(dot_git: str) -> str | None:
    """Return what the .git file of a linked worktree or submodule names, whether it is there yet or not."""
    try:
        is_file = stat.S_ISREG(os.stat(dot_git).st_mode)
        return os.path.realpath(_read_link(dot_git) if is_file else dot_git)
    except OSError:
        return None


def find_work_tree(folder: str) -> str:
    """Return the top of the git work tree that ``folder`` is in, or nothing."""
    here = os.path.realpath(folder)
    while _git_directory(os.path.join(here, ".git")) is None:
        if here == "/":
            return ""
        here = os.path.dirname(here)
    return here


def has_conflict_markers(data: bytes) -> bool:
    """Say whether a line of ``data`` starts like the markers that git leaves in a file with conflicts."""
    return _CONFLICT.search(data) is not None


def blob_names(data: bytes) -> Iterator[str]:
    """Yield the names that git may know ``data`` by: SHA-1 and SHA-256, as it is and with CRLF as LF."""
    for text in dict.fromkeys((data, data.replace(b"\r\n", b"\n"))):
        blob = b"blob %d\0%s" % (len(text), text)
        yield hashlib.sha1(blob, usedforsecurity=False).hexdigest()
        yield hashlib.sha256(blob).hexdigest()


def _named(name: str) -> tuple[str, ...]:
    """Return how git is asked for the file ``name``; whether it is tracked is only for the record."""
    if "\n" in name or len(os.fsencode(name)) > LONGEST_NAME:
        return ()
    return f":./{name}", f"HEAD:./{name}"


def _judge(finished: Finished, contents: tuple[str, ...]) -> Provenance:
    if not finished.succeeded:
        return Provenance.NO_ANSWER if finished.passing else Provenance.UNKNOWN
    answers = finished.stdout.split(b"\n")
    known = [len(words) == 2 and words[1] == b"blob" for words in map(bytes.split, answers)]
    if any(known[: len(contents)]):
        return Provenance.UNCHANGED
    return Provenance.EDITED if any(known[len(contents) :]) else Provenance.UNTRACKED


def _nobody_to_ask(finished: Finished) -> bool:
    """Say whether git is missing, or refuses a repository that belongs to somebody else.

    "unsafe repository" are the words of 2.34, where a person's own safe.directory is not looked at either.
    """
    return finished.exit_code is None or any(text in finished.stderr for text in _NOT_OURS)


def _look_up(git_directory: str, contents: tuple[str, ...]) -> Provenance:
    """Look for the content ourselves; whether the file is tracked is not found out."""
    try:
        known = has_object(git_directory, contents)
    except (OSError, UnknownFormatError):
        return Provenance.UNKNOWN
    return Provenance.UNCHANGED if known else Provenance.EDITED


def _environment() -> dict[str, str]:
    # Without GIT_DIR and the like: a hook that started us must not decide which repository is asked.
    ours = {name: value for name, value in child_environment().items() if not name.startswith("GIT_")}
    return {**ours, **_ENVIRONMENT}


def _git_directory(dot_git: str) -> str | None:
    """Return the git directory that ``dot_git`` is or names, or ``None``.

    As for git, a directory without HEAD is none, and a file always names one, be it not there: its disk may
    not be mounted, or have another path in a container. git refuses to answer there.
    """
    try:
        mode = os.stat(dot_git).st_mode
    except OSError:
        return None
    if stat.S_ISDIR(mode):
        return dot_git if os.path.lexists(os.path.join(dot_git, "HEAD")) else None
    if not stat.S_ISREG(mode):
        return None
    try:
        return _read_link(dot_git)
    except OSError:
        return dot_git


def _read_link(dot_git: str) -> str:
    """Return the directory that the line ``gitdir: PATH`` of a .git file names; raises OSError."""
    descriptor = os.open(dot_git, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        content = os.read(descriptor, LINK_SIZE)
    finally:
        os.close(descriptor)
    prefix, colon, target = content.rstrip(b"\r\n").partition(b": ")
    if prefix != b"gitdir" or not colon or b"\0" in target or len(content) == LINK_SIZE:
        raise OSError(errno.EINVAL, "not a gitdir file", dot_git)
    return os.path.join(os.path.dirname(dot_git), os.fsdecode(target))
