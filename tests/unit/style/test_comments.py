"""Comments stay with what they are about: lines, groups, blocks, or nothing but their place."""

from __future__ import annotations

import pytest

from gowatchd.modfile import Kind
from gowatchd.style.formatter import tidy

CASES = {
    "a comment above a line travels with it": (
        "use (\n\t// zed\n\t./z\n\t./a\n)",
        "use (\n\t./a\n\t// zed\n\t./z\n)",
    ),
    "a commented-out directive travels with the line below": (
        "use ./b\n// use ./old\nuse ./a",
        "use (\n\t// use ./old\n\t./a\n\t./b\n)",
    ),
    "comments of a duplicate move to the line that stays": (
        "use (\n\t// first\n\t./a // one\n\t./b\n\t// again\n\t./a/ // two\n)",
        "use (\n\t// first\n\t// again\n\t// two\n\t./a // one\n\t./b\n)",
    ),
    "a block under a heading is not merged": (
        "use ./b\n\n// Tools.\nuse (\n\t./y\n\t./x\n)\n\nuse ./a",
        "use (\n\t./a\n\t./b\n)\n\n// Tools.\nuse (\n\t./x\n\t./y\n)",
    ),
    "lines under a heading become its block": (
        "use ./b\n\n// Tools.\nuse ./y\nuse ./x\n\nuse ./a",
        "use (\n\t./a\n\t./b\n)\n\n// Tools.\nuse (\n\t./x\n\t./y\n)",
    ),
    "a single line under a comment joins the others, set off": (
        "use ./b\n\n// Tools.\nuse ./a",
        "use (\n\t// Tools.\n\t./a\n\n\t./b\n)",
    ),
    "a group that sorts together stays in its block": (
        "use (\n\t./c\n\n\t// B.\n\t./b2\n\t./b1\n\n\t./a\n)",
        "use (\n\t./a\n\n\t// B.\n\t./b1\n\t./b2\n\n\t./c\n)",
    ),
    "a group that sorting would scatter gets its own block": (
        "use (\n\t./b\n\n\t// Ends.\n\t./z\n\t./a\n)",
        "use ./b\n\n// Ends.\nuse (\n\t./a\n\t./z\n)",
    ),
    "groups that sorting would mix get their own blocks": (
        "use (\n\t// One.\n\t./a\n\t./y\n\n\t// Two.\n\t./b\n\t./z\n)",
        "// One.\nuse (\n\t./a\n\t./y\n)\n\n// Two.\nuse (\n\t./b\n\t./z\n)",
    ),
    "blank lines without a comment are no groups": (
        "use (\n\t./b\n\n\t./a\n\n\t./c\n)",
        "use (\n\t./a\n\t./b\n\t./c\n)",
    ),
    "a note and a blank line at the top of a block stay at its top": (
        "use (\n\t// All of them.\n\n\t./b\n\t./a\n)",
        "use (\n\t// All of them.\n\n\t./a\n\t./b\n)",
    ),
    "comments at the parentheses stay": (
        "use ( // start\n\t./b\n\t./a\n\t// end\n) // behind",
        "use ( // start\n\t./a\n\t./b\n// end\n) // behind",
    ),
    "comments at the parentheses of a single line go above it": (
        "use ( // start\n\t// own\n\t./a // suffix\n\t// end\n) // behind",
        "// start\n// behind\n// own\nuse ./a // suffix\n\n// end",
    ),
    "comments of an empty block stay in its place": (
        "// above\nuse ( // start\n\t// within\n)\n\nuse ./a",
        "// above\n// start\n// within\n\nuse ./a",
    ),
    "a comment that stands alone is not crossed": (
        "use ./b\n\n// Forks.\n\nuse ./a\n\ngo 1.21",
        "use ./b\n\n// Forks.\n\ngo 1.21\n\nuse ./a",
    ),
    "what is above a directive goes where it goes": (
        "use ./a\n\n// why\ngo 1.21 // suffix",
        "// why\ngo 1.21 // suffix\n\nuse ./a",
    ),
    "comments before the closing parenthesis come along": (
        "use (\n\t./c\n\t./b\n\t// ./old\n)\n\nuse ./a",
        "use (\n\t./a\n\t./b\n\t./c\n// ./old\n)",
    ),
}

MOD_CASES = {
    "a heading keeps direct and indirect together": (
        "require a.a/a v1.0.0 // indirect\n\n// X.\nrequire (\n\tc.c/c v1.0.0 // indirect\n\tb.b/b v1.0.0\n)",
        "require a.a/a v1.0.0 // indirect\n\n// X.\nrequire (\n\tb.b/b v1.0.0\n\tc.c/c v1.0.0 // indirect\n)",
    ),
    "direct comes first": (
        "require a.a/a v1.0.0 // indirect\n\nrequire b.b/b v1.0.0",
        "require b.b/b v1.0.0\n\nrequire a.a/a v1.0.0 // indirect",
    ),
    "a marker with a comment is a marker": (
        "require (\n\ta.a/a v1.0.0\n\tb.b/b v1.0.0 // indirect; kept\n)",
        "require a.a/a v1.0.0\n\nrequire b.b/b v1.0.0 // indirect; kept",
    ),
    "a heading in the block becomes a heading of a block of both": (
        "require (\n\t// All.\n\n\tb.b/b v1.0.0 // indirect\n\ta.a/a v1.0.0\n)",
        "// All.\nrequire (\n\ta.a/a v1.0.0\n\tb.b/b v1.0.0 // indirect\n)",
    ),
    "the comment of a block is not the reason of a line": (
        "// block\nretract (\n\t// line\n\tv1.0.0\n)",
        "// block\n\n// line\nretract v1.0.0",
    ),
    "the reason of a block of one is the reason of its line": (
        "// block\nretract ( // start\n\tv1.0.0\n)",
        "// start\n\n// block\nretract v1.0.0",
    ),
    "a deprecation stays one": (
        "module ( // start\n\t// Deprecated: no.\n\n\t// more\n\tm.m/m\n)",
        "// start\n\n// Deprecated: no.\n// more\nmodule m.m/m",
    ),
    "retractions are neither merged nor dropped": (
        "retract v1.0.0 // a\n\nretract v1.0.0 // b",
        "retract v1.0.0 // a\n\nretract v1.0.0 // b",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_in_go_work(case):
    before, after = CASES[case]
    assert tidy(before.encode(), Kind.WORK).data.decode() == after + "\n"
    assert tidy(after.encode(), Kind.WORK).data.decode() == after + "\n"


@pytest.mark.parametrize("case", MOD_CASES)
def test_in_go_mod(case):
    before, after = MOD_CASES[case]
    assert tidy(before.encode(), Kind.MOD).data.decode() == after + "\n"
    assert tidy(after.encode(), Kind.MOD).data.decode() == after + "\n"
