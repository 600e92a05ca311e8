"""What Go reads when it loads the module graph, as ``go list -m all`` does, as far as directories go.

Follows readModGraph of cmd/go/internal/modload (buildlist.go), and goModSummary (modfile.go).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from gowatchd.modfile import goversion, semver
from gowatchd.modfile.dependency_file import parse_dependency
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.problem import ParseError
from gowatchd.workspace.model import Module
from gowatchd.workspace.resolution import PRUNED_FROM, Resolution

if TYPE_CHECKING:
    from gowatchd.workspace.model import Replacement, Workspace

Version = tuple[str, str]  # a module path and its version, empty for a main module


class Pruning(Enum):
    """How much of what a module requires is loaded too."""

    PRUNED = "pruned"  # what it lists, for from Go 1.17 on it lists all that its packages import
    UNPRUNED = "unpruned"  # that, and whatever comes with it
    WORKSPACE = "workspace"  # that of a main module in a workspace: what comes with it as it asks for


@dataclass(frozen=True, slots=True)
class Loading:
    """A module at a version that Go loads, because ``asker`` requires it.

    ``replacement`` is what counts for it, or None. ``module`` is what Go reads in the directory that replaces
    it, and None where there is nothing that it could read, or no directory.
    """

    path: str
    version: str
    asker: Module
    replacement: Replacement | None
    module: Module | None


def loadings(workspace: Workspace) -> tuple[Loading, ...]:
    """Return all that Go loads for ``workspace``, once for each module and version.

    What comes from the network brings in nothing here, as nobody has read its go.mod.
    """
    return _Loader(workspace).load()


def as_dependency(module: Module) -> Module | None:
    """Return ``module`` as Go reads it where another requires it, or None where Go cannot."""
    file = module.file
    if not file.problems:
        return module if file.mod is not None else None
    try:
        mod = parse_dependency(file.data, file.path, reads_ignore=False)
    except ParseError:
        return None
    return Module.of(replace(file, parsed=mod, problems=()), directory_exists=True)


def listed(workspace: Workspace) -> tuple[Loading, ...]:
    """Return what ``go list -m all`` prints beside the main modules: each at the version that counts."""
    return _Loader(workspace).list()


class _Loader:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._resolution = Resolution(workspace)
        mods = (member.file.mod for member in workspace.members)
        self._excluded = {(one.path, one.version) for mod in mods if mod is not None for one in mod.exclude}
        self._found: dict[Version, Loading] = {}
        self._requires: dict[Version, tuple[Version, ...]] = {}
        self._selected = {member.path: "" for member in workspace.members}
        self._askers: dict[Version, Module] = {}
        self._queue: list[tuple[Version, Pruning, Module]] = []
        self._queued: set[tuple[Version, Pruning]] = set()

    def load(self) -> tuple[Loading, ...]:
        workspace = self._workspace
        if workspace.kind is Kind.MOD:
            main = workspace.members[0]
            for one in self._required(main):
                self._enqueue(one, _pruning(main), main)
            self._drain()
        else:
            self._load_workspace()
        return tuple(self._found.values())

    def list(self) -> tuple[Loading, ...]:
        self.load()
        for one in self._selected.items():
            if one in self._askers:
                self._module(one, self._askers[one])
        return tuple(self._found[one] for one in sorted(self._selected.items()) if one in self._found)

    def _load_workspace(self) -> None:
        """Load what the members require; then, in whole, what is needed at a higher version than that."""
        importing = {member.path: member for member in self._workspace.members}
        loaded: set[Version] = set()
        while True:
            needed: dict[Version, Module] = {}
            for path, asker in importing.items():
                own = path, self._selected[path]
                if own not in loaded:
                    needed[own] = asker
                    continue
                for other, version in self._requires.get(own, ()):
                    higher = other, self._selected[other]
                    if higher not in loaded and _is_above(higher[1], version):
                        needed[higher] = asker
            if not needed:
                return
            for one, asker in needed.items():
                self._enqueue(one, Pruning.WORKSPACE, asker)
                loaded.add(one)
                importing.setdefault(one[0], asker)
            self._drain()

    def _enqueue(self, one: Version, pruning: Pruning, asker: Module) -> None:
        if (one, pruning) not in self._queued:
            self._queued.add((one, pruning))
            self._queue.append((one, pruning, asker))

    def _drain(self) -> None:
        while self._queue:
            one, pruning, asker = self._queue.pop()
            module = self._module(one, asker)
            if module is None:
                continue
            own = _pruning(module)
            if one not in self._requires:
                self._requires[one] = self._required(module)
            if pruning is Pruning.PRUNED and own is Pruning.PRUNED:
                continue
            following = Pruning.UNPRUNED if pruning is Pruning.UNPRUNED else own
            for required in self._requires[one]:
                self._enqueue(required, following, module)

    def _module(self, one: Version, asker: Module) -> Module | None:
        path, version = one
        if not version:
            return self._workspace.member_by_path(path)
        if one not in self._found:
            replacement = self._resolution.replacement(path, version)
            module = None
            if replacement is not None and replacement.directory is not None:
                module = as_dependency(self._workspace.module_at(replacement.directory))
            self._found[one] = Loading(path, version, asker, replacement, module)
        return self._found[one].module

    def _required(self, module: Module) -> tuple[Version, ...]:
        """Return what ``module`` requires and no main module excludes; it counts for what is selected."""
        required = tuple(
            (one.path, one.version)
            for lines in module.required.values()
            for one in lines
            if (one.path, one.version) not in self._excluded
        )
        for path, version in required:
            self._askers.setdefault((path, version), module)
            if _is_above(version, self._selected.setdefault(path, version)):
                self._selected[path] = version
        return required


def _pruning(module: Module) -> Pruning:
    old = goversion.compare(module.go_version, PRUNED_FROM) < 0
    return Pruning.UNPRUNED if old else Pruning.PRUNED


def _is_above(version: str, other: str) -> bool:
    """Compare versions; that of a main module, which is empty, is never left for another one."""
    if not version or not other or version == other:
        return False
    return semver.sort_key(version) > semver.sort_key(other)
