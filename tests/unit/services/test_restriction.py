"""What repositories switch off adds up, and only ever grows."""

from __future__ import annotations

import pytest

from gowatchd.services.restriction import LEVELS, UNRESTRICTED, Restriction


def test_two_of_them_switch_off_what_either_does():
    one = Restriction("f", "", cross_check=True, disable=frozenset({"a"}), level="changes", problems=("p",))
    two = Restriction("", "w", cross_check=False, disable=frozenset({"b"}), level="problems")
    both = one.and_also(two)
    assert (both.unformatted, both.unwatched, both.cross_check) == ("f", "w", False)
    assert (both.disable, both.level, both.problems) == ({"a", "b"}, "problems", ("p",))
    assert UNRESTRICTED.and_also(one) == one
    assert one.and_also(UNRESTRICTED) == one


@pytest.mark.parametrize("level", LEVELS)
def test_no_level_is_above_the_lowest(level):
    assert Restriction(level="off").and_also(Restriction(level=level)).level == "off"


@pytest.mark.parametrize(
    ("pattern", "name", "out"),
    [
        ("third_party", "third_party/go.mod", True),
        ("third_party", "a/third_party/b/go.mod", True),
        ("third_party/", "third_party/go.mod", True),
        ("third_party", "a/third_party_too/go.mod", False),
        ("third*", "third_party/go.mod", True),
        ("a/b", "x/a/b/c/go.mod", True),
        ("/a/b", "x/a/b/c/go.mod", False),
        ("/a/b", "a/b/c/go.mod", True),
        ("go.mod", "go.mod", False),
        ("repo", "go.mod", False),
    ],
)
def test_patterns_name_folders_below_the_file(pattern, name, out):
    restriction = Restriction(excludes=(("/repo", pattern),))
    assert bool(restriction.left_out(f"/repo/{name}")) is out
