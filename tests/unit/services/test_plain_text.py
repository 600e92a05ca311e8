from __future__ import annotations

import os

import pytest

from gowatchd.services.plain_text import escape, shorten


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain, with ünï and 中文", "plain, with ünï and 中文"),
        (r"C:\path", r"C:\path"),
        ("two\nlines\tand\rmore", r"two\nlines\tand\rmore"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        (os.fsdecode(b"\xff.mod"), r"\xff.mod"),
        ("\ud800", r"\ud800"),
        ("a\u202eb\u2028c", r"a\u202eb\u2028c"),
    ],
)
def test_a_line_that_nothing_obeys(text, line):
    assert escape(text) == line
    assert escape(text).encode()


def test_shorten():
    assert shorten("12345", 5) == "12345"
    assert shorten("123456", 5) == "1234…"
