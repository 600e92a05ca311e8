"""Which of several a person means."""

from __future__ import annotations

import io

import pytest

from gowatchd.cli import question
from gowatchd.cli.errors import CommandError
from gowatchd.cli.question import AnswerError, ask_which, confirm, selected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", [0, 1, 2, 3]),
        ("\n", [0, 1, 2, 3]),
        ("All", [0, 1, 2, 3]),
        ("none", []),
        ("2", [1]),
        ("4,1", [0, 3]),
        ("1-2 4", [0, 1, 3]),
        ("1-3,2-4", [0, 1, 2, 3]),
    ],
)
def test_answers(answer, expected):
    assert selected(answer, 4) == expected


@pytest.mark.parametrize("answer", ["0", "5", "3-2", "x", "1-", "-1", "all 2", "1" * 5000, "²"])
def test_answers_that_mean_nothing(answer):
    with pytest.raises(AnswerError):
        selected(answer, 4)


@pytest.fixture
def typed(monkeypatch):
    return lambda text: monkeypatch.setattr(question.sys, "stdin", io.StringIO(text))


def test_it_asks_until_it_understands(typed, capsys):
    typed("9\n2\n")
    assert ask_which([("a", "x"), ("bb", "\x1b")], "ab", "Letters:") == ("b",)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Letters:\n  1  a   x\n  2  bb  \\x1b\nUse which?")
    assert "9 is not between 1 and 2" in captured.err


def test_the_end_of_input_changes_nothing(typed):
    typed("")
    with pytest.raises(CommandError) as caught:
        ask_which([("a",)], "a", "Letters:")
    assert caught.value.code == 130


@pytest.mark.parametrize(("text", "expected"), [("\n", True), ("Y\n", True), ("what\nno\n", False)])
def test_confirm(typed, text, expected):
    typed(text)
    assert confirm("Well?") is expected
