"""Valid workspaces, and what happens to workspaces: seeded changes, each as a person or a tool makes it."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from tests.differential.trees import Link, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Mutation = Callable[[random.Random, Tree], None]

MEMBERS = ("api", "lib", "web", "tools/gen", "x y")
GO_LINES = ("1.17", "1.18", "1.20", "1.20.5", "1.21rc2", "1.21", "1.21.0", "1.21.13", "1.22", "1.22.3")
RAISED = ("1.20", "1.21", "1.22.0", "1.22.9", "1.23", "1.99", "1.22rc1", "2.0", "1.1000000000000000000000")
VERSIONS = ("v1.0.0", "v1.1.0", "v0.0.0-20240101000000-abcdefabcdef", "v1.2.3-pre.1")
TOOLCHAINS = ("default", "go1.20", "go1.21.0", "go1.21.13", "go1.22.3", "go1.22.10-custom", "go1.x", "go1")
TOKENS = (
    "(", ")", "[", "]", ",", "{", "=>", '"', "`", "'", "//", "/*", "\\", "\ufeff", "\x00", "\u00a0", "\v",
    "foo", "v1", "./x", '"./api"', "..", "go", "use", "1.21", "// indirect", "\r", "=", "a=b", "@",
)  # fmt: skip
DIRECTIVES = (
    "godebug panicnil=1",
    "godebug default=go1.21",
    "godebug nosuch=1",
    "exclude ex.com/dep v1.1.0",
    "retract v1.0.0",
    "retract [v1.0.0, v1.2.0] // bad",
    "require ex.com/api v1.0.0",
    "require ex.com/a?b v1.0.0",
    "require ex.com/a.b/v2 v2.0.0",
    "require ex.com/m v2.0.0",
    "module ex.com/again",
    "go 1.21",
    "use ./api",
    "use (",
    ")",
    "<<<<<<< HEAD",
    "replace ex.com/none => ./none",
    "replace ex.com/dep => ex.com/fork v1.0.0",
    "replace ex.com/dep v1.0.0 => C:\\dep",
)


def valid(chance: random.Random) -> Tree:
    """Return a workspace, or a module by itself, that every Go since 1.22 accepts."""
    dep = f"module ex.com/dep\n\ngo {chance.choice(('1.17', '1.20'))}\n"
    tree: Tree = {"dep/go.mod": dep.encode(), "fork/go.mod": b"module ex.com/dep\n\ngo 1.18\n"}
    names = chance.sample(MEMBERS, chance.choice((1, 2, 2, 3, 4)))
    for name in names:
        tree[f"{name}/go.mod"] = _module(chance, name, chance.choice(GO_LINES))
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
        lines += ["", "replace ex.com/dep => ./dep"]
    tree["go.work"] = ("\n".join(lines) + "\n").encode()
    return tree


def _module(chance: random.Random, name: str, go: str) -> bytes:
    path = "ex.com/" + {".": "main", "x y": "xy"}.get(name, name)
    lines = [f"module {path}", "", f"go {go}"]
    if chance.random() < 0.5:
        lines += ["", "require ex.com/dep v1.0.0", "", f"replace ex.com/dep => {_up(name)}dep"]
    return ("\n".join(lines) + "\n").encode()


def _up(name: str) -> str:
    return "./" if name == "." else "../" * (name.count("/") + 1)


def mutate(chance: random.Random, tree: Tree, times: int) -> list[str]:
    """Change ``tree`` ``times`` times; return the names of what happened to it."""
    happened = []
    for _ in range(times):
        mutation = chance.choice(MUTATIONS)
        if any(not isinstance(content, Link) for _, content in _files(tree)):
            mutation(chance, tree)
            happened.append(mutation.__name__)
    return happened


def _files(tree: Tree) -> Iterator[tuple[str, bytes | Link]]:
    return ((path, content) for path, content in tree.items() if path.endswith(("go.mod", "go.work")))


def _pick(chance: random.Random, tree: Tree, ending: str = "") -> str:
    """Return the path of a go.mod or go.work; that of a go.work or the main go.mod more often than others."""
    paths = [path for path, content in _files(tree) if path.endswith(ending) and isinstance(content, bytes)]
    tops = [path for path in paths if "/" not in path]
    return chance.choice(paths + tops * 2) if paths else ""


def _edit(chance: random.Random, tree: Tree, change: Callable[[list[bytes]], None], ending: str = "") -> None:
    path = _pick(chance, tree, ending)
    content = tree.get(path)
    if isinstance(content, bytes):
        lines = content.split(b"\n")
        change(lines)
        tree[path] = b"\n".join(lines)


def _append(chance: random.Random, tree: Tree, line: str, ending: str = "") -> None:
    _edit(chance, tree, lambda lines: lines.append(line.encode() + b"\n"), ending)


def dropped_directory(chance: random.Random, tree: Tree) -> None:
    folder = _pick(chance, tree, "/go.mod").removesuffix("go.mod")
    for path in [path for path in tree if folder and path.startswith(folder)]:
        del tree[path]


def dropped_go_mod(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree, "/go.mod")
    if path:
        del tree[path]
        tree[path.replace("go.mod", "x.go")] = b"package x\n"


def go_mod_is_a_directory(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree, "/go.mod")
    if path:
        del tree[path]
        tree[f"{path}/x.go"] = b"package x\n"


def duplicated_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))

    _edit(chance, tree, change)


def dropped_line(chance: random.Random, tree: Tree) -> None:
    _edit(chance, tree, lambda lines: lines.pop(chance.randrange(len(lines))) and None)


def removed_module_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        lines[:] = [line for line in lines if not line.startswith(b"module")]

    _edit(chance, tree, change, "go.mod")


def raised_version(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        go = b"go " + chance.choice(RAISED).encode()
        lines[:] = [go if line.startswith(b"go ") else line for line in lines]

    _edit(chance, tree, change)


def removed_go_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        lines[:] = [line for line in lines if not line.startswith(b"go ")]

    _edit(chance, tree, change)


def toolchain_line(chance: random.Random, tree: Tree) -> None:
    _append(chance, tree, f"toolchain {chance.choice(TOOLCHAINS)}")


def toolchain_like_the_go_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        lines += [b"toolchain go" + line[3:] + b"\n" for line in lines if line.startswith(b"go ")][:1]

    _edit(chance, tree, change)


def conflicting_replace(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree)
    up = "../" * path.count("/") or "./"
    version = chance.choice(("", "", " v1.0.0", " v1.1.0"))
    _append(chance, tree, f"replace ex.com/dep{version} => {up}fork", path)


def replace_of_a_member(chance: random.Random, tree: Tree) -> None:
    version = chance.choice(("", "", " v1.0.0"))
    _append(chance, tree, f"replace ex.com/{chance.choice(('api', 'lib'))}{version} => ./dep", "go.work")


def replace_by_nothing(chance: random.Random, tree: Tree) -> None:
    _append(chance, tree, f"replace ex.com/{chance.choice(('dep', 'other'))} v1.0.0 => ./gone")


def require(chance: random.Random, tree: Tree) -> None:
    module = chance.choice(("dep", "dep", "api", "lib", "main", "new"))
    _append(chance, tree, f"require ex.com/{module} {chance.choice(VERSIONS)}", "go.mod")


def exclude(chance: random.Random, tree: Tree) -> None:
    _append(chance, tree, f"exclude ex.com/dep {chance.choice(VERSIONS)}", "go.mod")


def directive(chance: random.Random, tree: Tree) -> None:
    _append(chance, tree, chance.choice(DIRECTIVES))


def garbage_token(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        number = chance.randrange(len(lines))
        words = lines[number].split(b" ")
        words.insert(chance.randint(0, len(words)), chance.choice(TOKENS).encode())
        lines[number] = b" ".join(words)

    _edit(chance, tree, change)


def garbage_bytes(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        place = chance.randint(0, len(content))
        garbage = chance.choice(
            (b"\xff", b"\xef\xbb\xbf", b"\r\n", b"\x00", b"(", b")", b'"', b"/*", b"\xc3")
        )
        tree[path] = content[:place] + garbage + content[place + chance.randint(0, 2) :]


def truncated(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        tree[path] = content[: chance.choice((0, len(content) - 1, chance.randint(0, len(content))))]


def other_module_path(chance: random.Random, tree: Tree) -> None:
    paths = (
        "ex.com/api",
        "ex.com/API",
        "ex.com/lib",
        "go",
        "toolchain",
        "ex.com/a?b",
        "ex.com/v2",
        '""',
        "x",
    )

    def change(lines: list[bytes]) -> None:
        module = b"module " + chance.choice(paths).encode()
        lines[:] = [module if line.startswith(b"module") else line for line in lines]

    _edit(chance, tree, change, "go.mod")


def another_use(chance: random.Random, tree: Tree) -> None:
    uses = ("./api", "api/", "./lib/../api", "./gone", ".", "..", '"./x y"', "./dep", "./fork", "", "//api")
    _append(chance, tree, f"use {chance.choice(uses)}", "go.work")


def symlinked_member(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree, "/go.mod")
    if path:
        tree["link"] = Link(path.removesuffix("/go.mod"))
        _append(chance, tree, "use ./link", "go.work")


def moved_behind_a_symlink(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree, "/go.mod")
    folder = path.removesuffix("/go.mod")
    if path and "/" not in folder:
        tree["elsewhere/go.mod"] = tree.pop(path)
        tree[folder] = Link("elsewhere")


def dangling_go_mod(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree, "/go.mod")
    if path:
        tree[path] = Link("nowhere")


def windows_lines(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        tree[path] = content.replace(b"\n", b"\r\n")


def commented_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        number = chance.randrange(len(lines))
        lines[number] = b"// " + lines[number]

    _edit(chance, tree, change)


def quoted_words(chance: random.Random, tree: Tree) -> None:
    path = _pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        tree[path] = re.sub(
            rb"(?m) (\S+)$", chance.choice((rb' "\1"', rb" `\1`", rb' "\1', rb" '\1'")), content
        )


MUTATIONS: tuple[Mutation, ...] = (
    another_use,
    commented_line,
    conflicting_replace,
    dangling_go_mod,
    directive,
    dropped_directory,
    dropped_go_mod,
    dropped_line,
    duplicated_line,
    exclude,
    garbage_bytes,
    garbage_token,
    go_mod_is_a_directory,
    moved_behind_a_symlink,
    other_module_path,
    quoted_words,
    raised_version,
    removed_go_line,
    removed_module_line,
    replace_by_nothing,
    replace_of_a_member,
    require,
    symlinked_member,
    toolchain_like_the_go_line,
    toolchain_line,
    truncated,
    windows_lines,
)
