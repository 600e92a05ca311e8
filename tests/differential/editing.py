"""Where the changes to a tree happen: its go.mod and go.work files, as lines."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.differential.trees import Link, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def files(tree: Tree) -> Iterator[tuple[str, bytes | Link]]:
    """Return the go.mod and go.work files of ``tree``."""
    return ((path, content) for path, content in tree.items() if path.endswith(("go.mod", "go.work")))


def pick(chance: random.Random, tree: Tree, ending: str = "") -> str:
    """Return the path of a go.mod or go.work; that of a go.work or the main go.mod more often than others."""
    paths = [path for path, content in files(tree) if path.endswith(ending) and isinstance(content, bytes)]
    tops = [path for path in paths if "/" not in path]
    return chance.choice(paths + tops * 2) if paths else ""


def edit(chance: random.Random, tree: Tree, change: Callable[[list[bytes]], None], ending: str = "") -> None:
    """Let ``change`` have its way with the lines of a file whose path has that ``ending``."""
    path = pick(chance, tree, ending)
    content = tree.get(path)
    if isinstance(content, bytes):
        lines = content.split(b"\n")
        change(lines)
        tree[path] = b"\n".join(lines)


def append(chance: random.Random, tree: Tree, line: str, ending: str = "") -> None:
    """Add ``line`` to a file whose path has that ``ending``."""
    edit(chance, tree, lambda lines: lines.append(line.encode() + b"\n"), ending)
