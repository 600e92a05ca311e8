"""Proof that a rewritten file says what the old one said."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gowatchd.modfile import ModFile, WorkFile
from gowatchd.modfile.syntax import Block, CommentBlock
from gowatchd.style.blocks import present
from gowatchd.style.paths import clean_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.modfile.syntax import Comment, FileSyntax

File = ModFile | WorkFile


def says_the_same(old: File, new: File) -> bool:
    """Say whether both files have the same directives and comments, wherever they stand."""
    return statements_of(old) == statements_of(new) and comments_of(old.syntax) == comments_of(new.syntax)


def statements_of(file: File) -> frozenset[object]:
    """Return what ``go mod edit -json`` would say of ``file``, as a set: exact repetition says nothing more.

    Directories of ``use`` are taken for what they mean.
    """
    said: set[object] = {
        ("go", file.go and file.go.version),
        ("toolchain", file.toolchain and file.toolchain.name),
    }
    said.update(("godebug", it.key, it.value) for it in file.godebug)
    said.update(("replace", it.old_path, it.old_version, it.new_path, it.new_version) for it in file.replace)
    if isinstance(file, WorkFile):
        said.update(("use", clean_path(it.path)) for it in file.use)
        return frozenset(said)
    said.add(("module", file.module and (file.module.path, file.module.deprecated)))
    said.update(("require", it.path, it.version, it.indirect) for it in file.require)
    said.update(("exclude", it.path, it.version) for it in file.exclude)
    said.update(("retract", it.low, it.high, it.rationale) for it in file.retract)
    said.update(("tool", it.path) for it in file.tool)
    said.update(("ignore", it.path) for it in file.ignore)
    return frozenset(said)


def comments_of(file: FileSyntax) -> Counter[str]:
    """Count the texts of all comments, but for the markers ``// indirect``, which are part of the meaning."""
    texts = (comment.text for comment in _comments(file))
    return Counter(text for text in texts if text and text[2:].split() != ["indirect"])


def _comments(file: FileSyntax) -> Iterator[Comment]:
    for statement in file.statements:
        if isinstance(statement, CommentBlock):
            yield from statement.comments
        elif isinstance(statement, Block):
            yield from statement.before
            yield from present(statement.lparen_suffix, statement.rparen_suffix)
            yield from statement.rparen_before
            for line in statement.lines:
                yield from line.before
                yield from present(line.suffix)
        else:
            yield from statement.before
            yield from present(statement.suffix)
