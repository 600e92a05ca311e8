"""What a go.sum or go.work.sum holds, as far as the modules that are asked for go.

Follows cmd/go/internal/modfetch (fetch.go: readGoSum, HaveSum) and modload (modfile.go: goModSummary).
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gowatchd.modfile.position import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from gowatchd.modfile.directive import Require
    from gowatchd.workspace.model import Module
    from gowatchd.workspace.source import State

Key = tuple[bytes, bytes]  # the first two words of a line: module path, and version with or without /go.mod

# The hash of a go.mod that is empty, which old releases of go wrote by mistake and go passes over since.
EMPTY_GO_MOD = b"h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY="

_PRINTABLE = bytes(range(0x21, 0x7F))
_ONE_LINE = b"  \n"  # what stays of a line as go writes it without its printable characters
# Bytes: taking apart what is smaller is quicker than halving it for each key.
_SMALL = 1 << 16

# Where Python knows to give nothing back, that takes two thirds of the time.
_GREEDY = b"*+" if sys.version_info >= (3, 11) else b"*"
_AS_GO_WRITES = re.compile(rb"(?:[^ ]+ [^ ]+ h1:.{44}\n)" + _GREEDY)
_FEW = 8  # so many searches through the whole file cost less than to take its lines apart
# unicode.IsSpace, which str.split does not follow: that splits at U+001C to U+001F too
_WORD = re.compile(r"[^\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


@dataclass(frozen=True, slots=True)
class MalformedLine:
    """A line that is not three words, which stops go: where to look, how many words it has, and its text."""

    span: Span
    words: int
    text: str


@dataclass(frozen=True, slots=True)
class SumContent:
    """What was read: the first line that is ``malformed``, how many are, and which keys have a hash.

    ``known`` are those of the keys asked for that have one that go understands (``h1:``). A sound one is as
    go writes it, line for line.
    """

    malformed: MalformedLine | None = None
    malformed_lines: int = 0
    known: frozenset[Key] = frozenset()
    is_sound: bool = False


class Needed(NamedTuple):
    """What go looks up for one requirement: the module at ``version`` that stands for it."""

    require: Require
    path: str
    version: str
    whole: Key  # that of the hash of the whole module
    go_mod: Key  # that of the hash of its go.mod alone

    @classmethod
    def of(cls, require: Require, path: str, version: str) -> Needed:
        """Return what is looked up for ``require``."""
        module, number = _bytes(path), _bytes(version)
        return cls(require, path, version, (module, number), (module, number + b"/go.mod"))


@dataclass(frozen=True, slots=True, eq=False)
class SumFile:
    """A go.sum or go.work.sum at ``path`` as it was last read; ``reason`` says why it could not be.

    ``content`` is what a file that is not there, or cannot be read, holds for go: nothing. In a go.sum
    ``unlisted`` are the requirements of its go.mod whose go.mod has no hash, and ``partial`` those of the
    others that something imports directly (they are not marked as indirect), and that have no hash of the
    whole. ``vendored`` says whether a folder vendor stands beside it, where one of those is not empty.
    """

    path: str
    state: State
    reason: str = ""
    content: SumContent = SumContent()
    unlisted: tuple[Needed, ...] = ()
    partial: tuple[Needed, ...] = ()
    vendored: bool = False

    @property
    def parts(self) -> tuple[object, ...]:
        """What equals that of another one if rules say the same of both."""
        found = (self.content, self.unlisted, self.partial, self.vendored)
        return (self.path, self.state, self.reason, *found)


def needed_sums(module: Module) -> tuple[Needed, ...]:
    """Return what go looks up for the requirements of ``module``, built on its own, in file order.

    Directories need no sums, nor does what is excluded, nor the module itself.
    """
    mod = module.file.mod
    if mod is None:
        return ()
    excluded = {(one.path, one.version) for one in mod.exclude}
    found: list[Needed] = []
    for one in mod.require:
        if one.path == module.path or (one.path, one.version) in excluded:
            continue
        target = _target(module, one)
        if target is not None:
            found.append(Needed.of(one, *target))
    return tuple(found)


def _target(module: Module, require: Require) -> tuple[str, str] | None:
    """Return the module that stands for a requirement, or None where a directory does."""
    if not module.replacements:
        return require.path, require.version
    candidates = [one for one in module.replacements if one.old[0] == require.path]
    for one in candidates:
        if one.applies(require.version, candidates):
            return None if one.directory is not None else one.target
    return require.path, require.version


def asked_for(needed: Iterable[Needed]) -> frozenset[Key]:
    """Return the keys to ask a go.sum for."""
    return frozenset(key for one in needed for key in (one.whole, one.go_mod))


def parse_sums(data: bytes, asked: AbstractSet[Key] = frozenset(), *, is_sound: bool = False) -> SumContent:
    """Return what ``data``, the bytes of a go.sum, says of the keys ``asked``, and what is wrong with it.

    These files reach megabytes. One that is as go writes it is searched, and not taken apart; ``is_sound``
    says that these very bytes were found to be so before.
    """
    if is_sound or _is_as_go_writes(data):
        return SumContent(known=_search(data, asked), is_sound=True)
    return _parse_lines(data, asked)


def _is_as_go_writes(data: bytes) -> bool:
    """Say whether each line is three words with single spaces, the last of them a hash, in ASCII."""
    if data and not data.endswith(b"\n"):
        data += b"\n"
    skeleton = data.translate(None, _PRINTABLE)
    return (
        skeleton == _ONE_LINE * (len(skeleton) // len(_ONE_LINE))
        and EMPTY_GO_MOD not in data
        and _AS_GO_WRITES.fullmatch(data) is not None
    )


def _search(data: bytes, asked: AbstractSet[Key]) -> frozenset[Key]:
    """Return those of ``asked`` that ``data``, which is as go writes it, has a line for.

    Go sorts the lines by path, so that most are found by halving; a person or a merge may have left another
    order, so that none is missing before all lines were looked at.
    """
    if len(data) < _SMALL:
        keys = {line[: line.rfind(b" ")] for line in data.split(b"\n")}
        return frozenset(key for key in asked if b"%s %s" % key in keys)
    by_path: dict[bytes, set[Key]] = {}
    for key in asked:
        by_path.setdefault(key[0], set()).add(key)
    known = {key for path, keys in by_path.items() for key in _in_its_place(data, path, keys)}
    missing = asked - known
    if len(missing) > _FEW:
        keys = {line[: line.rfind(b" ")] for line in data.split(b"\n")}
        known.update(key for key in missing if b" ".join(key) in keys)
    else:
        known.update(key for key in missing if _start_of(key) in data or data.startswith(_start_of(key)[1:]))
    return frozenset(known)


def _in_its_place(data: bytes, path: bytes, asked: AbstractSet[Key]) -> Iterator[Key]:
    """Yield those of ``asked``, all of one ``path``, that have a line in its place, found by halving."""
    low, high = 0, len(data)  # both are always the start of a line, or the end
    while low < high:
        start = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
        if data[start : data.find(b" ", start)] < path:
            end = data.find(b"\n", start, high)
            low = high if end < 0 else end + 1
        else:
            high = start
    first = path + b" "
    while data.startswith(first, low):
        key = path, data[low + len(first) : data.find(b" ", low + len(first))]
        if key in asked:
            yield key
        low = data.find(b"\n", low) + 1 or len(data)


def _start_of(key: Key) -> bytes:
    return b"\n%s %s h1:" % key


def _parse_lines(data: bytes, asked: AbstractSet[Key]) -> SumContent:
    first: MalformedLine | None = None
    malformed = 0
    known: set[Key] = set()
    for number, line in enumerate(data.split(b"\n"), start=1):
        words = line.split() if line.isascii() else _words(line)
        if len(words) == 3:
            key = words[0], words[1]
            if key in asked and words[2].startswith(b"h1:") and words[2] != EMPTY_GO_MOD:
                known.add(key)
        elif words:
            malformed += 1
            first = first or _malformed(number, line)
    return SumContent(first, malformed, frozenset(known))


def _words(line: bytes) -> list[bytes]:
    return [_bytes(word) for word in _WORD.findall(line.decode("utf-8", "surrogateescape"))]


def _malformed(number: int, line: bytes) -> MalformedLine:
    """Return what is wrong with a line: the words that are too many, else all of it."""
    places = list(_matches(line))
    first = places[3] if len(places) > 3 else places[0]
    span = Span.at(number, first.start() + 1, places[-1].end() - first.start())
    return MalformedLine(span, len(places), line.decode("utf-8", "replace").strip())


def _matches(line: bytes) -> Iterator[re.Match[str]]:
    return _WORD.finditer(line.decode("utf-8", "surrogateescape"))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
