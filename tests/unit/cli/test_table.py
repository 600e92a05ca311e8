import pytest

from gowatchd.cli.table import fit, home_as_tilde, pad, width, widths, wrapped


@pytest.mark.parametrize(("text", "cells"), [("abc", 3), ("工具", 4), ("e\u0301", 1), ("é", 1), ("", 0)])
def test_width(text, cells):
    assert width(text) == cells


def test_columns_line_up():
    rows = [["工", "x"], ["abc", ""]]
    assert widths(rows) == [3, 1]
    assert {width(pad(row[0], 3)) for row in rows} == {3}


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abc..."), ("工具工具", 7, "工具..."), ("abc", 1, "...")],
)
def test_fit(text, cells, shown):
    assert fit(text, cells) == shown


def test_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    paths = ("/home/me", "/home/me/src", "/home/meandmore")
    assert [home_as_tilde(path) for path in paths] == ["~", "~/src", "/home/meandmore"]


def test_text_breaks_at_its_spaces_and_wide_characters_take_two_cells():
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("日本 日本", 8) == ["日本 日", "本"]
    assert wrapped("工作区没有 go.work，请运行它。", 12) == ["工作区没有", "go.work，请", "运行它。"]
    assert wrapped("检查（工作区）", 7) == ["检查", "（工作", "区）"]
    assert wrapped("日本 日本", 9) == ["日本 日本"]
    assert wrapped("/a/path/of/some/length x", 5) == ["/a/path/of/some/length", "x"]
    assert wrapped("", 5) == [""]
