"""Loading workspaces through ``ports.Files``: what was read once is read again only when it changed."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.modfile.kind import Kind
from gowatchd.services.assembly import Assembly
from gowatchd.services.ownership import NOTHING, Ownership
from gowatchd.services.source_reading import kind_of
from gowatchd.services.sources import Sources
from gowatchd.services.sum_files import SumFiles
from gowatchd.services.whereabouts import Whereabouts, is_below
from gowatchd.workspace.model import Module, Workspace, locate
from gowatchd.workspace.source import SourceFile, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gowatchd.services.ports import Files, Reading


@dataclass(frozen=True, slots=True)
class Change:
    """What a look led to: ``workspaces`` as they are now, ``vanished`` the paths of those gone."""

    workspaces: tuple[Workspace, ...]
    vanished: tuple[str, ...] = ()


# Characters: the kernel takes no longer path, so nothing can come to be there. A line of a go.work can hold
# one of a hundred thousand steps, each of which would be looked at.
LONGEST_PATH = 4095


class Workspaces:
    """All loaded workspaces, by the path of their go.work, or of a known go.mod that no go.work uses.

    ``covers`` says whether the watched roots cover a path. A go.mod elsewhere is read where a go.work uses it
    or a replacement names it, but is never a workspace of its own.
    """

    def __init__(self, files: Files, covers: Callable[[str], bool] = lambda _path: True) -> None:
        self.covers = covers
        self._sources = Sources(files)
        self._ownership = Ownership()
        self._workspaces: dict[str, Workspace] = {}
        self._known: set[str] = set()
        self._used: dict[str, frozenset[str]] = {}  # go.work -> the go.mod files that it uses
        self._where = Whereabouts(files, self._sources.known, self._files_used)
        self._sums = SumFiles(files)
        self._assembly = Assembly(files, self._sources, self._where, self._sums)

    def __iter__(self) -> Iterator[Workspace]:
        return iter(tuple(self._workspaces.values()))

    def get(self, path: str) -> Workspace | None:
        """Return the workspace that the go.work or go.mod at ``path`` makes, if it makes one."""
        return self._workspaces.get(path)

    def owning(self, path: str) -> tuple[Workspace, ...]:
        """Return the workspaces that the file at ``path`` is part of."""
        return tuple(self._workspaces[owner] for owner in sorted(self._ownership.of(path)))

    def beside(self, path: str) -> tuple[str, ...]:
        """Return the workspaces that go reads ``path`` for: a go.sum, go.work.sum or vendor/modules.txt."""
        folder, name = posixpath.split(path)
        if name == "go.sum":
            return tuple(sorted(self._with_member(posixpath.join(folder, "go.mod"))))
        if name == "go.work.sum":
            roots: tuple[str, ...] = (posixpath.join(folder, "go.work"),)
        elif (posixpath.basename(folder), name) == ("vendor", "modules.txt"):
            above = posixpath.dirname(folder)
            mod = posixpath.join(above, "go.mod")
            roots = (posixpath.join(above, "go.work"), mod, *self._with_member(mod))
        else:
            return ()
        return tuple(sorted(self._workspaces.keys() & set(roots)))

    def folders_of_interest(self) -> frozenset[str]:
        """Return the folders whose go.work or go.mod matters, there or not, in the roots or outside."""
        folders = frozenset(map(posixpath.dirname, self._ownership))
        return frozenset(folder for folder in folders if len(folder) <= LONGEST_PATH)

    def source(self, path: str) -> SourceFile | None:
        """Return what was last read from ``path``, if it matters to any workspace."""
        return self._sources.known(path)

    def contents(self) -> dict[str, bytes]:
        """Return what was last read from the files that matter, by path."""
        return self._sources.contents()

    def load(self, paths: Iterable[str]) -> tuple[Workspace, ...]:
        """Return the workspaces that ``scan`` makes of ``paths``."""
        return self.scan(paths).workspaces

    def scan(self, paths: Iterable[str]) -> Change:
        """Take ``paths`` for all go.work and go.mod files that there are, and look at each again."""
        before = set(self._workspaces)
        self._known = set(paths)
        self._where.forget()
        self._sums.forget_all()
        for path in self._known.union(self._sources):
            self._sources.look(path)
        for path in before - self._known:
            self._remove(path)
        for path in sorted(self._known, key=lambda path: (kind_of(path) is Kind.MOD, path)):
            self._build(path)
        self._ownership.doubt(self._sources)
        self._forget_unneeded()
        return Change(tuple(self), tuple(sorted(before - self._workspaces.keys())))

    def changed(self, path: str, reading: Reading | None = None) -> Change:
        """Look at ``path`` again (or take ``reading`` for that), and at nothing else that was read before."""
        before = set(self._workspaces)
        used_before = self._used.get(path, NOTHING)
        owners = set(self._ownership.of(path))
        if self.covers(path):
            self._known.add(path)
        summary = self._summary(path)
        self._sources.look(path, reading)
        self._sums.forget(posixpath.dirname(path))
        if kind_of(path) is Kind.WORK:
            self._where.forget_works()
        self._build(path)
        owners |= used_before ^ self._used.get(path, NOTHING)
        if summary != self._summary(path):
            owners.update(self._workspaces.keys() & set(self._around(path)))
        owners.discard(path)
        for owner in sorted(owners):
            self._build(owner)
        self._ownership.doubt((path,))
        self._forget_unneeded()
        touched = sorted({path, *owners} & self._workspaces.keys())
        return Change(
            tuple(self._workspaces[owner] for owner in touched),
            tuple(sorted(before - self._workspaces.keys())),
        )

    def changed_beside(self, path: str) -> Change:
        """Read ``path`` again, which stands beside some workspaces, and build those anew."""
        owners = self.beside(path)
        folder = posixpath.dirname(path)
        self._sums.forget(folder)
        self._sums.forget(posixpath.dirname(folder))  # whether a vendor folder is there
        for owner in owners:
            self._build(owner)
        self._forget_unneeded()
        return Change(tuple(self._workspaces[owner] for owner in owners if owner in self._workspaces))

    def _with_member(self, path: str) -> Iterator[str]:
        """Yield the workspaces that the go.mod at ``path`` is a member of, not merely a neighbour."""
        for owner in self._ownership.of(path):
            if owner == path or path in self._used.get(owner, NOTHING):
                yield owner

    def _summary(self, path: str) -> object:
        """Return what another workspace may know of ``path`` without having been built from it."""
        source = self._sources.known(path)
        if source is None or source.state in {State.MISSING, State.SPECIAL}:
            return None
        if source.kind is Kind.WORK:
            return self._used.get(path, NOTHING)
        return Module.of(source, directory_exists=True).identity

    def _around(self, path: str) -> Iterator[str]:
        """Yield the workspaces that ``path`` is not part of, and whose surroundings it may have changed."""
        folder = posixpath.dirname(path)
        if kind_of(path) is Kind.MOD:
            yield self._where.work(folder)
            return
        yield self._where.work_above(folder)
        for other, workspace in self._workspaces.items():
            if is_below(other, folder) and workspace.above != self._where.above(other):
                yield other

    def _files_used(self, work: str) -> frozenset[str] | None:
        """Return the go.mod files that the go.work at ``work`` uses, or None where it does not say."""
        used = self._used.get(work)
        return _used_by(self._sources.of(work)) if used is None else used

    def _build(self, path: str) -> None:
        """Build the workspace of ``path`` anew, or remove it where ``path`` makes none."""
        source = self._sources.of(path)
        if source.state is State.MISSING:
            self._known.discard(path)
        if path not in self._known:
            self._remove(path)
        elif source.kind is Kind.WORK:
            self._build_work(source)
        elif any(path in used for used in self._used.values()):
            self._remove(path)
        else:
            self._put(self._assembly.of_mod(source))

    def _build_work(self, source: SourceFile) -> None:
        if source.state is State.SPECIAL:  # the go command, too, passes over a directory of that name
            self._remove(source.path)
            return
        used = _used_by(source)
        if used is not None:
            self._used[source.path] = used
        # half-typed: until it parses again, its modules stay its own
        self._put(self._assembly.of_work(source, self._known), keep=self._used.get(source.path, NOTHING))

    def _put(self, workspace: Workspace, keep: frozenset[str] = NOTHING) -> None:
        modules = (*workspace.members, *workspace.neighbours.values())
        parts = {workspace.path, *(module.file.path for module in modules)}
        above = workspace.above
        if workspace.kind is Kind.MOD and above and above not in self._known:
            parts.add(above)  # nobody else would follow it
        self._ownership.set_parts(workspace.path, keep | parts)
        self._workspaces[workspace.path] = workspace

    def _remove(self, path: str) -> None:
        self._workspaces.pop(path, None)
        self._ownership.set_parts(path, NOTHING)
        self._used.pop(path, None)

    def _forget_unneeded(self) -> None:
        """Drop what was read for workspaces that are gone, or have let go of it."""
        for path in self._ownership.take_loose():
            if path not in self._known:
                self._sources.forget(path)
                self._sums.drop(posixpath.dirname(path))


def _used_by(work: SourceFile) -> frozenset[str] | None:
    """Return the go.mod files that a go.work uses, or None where it does not parse."""
    if work.work is None:
        return None
    root = posixpath.dirname(work.path)
    return frozenset(posixpath.join(locate(root, use.path), "go.mod") for use in work.work.use)
