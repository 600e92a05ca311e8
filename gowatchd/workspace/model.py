"""The loaded workspace: immutable, made of what was read, and free of every question to the disk."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar, cast

from gowatchd.modfile.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping

    from gowatchd.modfile.directive import Replace, Require, Use
    from gowatchd.workspace.checksums import SumFile
    from gowatchd.workspace.source import SourceFile
    from gowatchd.workspace.vendor import VendorList

T = TypeVar("T")

IMPLICIT_WORK_VERSION = "1.18"  # of a go.work without a go line: workspaces began there
IMPLICIT_MOD_VERSION = "1.16"  # of a go.mod without a go line: cmd/go/internal/gover/mod.go


# Every rebuild of a workspace asks for the same few paths again; each answer costs 3 us without this.
@lru_cache(maxsize=4096)
def locate(directory: str, path: str) -> str:
    """Return the clean absolute path that ``path`` means in a file of ``directory``; links stay."""
    clean = posixpath.normpath(posixpath.join(directory, path))
    return clean[1:] if clean.startswith("//") else clean


@dataclass(frozen=True, slots=True, eq=False)
class Replacement:
    """One replace directive, and the ``directory`` that it names where its target is a local one.

    ``old`` is the path and version that are replaced, with an empty version for all of them. ``target`` is
    what replaces it: an absolute directory, or a module path, and a version. ``compared`` is the target as go
    holds it against that of another member: a directory that is written as an absolute one is not cleaned.
    """

    directive: Replace
    directory: str | None
    old: tuple[str, str]
    target: tuple[str, str]
    compared: tuple[str, str]

    @property
    def written(self) -> tuple[str, str]:
        """The target as the file has it."""
        return self.directive.new_path, self.directive.new_version

    def applies(self, version: str, others: Iterable[Replacement]) -> bool:
        """Say whether it counts for its module at ``version``, among all replacements of its file.

        The one for exactly that version goes before the one for all versions.
        """
        path, own = self.old
        return own == version if own else not any(one.old == (path, version) for one in others)


def replacements_of(directory: str, directives: Iterable[Replace]) -> tuple[Replacement, ...]:
    """Return the replacements that a file of ``directory`` asks for."""
    return tuple(_replacement(directory, directive) for directive in directives)


def _replacement(directory: str, directive: Replace) -> Replacement:
    local = None if directive.new_version else locate(directory, directive.new_path)
    target = local or directive.new_path, directive.new_version
    absolute = posixpath.isabs(directive.new_path)
    return Replacement(
        directive,
        local,
        (directive.old_path, directive.old_version),
        target,
        (directive.new_path, directive.new_version) if absolute else target,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A directory that is, or should be, a module: ``file`` is its go.mod, there or not.

    ``path`` is the module path that it declares, or nothing; ``go_version`` that of its go line, or what Go
    takes where it has none. ``required`` are its require directives by path: more than one of a path is a
    mistake, but is kept.
    """

    directory: str
    directory_exists: bool
    file: SourceFile
    path: str
    go_version: str
    replacements: tuple[Replacement, ...]
    required: Mapping[str, tuple[Require, ...]]
    _answers: dict[Callable[[Module], object], object] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_answers", {})

    def once(self, question: Callable[[Module], T]) -> T:
        """Return what ``question``, a pure function at the top of a file, says of the module.

        It is asked once: of the modules of a workspace a save changes one, and rules ask all.
        """
        try:
            return cast("T", self._answers[question])
        except KeyError:
            answer = self._answers[question] = question(self)
            return answer

    @classmethod
    def of(cls, file: SourceFile, *, directory_exists: bool) -> Module:
        """Return the module whose go.mod is ``file``."""
        directory = posixpath.dirname(file.path)
        mod = file.mod
        if mod is None:
            return cls(directory, directory_exists, file, "", IMPLICIT_MOD_VERSION, (), {})
        required: dict[str, tuple[Require, ...]] = {}
        for one in mod.require:
            path = one.path
            required[path] = (*required[path], one) if path in required else (one,)
        return cls(
            directory,
            directory_exists,
            file,
            mod.module.path if mod.module is not None else "",
            mod.go.version if mod.go is not None else IMPLICIT_MOD_VERSION,
            replacements_of(directory, mod.replace),
            required,
        )

    @property
    def identity(self) -> tuple[str, str]:
        """What another workspace may want to know of it: its path and go version."""
        return self.path, self.go_version


