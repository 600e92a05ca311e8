"""What ``check`` and ``fix`` look at: the files of the directories that they are given, and what go says."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.terminal import printable
from gowatchd.modfile.kind import Kind
from gowatchd.system.discovery import Pruning, find_files
from gowatchd.system.go_search import GoNotFoundError, GoSearch
from gowatchd.translation import _
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from gowatchd.cli.progress import Progress
    from gowatchd.system.go_installation import GoInstallation
    from gowatchd.workspace.model import Workspace

_FILE_NAMES = frozenset(kind.file_name for kind in Kind)


def add_directories(parser: argparse.ArgumentParser, what: str) -> None:
    """Take the directories to look at; ``what`` is the help."""
    parser.add_argument("directories", nargs="*", default=["."], metavar="DIR", help=what)


def find_paths(directories: Iterable[str], progress: Progress) -> set[str]:
    """Return the Go files at and below ``directories``, and the nearest above, which Go would load there."""
    paths: set[str] = set()
    for directory in directories:
        for path in _paths_for(directory):
            paths.add(path)
            progress.tell(_("looking for go.work and go.mod: {count} found").format(count=len(paths)))
    return paths


def ask_go(search: GoSearch) -> GoInstallation | None:
    """Return what the go command says of itself, or nothing, and why, where there is none."""
    try:
        return search.result()
    except GoNotFoundError as error:
        said = _("{reason} (rules that depend on its version are silent)")
        print(said.format(reason=printable(str(error))), file=sys.stderr)
        return None


def warn_of_writers(workspaces: Iterable[Workspace]) -> None:
    """Tell of the files that could not be looked at: they are being written, or the system failed."""
    files = {file.path: file for workspace in workspaces for file in workspace.files}
    for path, file in sorted(files.items()):
        if file.state is State.UNKNOWN:
            said = _("{file}: not checked: {reason}")
            print(said.format(file=shorten(path), reason=file.reason), file=sys.stderr)


def shorten(path: str) -> str:
    """Return ``path`` as Go prints it: relative to the current directory where that is shorter."""
    relative = os.path.relpath(path)
    return printable(relative if len(relative) < len(path) else path)


def existing(directory: str) -> str:
    """Return the absolute path of ``directory``; raises CommandError, which says why there is none for us."""
    absolute = os.path.abspath(directory)
    if os.path.isdir(absolute):
        return absolute
    from gowatchd.system.way import ourselves, way_to  # noqa: PLC0415 only who is lost asks for the way
    from gowatchd.workspace.reach import why_closed  # noqa: PLC0415 as above

    closed = why_closed(way_to(absolute), ourselves())
    if closed:
        raise CommandError(printable(closed), Exit.NO_SUCH_THING)
    problem = "is not a directory" if os.path.exists(absolute) else "does not exist"
    raise CommandError(f"{printable(directory)} {problem}", Exit.NO_SUCH_THING)


def nearest_files(directory: str) -> list[str]:
    """Return the go.work and the go.mod that the go command would load in the absolute ``directory``."""
    return [path for kind in Kind if (path := _nearest(directory, kind.file_name)) is not None]


def _paths_for(directory: str) -> Iterator[str]:
    if os.path.basename(directory) in _FILE_NAMES and os.path.isfile(directory):  # as pre-commit names them
        yield from nearest_files(os.path.dirname(os.path.abspath(directory)))
        return
    absolute = existing(directory)
    yield from find_files(absolute, Pruning())
    yield from nearest_files(absolute)


def _nearest(directory: str, name: str) -> str | None:
    """Return the path of the file ``name`` in ``directory`` or in the nearest folder above that has one."""
    while True:
        path = os.path.join(directory, name)
        if os.path.isfile(path):  # like Go, pass over a directory of that name
            return path
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
