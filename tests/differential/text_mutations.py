"""Changes of the text of a go.mod or go.work, whatever it says."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from tests.differential.editing import edit, pick

if TYPE_CHECKING:
    from tests.differential.trees import Tree

TOKENS = (
    "(", ")", "[", "]", ",", "{", "=>", '"', "`", "'", "//", "/*", "\\", "\ufeff", "\x00", "\u00a0", "\v",
    "foo", "v1", "./x", '"./api"', "..", "go", "use", "1.21", "// indirect", "\r", "=", "a=b", "@", "\t",
    "//x",
)  # fmt: skip # one a line would be pages


def garbage_token(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        number = chance.randrange(len(lines))
        words = lines[number].split(b" ")
        words.insert(chance.randint(0, len(words)), chance.choice(TOKENS).encode())
        lines[number] = b" ".join(words)

    edit(chance, tree, change)


def garbage_bytes(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        place = chance.randint(0, len(content))
        garbage = chance.choice(
            (b"\xff", b"\xef\xbb\xbf", b"\r\n", b"\x00", b"(", b")", b'"', b"/*", b"\xc3")
        )
        tree[path] = content[:place] + garbage + content[place + chance.randint(0, 2) :]


def truncated(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        tree[path] = content[: chance.choice((0, len(content) - 1, chance.randint(0, len(content))))]


def windows_lines(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        tree[path] = content.replace(b"\n", b"\r\n")


def commented_line(chance: random.Random, tree: Tree) -> None:
    def change(lines: list[bytes]) -> None:
        number = chance.randrange(len(lines))
        lines[number] = b"// " + lines[number]

    edit(chance, tree, change)


def quoted_words(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        tree[path] = re.sub(
            rb"(?m) (\S+)$", chance.choice((rb' "\1"', rb" `\1`", rb' "\1', rb" '\1'")), content
        )


def comments(chance: random.Random, tree: Tree) -> None:
    """Write comments above, behind and below the lines of one file."""

    def change(lines: list[bytes]) -> None:
        lines[:] = [
            chance.choice((line, b"%b // why" % line, b"// why\n%b" % line, b"%b//" % line)) for line in lines
        ]

    edit(chance, tree, change)


def old_mac_lines(chance: random.Random, tree: Tree) -> None:
    path = pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        tree[path] = content.replace(b"\n", b"\r")


def broken_into_blocks(chance: random.Random, tree: Tree) -> None:
    """Make a block of each line that may be one."""
    path = pick(chance, tree)
    content = tree.get(path)
    if isinstance(content, bytes):
        verbs = chance.choice(
            (rb"use|replace|exclude", rb"module|require", rb"go|toolchain", rb"use x|godebug")
        )
        tree[path] = re.sub(rb"(?m)^(%b) ([^(\n]+)$" % verbs, rb"\1 (\n\t\2\n)", content)
