"""Loading workspaces through ``ports.Files``: what was read once is read again only when it changed."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.modfile.kind import Kind
from gowatchd.services.source_reading import STATES, kind_of, parse_source
from gowatchd.services.sum_files import SumFiles
from gowatchd.services.vendor_folders import VendorFolders
from gowatchd.services.whereabouts import Whereabouts, is_below
from gowatchd.workspace.model import Module, Workspace, locate, replacements_of
from gowatchd.workspace.source import SourceFile, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from gowatchd.modfile.directive import Use
    from gowatchd.services.ports import Files, Reading
    from gowatchd.workspace.model import Replacement

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """What a look led to: ``workspaces`` as they are now, ``vanished`` the paths of those gone."""

    workspaces: tuple[Workspace, ...]
    vanished: tuple[str, ...] = ()


class Workspaces:
    """All loaded workspaces, by the path of their go.work, or of a known go.mod that no go.work uses.

    ``covers`` says whether the watched roots cover a path. A go.mod elsewhere is read where a go.work uses it
    or a replacement names it, but is never a workspace of its own.
    """

    def __init__(self, files: Files, covers: Callable[[str], bool] = lambda _path: True) -> None:
        self._files = files
        self.covers = covers
        self._sources: dict[str, SourceFile] = {}
        self._modules: dict[str, Module] = {}
        self._workspaces: dict[str, Workspace] = {}
        self._known: set[str] = set()
        self._used: dict[str, frozenset[str]] = {}  # go.work -> the go.mod files that it uses
        self._parts: dict[str, frozenset[str]] = {}  # workspace -> every file that it was built from
        self._where = Whereabouts(files, self.source, self._files_used)
        self._vendors = VendorFolders(files)
        self._sums = SumFiles(files)
        self._owners: dict[str, set[str]] = {}  # file -> the workspaces that it is part of
        self._loose: set[str] = set()  # files that may not be needed any more

    def __iter__(self) -> Iterator[Workspace]:
        return iter(tuple(self._workspaces.values()))

    def get(self, path: str) -> Workspace | None:
        """Return the workspace that the go.work or go.mod at ``path`` makes, if it makes one."""
        return self._workspaces.get(path)

    def owning(self, path: str) -> tuple[Workspace, ...]:
        """Return the workspaces that the file at ``path`` is part of."""
        return tuple(self._workspaces[owner] for owner in sorted(self._owners.get(path, ())))

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
        return frozenset(map(posixpath.dirname, self._owners))

    def source(self, path: str) -> SourceFile | None:
        """Return what was last read from ``path``, if it matters to any workspace."""
        return self._sources.get(path)

    def contents(self) -> dict[str, bytes]:
        """Return what was last read from the files that matter, by path."""
        return {path: one.data for path, one in self._sources.items() if one.state is State.PRESENT}

    def load(self, paths: Iterable[str]) -> tuple[Workspace, ...]:
        """Return the workspaces that ``scan`` makes of ``paths``."""
        return self.scan(paths).workspaces

    def scan(self, paths: Iterable[str]) -> Change:
        """Take ``paths`` for all go.work and go.mod files that there are, and look at each again."""
        before = set(self._workspaces)
        self._known = set(paths)
        self._where.forget()
        self._sums.forget_all()
        for path in self._known | self._sources.keys():
            self._look(path)
        for path in before - self._known:
            self._remove(path)
        for path in sorted(self._known, key=lambda path: (kind_of(path) is Kind.MOD, path)):
            self._build(path)
        self._loose |= self._sources.keys()
        self._forget_unneeded()
        return Change(tuple(self), tuple(sorted(before - self._workspaces.keys())))

    def changed(self, path: str, reading: Reading | None = None) -> Change:
        """Look at ``path`` again (or take ``reading`` for that), and at nothing else that was read before."""
        before = set(self._workspaces)
        used_before = self._used.get(path, NOTHING)
        owners = set(self._owners.get(path, ()))
        if self.covers(path):
            self._known.add(path)
        summary = self._summary(path)
        self._look(path, reading)
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
        self._loose.add(path)
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
        for owner in self._owners.get(path, ()):
            if owner == path or path in self._used.get(owner, NOTHING):
                yield owner

    def _summary(self, path: str) -> object:
        """Return what another workspace may know of ``path`` without having been built from it."""
        source = self._sources.get(path)
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
        if used is None:
            parsed = self._source(work).work
            root = posixpath.dirname(work)
            if parsed is not None:
                used = frozenset(posixpath.join(locate(root, use.path), "go.mod") for use in parsed.use)
        return used

    def _unused(self, work: str, parts: AbstractSet[str]) -> Iterator[Module]:
        """Yield the modules for which go finds ``work``, but which are none of its ``parts``."""
        top = f"{posixpath.dirname(work).rstrip('/')}/"
        for path in sorted(self._known - parts):
            if path.startswith(top) and kind_of(path) is Kind.MOD:
                folder = posixpath.dirname(path)
                if self._where.work(folder) == work and not self._where.captures(work, folder):
                    module = self._module(folder)
                    if module.file.state is State.PRESENT:
                        yield module

    def _look(self, path: str, reading: Reading | None = None) -> SourceFile:
        """Read ``path``, and keep what is known where the bytes are the same or somebody is writing them."""
        old = self._sources.get(path)
        reading = reading or self._files.read(path)
        state = STATES[reading.look]
        if old is not None and (
            state is State.UNKNOWN
            or (old.state, old.data, old.reason) == (state, reading.data, reading.reason)
        ):
            return old
        self._sources[path] = new = parse_source(path, state, reading.data, reading.reason)
        return new

    def _source(self, path: str) -> SourceFile:
        return self._sources.get(path) or self._look(path)

    def _module(self, directory: str) -> Module:
        """Return the module in ``directory``, as new as its go.mod."""
        module = self._modules.get(directory)
        path = module.file.path if module is not None else posixpath.join(directory, "go.mod")
        source = self._source(path)
        if module is not None and module.file is source and source.state is not State.MISSING:
            return module
        exists = source.state is not State.MISSING or self._files.is_directory(directory)
        self._modules[directory] = module = Module.of(source, directory_exists=exists)
        return module

    def _build(self, path: str) -> None:
        """Build the workspace of ``path`` anew, or remove it where ``path`` makes none."""
        source = self._source(path)
        if source.state is State.MISSING:
            self._known.discard(path)
        if path not in self._known:
            self._remove(path)
        elif source.kind is Kind.WORK:
            self._build_work(source)
        elif any(path in used for used in self._used.values()):
            self._remove(path)
        else:
            module = self._module(posixpath.dirname(path))
            self._put(source, (), (module,), ())

    def _build_work(self, source: SourceFile) -> None:
        root = posixpath.dirname(source.path)
        if source.state is State.SPECIAL:  # the go command, too, passes over a directory of that name
            self._remove(source.path)
            return
        work = source.work
        if work is None:  # half-typed: until it parses again, its modules stay its own
            self._put(source, (), (), (), keep=self._used.get(source.path, NOTHING))
            return
        uses = tuple((use, self._module(locate(root, use.path))) for use in work.use)
        members = tuple({module.directory: module for _, module in uses}.values())
        self._used[source.path] = frozenset(module.file.path for module in members)
        self._put(source, uses, members, replacements_of(root, work.replace))

    def _put(
        self,
        source: SourceFile,
        uses: tuple[tuple[Use, Module], ...],
        members: tuple[Module, ...],
        replacements: tuple[Replacement, ...],
        keep: frozenset[str] = NOTHING,
    ) -> None:
        own = {member.directory for member in members}
        directories = {
            one.directory
            for group in (replacements, *(member.replacements for member in members))
            for one in group
            if one.directory is not None and one.directory not in own
        }
        neighbours = {directory: self._module(directory) for directory in directories}
        parts = {source.path, *(module.file.path for module in (*members, *neighbours.values()))}
        above = self._where.above(source.path)
        unused = self._unused(source.path, parts) if source.work is not None else ()
        root = posixpath.dirname(source.path)
        vendor = self._vendors.read(root)
        sums = {
            member.directory: self._sums.of_module(member)
            for member in members
            if member.required or source.work is not None
        }
        work_sum = self._sums.of_work(root) if source.work is not None else None
        if source.kind is Kind.MOD and above and above not in self._known:
            parts.add(above)  # nobody else would follow it
        self._set_parts(source.path, keep | parts)
        self._workspaces[source.path] = Workspace(
            source, uses, members, replacements, neighbours, tuple(unused), above, vendor, sums, work_sum
        )

    def _remove(self, path: str) -> None:
        self._workspaces.pop(path, None)
        self._set_parts(path, NOTHING)
        self._used.pop(path, None)

    def _set_parts(self, workspace: str, parts: frozenset[str]) -> None:
        before = self._parts.pop(workspace, NOTHING)
        if parts:
            self._parts[workspace] = parts
        for path in parts - before:
            self._owners.setdefault(path, set()).add(workspace)
        for path in before - parts:
            self._owners[path].remove(workspace)
            if not self._owners[path]:
                del self._owners[path]
                self._loose.add(path)

    def _forget_unneeded(self) -> None:
        """Drop what was read for workspaces that are gone, or have let go of it."""
        for path in self._loose:
            if path not in self._known and path not in self._owners:
                self._sources.pop(path, None)
                self._sums.drop(posixpath.dirname(path))
                if kind_of(path) is Kind.MOD:
                    self._modules.pop(posixpath.dirname(path), None)
        self._loose.clear()
