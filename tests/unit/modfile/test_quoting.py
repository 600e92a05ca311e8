from __future__ import annotations

import pytest

from gowatchd.modfile.quoting import auto_quote, must_quote, parse_string, quote, unquote


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", '""'),
        ("a b", '"a b"'),
        ('"\\\a\b\f\n\r\t\v', r'"\"\\\a\b\f\n\r\t\v"'),
        ("\x00\x1f\x7f", r'"\x00\x1f\x7f"'),
        ("\xa0\ufeff\U000e0001", r'"\u00a0\ufeff\U000e0001"'),
        ("\udcff", r'"\xff"'),
        ("é\U0001f600'`", '"é\U0001f600\'`"'),
    ],
)
def test_quoting_and_back(text, literal):
    assert quote(text) == literal
    assert unquote(literal) == text


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (r'"\x41\101\u0041\U00000041"', "AAAA"),
        (r'"\xc3\xa9"', "é"),
        (r'"\xc3"', "\udcc3"),
        ('"\udcff"', "\ufffd"),
        ('"', None),
        ('"a', None),
        (r'"\q"', None),
        (r'"\'"', None),
        (r'"\x4"', None),
        (r'"\400"', None),
        (r'"\ud800"', None),
        (r'"\U00110000"', None),
        ('"a"b"', None),
        ('"a\nb"', None),
    ],
)
def test_unquoting(literal, text):
    assert unquote(literal) == text


@pytest.mark.parametrize("text", ["", " ", "'", '"', "`", "a,b", "()", "a//b", "/*", "\t", "\u2028"])
def test_quotes_are_needed(text):
    assert must_quote(text)
    assert auto_quote(text) == quote(text)


@pytest.mark.parametrize("text", ["a", "(", ",", "\\", "é", "\udcff", "a/b", "=>"])
def test_quotes_are_not_needed(text):
    assert auto_quote(text) == text


def test_tokens():
    assert parse_string("a") == ("a", "a")
    assert parse_string('"a"') == ("a", "a")
    assert parse_string('"\\x61 b"') == ("a b", '"a b"')
    with pytest.raises(ValueError, match="unquoted string cannot contain quote"):
        parse_string("a'b")
    with pytest.raises(ValueError, match="invalid syntax"):
        parse_string('"\\q"')
