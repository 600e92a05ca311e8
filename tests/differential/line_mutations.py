"""Changes of what a go.mod or go.work says, line by line."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.differential import trees
from tests.differential.editing import append, edit, pick

if TYPE_CHECKING:
    from tests.differential.trees import Tree

RAISED = (
    "1.16",
    "1.20",
    "1.21",
    "1.22.0",
    "1.22.9",
    "1.23",
    "1.99",
    "1.22rc1",
    "2.0",
    "1.1000000000000000000000",
)
ODD_GO_LINES = (
    "v1.21",
    "1",
    "1.21.x",
    "1.21.3rc1",
    "1.021",
    "1.21.3.4",
    "1.21-rc1",
    '"1.21"',
    "1.21 1.22",
    "",
)
VERSIONS = ("v1.0.0", "v1.1.0", "v1.2.0", "v0.0.0-20240101000000-abcdefabcdef", "v1.2.3-pre.1")
ODD_VERSIONS = (
    "v1",
    "v1.0",
    "v2.0.0",
    "v2.0.0+incompatible",
    "v1.0.0+meta",
    "v1.0.0 v1.1.0",
    "1.0.0",
    '"v1.0.0"',
)
TOOLCHAINS = (
    "default", "go1.20", "go1.21.0", "go1.21.13", "go1.22.3", "go1.22.10-custom", "go1.99.1", "go1.x",
    "go1", "local", "go2.0", "go1.22 go1.23", "",
)  # fmt: skip # one a line would be pages
GODEBUGS = (
    "panicnil=1", "panicnil=0", "default=go1.21", "default=go1.99", "default=1.21", "default=go1.x",
    "nosuch=1", "asynctimerchan=1", "x509sha1=1", "panicnil", "panicnil=1,2", "=1", "panicnil =1", "a=b=c",
    "",
)  # fmt: skip # one a line would be pages
TOOLS = (
    "ex.com/api/cmd/gen",
    "./cmd/gen",
    "ex.com/a?b",
    '"ex.com/x y"',
    "x",
    "a b",
    "",
    "-x",
    "ex.com//a",
    "ex.com/con",
)
RETRACTIONS = (
    "v1.0.0", "[v1.0.0, v1.2.0] // bad", "[v1.2.0, v1.0.0]", "[v1.0.0", "v1", "nonsense",
    "[v1.0.0 v1.2.0]", "", "v1.0.0 v1.1.0", "(\n\tv1.0.0\n\tv1.0.0\n)",
)  # fmt: skip # one a line would be pages
PATHS = (
    "ex.com/dep", "ex.com/a?b", "ex.com/a.b/v2", "ex.com/m", "gopkg.in/yaml.v2", "gopkg.in/yaml", "nodot",
    "", "ex.com/v1", "ex.com/dep/v2", ".ex.com/a", "ex.com/.a", "ex.com/a.", "EX.com/a", "ex.com/aux",
    "ex.com/a~1",
)  # fmt: skip # one a line would be pages
MODULE_PATHS = (
    "ex.com/api", "ex.com/API", "ex.com/lib", "ex.com/dep", "go", "toolchain", "std", "ex.com/a?b",
    "ex.com/v2", '""', "x", "./x", "a b", "ex.com/", "/ex", "ex.com/a+b", "ex.com/con", "main",
)  # fmt: skip # one a line would be pages
HERE = trees.HERE.decode()
DIRECTIVES = (
    "module ex.com/again",
    "go 1.21",
    "use ./api",
    "use (",
    "require (",
    ")",
    "<<<<<<< HEAD",
    "// Deprecated: use another",
    "replace ex.com/none => ./none",
    "replace ex.com/dep => ex.com/fork v1.0.0",
    "replace ex.com/dep => ex.com/fork",
    "replace ex.com/dep v1.0.0 => C:\\dep",
    "replace ex.com/dep v1.0.0 => ./dep v1.0.0",
    "replace ex.com/dep => dep",
    "replace ex.com/dep => ..",
)


def duplicated_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))

    edit(chance, tree, change)


def dropped_line(chance: random.Random, tree: Tree) -> None:
    edit(chance, tree, lambda lines: lines.pop(chance.randrange(len(lines))) and None)


def removed_module_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        lines[:] = [line for line in lines if not line.startswith(b"module")]

    edit(chance, tree, change, "go.mod")


def removed_go_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        lines[:] = [line for line in lines if not line.startswith(b"go ")]

    edit(chance, tree, change)


def toolchain_like_the_go_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        lines += [b"toolchain go" + line[3:] + b"\n" for line in lines if line.startswith(b"go ")][:1]

    edit(chance, tree, change)


def directive(chance: random.Random, tree: Tree) -> None:
    append(chance, tree, chance.choice(DIRECTIVES))


def raised_version(chance: random.Random, tree: Tree) -> None:
    version = chance.choice(ODD_GO_LINES if chance.random() < 0.2 else RAISED)

    def change(lines: list[bytes]) -> None:
        lines[:] = [f"go {version}".encode() if line.startswith(b"go ") else line for line in lines]

    edit(chance, tree, change)


def toolchain_line(chance: random.Random, tree: Tree) -> None:
    append(chance, tree, f"toolchain {chance.choice(TOOLCHAINS)}")


def godebug_line(chance: random.Random, tree: Tree) -> None:
    append(chance, tree, f"godebug {chance.choice(GODEBUGS)}")


def tool_line(chance: random.Random, tree: Tree) -> None:
    append(chance, tree, f"tool {chance.choice(TOOLS)}", "go.mod")


def ignore_line(chance: random.Random, tree: Tree) -> None:
    append(chance, tree, f"ignore {chance.choice(('./x', 'node_modules', 'a b', '', '`x`'))}", "go.mod")


def retract(chance: random.Random, tree: Tree) -> None:
    append(chance, tree, f"retract {chance.choice(RETRACTIONS)}", "go.mod")


def other_module_path(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        module = b"module " + chance.choice(MODULE_PATHS).encode()
        lines[:] = [module if line.startswith(b"module") else line for line in lines]

    edit(chance, tree, change, "go.mod")


def require(chance: random.Random, tree: Tree) -> None:
    module = chance.choice(("dep", "dep", "mid", "far", "api", "lib", "main", "new"))
    append(chance, tree, f"require ex.com/{module} {chance.choice(VERSIONS)}", "go.mod")


def odd_require(chance: random.Random, tree: Tree) -> None:
    path = chance.choice(PATHS)
    version = chance.choice(ODD_VERSIONS if path == "ex.com/dep" else VERSIONS)
    line = f"{chance.choice(('require', 'require', 'exclude'))} {path} {version}"
    if chance.random() < 0.3:
        line += f"\n\nreplace {path} => ../dep"
    append(chance, tree, line, "go.mod")


def exclude(chance: random.Random, tree: Tree) -> None:
    append(
        chance, tree, f"exclude ex.com/{chance.choice(('dep', 'mid'))} {chance.choice(VERSIONS)}", "go.mod"
    )


def require_of_a_sibling(chance: random.Random, tree: Tree) -> None:
    """Require a member at a version that only a replacement can provide."""
    sibling = chance.choice(("api", "lib", "web"))
    append(chance, tree, f"require ex.com/{sibling} v0.0.0", "go.mod")
    directory = chance.choice((sibling, sibling, "dep", "gone"))
    append(chance, tree, f"replace ex.com/{sibling} v0.0.0 => ./{directory}", "go.work")


def conflicting_replace(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree)
    up = "../" * path.count("/") or "./"
    module = chance.choice(("dep", "dep", "mid"))
    version = chance.choice(("", "", " v1.0.0", " v1.1.0"))
    append(chance, tree, f"replace ex.com/{module}{version} => {up}{chance.choice(('fork', 'gone'))}", path)


def two_conflicting_replaces(chance: random.Random, tree: Tree) -> None:
    """Let two files say something of one module, each its own."""
    conflicting_replace(chance, tree)
    conflicting_replace(chance, tree)


def shared_target(chance: random.Random, tree: Tree) -> None:
    """Let one directory stand for two modules."""
    path = pick(chance, tree)
    up = "../" * path.count("/") or "./"
    first, second = chance.sample(("dep", "mid", "far", "api", "new"), 2)
    said = [f"replace ex.com/{one} => {up}{second}" for one in (first, second)]
    if path.endswith("go.mod"):
        said += [f"require ex.com/{one} v1.0.0" for one in (first, second)]

    def change(lines: list[bytes]) -> None:
        kept = [line for line in lines if not line.startswith(b"replace")]
        lines[:] = [*kept, *(line.encode() for line in said), b""]

    edit(chance, tree, change, path)


def replace_of_a_member(chance: random.Random, tree: Tree) -> None:
    version = chance.choice(("", "", " v1.0.0"))
    append(chance, tree, f"replace ex.com/{chance.choice(('api', 'lib'))}{version} => ./dep", "go.work")


def replace_in_go_work(chance: random.Random, tree: Tree) -> None:
    target = chance.choice(
        ("./fork", "./gone", f"{HERE}/fork", "./dep/", "fork/../fork", "ex.com/fork v1.0.0")
    )
    version = chance.choice(("", " v1.0.0", " v1.1.0"))
    append(chance, tree, f"replace ex.com/{chance.choice(('dep', 'mid'))}{version} => {target}", "go.work")


def replace_by_nothing(chance: random.Random, tree: Tree) -> None:
    module = chance.choice(("dep", "mid", "far", "other"))
    append(chance, tree, f"replace ex.com/{module} {chance.choice(('v1.0.0', 'v1.1.0'))} => ./gone")


def absolute_paths(chance: random.Random, tree: Tree) -> None:
    """Write the directories of one file as absolute ones."""
    path = pick(chance, tree)
    here = f"{HERE}/{path.rpartition('/')[0]}".rstrip("/").encode()

    def change(lines: list[bytes]) -> None:
        lines[:] = [
            line.replace(b" ./", b" %b/" % here).replace(b" ../", b" %b/../" % here) for line in lines
        ]

    edit(chance, tree, change, path)


def another_use(chance: random.Random, tree: Tree) -> None:
    uses = (
        "./api", "api/", "./lib/../api", "./gone", ".", "..", '"./x y"', "./dep", "./fork", "", "//api",
        f"{HERE}/api", f"{HERE}/dep/", "./api ./lib", "C:\\api", "`./api`", "./api/go.mod",
        "./link/../api",
    )  # fmt: skip # one a line would be pages
    append(chance, tree, f"use {chance.choice(uses)}", "go.work")
