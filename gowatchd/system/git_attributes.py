"""Whether git changes a file's content on its way into the work tree: gitattributes(5).

With a filter, ``ident`` or another encoding the blob that git has is not what stands in the file, so that its
name tells nothing. git itself is not asked: it would run the filter.
"""

from __future__ import annotations

import fnmatch
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SIZE = 1 << 20  # bytes of all files of attributes
# A repository may bring any number of patterns, and a regular expression is made of each that looks as if it
# might fit: so many take some milliseconds. Beyond that they may mean anything.
PATTERNS_MOST = 100
LONGEST_PATTERN = 100  # characters
_WILD = re.compile(r"[*?\[\]\\]")
_CHANGING = ("filter", "ident", "working-tree-encoding")


def git_changes(path: str, git_directory: str) -> bool:
    """Say whether the attributes of ``path`` may make git change its content.

    Of a pattern only the last part is held against the name: one that merely looks like it counts as well.
    """
    name = os.path.basename(path)
    triggers = set(_CHANGING)
    texts = _texts(path, git_directory)
    if texts is None:
        return True
    lines = [line for text in texts for line in _lines(text)]
    for words in lines:  # [attr]secret filter=crypt: whoever has "secret" has the filter
        if words[0].startswith("[attr]") and _any(words[1:], triggers):
            triggers.add(words[0][len("[attr]") :])
    patterns = {
        words[0].rpartition("/")[2] or "*"
        for words in lines
        if _any(words[1:], triggers) and not words[0].startswith("[attr]")
    }
    near = [pattern for pattern in patterns if _looks_like(name, pattern)]
    return len(near) > PATTERNS_MOST or any(
        len(pattern) > LONGEST_PATTERN or fnmatch.fnmatchcase(name, pattern) for pattern in near
    )


def _looks_like(name: str, pattern: str) -> bool:
    """Say whether ``name`` begins and ends as ``pattern`` does, whatever is wild in between."""
    first, *others = _WILD.split(pattern)
    return name.startswith(first) and name.endswith(others[-1]) if others else name == pattern


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


def _texts(path: str, git_directory: str) -> list[str] | None:
    """Return what the files of attributes hold; None where that is more than anybody writes."""
    texts = []
    left = MAX_SIZE
    for file in _files(path, git_directory):
        data = _read(file, left + 1)
        left -= len(data)
        if left < 0:
            return None
        texts.append(data.decode(errors="replace"))
    return texts


def _read(file: str, most: int) -> bytes:
    """Return the start of ``file``; one that cannot be read holds nothing, as for git."""
    try:
        fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        return os.read(fd, most)
    except OSError:
        return b""
    finally:
        os.close(fd)


def _lines(text: str) -> Iterator[list[str]]:
    """Yield the words of each line."""
    for line in text.splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            yield words
