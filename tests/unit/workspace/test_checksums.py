"""What a go.sum holds: the quick search finds what taking its lines apart finds."""

from __future__ import annotations

import random

import pytest

from gowatchd.modfile.position import Span
from gowatchd.workspace import checksums
from gowatchd.workspace.checksums import EMPTY_GO_MOD, MalformedLine, SumContent, parse_sums

DIGEST = b"h1:" + b"A" * 43 + b"="


def line(path, version, digest=DIGEST):
    return b"%s %s %s\n" % (path.encode(), version.encode(), digest)


@pytest.fixture(autouse=True, params=["taken apart", "searched"])
def _way(request, monkeypatch):
    """Look into small files as into large ones, too."""
    if request.param == "searched":
        monkeypatch.setattr(checksums, "_SMALL", 0)


def keys_at_random(chance, number):
    paths = [
        f"ex.com/{'ab'[chance.randrange(2)]}{'-./x'[chance.randrange(4)]}{n}" for n in range(number // 3 + 1)
    ]
    versions = [f"v1.{n}.0{end}" for n in range(4) for end in ("", "/go.mod", "+incompatible")]
    return [(chance.choice(paths).encode(), chance.choice(versions).encode()) for _ in range(number)]


@pytest.mark.parametrize("seed", range(60))
def test_searching_finds_what_taking_apart_finds(seed):
    chance = random.Random(seed)
    keys = keys_at_random(chance, chance.randrange(60))
    if chance.random() < 0.7:
        keys.sort()
    else:
        chance.shuffle(keys)
    data = b"".join(b"%s %s %s\n" % (*key, DIGEST) for key in keys)
    if chance.random() < 0.3:
        data = data[:-1]
    asked = frozenset((*chance.choices(keys or [(b"x", b"y")], k=5), *keys_at_random(chance, 12)))
    quick = parse_sums(data, asked)
    slow = checksums._parse_lines(data, asked)
    assert quick.is_sound
    assert quick.known == slow.known == asked & set(keys)
    assert parse_sums(data, asked, is_sound=True) == quick
    assert (slow.malformed, slow.malformed_lines) == (None, 0)


@pytest.mark.parametrize("number", [1, 9])
def test_what_is_not_in_its_place_is_found(number):
    """With few keys by searching, with many by taking the lines apart."""
    keys = [(f"ex.com/{n}".encode(), b"v1.0.0") for n in range(number, 0, -1)]
    data = line("ex.com/z", "v1.0.0") + b"".join(b"%s %s %s\n" % (*key, DIGEST) for key in keys)
    assert parse_sums(data, frozenset(keys)).known == set(keys)
    assert parse_sums(data, frozenset({(b"ex.com/zz", b"v1.0.0"), *keys})).known == set(keys)


def test_part_of_a_path_is_another_path():
    data = line("ex.com/a", "v1.0.0") + line("ex.com/ab", "v1.0.0")
    asked = frozenset({(b"ex.com/a", b"v1.0"), (b"com/a", b"v1.0.0"), (b"ex.com/a", b"v1.0.0/go.mod")})
    assert parse_sums(data, asked).known == frozenset()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (line("a", "v1"), True),
        (b"\n" + line("a", "v1"), True),
        (b"a v1 h1:short\n", True),
        (b"a\tv1  h1:short", True),
        (line("a", "v1").replace(b"\n", b"\r\n"), True),
        (b"a v1 h2:other\n", False),
        (line("a", "v1", EMPTY_GO_MOD), False),
        (b"", False),
    ],
)
def test_which_hashes_go_understands(text, known):
    content = parse_sums(text, frozenset({(b"a", b"v1")}))
    assert content.malformed is None
    assert bool(content.known) == known


@pytest.mark.parametrize(
    ("text", "malformed", "number"),
    [
        (b"a\n", MalformedLine(Span.at(1, 1, 1), 1, "a"), 1),
        (b"\n\n a b\nx\n", MalformedLine(Span.at(3, 2, 3), 2, "a b"), 2),
        (b"a b c dd e", MalformedLine(Span.at(1, 7, 4), 5, "a b c dd e"), 1),
        (b"\xff\xc3\xa9 b c d\n", MalformedLine(Span.at(1, 8, 1), 4, "\ufffdé b c d"), 1),
        ("a\u2003b\u00a0c d\n".encode(), MalformedLine(Span.at(1, 7, 1), 4, "a\u2003b\u00a0c d"), 1),
        (b"a\x1cb c\n", MalformedLine(Span.at(1, 1, 5), 2, "a\x1cb c"), 1),
        (b"a  h1:x\n", MalformedLine(Span.at(1, 1, 7), 2, "a  h1:x"), 1),
    ],
)
def test_where_a_line_is_malformed(text, malformed, number):
    content = parse_sums(line("ex.com/a", "v1") + text)
    at = malformed.span.start
    moved = Span.at(at.line + 1, at.column, malformed.span.end.column - at.column)
    assert content == SumContent(MalformedLine(moved, malformed.words, malformed.text), number)
    assert parse_sums(text).malformed == malformed
