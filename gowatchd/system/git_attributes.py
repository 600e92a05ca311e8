"""Whether git changes a file's content on its way into the work tree: gitattributes(5).

With a filter, ``ident`` or another encoding the blob that git has is not what stands in the file, so that its
name tells nothing. git itself is not asked: it would run the filter.
"""

from __future__ import annotations

import fnmatch
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SIZE = 1 << 20  # bytes of one file of attributes
_CHANGING = ("filter", "ident", "working-tree-encoding")


def git_changes(path: str, git_directory: str) -> bool:
    """Say whether the attributes of ``path`` may make git change its content.

    Of a pattern only the last part is held against the name: one that merely looks like it counts as well.
    """
    name = os.path.basename(path)
    triggers = set(_CHANGING)
    lines = [line for file in _files(path, git_directory) for line in _lines(file)]
    for words in lines:  # [attr]secret filter=crypt: whoever has "secret" has the filter
        if words[0].startswith("[attr]") and _any(words[1:], triggers):
            triggers.add(words[0][len("[attr]") :])
    return any(
        _any(words[1:], triggers) and fnmatch.fnmatchcase(name, words[0].rpartition("/")[2] or "*")
        for words in lines
        if not words[0].startswith("[attr]")
    )


def _any(attributes: list[str], triggers: set[str]) -> bool:
    """Say whether one of ``triggers`` is set; "-filter" and "!filter" unset it."""
    return any(attribute.partition("=")[0] in triggers for attribute in attributes)


def _files(path: str, git_directory: str) -> Iterator[str]:
    yield os.path.join(git_directory, "info", "attributes")
    folder = os.path.dirname(path)
    while True:
        yield os.path.join(folder, ".gitattributes")
        if os.path.lexists(os.path.join(folder, ".git")) or folder == os.path.dirname(folder):
            return
        folder = os.path.dirname(folder)


def _lines(file: str) -> Iterator[list[str]]:
    """Yield the words of each line; a file that cannot be read has none, as for git."""
    try:
        fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return
    try:
        text = os.read(fd, MAX_SIZE).decode(errors="replace")
    except OSError:
        return
    finally:
        os.close(fd)
    for line in text.splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            yield words
