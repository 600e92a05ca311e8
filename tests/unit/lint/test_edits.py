"""The edits of fixes keep every comment."""

from __future__ import annotations

import pytest

from gowatchd.lint.edits import addition_below, addition_on_top, removal
from gowatchd.modfile import parse_mod, parse_work
from gowatchd.services.fixing import apply_edits


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("require a.b/c v1.0.0", ""),
        ("require a.b/c v1.0.0 // indirect\n", ""),
        ("require a.b/c v1.0.0 // why\n", "// why\n"),
        ("require a.b/c v1.0.0 // indirect; why\n", "// indirect; why\n"),
        ("// above\nrequire a.b/c v1.0.0 // why\n// below\n", "// above\n// why\n// below\n"),
        ("require (\n\ta.b/c v1.0.0\n\td.e/f v1.0.0\n)\n", "require (\n\td.e/f v1.0.0\n)\n"),
        ("require (\n\ta.b/c v1.0.0 // why\n)\n", "require (\n// why\n)\n"),
        ("require a.b/c v1.0.0\r\ngo 1.20\r\n", "go 1.20\r\n"),
        ('require "a.b/c" v1.0.0 // \u00fc\n', "// \u00fc\n"),
    ],
)
def test_a_line_goes_and_its_comments_stay(before, after):
    line = parse_mod(before.encode()).require[0].line
    assert apply_edits(before.encode(), [removal("/w/go.mod", line)]).decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("module m", "module m\n\ngo 1.20"),
        ("module m // why\nrequire a.b/c v1.0.0\n", "module m // why\n\ngo 1.20\nrequire a.b/c v1.0.0\n"),
        ("// head\n  module  m\n", "// head\n  module  m\n\ngo 1.20\n"),
    ],
)
def test_a_line_comes_below(before, after):
    mod = parse_mod(before.encode())
    edit = addition_below("/w/go.mod", mod.module.line, "go 1.20")
    text = apply_edits(before.encode(), [edit])
    assert text.decode() == after
    assert parse_mod(text).go.version == "1.20"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "go 1.20\n"),
        ("\n\n", "go 1.20\n\n\n"),
        ("use ./a\n", "go 1.20\n\nuse ./a\n"),
        ("// licence\n\n// about a\nuse ./a\n", "// licence\n\ngo 1.20\n\n// about a\nuse ./a\n"),
        ("use (\n\t./a\n)\n", "go 1.20\n\nuse (\n\t./a\n)\n"),
        ("// only", "// only\n\ngo 1.20\n"),
        ("// one\n\n// two\n", "// one\n\n// two\n\ngo 1.20\n\n"),
    ],
)
def test_a_line_comes_on_top(before, after):
    edit = addition_on_top("/w/go.work", parse_work(before.encode()).syntax, "go 1.20")
    text = apply_edits(before.encode(), [edit])
    assert text.decode() == after
    assert parse_work(text).go.version == "1.20"
