from __future__ import annotations

import pytest

from gowatchd.modfile import Kind, ParseError, parse_work
from gowatchd.modfile.position import Span


def test_values_and_lines():
    file = parse_work(b'go 1.25\n\ntoolchain default\n\nuse (\n\t./a\n\t"./b c"\n)\n\nreplace a => ../a\n')
    assert (file.go.version, file.toolchain.name) == ("1.25", "default")
    assert [use.path for use in file.use] == ["./a", "./b c"]
    assert file.use[1].line.argument_span(0) == Span.at(7, 2, 7)
    assert file.replace[0][:4] == ("a", "", "../a", "")


def test_nothing_is_a_workspace_without_modules():
    assert parse_work(b"")[1:] == (None, None, (), (), ())


def test_directives_of_go_mod_are_unknown():
    with pytest.raises(ParseError) as caught:
        parse_work(b"module m\nrequire (\n)\ngo (\n)\n", "w")
    assert str(caught.value) == (
        "w:1: unknown directive: module\nw:2: unknown block type: require\nw:4: unknown block type: go"
    )


def test_bytes_that_are_not_text_come_back_as_they_were():
    assert parse_work(b"use ./\xff\n").use[0].path.encode("utf-8", "surrogateescape") == b"./\xff"


@pytest.mark.parametrize(
    ("path", "kind"), [("/x/go.work", Kind.WORK), ("go.mod", Kind.MOD), ("a.mod", Kind.MOD), ("go.sum", None)]
)
def test_kinds_by_name(path, kind):
    assert Kind.of(path) is kind
