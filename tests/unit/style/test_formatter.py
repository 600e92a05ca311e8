"""The formatter as a whole: what it makes of a file, and when it keeps its hands off."""

from __future__ import annotations

import pytest

from gowatchd.modfile import Kind
from gowatchd.style.formatter import Tidied, tidy


def work(text, **options):
    return tidy(text.encode(), Kind.WORK, **options)


def mod(text, **options):
    return tidy(text.encode(), Kind.MOD, **options)


def test_empty_files_stay_empty():
    assert work("") == Tidied(b"")
    assert work("\n\n") == Tidied(b"")
    assert mod(" \t") == Tidied(b"")


def test_line_ends_become_those_of_go():
    assert work("go 1.21\r\nuse (\r\n\t./a\r\n)\r\n").data == b"go 1.21\n\nuse ./a\n"


def test_a_whole_go_work():
    before = """\
// Copyright the authors.

use ./b/ // keep
use (
	./c/../a

	.
)
godebug default=go1.21
replace x.y/z => ./z
replace a.b/c => ./c
toolchain go1.24.1
go 1.24
"""
    assert (
        work(before).data.decode()
        == """\
// Copyright the authors.

go 1.24

toolchain go1.24.1

godebug default=go1.21

use (
	.
	./a
	./b // keep
)

replace (
	a.b/c => ./c
	x.y/z => ./z
)
"""
    )


def test_a_whole_go_mod():
    before = """\
go 1.24
require b.b/b v1.0.0
// Deprecated: use v2.
module m.m/m
require (
	z.z/z v1.0.0 // indirect
	a.a/a v1.0.0
)
retract v1.0.0 // oops
exclude (
	b.b/b v1.10.0
	b.b/b v1.9.0
)
require y.y/y v1.0.0 // indirect
require b.b/b v1.0.0
"""
    assert (
        mod(before).data.decode()
        == """\
// Deprecated: use v2.
module m.m/m

go 1.24

require (
	a.a/a v1.0.0
	b.b/b v1.0.0
)

require (
	y.y/y v1.0.0 // indirect
	z.z/z v1.0.0 // indirect
)

retract v1.0.0 // oops

exclude (
	b.b/b v1.9.0
	b.b/b v1.10.0
)
"""
    )


def test_different_versions_and_markers_both_stay():
    text = """\
require (
	a.a/a v1.0.0
	a.a/a v1.1.0
	b.b/b v1.0.0
)

require b.b/b v1.0.0 // indirect
"""
    assert mod(text).data.decode() == text


def test_what_does_not_parse_is_left_alone():
    tidied = mod("module m\nfoo\nbar\n", name="x/go.mod")
    assert tidied.data is None
    assert [(it.position.line, it.message) for it in tidied.problems] == [
        (2, "unknown directive: foo"),
        (3, "unknown directive: bar"),
    ]
    assert tidied.reason == "x/go.mod:2: unknown directive: foo"


@pytest.mark.parametrize("kind", list(Kind))
def test_contradicting_replacements_are_left_alone(kind):
    data = b"replace a.b/c v1.0.0 => ./c\nreplace a.b/d => ./d\nreplace a.b/c v1.0.0 => ./d\n"
    tidied = tidy(data, kind, "f")
    assert tidied.data is None
    assert tidied.reason.startswith("f:3: conflicting replacements for a.b/c: line 1 has another one")
    assert tidied.problems[0].position.line == 3


def test_canonical_only_takes_the_last_of_contradicting_replacements_as_go_does():
    text = "replace a.b/c => ./c\n\nreplace a.b/c => ./d\n"
    assert work(text, canonical_only=True).data == b"replace a.b/c => ./d\n"


def test_the_same_replacement_for_one_version_and_for_all_is_no_contradiction():
    assert work("replace a.b/c => ./c\nreplace a.b/c v1.0.0 => ./d\n").data is not None


def test_godebug_that_contradicts_itself_keeps_its_order():
    text = "godebug panicnil=1\n\ngodebug default=go1.21\n\ngodebug panicnil=0\n"
    assert work(text).data.decode() == text


def test_a_reason_that_sorting_would_take_away_keeps_the_file_as_it_is():
    text = "// broken\nretract (\n\tv1.0.0\n\n\tv1.1.0\n)\n"
    tidied = mod(text)
    assert tidied.data is None
    assert "comment" in tidied.reason
    assert tidied.problems == ()


def test_two_spaces():
    assert work("use (\n\t// a\n\t./a // b\n\t./b\n)\n", indent="2-space").data == (
        b"use (\n  // a\n  ./a // b\n  ./b\n)\n"
    )


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("a", "./a"),
        ("./a/", "./a"),
        ("./c/../d", "./d"),
        (".", "."),
        ("./", "."),
        ("./.", "."),
        ("..", ".."),
        ("a/../..", ".."),
        ("../x/", "../x"),
        ('"/abs//x/../y/"', "/abs/y"),
        ('"//abs"', "/abs"),
        ('"./a b/"', '"./a b"'),
        ('"./a"', "./a"),
        ("...", "./..."),
        ('""', "."),
        (".\\a\\..\\b", ".\\a\\..\\b"),
        ("C:/x/../y", "C:/x/../y"),
    ],
)
def test_use_paths(path, clean):
    assert work(f"use {path}\n").data.decode() == f"use {clean}\n"
