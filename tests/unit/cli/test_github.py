"""Workflow commands: what a file or a message says can neither end a command nor begin one."""

from __future__ import annotations

import pytest

from gowatchd.cli.github import github_lines
from gowatchd.lint.diagnostic import Diagnostic, Severity
from gowatchd.modfile.position import Position, Span


def line(path="/w/go.mod", span=None, severity=Severity.ERROR, message="m"):
    (one,) = github_lines([Diagnostic(path, span or Span.at(3, 2, 4), severity, "a-code", message)], "/w")
    return one


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")],
)
def test_a_command_for_each_severity(severity, command):
    assert line(severity=severity) == f"::{command} file=go.mod,line=3,col=2,endColumn=6,title=a-code::m"


def test_a_place_without_width_has_no_end():
    assert line(span=Span.at(1)) == "::error file=go.mod,line=1,col=1,title=a-code::m"


def test_several_lines_have_no_columns():
    span = Span(Position(2, 3), Position(4, 1))
    assert line(span=span) == "::error file=go.mod,line=2,endLine=4,title=a-code::m"


def test_what_means_something_is_escaped():
    text = line(path="/w/a:b,c%\n/go.mod", message="100%: a,b\r\n::set-env name=x::y \udcff")
    assert text == (
        "::error file=a%3Ab%2Cc%25%0A/go.mod,line=3,col=2,endColumn=6,title=a-code::"
        "100%25: a,b%0D%0A::set-env name=x::y \ufffd"
    )
    assert len(text.splitlines()) == 1


def test_a_file_outside_of_the_checkout():
    assert line(path="/elsewhere/go.mod").startswith("::error file=../elsewhere/go.mod,")
