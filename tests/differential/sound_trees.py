"""Workspaces, and modules by themselves, that every Go since 1.22 accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from tests.differential.trees import Tree

MEMBERS = ("api", "lib", "web", "tools/gen", "x y")
GO_LINES = (
    "1.16",
    "1.17",
    "1.18",
    "1.20",
    "1.20.5",
    "1.21rc2",
    "1.21",
    "1.21.0",
    "1.21.13",
    "1.22",
    "1.22.3",
)
OLD_GO_LINES = ("1.15", "1.16", "1.17", "1.18", "1.20")
PACKAGE = b"package x\n"
IMPORT = b'import _ "ex.com/dep"\n'
FORK = b"module ex.com/dep\n\ngo 1.18\n"


def sound(chance: random.Random) -> Tree:
    """Return a workspace or a module, with dep, mid and far beside it: each may require the next."""
    tree: Tree = {"fork/go.mod": FORK, "fork/x.go": PACKAGE}
    for name, needed in (("dep", "mid"), ("mid", "far"), ("far", "")):
        lines = [f"module ex.com/{name}", "", f"go {chance.choice(OLD_GO_LINES)}"]
        if needed and chance.random() < 0.4:
            lines += ["", f"require ex.com/{needed} {chance.choice(('v1.0.0', 'v1.1.0'))}"]
        tree[f"{name}/go.mod"] = _text(lines)
        tree[f"{name}/x.go"] = PACKAGE
    names = chance.sample(MEMBERS, chance.choice((1, 2, 2, 3, 4)))
    for name in names:
        tree[f"{name}/go.mod"] = _module(chance, name, chance.choice(GO_LINES))
        tree[f"{name}/x.go"] = PACKAGE + (IMPORT if b"ex.com/dep v" in tree[f"{name}/go.mod"] else b"")
    if chance.random() < 0.25:
        tree["go.mod"] = _module(chance, ".", "1.22.3")
        return tree
    uses = [f'"./{name}"' if " " in name else f"./{name}" for name in names]
    lines = [f"go {chance.choice(('1.22.3', '1.22.5'))}", ""]
    if chance.random() < 0.5:
        lines += [f"use {use}" for use in uses]
    else:
        lines += ["use (", *(f"\t{use}" for use in uses), ")"]
    if chance.random() < 0.3:
        lines += ["", *(f"replace ex.com/{one} => ./{one}" for one in ("dep", "mid", "far"))]
    tree["go.work"] = _text(lines)
    return tree


def _module(chance: random.Random, name: str, go: str) -> bytes:
    path = "ex.com/" + {".": "main", "x y": "xy"}.get(name, name)
    lines = [f"module {path}", "", f"go {go}"]
    if chance.random() < 0.5:
        up = "./" if name == "." else "../" * (name.count("/") + 1)
        # the highest version that anything here asks for, so that nothing needs to be raised
        required = ["dep", *chance.choice(((), (), ("mid",), ("mid", "far"), ("far",)))]
        version = {"dep": "v1.0.0"}
        lines += ["", "require (", *(f"\tex.com/{one} {version.get(one, 'v1.1.0')}" for one in required), ")"]
        lines += ["", *(f"replace ex.com/{one} => {up}{one}" for one in ("dep", "mid", "far"))]
    return _text(lines)


def _text(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
