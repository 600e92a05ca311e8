"""The table of rules that was tried on systemd 249 to 262; tests/system holds it against the booted one."""

import pytest

from gowatchd.unitfile.expansion import Form, expand, invalid, left, references


def named(*words):
    return [(one.name, one.form) for one in references(words)]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("$VAR", [("VAR", Form.WORD)]),
        ("${VAR}", [("VAR", Form.BRACES)]),
        ("a${VAR}b${W}", [("VAR", Form.BRACES), ("W", Form.BRACES)]),
        ("pre$VAR", []),
        ("$$VAR", []),
        ("a $$VAR ${V}", [("V", Form.BRACES)]),
        ("$${V}", []),
        ("$FOO/bin", []),
        ("${VAR:-x}", []),
        ("${VAR", []),
        ("$", []),
        ("$1", []),
    ],
)
def test_references(word, found):
    assert named(word) == found


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("$FOO/bin x", ["$FOO/bin x"]),
        ("${VAR-x}", ["${VAR-x}"]),
        ("${VAR:-x}", []),
        ("$", ["$"]),
        ("a${1}", ["${1}"]),
        ("$VAR", []),
        ("pre$VAR/bin", []),
        ("$$FOO/bin", []),
    ],
)
def test_what_only_looks_like_a_variable(word, wrong):
    assert list(invalid([word])) == wrong


@pytest.mark.parametrize(
    ("word", "found"),
    [("${VAR:-x}", ["${VAR:-x}"]), ("a ${V:+y} ${W}", ["${V:+y}"]), ("$${VAR:-x}", []), ("$VAR", [])],
)
def test_what_systemd_leaves_for_a_shell(word, found):
    assert list(left([word])) == found


def test_expansion_as_the_program_gets_it():
    values = {"A": "one two", "EMPTY": ""}
    words = ["x", "$A", "<${A}>", "$UNSET", "<${UNSET}>", "$$A", "pre$A", "${A:-y}", "$EMPTY"]
    assert expand(words, values.get) == (*("x", "one", "two", "<one two>", "<>", "$A", "pre$A", "${A:-y}"),)
