"""Modules made at random, with local dependencies: we find an error exactly where the real go does."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from gowatchd.lint.diagnostic import Severity
from tests.support.go import NEWEST, needs_go, run_go
from tests.support.tree import build, diagnose

pytestmark = needs_go

CASES = 80
COMMANDS = (("list", "-m"), ("list", "-m", "all"), ("build", "./..."))
NAMES = "rst"
VERSIONS = ("v1.0.0", "v1.1.0", "v1.2.0")
GO_LINES = ("1.16", "1.18", "1.20", "1.20.3", "1.21", "1.21.0", "1.21rc1", "1.21.3rc1", "1.22", "")
TOOLCHAINS = ("go1.21.0", "go1.22", "go1.20.1", "default", "go1.x", "go1.21", "go1.22.3")
RETRACTED = ("v1.0.0", "v2.0.0", "[v1.0.0, v0.1.0]")


def dependency(chance, name):
    lines = [f"module ex.com/{name}", *go_line(chance)]
    others = [other for other in NAMES if other != name and chance.random() < 0.4]
    return "\n".join([*lines, *(f"require ex.com/{other} {chance.choice(VERSIONS)}" for other in others)])


def go_line(chance):
    version = chance.choice(GO_LINES)
    return [f"go {version}"] if version else []


def main_module(chance):
    lines = ["module ex.com/m", *go_line(chance)]
    if chance.random() < 0.5:
        lines.append(f"toolchain {chance.choice(TOOLCHAINS)}")
    for name in NAMES:
        times = (chance.random() < 0.7) + (chance.random() < 0.06)
        lines += [f"require ex.com/{name} {chance.choice(VERSIONS)}" for _ in range(times)]
        target = name if chance.random() < 0.9 else chance.choice(NAMES)
        lines.append(f"replace ex.com/{name} => ./{target}")
    if chance.random() < 0.15:
        lines.append(f"exclude ex.com/{chance.choice(NAMES)} {chance.choice(VERSIONS)}")
    if chance.random() < 0.06:
        lines.append(f"retract {chance.choice(RETRACTED)}")
    return "\n".join(lines)


@pytest.mark.parametrize("version", ["1.22.10", NEWEST])
def test_our_errors_are_those_of_go(version, tmp_path):
    chance = random.Random(version)
    found: Counter[str] = Counter()
    for number in range(CASES):
        text = f"-- go.mod --\n{main_module(chance)}\n-- m.go --\npackage m\n"
        for name in NAMES:
            text += (
                f"-- {name}/go.mod --\n{dependency(chance, name)}\n-- {name}/{name}.go --\npackage {name}\n"
            )
        root = tmp_path / str(number)
        build(text, root)
        said = [run_go(version, *command, cwd=root) for command in COMMANDS]
        theirs = [one.stderr.decode() for one in said if one.returncode]
        ours = [one for one in diagnose(root, version) if one.severity is Severity.ERROR]
        assert bool(ours) == bool(theirs), f"{text}\ngo: {theirs}\nours: {ours}"
        found.update(one.code for one in ours)
        found["none"] += not ours
    assert min(found["none"], found["require-below-dependency"], found["useless-toolchain"]) > 0