@dataclass(frozen=True, slots=True, eq=False)
class Workspace:
    """What the go command loads together.

    Of kind WORK: a go.work, ``uses`` (each use directive with its module) and its own replacements.
    Of kind MOD: a go.mod that no go.work uses, which is the only member. ``neighbours`` are the modules, by
    directory, that local replacements of any of these files name.

    ``unused`` are the modules below a go.work that go looks for in it, and that it does not use; not those of
    a repository that has nothing to do with it. ``above`` is the path of another go.work, or empty: for a
    go.work the one that it hides, for a go.mod one that captures its repository and uses nothing in it.
    ``vendor`` is what stands in the folder vendor beside the file, if there is one. ``sums`` are the go.sum
    files of the members, by directory, as far as go reads them, and ``work_sum`` is the go.work.sum.
    """

    file: SourceFile
    uses: tuple[tuple[Use, Module], ...]
    members: tuple[Module, ...]
    replacements: tuple[Replacement, ...]
    neighbours: Mapping[str, Module]
    unused: tuple[Module, ...] = ()
    above: str = ""
    vendor: VendorList | None = None
    sums: Mapping[str, SumFile] = field(default_factory=dict)
    work_sum: SumFile | None = None
    _by_path: dict[str, tuple[Module, ...]] = field(init=False)
    _by_directory: dict[str, Module] = field(init=False)

    def __post_init__(self) -> None:
        by_directory = {member.directory: member for member in self.members}
        object.__setattr__(self, "_by_directory", {**self.neighbours, **by_directory})
        by_path: dict[str, tuple[Module, ...]] = {}
        for member in self.members:
            if member.path:
                by_path[member.path] = (*by_path.get(member.path, ()), member)
        object.__setattr__(self, "_by_path", by_path)

    @property
    def kind(self) -> Kind:
        """WORK or MOD."""
        return self.file.kind

    @property
    def path(self) -> str:
        """The path of the file that makes it a workspace; this identifies it."""
        return self.file.path

    @property
    def root(self) -> str:
        """The directory of that file."""
        return posixpath.dirname(self.file.path)

    @property
    def go_version(self) -> str:
        """The go version that counts for the whole: that of the go.work, or of the only go.mod."""
        if self.kind is Kind.MOD:
            return self.members[0].go_version
        work = self.file.work
        return work.go.version if work is not None and work.go is not None else IMPLICIT_WORK_VERSION

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Every file that belongs to it: its own, then its members', without repetition."""
        return (self.file, *(member.file for member in self.members if member.file is not self.file))

    @property
    def parts(self) -> tuple[object, ...]:
        """What equals that of another one exactly if both were made of the very same readings."""
        modules = (*self.members, *self.neighbours.values(), *self.unused)
        files = tuple((module.file, module.directory_exists) for module in modules)
        sums = tuple(one and one.parts for one in (*self.sums.values(), self.work_sum))
        return (self.file, files, self.above, self.vendor, sums)

    def module_at(self, directory: str) -> Module:
        """Return the member or neighbour in ``directory``, which a replacement or a use must have named."""
        return self._by_directory[directory]

    def local_replacements(self) -> Iterator[tuple[str, Replacement, Module]]:
        """Yield the file, each replacement by a directory, and what stands there; go.work's come first."""
        files = [(self.path, self.replacements)]
        files += [(member.file.path, member.replacements) for member in self.members]
        for path, replacements in files:
            for one in replacements:
                if one.directory is not None:
                    yield path, one, self._by_directory[one.directory]

    def members_by_path(self, path: str) -> tuple[Module, ...]:
        """Return the members that declare the module ``path``: one, unless the workspace is broken."""
        return self._by_path.get(path, ())

    def each(self, question: Callable[[Module], Iterable[T]]) -> Iterator[tuple[Module, T]]:
        """Yield all that ``question`` finds in the members (`Module.once`), each with its member."""
        for member in self.members:
            for answer in member.once(question):
                yield member, answer

    @property
    def module_paths(self) -> KeysView[str]:
        """The module paths that members declare."""
        return self._by_path.keys()

    def member_by_path(self, path: str) -> Module | None:
        """Return the first member that declares the module ``path``."""
        found = self.members_by_path(path)
        return found[0] if found else None

    def shorten(self, path: str) -> str:
        """Return ``path`` as the go command prints it in the root: relative where that is shorter."""
        relative = posixpath.relpath(path, self.root)
        return relative if len(relative) < len(path) else path
