"""Which workspaces a verb is about: those that the go command would load in a directory, or those below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.scope import existing, nearest_files
from gowatchd.cli.terminal import printable
from gowatchd.modfile.kind import Kind
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.discovery import Pruning, find_files
from gowatchd.system.files import SafeFiles
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from gowatchd.workspace.model import Workspace


def add_directory(parser: argparse.ArgumentParser) -> None:
    """Take the directory that a verb is about, as ``arguments.where``."""
    parser.add_argument(
        "where",
        nargs="?",
        default=".",
        metavar="DIR",
        help=_("the workspace that the go command loads in DIR, or else all below it (default: .)"),
    )


def select(directory: str) -> tuple[Workspace, ...]:
    """Return the workspaces of the nearest go.work and go.mod at or above ``directory``, or else all below.

    There are two where the nearest go.mod is not used by the nearest go.work. Raises CommandError where there
    is none at all.
    """
    absolute = existing(directory)
    found = Workspaces(SafeFiles()).load(nearest_files(absolute) or find_files(absolute, Pruning()))
    if not found:
        raise CommandError(
            f"no go.work or go.mod in {printable(directory)}, nor in a folder above or below it; "
            "'go mod init' makes a module, 'go work init' a workspace",
            Exit.NO_SUCH_THING,
        )
    return tuple(sorted(found, key=lambda one: (one.kind is Kind.MOD, one.path)))


def alone(paths: Iterable[str]) -> dict[str, Workspace]:
    """Return the workspace that each go.mod of ``paths`` makes without any go.work, where it is there.

    They are read together: modules that replace each other would be read once for each.
    """
    return {one.path: one for one in Workspaces(SafeFiles()).load(paths)}
