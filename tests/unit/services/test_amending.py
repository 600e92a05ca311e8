"""Adding directives to files that have some."""

from __future__ import annotations

import pytest

from gowatchd.modfile import parse_mod, parse_work, print_file
from gowatchd.services.amending import Substitute, add_replacements, add_uses, raise_go


def work(text):
    return parse_work(text.encode())


def uses(text, *paths):
    return print_file(add_uses(work(text).syntax, paths)).decode()


def raised(text, version):
    return print_file(raise_go(work(text), version)).decode()


def replaced(text, *substitute):
    return print_file(add_replacements(parse_mod(text.encode()), [Substitute(*substitute)])).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "use ./n\n"),
        ("go 1.20\n", "go 1.20\n\nuse ./n\n"),
        (
            "go 1.20\n\nuse ./a\n\n// Forks.\n\nreplace a => ./b\n",
            "go 1.20\n\nuse ./a\n\nuse ./n\n\n// Forks.\n\nreplace a => ./b\n",
        ),
        ("use ./a\n\n// Tools.\nuse ./t\n", "use ./a\n\nuse ./n\n\n// Tools.\nuse ./t\n"),
        ("// Tools.\nuse ./t\n\nreplace a => ./b\n", "// Tools.\nuse ./t\n\nuse ./n\n\nreplace a => ./b\n"),
    ],
)
def test_a_use_stands_beside_those_without_a_heading(before, after):
    assert uses(before, "./n") == after


def test_several_uses_make_a_block_and_are_quoted_where_they_must():
    assert uses("", "./a b", "./c") == 'use (\n\t"./a b"\n\t./c\n)\n'


def test_no_use_is_no_change():
    syntax = work("use ./a\n").syntax
    assert add_uses(syntax, ()) is syntax


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("// top\n\nuse ./a\n", "// top\n\ngo 1.22\n\nuse ./a\n"),
        ("use ./a\n", "go 1.22\n\nuse ./a\n"),
        ("", "go 1.22\n"),
        ("// why\ngo 1.20 // low\n", "// why\ngo 1.22 // low\n"),
        ("go 1.20\n\ntoolchain go1.22\n", "go 1.22\n"),
        ("go 1.20\n\ntoolchain go1.21.3 // old\n", "go 1.22\n\n// old\n"),
        ("go 1.20\n\ntoolchain default\n", "go 1.22\n"),
        ("go 1.20\n\ntoolchain go1.23.4\n", "go 1.22\n\ntoolchain go1.23.4\n"),
    ],
)
def test_the_go_line_is_raised_and_comments_stay(before, after):
    assert raised(before, "1.22") == after


@pytest.mark.parametrize(
    ("before", "version", "after"),
    [
        ("module m\n", "", "module m\n\nreplace a => ./x\n"),
        ("module m\n\nreplace a => ../old // why\n", "", "module m\n\nreplace a => ./x // why\n"),
        ("module m\n\nreplace a v1.0.0 => ../old\n", "v1.0.0", "module m\n\nreplace a v1.0.0 => ./x\n"),
        (
            "module m\n\nreplace a => ../old\n",
            "v1.0.0",
            "module m\n\nreplace a => ../old\n\nreplace a v1.0.0 => ./x\n",
        ),
        (
            "module m\n\nreplace (\n\ta v1.0.0 => ../o\n\tb => ../b\n\ta v1.1.0 => ../p // two\n)\n",
            "",
            "module m\n\nreplace (\n\t// two\n\ta => ./x\n\tb => ../b\n)\n",
        ),
    ],
)
def test_a_replacement_takes_the_place_of_what_it_outweighs(before, version, after):
    assert replaced(before, "a", version, "./x") == after


def test_the_last_of_several_replacements_counts():
    given = [
        Substitute("a", version, path) for version, path in (("v1.0.0", "./w"), ("", "./x"), ("", "./y"))
    ]
    assert print_file(add_replacements(parse_mod(b"module m\n"), given)) == b"module m\n\nreplace a => ./y\n"
