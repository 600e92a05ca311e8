"""Whatever the bytes, we read and print them as the real go command does."""

from __future__ import annotations

import re
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gowatchd.modfile import Kind, ParseError, canonical, lexer, parse_mod, parse_work, print_file, stable
from gowatchd.modfile.parser import parse_syntax
from tests.property.strategies import MODS, SOUPS, WORKS
from tests.support.go import NEWEST, needs_go
from tests.support.go_fmt import go_fmt

KINDS = st.sampled_from(list(Kind))
FILES = st.one_of(
    MODS.map(lambda data: (Kind.MOD, data)),
    WORKS.map(lambda data: (Kind.WORK, data)),
    st.tuples(KINDS, SOUPS),
)
ACCEPTABLE = st.one_of(MODS.map(lambda data: (Kind.MOD, data)), WORKS.map(lambda data: (Kind.WORK, data)))
quick = settings(max_examples=150, deadline=None)
# Every example runs the real go.
slow = settings(
    max_examples=70,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def comments(data: bytes) -> list[bytes]:
    return sorted(comment.rstrip(b" \t\r") for comment in re.findall(rb"//[^\n]*", data))


def result(kind: Kind, data: bytes) -> bytes | None:
    try:
        return stable(data, kind)
    except ParseError:
        return None


@needs_go
@slow
@given(file=ACCEPTABLE)
def test_grammar_as_go_has_it(file, tmp_path):
    same_as_go(*file, tmp_path)


@needs_go
@slow
@given(file=st.tuples(KINDS, SOUPS))
def test_nonsense_as_go_has_it(file, tmp_path):
    same_as_go(*file, tmp_path)


def same_as_go(kind, data, folder):
    verdict = go_fmt(NEWEST, kind, data, folder)
    if verdict.text is None:
        with pytest.raises(ParseError) as caught:
            canonical(data, kind)
        assert str(caught.value) == verdict.error
        return
    ours = canonical(data, kind)
    if ours == data:
        # Nothing to do, or nothing that Go could read back.
        assert verdict.text == data or go_fmt(NEWEST, kind, verdict.text, folder).text != verdict.text
        return
    if comments(verdict.text) == comments(data):
        assert ours == verdict.text  # Go lost nothing, so there is nothing to do better
    settled = stable(ours, kind)
    assert go_fmt(NEWEST, kind, settled, folder).text == settled


@quick
@given(file=FILES)
def test_the_stable_form_is_its_own(file):
    kind, data = file
    settled = result(kind, data)
    if settled is not None:
        assert stable(settled, kind) == settled
        assert canonical(settled, kind) == settled


@quick
@given(file=FILES)
def test_no_more_than_three_passes(file):
    """Blank lines that sorting moves to the top of a block take one pass more."""
    kind, data = file
    if result(kind, data) is not None:
        twice = canonical(canonical(data, kind), kind)
        assert canonical(twice, kind) == twice


@quick
@given(file=ACCEPTABLE)
def test_no_comment_is_lost(file):
    kind, data = file
    settled = result(kind, data)
    if settled is not None:
        assert comments(settled) == comments(data)


@quick
@given(file=ACCEPTABLE)
def test_printing_what_was_parsed_keeps_every_token(file):
    kind, data = file
    try:
        syntax = (parse_mod if kind is Kind.MOD else parse_work)(data).syntax
    except ParseError:
        return
    printed = print_file(syntax)
    assert print_file(parse_syntax(printed, "x")) == printed


@quick
@given(text=FILES.map(lambda file: file[1].decode("utf-8", "surrogateescape")))
def test_plain_lines_read_as_token_by_token(text):
    everything = re.compile("")
    with mock.patch.multiple(lexer, _SPECIAL=everything, _SPECIAL_OR_STAR=everything):
        token_by_token = list(lexer.source_lines(text))
    assert list(lexer.source_lines(text)) == token_by_token


@quick
@given(file=FILES)
def test_spans_are_inside_the_file_and_show_the_token(file):
    kind, data = file
    try:
        parsed = parse_mod(data) if kind is Kind.MOD else parse_work(data)
    except ParseError as error:
        for problem in error.problems:
            assert 1 <= problem.position.line <= data.count(b"\n") + 1
            if problem.span is not None:
                assert problem.position <= problem.span.start < problem.span.end
                assert problem.span.start.line == problem.position.line
        return
    rows = data.decode("utf-8", "surrogateescape").split("\n")
    for directive in (*parsed.replace, *parsed.godebug, *((parsed.go,) if parsed.go else ())):
        for index, token in enumerate(directive.line.tokens):
            span = directive.line.span(index)
            written = rows[span.start.line - 1][span.start.column - 1 : span.end.column - 1]
            assert written == token or written.startswith(('"', "v"))
