from __future__ import annotations

import pytest

from gowatchd.modfile import Kind, ParseError, canonical, parse_work, print_file, stable

WORK = {
    "nothing": ("\n\n", ""),
    "spacing": ("go   1.25\nuse\t./a//x\n", "go 1.25\n\nuse ./a //x\n"),
    "windows": ("go 1.25\r\n\r\nuse ./a\r\n", "go 1.25\n\nuse ./a\n"),
    "a block of one": ("// a\nuse (\n\t// b\n\t./a // c\n)\n", "// a\n// b\nuse ./a // c\n"),
    "a block of one with an end": ("use (\n./a\n// b\n)\n", "use (\n\t./a\n// b\n)\n"),
    "an empty block": ("use (\n)\n\ngo 1.25\n", "go 1.25\n"),
    "order": ("use (\n\t./b\n\t./a\n\t./B\n)\n", "use (\n\t./B\n\t./a\n\t./b\n)\n"),
    "order of single lines": ("use ./b\n\nuse ./a\n", "use ./b\n\nuse ./a\n"),
    "duplicates": (
        "replace a => ./b\n\nreplace a => ./c\n\nuse ./a\n\nuse ./a\n",
        "replace a => ./c\n\nuse ./a\n\nuse ./a\n",
    ),
    "quotes": ('use (\n\t"./a"\n\t"./b c"\n)\n', 'use (\n\t"./b c"\n\t./a\n)\n'),
    "comments": ("// a\n\n\n// b\nuse ./a\n// c\n", "// a\n\n// b\nuse ./a\n\n// c\n"),
    "a blank line at the end": ("use (\n\t./a\n\n\t./b\n\n)\n", "use (\n\t./a\n\n\t./b\n)\n"),
}
MOD = {
    "versions": ("require a v1\nexclude a v1.2.3+x\n", "require a v1.0.0\n\nexclude a v1.2.3\n"),
    "excludes by version": (
        "go 1.21\n\nexclude (\n\ta v1.10.0\n\ta v1.9.0\n)\n",
        "go 1.21\n\nexclude (\n\ta v1.9.0\n\ta v1.10.0\n)\n",
    ),
    "excludes of old modules by text": (
        "go 1.20\n\nexclude (\n\ta v1.9.0\n\ta v1.10.0\n)\n",
        "go 1.20\n\nexclude (\n\ta v1.10.0\n\ta v1.9.0\n)\n",
    ),
    "retracted versions downwards": (
        "retract (\n\tfoo\n\tv1.9.0\n\t[v1.10.0, v1.11.0]\n\tv1.10.0\n)\n",
        "retract (\n\t[v1.10.0, v1.11.0]\n\tv1.10.0\n\tv1.9.0\n\tfoo\n)\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), WORK.values(), ids=WORK)
def test_go_work(before, after):
    assert canonical(before.encode(), Kind.WORK).decode() == after


@pytest.mark.parametrize(("before", "after"), MOD.values(), ids=MOD)
def test_go_mod(before, after):
    assert canonical(before.encode(), Kind.MOD).decode() == after


def test_a_blank_line_that_sorting_moved_to_the_top_goes_in_the_stable_form():
    data = b"use (\n\t./b\n\n\t./a\n)\n"
    assert canonical(data, Kind.WORK) == b"use (\n\n\t./a\n\t./b\n)\n"
    assert stable(data, Kind.WORK) == b"use (\n\t./a\n\t./b\n)\n"


def test_printing_alone_neither_sorts_nor_collapses():
    data = b"use (\n\t./b\n\t./a\n)\n\nuse (\n\t./c\n)\n"
    assert print_file(parse_work(data).syntax) == data


def test_errors_call_the_file_by_its_name():
    with pytest.raises(ParseError, match=r"^go\.mod:1: unknown directive: use$"):
        canonical(b"use ./a\n", Kind.MOD)
    with pytest.raises(ParseError, match=r"^x:1: "):
        stable(b"foo\n", Kind.WORK, "x")
