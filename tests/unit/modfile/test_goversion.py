from __future__ import annotations

import random
from itertools import pairwise

import pytest

from gowatchd.modfile import goversion

ASCENDING = [
    "x",
    "1",
    "1.5alpha1",
    "1.5beta1",
    "1.5beta2",
    "1.5rc1",
    "1.5",
    "1.5.1",
    "1.20",
    "1.20.1",
    "1.21",
    "1.21alpha1",
    "1.21rc1",
    "1.21rc2",
    "1.21rc10",
    "1.21.0",
    "1.21.1",
    "1.21.10",
    "1.22",
    "2",
]
# In front of Go 1.21 a missing patch is 0, but a pre-release has no patch and so comes first.


def test_order():
    assert sorted(random.Random(1).sample(ASCENDING, len(ASCENDING)), key=goversion.sort_key) == ASCENDING
    assert [goversion.compare(a, b) for a, b in pairwise(ASCENDING)] == [-1] * (len(ASCENDING) - 1)
    assert goversion.compare("1.20", "1.20.0") == 0
    assert goversion.compare("1.21", "1.21.0") == -1
    assert goversion.compare("go1.21", "") == 0
    assert goversion.compare("1", "1.0.0") == 0


@pytest.mark.parametrize(
    ("text", "line", "valid"),
    [
        ("1.21", True, True),
        ("1.21rc1", True, True),
        ("1.21.0", True, True),
        ("1.21.3rc1", True, False),
        ("1.21x9", True, True),
        ("1.21rc", False, True),
        ("1", False, True),
        ("1.021", False, False),
        ("0.1", False, True),
        ("go1.21", False, False),
        ("1.21\n", False, False),
        ("", False, False),
    ],
)
def test_a_go_line_takes_other_versions_than_are_valid(text, line, valid):
    assert goversion.is_go_line(text) is line
    assert goversion.is_valid(text) is valid


@pytest.mark.parametrize(
    ("name", "accepted", "version"),
    [
        ("go1.21.3", True, "1.21.3"),
        ("go1.21.3-custom", True, "1.21.3"),
        ("go1", True, "1"),
        ("go1.x", True, ""),
        ("default", True, ""),
        ("default\n", False, ""),
        ("go2", False, "2"),
        ("go1.21/x", True, ""),
        ("local", False, ""),
    ],
)
def test_toolchain_names(name, accepted, version):
    assert goversion.is_toolchain_line(name) is accepted
    assert goversion.of_toolchain(name) == version


@pytest.mark.parametrize(
    ("version", "language"), [("1.21.3", "1.21"), ("1.22rc1", "1.22"), ("1", "1"), ("1.0.3", "1"), ("x", "")]
)
def test_language(version, language):
    assert goversion.language(version) == language
