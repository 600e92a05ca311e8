"""Where Go's own -fmt loses something, we keep it, in a place that every toolchain then leaves alone."""

from __future__ import annotations

import pytest

from gowatchd.modfile import Kind, canonical
from tests.support.go import NEWEST, TOOLCHAINS, needs_all_toolchains
from tests.support.go_fmt import go_fmt

pytestmark = needs_all_toolchains

MOD = "module m\n\ngo 1.25\n\n"
KEPT = {
    "empty block": (
        Kind.WORK,
        "go 1.25\n\n// a\nuse ( // b\n\t// c\n\n\t// d\n) // e\n",
        "go 1.25\n\n// a\n// b\n// c\n\n// d\n// e\n",
    ),
    "empty block on one line": (Kind.WORK, "go 1.25\n\nuse () // a\n", "go 1.25\n\n// a\n"),
    "collapsed block": (
        Kind.WORK,
        "// a\nuse ( // b\n\t// c\n\t./x // d\n) // e\n",
        "// a\n// b\n// c\n// e\nuse ./x // d\n",
    ),
    "collapsed module block": (
        Kind.MOD,
        "// a\nmodule ( // Deprecated: b\n\tm\n)\n",
        "// Deprecated: b\n\n// a\nmodule m\n",
    ),
    "collapsed retract block": (
        Kind.MOD,
        MOD + "retract (\n\tv1.0.0 // why\n) // a\n",
        MOD + "// a\n\nretract v1.0.0 // why\n",
    ),
    "duplicate exclude": (
        Kind.MOD,
        MOD + "exclude a.b/c v1.0.0 // a\n\n// b\nexclude a.b/c v1.0.0 // c\n",
        MOD + "// b\n// c\nexclude a.b/c v1.0.0 // a\n",
    ),
    "duplicate replace": (
        Kind.WORK,
        "replace (\n\t// a\n\ta.b/c => ./x // b\n\n\t// c\n\ta.b/c => ./y\n\n\ta.b/d => ./z\n)\n",
        "replace (\n\n\t// a\n\t// b\n\t// c\n\ta.b/c => ./y\n\n\ta.b/d => ./z\n)\n",
    ),
    "duplicate tool": (
        Kind.MOD,
        MOD + "tool (\n\ta.b/c\n\ta.b/c // a\n)\n",
        MOD + "// a\ntool a.b/c\n",
    ),
    "duplicate ignore": (
        Kind.MOD,
        MOD + "ignore ./a\n\n// a\nignore (\n\t./a // b\n) // c\n",
        MOD + "// b\nignore ./a\n\n// a\n// c\n",
    ),
}
LEFT_ALONE = {
    "a parenthesis": (Kind.WORK, 'use  "("\n'),
    "a parenthesis of a block": (Kind.WORK, 'use (\n./b\n"(" // a\n")"\n)\n'),
    "a collapsed parenthesis": (Kind.WORK, "use (\n(\n)\n"),
    "a retracted phrase": (Kind.MOD, 'retract  "a b"\n'),
    "a retracted nothing": (Kind.MOD, 'retract  ""\n'),
    "a retracted comment": (Kind.MOD, 'retract  ["//", v1.0.0]\n'),
}


@pytest.mark.parametrize(("kind", "before", "after"), KEPT.values(), ids=KEPT)
def test_a_comment_that_go_drops_is_kept(kind, before, after, tmp_path):
    assert canonical(before.encode(), kind).decode() == after
    verdict = go_fmt(NEWEST, kind, before.encode(), tmp_path)
    assert verdict.text is not None
    assert verdict.text.count(b"//") < before.count("//"), "Go keeps it too: this is no exception any more"


@pytest.mark.parametrize("version", sorted(TOOLCHAINS))
def test_every_toolchain_leaves_it_where_we_put_it(version, tmp_path):
    for name, (kind, _, after) in KEPT.items():
        settled = canonical(after.encode(), kind)  # a blank line on top of a block goes at the second run
        verdict = go_fmt(version, kind, settled, tmp_path)
        assert verdict.text == settled or "unknown" in verdict.error, name


@pytest.mark.parametrize(("kind", "text"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_go_would_break_stays_as_it_is(kind, text, tmp_path):
    assert canonical(text.encode(), kind).decode() == text
    broken = go_fmt(NEWEST, kind, text.encode(), tmp_path).text
    assert broken is not None
    verdict = go_fmt(NEWEST, kind, broken, tmp_path)
    assert verdict.text != broken, "Go reads back what it wrote: this is no exception any more"


def test_a_parenthesis_that_go_reads_back_is_canonical(tmp_path):
    data = b'use  ")"\nuse  (\n\t./b\n\t"["\n)\n'
    assert canonical(data, Kind.WORK) == go_fmt(NEWEST, Kind.WORK, data, tmp_path).text
    assert canonical(data, Kind.WORK) == b"use)\n\nuse (\n\t./b\n\t[\n)\n"
