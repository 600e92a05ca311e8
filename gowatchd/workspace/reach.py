"""Why go finds nothing: a folder on the way that the person may not enter.

Go ignores the error of every look at a go.work or go.mod (findWorkspaceFile and findModuleRoot in
cmd/go/internal/modload), so that a folder that is closed makes it work as if there were none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with its permission bits, and the names and numbers of its owner and group."""

    path: str
    mode: int
    owner: tuple[str, int]
    group: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is on the way: their name, their user number and those of all their groups."""

    name: str
    user: int
    groups: frozenset[int]


def why_closed(way: Iterable[Folder], visitor: Visitor) -> str:
    """Return which folder of ``way``, from the top down, is closed to ``visitor``, why, and the remedy.

    Nothing where all may be entered, as far as the permission bits say.
    """
    for folder in way:
        who, bit = _class_of(folder, visitor)
        if visitor.user != 0 and not folder.mode & bit:
            owners = f"{folder.owner[0]}:{folder.group[0]}"
            return (
                f"{folder.path} cannot be entered by {visitor.name}: it belongs to {owners} with mode "
                f"{folder.mode:04o}, so that go finds no go.work or go.mod below it, and does not say so; "
                f"its owner can open it with 'chmod {who}+x {folder.path}'"
            )
    return ""


def _class_of(folder: Folder, visitor: Visitor) -> tuple[str, int]:
    """Return which of user, group and others counts, and its bit for entering; see path_resolution(7)."""
    if folder.owner[1] == visitor.user:
        return "u", 0o100
    if folder.group[1] in visitor.groups:
        return "g", 0o010
    return "o", 0o001
