"""What ``init`` would write: a go.work over modules that were found, or replace directives in a go.mod.

A plan is made of what stands on the disk, checked by all rules as if it were written already, and writes
nothing.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.lint.catalog import check
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.facts import Facts
from gowatchd.modfile import Kind, ParseError, goversion, parse_mod, print_file
from gowatchd.modfile.syntax import FileSyntax, Line
from gowatchd.services.amending import Substitute, add_replacements, add_uses, raise_go
from gowatchd.services.ports import Look, Reading
from gowatchd.services.workspaces import Workspaces
from gowatchd.style.formatter import tidy
from gowatchd.workspace.model import IMPLICIT_WORK_VERSION, Module

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.services.ports import Files
    from gowatchd.workspace.model import Workspace


class BeginningError(Exception):
    """There is nothing that could be planned; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of the file at ``path``, whose bytes are ``old`` (None: it is not there).

    ``new`` is what to write. Where ``errors`` says what the go command would then complain of, it must not be
    written. ``modules`` are those of the workspace as it would be (without a go.work: the module itself),
    ``added`` the directories that it did not use before.
    """

    path: str
    old: bytes | None
    new: bytes
    errors: tuple[Diagnostic, ...]
    modules: tuple[Module, ...]
    added: tuple[str, ...] = ()


class Beginning:
    """Plans the go.work of the directory ``root``, which may have one; ``used`` is what that uses already.

    Raises BeginningError where what stands in its place cannot be read.
    """

    def __init__(self, files: Files, root: str) -> None:
        self._path = posixpath.join(root, Kind.WORK.file_name)
        self._root = root
        self._loader = Workspaces(files)
        reading = _read(files, self._path)
        self._old = reading.data if reading.look is Look.CONTENT else None
        self._before = None if self._old is None else self._load(self._old)
        self.used = frozenset(one.directory for one in self._before.members) if self._before else frozenset()
        self._replacing = _replacing(self._before) if self._before else frozenset()

    def survey(self, directories: Iterable[str]) -> tuple[Module, ...]:
        """Return the modules in ``directories`` that the go.work does not use yet; none if it is broken."""
        members = {member.directory: member for member in self._draft(self._unused(directories)).members}
        return tuple(members[one] for one in self._unused(directories) if one in members)

    def plan(self, directories: Iterable[str]) -> Plan:
        """Plan a go.work that uses ``directories`` besides what it used before.

        Its go line is the highest of its modules, and never lowered.
        """
        added = self._unused(directories)
        draft = self._draft(added)
        work = draft.file.work
        if work is None:
            return Plan(self._path, self._old, draft.file.data, _errors(draft), ())
        versions = (IMPLICIT_WORK_VERSION, draft.go_version, *(one.go_version for one in draft.members))
        highest = max(versions, key=goversion.sort_key)
        syntax = work.syntax
        if self._old is None or goversion.compare(draft.go_version, highest) < 0:
            syntax = raise_go(work, highest)
        new = _tidied(print_file(syntax), Kind.WORK, self._path)
        result = self._load(new)
        return Plan(self._path, self._old, new, _errors(result), result.members, added)

    def _unused(self, directories: Iterable[str]) -> tuple[str, ...]:
        """Return those of ``directories`` that could be used: not what go.work replaces a module by."""
        unused = (one for one in directories if one not in self.used)
        return tuple(one for one in unused if one not in self._replacing)

    def _draft(self, added: Iterable[str]) -> Workspace:
        """Return the workspace with ``added``, but nothing else of what it takes, and no looks."""
        before = self._before
        if before is None:
            syntax = FileSyntax(self._path)
        elif before.file.work is None:
            return before
        else:
            syntax = before.file.work.syntax
        return self._load(print_file(add_uses(syntax, [written(one, self._root) for one in added])))

    def _load(self, data: bytes) -> Workspace:
        return _loaded(self._loader, self._path, data)


def plan_replacements(files: Files, directory: str, substitutes: Iterable[Substitute]) -> Plan:
    """Plan a go.mod of ``directory`` in which ``substitutes`` count.

    Raises BeginningError where there is none, or where Go cannot read such a replacement.
    """
    path = posixpath.join(directory, Kind.MOD.file_name)
    reading = _read(files, path)
    if reading.look is not Look.CONTENT:
        raise BeginningError(
            f"there is no {path}: make it with 'go mod init', or say which directory has one"
        )
    loader = Workspaces(files)
    old = _loaded(loader, path, reading.data)
    if old.file.mod is None:
        return Plan(path, reading.data, reading.data, _errors(old), old.members)
    given = tuple(substitutes)
    for one in given:
        _demand_readable(one)
        if one.path == old.members[0].path:
            raise BeginningError(
                f"cannot replace {one.path}: it is the module of {path} itself, and a main module is never "
                "replaced; name a module that it requires"
            )
    new = _tidied(print_file(add_replacements(old.file.mod, given)), Kind.MOD, path)
    result = _loaded(loader, path, new)
    errors = (*_errors(result), *_errors_around(files, path, new))
    return Plan(path, reading.data, new, errors, result.members)


def _replacing(workspace: Workspace) -> frozenset[str]:
    """Return the directories by which the go.work of ``workspace`` replaces all versions of their module."""
    return frozenset(
        one.directory
        for one in workspace.replacements
        if one.directory is not None and one.old == (workspace.module_at(one.directory).path, "")
    )


def _errors_around(files: Files, path: str, new: bytes) -> tuple[Diagnostic, ...]:
    """Return the errors that the go.work which uses the go.mod at ``path`` only has where that is ``new``."""
    loader = Workspaces(files)
    work = _go_work_above(files, path)
    loader.load([work] if work else ())
    before = loader.get(work)
    if before is None or path not in {one.file.path for one in before.members}:
        return ()
    loader.changed(path, Reading(path, Look.CONTENT, new))
    after = loader.get(work)
    known = Counter((one.path, one.code) for one in _errors(before))
    errors = _errors(after) if after is not None else ()
    counted = Counter((one.path, one.code) for one in errors)
    return tuple(one for one in errors if counted[one.path, one.code] > known[one.path, one.code])


def _go_work_above(files: Files, path: str) -> str:
    """Return the path of the nearest go.work beside or above ``path``, or nothing."""
    directory = posixpath.dirname(path)
    while True:
        work = posixpath.join(directory, Kind.WORK.file_name)
        if files.exists(work) and not files.is_directory(work):
            return work
        if directory == posixpath.dirname(directory):
            return ""
        directory = posixpath.dirname(directory)


def _demand_readable(substitute: Substitute) -> None:
    """Raise BeginningError where Go cannot read what would be written for ``substitute``."""
    line = Line(("replace", *substitute.tokens))
    try:
        parse_mod(print_file(FileSyntax("go.mod", (line,))))
    except ParseError as error:
        raise BeginningError(f"cannot replace {substitute.path}: {error.problems[0].message}") from error


def written(directory: str, root: str) -> str:
    """Return how a file in ``root`` names ``directory``, as the go command would write it."""
    relative = posixpath.relpath(directory, root)
    return relative if relative.split("/", 1)[0] in {".", ".."} else f"./{relative}"


def _read(files: Files, path: str) -> Reading:
    reading = files.read(path)
    if reading.look in {Look.CONTENT, Look.MISSING}:
        return reading
    raise BeginningError(f"{path}: {reading.reason}")


def _loaded(loader: Workspaces, path: str, data: bytes) -> Workspace:
    loader.changed(path, Reading(path, Look.CONTENT, data))
    workspace = loader.get(path)
    if workspace is None:  # no loader forgets what it was just given
        raise LookupError(path)
    return workspace


def _errors(workspace: Workspace) -> tuple[Diagnostic, ...]:
    return tuple(one for one in check(workspace, Facts()) if one.severity is Severity.ERROR)


def _tidied(data: bytes, kind: Kind, path: str) -> bytes:
    tidied = tidy(data, kind, path)
    return data if tidied.data is None else tidied.data  # then the rules say what is wrong with it
