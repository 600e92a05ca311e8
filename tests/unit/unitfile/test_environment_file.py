"""Values as systemd's own test-env-file.c has them, and the traps that people step into."""

import pytest

from gowatchd.unitfile.environment_file import parse_environment_file


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a=a\nb=b\n", {"a": "a", "b": "b"}),
        ("a=a", {"a": "a"}),
        ("a=a\\\n  continued\n", {"a": "a  continued"}),
        ("# c\n; d\n\na = b c \n", {"a": "b c"}),
        ('a=\'x y\'"z \\"q\\" \\n"w\n', {"a": 'x yz "q" \\nw'}),
        ('a="one\ntwo"\nb=3', {"a": "one\ntwo", "b": "3"}),
        ("a=\nb=''\n", {"a": "", "b": ""}),
        ("export X=1\nY=2\n", {"Y": "2"}),
        ("1A=x\nno equals\nB=$HOME/x\n", {"B": "$HOME/x"}),
        ("a=1\na=2\n", {"a": "2"}),
        ("a=x # no comment\n", {"a": "x # no comment"}),
        ("# a comment that goes on \\\nb=1\n", {"b": "1"}),
        ("a=trailing\\ \n", {"a": "trailing "}),
        ('a="open', {"a": "open"}),
        ("", {}),
    ],
)
def test_values(text, values):
    assert parse_environment_file(text) == values
