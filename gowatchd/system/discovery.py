"""Where Go files are looked for: which folders a walk enters, and what one folder holds."""

from __future__ import annotations

import fnmatch
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.system.mounts import Mounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE_NAMES = frozenset({b"go.mod", b"go.work"})
BESIDE_NAMES = frozenset({b"go.sum", b"go.work.sum"})  # what go reads with a Go file in the same folder
OWN_FILE = b".gowatchd.toml"  # what a repository asks of us, in any folder
GIT = b".git"  # a git directory, or a file that names one elsewhere
PLAIN_NAMES = FILE_NAMES | {OWN_FILE, GIT}
NAMES = PLAIN_NAMES | BESIDE_NAMES
VENDOR = b"vendor"
MODULES_LIST = b"modules.txt"  # in the folder vendor beside a Go file

# never somebody's own modules: dependencies, fixtures that may be broken on purpose, caches
PRUNED_NAMES = frozenset(
    {b"node_modules", b"bower_components", VENDOR, b"testdata", b"__pycache__", b"site-packages"}
)
_HIDDEN = b"."
_BAZEL = b"bazel-"
_CACHE_TAG = b"CACHEDIR.TAG"  # https://bford.info/cachedir/
_GOROOT_MARKS = frozenset({b"VERSION", b"go.env", b"src"})  # the top of a Go toolchain, since Go 1.21
_NOTED = NAMES | _GOROOT_MARKS | {_CACHE_TAG, VENDOR, MODULES_LIST}
_MODULE_CACHE = b"/pkg/mod"  # $GOPATH/pkg/mod, known by its cache/download


NOTHING: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """What one folder holds for us: names of files, and of sub-folders worth entering.

    The files are those of ``NAMES``, and modules.txt; whatever is called "vendor" or ".git" is among
    them.
    """

    files: frozenset[bytes] = NOTHING
    folders: tuple[bytes, ...] = ()

    @property
    def go_files(self) -> frozenset[bytes]:
        """The names of the Go files."""
        return self.files & FILE_NAMES


class Pruning:
    """Which folders a walk leaves out.

    ``excludes`` are glob patterns: one without a slash matches a folder's name anywhere, one with a slash
    the end of its path, one that starts with ``/`` or ``~`` the whole path; ``*`` also matches slashes.
    Folders on another file system than their parent are left out as well.
    """

    def __init__(self, excludes: Iterable[str] = (), mounts: Mounts | None = None) -> None:
        self.mounts = Mounts.read() if mounts is None else mounts
        self._patterns = tuple(_compiled(pattern) for pattern in excludes)

    def prunes_name(self, name: bytes) -> bool:
        """Say whether no folder called ``name`` is ever entered."""
        return name.startswith((_HIDDEN, _BAZEL)) or name in PRUNED_NAMES

    def prunes(self, folder: bytes, name: bytes) -> bool:
        """Say whether a walk in ``folder`` leaves out its sub-folder ``name``."""
        if self.prunes_name(name):
            return True
        path = join(folder, name)
        if path in self.mounts or any(pattern.match(path) for pattern in self._patterns):
            return True
        return path.endswith(_MODULE_CACHE) and os.path.isdir(join(path, b"cache/download"))

    def excludes(self, folder: bytes, root: bytes) -> bool:
        """Say whether a pattern leaves out ``folder``, or one between it and ``root`` above."""
        while folder not in {root, b"/"}:
            if any(pattern.match(folder) for pattern in self._patterns):
                return True
            folder = os.path.dirname(folder)
        return False

    def list(self, folder: bytes) -> Listing:
        """List ``folder``; raises ``OSError``. A name in ``FILE_NAMES`` counts as a file whatever it is."""
        noted, folders = set(), []
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name in _NOTED:
                    noted.add(name)
                    if name in FILE_NAMES:
                        continue
                if not self.prunes_name(name) and entry.is_dir(follow_symlinks=False):
                    folders.append(name)
        if _CACHE_TAG in noted or noted >= _GOROOT_MARKS:
            return Listing()
        files = frozenset(noted - _GOROOT_MARKS) if noted else NOTHING
        return Listing(files, tuple(name for name in folders if not self.prunes(folder, name)))


def join(folder: bytes, name: bytes) -> bytes:
    """Return the path of ``name`` in the absolute ``folder``."""
    return folder + name if folder.endswith(b"/") else folder + b"/" + name


def find_files(folder: str, pruning: Pruning, deepest: int | None = None) -> Iterator[str]:
    """Yield the go.work and go.mod files at and below ``folder``, breadth first, each folder's sorted.

    Folders that cannot be read are passed over, and so are those more than ``deepest`` steps below.
    """
    waiting = [os.fsencode(folder)]
    depth = 0
    while waiting and (deepest is None or depth <= deepest):
        below: list[bytes] = []
        for path in waiting:
            try:
                listing = pruning.list(path)
            except OSError:
                continue
            yield from (os.fsdecode(join(path, name)) for name in sorted(listing.go_files, reverse=True))
            below.extend(join(path, name) for name in sorted(listing.folders))
        waiting = below
        depth += 1


def _compiled(pattern: str) -> re.Pattern[bytes]:
    pattern = os.path.expanduser(pattern).rstrip("/") or "/"
    if not pattern.startswith("/"):
        pattern = f"*/{pattern}"
    # a pattern is bytes that happen to be text: latin-1 keeps each of them apart
    translated = fnmatch.translate(os.fsencode(pattern).decode("latin-1"))
    return re.compile(translated.encode("latin-1"), re.DOTALL)
