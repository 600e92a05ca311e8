"""Small trees of files: made in memory, changed, and put on the disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


HERE = b"$ROOT"  # stands for the folder that a tree is put in


@dataclass(frozen=True)
class Link:
    """A symbolic link to ``target``."""

    target: str


Tree = dict[str, "bytes | Link"]  # by path, relative and with slashes


def put(tree: Tree, root: Path) -> None:
    """Make the files of ``tree`` below ``root``; one that stands where a folder must be is left out."""
    for path, content in tree.items():
        full = os.path.join(root, path)
        try:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if isinstance(content, Link):
                os.symlink(content.target, full)
            else:
                with open(full, "wb") as file:
                    file.write(content.replace(HERE, os.fsencode(root)))
        except (FileExistsError, IsADirectoryError, NotADirectoryError):
            continue


def show(tree: Tree) -> str:
    """Return ``tree`` in txtar form, for a person to read."""
    return "".join(
        f"-- {path} -> {content.target} --\n"
        if isinstance(content, Link)
        else f"-- {path} --\n{content.decode('utf-8', 'backslashreplace')}"
        for path, content in tree.items()
    )
