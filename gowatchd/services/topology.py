"""What the files say against what the go command makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gowatchd.services.go_listing import Listed
    from gowatchd.workspace.model import Module, Replacement, Workspace


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the file ``path`` says at ``line``, in plain words.

    ``code`` is kebab-case and stable, ``subject`` the module in question.
    """

    code: str
    subject: str
    message: str
    path: str
    line: int = 1


def compare_members(workspace: Workspace, listed: Iterable[Listed]) -> Iterator[Difference]:
    """Yield the members that go does not list, and what it lists that is none, by ``go list -m``."""
    by_directory = {one.directory: one for one in listed if one.directory}
    members = {member.directory: member for member in workspace.members}
    for directory, member in members.items():
        if directory not in by_directory:
            name = member.path or workspace.shorten(directory)
            message = f"{name} is a module here, but go does not list it"
            yield Difference("not-listed", name, message, member.file.path)
    for directory, one in by_directory.items():
        if directory not in members:
            message = (
                f"go lists {one.path} in {workspace.shorten(directory)}, which is no module of these files"
            )
            yield Difference("not-in-the-files", one.path, message, workspace.path)


def compare_selection(workspace: Workspace, every: Iterable[Listed]) -> Iterator[Difference]:
    """Yield the replacements without effect and the versions that are not as required.

    ``every`` is what ``go list -m all`` lists.
    """
    selected = {one.path: one for one in every}
    for member, replacement in _replacements(workspace):
        reason = _without_effect(workspace, member, replacement, selected)
        if reason:
            path = member.file.path if member is not None else workspace.path
            old = " ".join(filter(None, replacement.old))
            yield Difference(
                "replace-without-effect",
                replacement.old[0],
                f"the replacement of {old} has no effect: {reason}",
                path,
                replacement.directive.line.lineno,
            )
    for member in workspace.members:
        yield from _drift(workspace, member, selected)


def _replacements(workspace: Workspace) -> Iterator[tuple[Module | None, Replacement]]:
    """Yield all replacements, each with the member that it stands in, or None for go.work."""
    yield from ((None, one) for one in workspace.replacements)
    yield from ((member, one) for member in workspace.members for one in member.replacements)


def _without_effect(
    workspace: Workspace, member: Module | None, replacement: Replacement, selected: dict[str, Listed]
) -> str:
    """Say why ``replacement`` does nothing, or nothing where it does."""
    path, version = replacement.old
    if workspace.member_by_path(path) is not None:
        # at one version it does: the go.mod behind a requirement is read from there
        return "" if version else f"{path} is a module of the workspace, which goes first"
    if member is not None and any(one.old[0] == path for one in workspace.replacements):
        return f"go.work replaces {path} too, and goes first"
    chosen = selected.get(path)
    if chosen is None:
        return f"nothing requires {path}"
    if chosen.replaced_by == replacement.target and version in {"", chosen.version}:
        return ""
    if version not in {"", chosen.version} or chosen.replaced_by is None:
        return f"go builds with {path} {chosen.version}"
    by = " ".join(filter(None, (workspace.shorten(chosen.replaced_by[0]), chosen.replaced_by[1])))
    return f"go takes {by} for it"


def _drift(workspace: Workspace, member: Module, selected: dict[str, Listed]) -> Iterator[Difference]:
    for path, requirements in member.required.items():
        chosen = selected.get(path)
        if chosen is None or not chosen.version:
            continue
        if chosen.replaced_by is not None and not chosen.replaced_by[1]:
            continue  # whatever the version, it is what stands in the directory
        for one in requirements:
            if one.version != chosen.version:
                yield Difference(
                    "version-drift",
                    path,
                    f"{path} {one.version} is required, but go builds with {chosen.version}, "
                    f"which {_asking(workspace, path, chosen.version)} asks for",
                    member.file.path,
                    one.line.lineno,
                )


def _asking(workspace: Workspace, path: str, version: str) -> str:
    """Return who requires ``path`` at ``version``: a module of these files, or one that is out of sight."""
    for module in (*workspace.members, *workspace.neighbours.values()):
        if any(one.version == version for one in module.required.get(path, ())):
            return module.path or workspace.shorten(module.directory)
    return "a dependency"
