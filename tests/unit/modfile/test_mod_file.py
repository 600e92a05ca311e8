from __future__ import annotations

import pytest

from gowatchd.modfile import ParseError, parse_mod
from gowatchd.modfile.position import Position, Span

TEXT = b"""\
// Deprecated: use example.com/n
// instead.
//
// More.
module example.com/m

go 1.25

toolchain go1.25.1

godebug default=go1.21

require (
\ta.b/c v1.2 // indirect
\t"a.b/d" v1.0.0 // indirect; because
\ta.b/e v1.0.0 // indirect because
)

exclude a.b/c v1.1.0

replace a.b/c v1.2.0 => ../c

replace a.b/d => x.y/d v1.0.0+meta

// Broken.
retract (
\tv1.0.0
\t[v1.1.0, v1.2] // leaks
)

tool a.b/c/cmd

ignore ./node_modules
"""


def test_every_directive_has_its_values_and_its_line():
    file = parse_mod(TEXT)
    assert file.module[:2] == ("example.com/m", "use example.com/n\ninstead.")
    assert (file.go.version, file.toolchain.name) == ("1.25", "go1.25.1")
    assert [(g.key, g.value) for g in file.godebug] == [("default", "go1.21")]
    assert [r[:3] for r in file.require] == [
        ("a.b/c", "v1.2.0", True),
        ("a.b/d", "v1.0.0", True),
        ("a.b/e", "v1.0.0", False),
    ]
    assert [e[:2] for e in file.exclude] == [("a.b/c", "v1.1.0")]
    assert [r[:4] for r in file.replace] == [
        ("a.b/c", "v1.2.0", "../c", ""),
        ("a.b/d", "", "x.y/d", "v1.0.0"),
    ]
    assert [r[:3] for r in file.retract] == [
        ("v1.0.0", "v1.0.0", "Broken."),
        ("v1.1.0", "v1.2", "leaks"),
    ]
    assert [t.path for t in file.tool] == ["a.b/c/cmd"]
    assert [i.path for i in file.ignore] == ["./node_modules"]
    second = file.require[1].line
    assert second.tokens == ("a.b/d", "v1.0.0")
    assert second.argument_span(0).start == Position(15, 2)
    assert second.argument_span(1).start == Position(15, 10)


@pytest.mark.parametrize(
    ("comments", "message"),
    [
        ("// Deprecated: a", "a"),
        ("// Deprecated:a\n// b\n//\n// c", "a\nb"),
        ("// x\n//\n// Deprecated: a", "a"),
        ("// x\n// Deprecated: a", ""),
        ("// deprecated: a", ""),
    ],
)
def test_deprecation_is_a_paragraph_of_its_own(comments, message):
    assert parse_mod(f"{comments}\nmodule m\n".encode()).module.deprecated == message


def test_deprecation_on_the_line_or_its_block():
    assert parse_mod(b"module m // Deprecated: a\n").module.deprecated == "a"
    assert parse_mod(b"// Deprecated: a\nmodule (\n\tm\n)\n").module.deprecated == "a"
    assert parse_mod(b"// Deprecated: a\nmodule (\n\tm // b\n)\n").module.deprecated == ""


def test_all_bad_directives_are_reported_at_once():
    data = b"module m\ngo one\nrequire (\n\ta.b/c v2.0.0\n\tfoo\n)\nfoo\n"
    with pytest.raises(ParseError) as caught:
        parse_mod(data, "x/go.mod")
    assert str(caught.value) == (
        "x/go.mod:2: invalid go version 'one': must match format 1.23.0\n"
        'x/go.mod:4:2: require a.b/c: version "v2.0.0" invalid: should be v0 or v1, not v2\n'
        "x/go.mod:5:2: usage: require module/path v1.2.3\n"
        "x/go.mod:7: unknown directive: foo"
    )
    problem = caught.value.problems[1]
    assert (problem.position, problem.span) == (Position(4, 2), Span.at(4, 8, 6))
    assert problem.message.startswith("require a.b/c: ")


@pytest.mark.parametrize(
    ("line", "at_fault"),
    [
        ("foo bar", "foo"),
        ("go (\n)", "go"),
        ("foo bar (\n)", "foo bar"),
        ("go one", "one"),
        ("go 1.20 1.21", "1.21"),
        ("go", "go"),
        ("toolchain local", "local"),
        ("godebug novalue", "novalue"),
        ("module `m`", "`m`"),
        ("require a.b/c", "require a.b/c"),
        ("require a.b/c v1.0.0 v1.1.0", "v1.1.0"),
        ("require a.b/c v2.0.0", "v2.0.0"),
        ("require a.b/c 'v1'", "'v1'"),
        ("require a.b/c master // why", "master"),
        ("exclude a.b/c/v1 v1.0.0", "a.b/c/v1"),
        ("retract [v1.0.0 v1.1.0]", "v1.1.0"),
        ("retract [v1.0.0", "retract [v1.0.0"),
        ("retract v1.0.0 v1.1.0", "v1.1.0"),
        ("replace a.b/c ./c", "replace a.b/c ./c"),
        ("replace a.b/c/v1 => ./c", "a.b/c/v1"),
        ("replace a.b/c v2.0.0 => ./c", "v2.0.0"),
        ("replace a.b/c => c", "c"),
        ("replace a.b/c v1.0.0 => c@v1.0.0", "c@v1.0.0"),
        ("replace a.b/c => ./c v1.0.0", "v1.0.0"),
        ("replace a.b/c => .\\c", ".\\c"),
    ],
)
def test_a_bad_directive_knows_the_token_at_fault(line, at_fault):
    with pytest.raises(ParseError) as caught:
        parse_mod(line.encode())
    (problem,) = caught.value.problems
    first = line.split("\n")[0]
    assert first[problem.span.start.column - 1 : problem.span.end.column - 1] == at_fault
    assert problem.span.start.line == problem.span.end.line == 1


def test_a_bad_token_is_reported_alone():
    with pytest.raises(ParseError) as caught:
        parse_mod(b"foo\nmodule m \x00\n")
    assert str(caught.value) == r"go.mod:2:10: unexpected input character '\x00'"


def test_an_open_block_is_reported_at_the_end():
    with pytest.raises(ParseError) as caught:
        parse_mod(b"\nrequire (\n\ta.b/c v1.0.0\n")
    assert str(caught.value) == "go.mod:4: syntax error (unterminated block started at go.mod:2:1)"
