"""The excerpt below a diagnostic, its underline, and links."""

from __future__ import annotations

import os

import pytest

from gowatchd.cli.hyperlink import Links, file_uri, wants_links
from gowatchd.cli.table import width
from gowatchd.cli.terminal import Paint
from gowatchd.cli.text_report import TextReport, underline
from gowatchd.lint.diagnostic import Diagnostic, Edit, Fix, Severity
from gowatchd.modfile.position import Position, Span


def span(start, end, *, end_line=1):
    return Span(Position(1, start), Position(end_line, end))


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("use ./a", span(5, 8), ("use ./a", 4, 3)),
        ("\tuse\t./a", span(6, 9), ("    use    ./a", 11, 3)),
        ("use ./工具 // x", span(5, 9), ("use ./工具 // x", 4, 6)),
        ("工具 x", span(4, 5), ("工具 x", 5, 1)),
        ("u\u0308 x", span(4, 5), ("u\u0308 x", 2, 1)),
        ("a\x1bb x", span(5, 6), ("a\\x1bb x", 7, 1)),
        ("a\udcff x", span(2, 3), ("a\\xff x", 1, 4)),
        ("use ./a", span(5, 5), ("use ./a", 4, 1)),
        ("use ./a", span(8, 8), ("use ./a", 7, 1)),
        ("use (", span(1, 2, end_line=3), ("use (", 0, 5)),
        ("use ./a   ", span(1, 4), ("use ./a", 0, 3)),
    ],
)
def test_underline(text, place, expected):
    assert underline(text, place, 80) == expected


@pytest.mark.parametrize("start", [1, 50, 190])
def test_a_long_line_is_cut_around_the_place(start):
    text = "".join(chr(ord("a") + number % 26) for number in range(200))
    shown, before, length = underline(text, span(start, start + 5), 60)
    assert width(shown) <= 60
    assert shown[before : before + length] == text[start - 1 : start + 4]


def test_carets_never_leave_the_excerpt():
    shown, before, length = underline("x" * 500, span(1, 400), 60)
    assert (width(shown), before, length) == (60, 0, 60)


def lines(one, data):
    return list(TextReport(Paint(enabled=False), Links(enabled=False)).lines([one], {one.path: data}))


def test_a_diagnostic_without_its_line_is_its_head_alone():
    one = Diagnostic("/w/go.mod", Span.at(9), Severity.INFO, "c", "m")
    assert lines(one, b"module m\n") == ["/w/go.mod:9:1: info: m [c]"]
    assert lines(one, b"\n" * 20) == ["/w/go.mod:9:1: info: m [c]"]


def test_the_fix_stands_below():
    edit = Edit("/w/go.mod", Span.at(10), "")
    one = Diagnostic("/w/go.mod", Span.at(10, 1, 2), Severity.ERROR, "c", "m", Fix("Do \x1b it", (edit,)))
    assert lines(one, b"\n" * 9 + b"xy z\r\n") == [
        "/w/go.mod:10:1: error: m [c]",
        "  10 | xy z",
        "     | ^^",
        "     = fix: Do \\x1b it",
    ]


def test_the_fix_of_an_opinion_says_how_to_ask_for_it():
    edit = Edit("/w/go.mod", Span.at(1), "")
    one = Diagnostic("/w/go.mod", Span.at(1, 1, 1), Severity.INFO, "a-code", "m", Fix("Do it", (edit,)))
    assert lines(one, b"x\n")[-1] == "    = fix: Do it (gowatchctl fix --code a-code)"


def test_a_link_leads_to_the_file_and_says_the_same():
    link = Links(enabled=True)("go.mod:1:1:", "/w/ü b/go.mod")
    assert link == f"\x1b]8;;file://{os.uname().nodename}/w/%C3%BC%20b/go.mod\x1b\\go.mod:1:1:\x1b]8;;\x1b\\"
    assert Links(enabled=False)("x", "/w") == "x"


@pytest.mark.parametrize(
    ("environment", "lines"),
    [
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, False),
        ({"TERM": "foot"}, False),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "KITTY_WINDOW_ID": "1"}, False),
        ({"TERM": "screen-256color", "TERM_PROGRAM": "vscode"}, False),
    ],
)
def test_a_link_names_the_line_where_that_is_understood(environment, lines):
    links = Links.on("always", Stream(tty=True), {**environment, "FORCE_HYPERLINK": "1"})
    link = links("go.mod:12:1:", "/w/go.mod", 12)
    assert ("/w/go.mod#12\x1b" in link) is lines
    assert "/w/go.mod" in link
    assert "#" not in links("go.mod", "/w/go.mod")
    assert file_uri("/\udcff\x07;") == "file:///%FF%07%3B"


class Stream:
    def __init__(self, *, tty):
        self.tty = tty

    def isatty(self):
        return self.tty


@pytest.mark.parametrize(
    ("when", "tty", "environment", "expected"),
    [
        ("auto", True, {"TERM": "xterm-256color"}, False),
        ("auto", True, {"TERM": "xterm-256color", "VTE_VERSION": "7600"}, True),
        ("auto", True, {"TERM": "xterm-256color", "VTE_VERSION": "4800"}, False),
        ("auto", True, {"TERM": "xterm-kitty"}, True),
        ("auto", True, {"TERM": "foot"}, True),
        ("auto", True, {"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, True),
        ("auto", True, {"TERM": "screen-256color", "VTE_VERSION": "7600"}, False),
        (
            "auto",
            True,
            {"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a"},
            False,
        ),
        (
            "auto",
            True,
            {"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.5"},
            True,
        ),
        ("auto", True, {"TERM": "xterm", "FORCE_HYPERLINK": "1"}, True),
        ("auto", True, {"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, False),
        ("auto", True, {"TERM": "dumb", "FORCE_HYPERLINK": "1"}, False),
        ("auto", True, {"TERM": "xterm-kitty", "NO_COLOR": "1"}, False),
        ("always", False, {"TERM": "xterm-kitty"}, False),
        ("always", True, {"TERM": "xterm-kitty", "NO_COLOR": "1"}, True),
        ("never", True, {"TERM": "xterm-kitty"}, False),
    ],
)
def test_links_only_where_the_terminal_has_them(when, tty, environment, expected):
    assert wants_links(when, Stream(tty=tty), environment) is expected
