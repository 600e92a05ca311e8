from __future__ import annotations

import random
from itertools import pairwise

import pytest

from gowatchd.modfile import semver

# The order in the specification's own example, and what surrounds it.
ASCENDING = [
    "v0.0.0-0",
    "v0.0.0",
    "v0.9.0",
    "v0.10.0",
    "v1.0.0-0",
    "v1.0.0-2",
    "v1.0.0-10",
    "v1.0.0--",
    "v1.0.0-alpha",
    "v1.0.0-alpha.1",
    "v1.0.0-alpha.beta",
    "v1.0.0-beta.2",
    "v1.0.0-beta.11",
    "v1.0.0-rc.1",
    "v1.0.0",
    "v1.0.1",
    "v10",
    "v99999999999999999999.0.0",
]


@pytest.mark.parametrize(
    "version",
    [
        "",
        "1.0.0",
        "v",
        "v01",
        "v1.",
        "v1.2.03",
        "v1.2-rc",
        "v1.2.3-01",
        "v1.2.3-",
        "v1.2.3+",
        "v1.2.3 ",
        "v1.2.3\n",
        "v1.2.3-a..b",
        "v1.2.3-é",
        "v\u0661",
    ],
)
def test_invalid(version):
    assert not semver.is_valid(version)
    assert semver.canonical(version) == semver.major(version) == semver.build(version) == ""
    assert semver.compare(version, "v0.0.0-0") == -1
    assert semver.compare(version, "x") == 0


@pytest.mark.parametrize(
    ("version", "canonical", "major", "prerelease", "build"),
    [
        ("v1", "v1.0.0", "v1", "", ""),
        ("v1.2", "v1.2.0", "v1", "", ""),
        ("v1.2.3", "v1.2.3", "v1", "", ""),
        ("v1.2.3-rc.1+x.y-z", "v1.2.3-rc.1", "v1", "-rc.1", "+x.y-z"),
        ("v2.0.0+incompatible", "v2.0.0", "v2", "", "+incompatible"),
        ("v1.2.3-0a.00a", "v1.2.3-0a.00a", "v1", "-0a.00a", ""),
    ],
)
def test_parts(version, canonical, major, prerelease, build):
    assert semver.canonical(version) == canonical
    assert semver.major(version) == major
    assert semver.prerelease(version) == prerelease
    assert semver.build(version) == build


def test_order():
    shuffled = random.Random(1).sample(ASCENDING, len(ASCENDING))
    assert sorted(shuffled, key=semver.sort_key) == ASCENDING
    assert [semver.compare(a, b) for a, b in pairwise(ASCENDING)] == [-1] * (len(ASCENDING) - 1)
    assert semver.compare("v1", "v1.0.0+x") == 0
    assert semver.compare("v2", "v1") == 1
