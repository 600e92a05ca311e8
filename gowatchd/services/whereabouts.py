"""Where a directory lies: which go.work go would find from there, and in which repository it is."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gowatchd.modfile.kind import Kind
from gowatchd.services.source_reading import kind_of
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.ports import Files
    from gowatchd.workspace.source import SourceFile


class Whereabouts:
    """Answers that are kept until ``forget``: every save asks the same of the same folders.

    ``known`` returns a go.work as it was last read, or None where it was not: then the disk is asked.
    ``uses`` returns the go.mod files that a go.work uses, or None where it does not say.
    """

    def __init__(
        self,
        files: Files,
        known: Callable[[str], SourceFile | None],
        uses: Callable[[str], frozenset[str] | None],
    ) -> None:
        self._files = files
        self._known = known
        self._uses = uses
        self._works: dict[str, str] = {}
        self._repositories: dict[str, str] = {}

    def forget(self) -> None:
        """Ask the disk again."""
        self.forget_works()
        self._repositories.clear()

    def forget_works(self) -> None:
        """Look for go.work files again: one has come or gone."""
        self._works.clear()

    def work(self, directory: str) -> str:
        """Return the path of the go.work in ``directory`` or in the nearest folder above, or nothing."""
        found = self._works.get(directory)
        if found is None:
            path = posixpath.join(directory, "go.work")
            found = path if self._is_work(path) else self.work_above(directory)
            self._works[directory] = found
        return found

    def work_above(self, directory: str) -> str:
        """Return the path of the go.work in the nearest folder above ``directory``, or nothing."""
        parent = posixpath.dirname(directory)
        return self.work(parent) if parent != directory else ""

    def repository(self, directory: str) -> str:
        """Return the top of the git repository (or work tree) that ``directory`` is in, or nothing."""
        found = self._repositories.get(directory)
        if found is None:
            if self._files.exists(posixpath.join(directory, ".git")):
                found = directory
            else:
                parent = posixpath.dirname(directory)
                found = self.repository(parent) if parent != directory else ""
            self._repositories[directory] = found
        return found

    def above(self, path: str) -> str:
        """Return what ``Workspace.above`` says of the workspace of ``path``."""
        folder = posixpath.dirname(path)
        if kind_of(path) is Kind.WORK:
            return self.work_above(folder)
        work = self.work(folder)
        return work if work and self.captures(work, folder) else ""

    def captures(self, work: str, folder: str) -> bool:
        """Say whether ``folder`` is in a repository that lies below ``work`` and that it uses nothing of."""
        repository = self.repository(folder)
        if not is_below(repository, posixpath.dirname(work)):
            return False
        used = self._uses(work)
        return used is not None and not any(is_below(one, repository) for one in used)

    def _is_work(self, path: str) -> bool:
        source = self._known(path)
        if source is None:
            return self._files.exists(path) and not self._files.is_directory(path)
        return source.state not in {State.MISSING, State.SPECIAL}


def is_below(path: str, directory: str) -> bool:
    """Say whether ``path`` lies in ``directory`` or deeper."""
    return path.startswith(directory if directory.endswith("/") else f"{directory}/")


def is_plain_folder(path: str) -> bool:
    """Say whether ``path`` is absolute, and written without anything superfluous."""
    plain = (
        f"/{posixpath.normpath(path).lstrip('/')}"  # which leaves two slashes at the beginning as they are
    )
    return path == plain and "\0" not in path
