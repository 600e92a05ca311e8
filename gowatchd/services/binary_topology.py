"""What the files say against the modules that a binary was built from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.modfile import goversion
from gowatchd.services.build_info import DEVEL
from gowatchd.services.topology import Difference
from gowatchd.workspace.model import locate
from gowatchd.workspace.resolution import Resolution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gowatchd.services.build_info import BuildInfo, Built
    from gowatchd.services.go_listing import Listed
    from gowatchd.workspace.model import Module, Workspace

REVISION = 12  # digits of a commit, as in Go's own pseudo-versions


def compare_binary(
    workspace: Workspace,
    binary: str,
    info: BuildInfo,
    installed: str,
    every: Iterable[Listed] | None,
    head: str = "",
) -> Iterator[Difference]:
    """Yield what is different in the file ``binary``, built as ``info`` says, from a build of today.

    ``installed`` is the version of the go command, ``every`` what ``go list -m all`` lists, where it could,
    ``head`` the commit that is checked out where the main module is, where that is known.
    """
    yield from _go(workspace, binary, info, installed)
    yield from _commit(binary, info, head)
    yield from _changes(binary, info)
    main = workspace.member_by_path(info.main.path) if info.main is not None else None
    if main is None:
        name = info.main.path if info.main is not None else "nothing: it was built from single files"
        yield Difference(
            "foreign-binary",
            name,
            f"its main module is {name}, which is no module of these files",
            binary,
        )
        return
    yield from _Dependencies(workspace, binary, main, every).compare(info.dependencies)


def _go(workspace: Workspace, binary: str, info: BuildInfo, installed: str) -> Iterator[Difference]:
    if info.go != installed:
        message = f"it was built with go {info.go}, and go {installed} is installed"
        yield Difference("other-go", "go", message, binary)
    if goversion.compare(info.go, workspace.go_version) < 0:
        name = workspace.kind.file_name
        message = f"it was built with go {info.go}, and {name} asks for go {workspace.go_version} by now"
        yield Difference("go-too-old", "go", message, binary)


def _commit(binary: str, info: BuildInfo, head: str) -> Iterator[Difference]:
    built = info.settings.get("vcs.revision", "")
    if built and head and built != head:
        message = f"it was built from commit {built[:REVISION]}, and {head[:REVISION]} is checked out now"
        yield Difference("other-revision", "vcs.revision", message, binary)


def _changes(binary: str, info: BuildInfo) -> Iterator[Difference]:
    if info.settings.get("vcs.modified") == "true":
        revision = info.settings.get("vcs.revision", "")[:REVISION]
        behind = f" on top of {revision}" if revision else ""
        message = f"it was built from files with changes that were not committed{behind}"
        yield Difference("uncommitted-changes", "vcs.modified", message, binary)


class _Dependencies:
    """The dependencies of one binary, held against those of its main module."""

    def __init__(
        self, workspace: Workspace, binary: str, main: Module, every: Iterable[Listed] | None
    ) -> None:
        self._workspace = workspace
        self._binary = binary
        self._main = main
        self._resolution = Resolution(workspace)
        self._selected: Mapping[str, Listed] | None = (
            None if every is None else {one.path: one for one in every}
        )

    def compare(self, dependencies: Iterable[Built]) -> Iterator[Difference]:
        """Yield what is different of each."""
        for built in dependencies:
            member = self._workspace.member_by_path(built.path)
            if member is not None:
                found = self._of_member(built, member)
            elif built.replaced_by is None and built.version == DEVEL:
                found = (
                    "not-in-the-files",
                    f"{built.path} {DEVEL} was built from a workspace, and is no module of it now",
                )
            else:
                found = self._replacement(built) or self._version(built)
            if found is not None:
                yield Difference(found[0], built.path, found[1], self._binary)

    def _of_member(self, built: Built, member: Module) -> tuple[str, str] | None:
        """Return what is wrong where the dependency is a module of the workspace."""
        if built.replaced_by is not None and (member.directory, "") in self._places(*built.replaced_by):
            return None
        if built.version != DEVEL:
            message = (
                f"{built.path} {built.version} was downloaded, though go.work uses it: the build is older "
                "than that, or had GOWORK=off"
            )
            return "published-not-local", message
        if any(one.directory == member.directory for one in self._main.replacements):
            return None  # with GOWORK=off it is the same directory
        for one in self._main.required.get(built.path, ()):
            if not one.version.startswith("v0.0.0"):  # the version of what was never published
                where = f"{self._workspace.shorten(self._main.file.path)}:{one.line.lineno}"
                message = (
                    f"{built.path} {DEVEL} is what its directory held, and not the {one.version} that "
                    f"{where} requires: a build with GOWORK=off has other code"
                )
                return "devel-not-published", message
        return None

    def _replacement(self, built: Built) -> tuple[str, str] | None:
        """Return how the replacement of a dependency differs from that in the files."""
        target = self._resolution.target(built.path, built.version)
        now = None if target.replacement is None else target.replacement.target
        name = f"{built.path} {built.version}"
        if built.replaced_by is None:
            if now is None:
                return None
            return (
                "replace-without-effect",
                f"{name} was not replaced, though the files say {self._words(now)}",
            )
        then = self._words(built.replaced_by)
        if now is None:
            return "replaced-in-the-binary", f"{name} was replaced by {then}, and no file says so now"
        if now in self._places(*built.replaced_by):
            return None
        return "other-replacement", f"{name} was replaced by {then}, and the files say {self._words(now)} now"

    def _version(self, built: Built) -> tuple[str, str] | None:
        """Return how the version of a dependency differs from the one that a build would have today."""
        if self._selected is not None:
            chosen = self._selected.get(built.path)
            if chosen is None:
                return (
                    "no-longer-required",
                    f"{built.path} {built.version} is in it, and nothing requires it now",
                )
            if chosen.version != built.version:
                return (
                    "version-drift",
                    f"{built.path} {built.version} is in it, and go builds with {chosen.version} now",
                )
            return None
        required = [one.version for one in self._main.required.get(built.path, ())]
        if required and built.version not in required:
            name = self._workspace.shorten(self._main.file.path)
            return (
                "version-drift",
                f"{built.path} {built.version} is in it, and {name} requires {required[0]} now",
            )
        return None

    def _places(self, path: str, version: str) -> tuple[tuple[str, str], ...]:
        """Return what a replacement in the binary can mean, in the terms of the files.

        Go names a directory as seen from go.work, or with GOWORK=off from the main module.
        """
        if version not in {"", DEVEL}:
            return ((path, version),)
        bases = (self._workspace.root, self._main.directory)
        return tuple((locate(base, path), "") for base in bases)

    def _words(self, target: tuple[str, str]) -> str:
        path, version = target
        return f"{path} {version}" if version not in {"", DEVEL} else self._workspace.shorten(path)


def is_built_from(workspace: Workspace, info: BuildInfo) -> bool:
    """Say whether the main module of a binary is one of ``workspace``."""
    return info.main is not None and workspace.member_by_path(info.main.path) is not None
