"""Changes of what files and folders there are."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.differential.editing import append, pick
from tests.differential.trees import Link

if TYPE_CHECKING:
    from tests.differential.trees import Tree


def dropped_directory(chance: random.Random, tree: Tree) -> None:
    folder = pick(chance, tree, "/go.mod").removesuffix("go.mod")
    for path in [path for path in tree if folder and path.startswith(folder)]:
        del tree[path]


def dropped_go_mod(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree, "/go.mod")
    if path:
        del tree[path]
        tree[path.replace("go.mod", "x.go")] = b"package x\n"


def go_mod_is_a_directory(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree, "/go.mod")
    if path:
        del tree[path]
        tree[f"{path}/x.go"] = b"package x\n"


def symlinked_member(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree, "/go.mod")
    if path:
        tree["link"] = Link(path.removesuffix("/go.mod"))
        append(chance, tree, "use ./link", "go.work")


def moved_behind_a_symlink(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree, "/go.mod")
    folder = path.removesuffix("/go.mod")
    if path and "/" not in folder:
        tree["elsewhere/go.mod"] = tree.pop(path)
        tree[folder] = Link("elsewhere")


def dangling_go_mod(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree, "/go.mod")
    if path:
        tree[path] = Link("nowhere")


def go_mod_elsewhere(chance: random.Random, tree: Tree) -> None:
    """Make a go.mod a symbolic link to another file that says the same, or to another module's."""
    path = pick(chance, tree, "/go.mod")
    if path:
        up = "../" * path.count("/")
        other = chance.choice(("dep/go.mod", "real.mod"))
        if other == "real.mod":
            tree[other] = tree[path]
        if other != path:
            tree[path] = Link(up + other)


def dependency_behind_a_symlink(chance: random.Random, tree: Tree) -> None:
    if "dep/go.mod" in tree:
        tree["behind/go.mod"] = tree.pop("dep/go.mod")
        tree["dep"] = Link(chance.choice(("behind", "behind", "nowhere", "dep")))


def nested_module(chance: random.Random, tree: Tree) -> None:
    """Put a module below another one, and use it or not."""
    folder = pick(chance, tree, "/go.mod").removesuffix("/go.mod")
    if folder:
        path = chance.choice(("ex.com/nested", "ex.com/api", "ex.com/api/nested"))
        tree[f"{folder}/nested/go.mod"] = f"module {path}\n\ngo {chance.choice(('1.20', '1.23'))}\n".encode()
        if chance.random() < 0.6:
            append(chance, tree, f'use "./{folder}/nested"', "go.work")


def nested_workspace(chance: random.Random, tree: Tree) -> None:
    """Put a go.work of its own, sound or not, beside a member."""
    folder = pick(chance, tree, "/go.mod").removesuffix("/go.mod")
    if folder:
        tree[f"{folder}/go.work"] = chance.choice((b"go 1.22\n\nuse .\n", b"use (\n", b""))


def vendor_folder(chance: random.Random, tree: Tree) -> None:
    """Put a vendor folder beside the main file, of which more or less is right."""
    header = (
        chance.choice(("## workspace\n", ""))
        if "go.work" in tree
        else chance.choice(("", "", "## workspace\n"))
    )
    replaced = chance.choice((" => ./dep", " => ../dep", " => ./fork", ""))
    listed = chance.choice((f"# ex.com/dep v1.0.0{replaced}\n## explicit\nex.com/dep\n", ""))
    told = chance.choice(("# ex.com/dep => ./dep\n# ex.com/mid => ./mid\n# ex.com/far => ./far\n", ""))
    tree["vendor/modules.txt"] = f"{header}{listed}{told}".encode()
