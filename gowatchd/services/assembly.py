"""Putting a workspace together: one go.work or go.mod, and all that go would read for it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gowatchd.modfile.kind import Kind
from gowatchd.services.source_reading import kind_of
from gowatchd.services.vendor_folders import VendorFolders
from gowatchd.workspace.model import Workspace, locate, replacements_of
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from gowatchd.modfile.directive import Use
    from gowatchd.services.ports import Files
    from gowatchd.services.sources import Sources
    from gowatchd.services.sum_files import SumFiles
    from gowatchd.services.whereabouts import Whereabouts
    from gowatchd.workspace.model import Module, Replacement
    from gowatchd.workspace.source import SourceFile


class Assembly:
    """Makes workspaces of ``sources``, and of what stands beside them. It remembers no workspace."""

    def __init__(self, files: Files, sources: Sources, where: Whereabouts, sums: SumFiles) -> None:
        self._sources = sources
        self._where = where
        self._sums = sums
        self._vendors = VendorFolders(files)

    def of_work(self, source: SourceFile, known: AbstractSet[str]) -> Workspace:
        """Return the workspace of a go.work, without members where it does not parse.

        ``known`` are the go.mod files that may lack in it.
        """
        work = source.work
        if work is None:
            return self._of(source, (), (), ())
        root = posixpath.dirname(source.path)
        uses = tuple((use, self._sources.module(locate(root, use.path))) for use in work.use)
        members = tuple({module.directory: module for _, module in uses}.values())
        return self._of(source, uses, members, replacements_of(root, work.replace), known)

    def of_mod(self, source: SourceFile) -> Workspace:
        """Return the workspace of a go.mod that stands alone."""
        return self._of(source, (), (self._sources.module(posixpath.dirname(source.path)),), ())

    def _of(
        self,
        source: SourceFile,
        uses: tuple[tuple[Use, Module], ...],
        members: tuple[Module, ...],
        replacements: tuple[Replacement, ...],
        known: AbstractSet[str] = frozenset(),
    ) -> Workspace:
        own = {member.directory for member in members}
        directories = {
            one.directory
            for group in (replacements, *(member.replacements for member in members))
            for one in group
            if one.directory is not None and one.directory not in own
        }
        neighbours = {directory: self._sources.module(directory) for directory in directories}
        others = known - {module.file.path for module in (*members, *neighbours.values())}
        above = self._where.above(source.path)
        unused = tuple(self._unused(source.path, others))
        root = posixpath.dirname(source.path)
        vendor = self._vendors.read(root)
        sums = {
            member.directory: self._sums.of_module(member)
            for member in members
            if member.required or source.work is not None
        }
        work_sum = self._sums.of_work(root) if source.work is not None else None
        return Workspace(
            source, uses, members, replacements, neighbours, unused, above, vendor, sums, work_sum
        )

    def _unused(self, work: str, others: AbstractSet[str]) -> Iterator[Module]:
        """Yield the modules of ``others`` for which go finds ``work``."""
        top = f"{posixpath.dirname(work).rstrip('/')}/"
        for path in sorted(path for path in others if path.startswith(top) and kind_of(path) is Kind.MOD):
            folder = posixpath.dirname(path)
            if self._where.work(folder) == work and not self._where.captures(work, folder):
                module = self._sources.module(folder)
                if module.file.state is State.PRESENT:
                    yield module
