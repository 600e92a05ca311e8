"""Our errors are those of the real go command, on trees of modules that nobody thought of."""

from __future__ import annotations

import random

import pytest

from gowatchd.lint.diagnostic import Severity
from tests.support.go import needs_go, run_go
from tests.support.tree import build, diagnose

pytestmark = needs_go

VERSIONS = ("1.22.10", "1.27.3")
GO_LINES = (
    "",
    "go 1.17",
    "go 1.20",
    "go 1.20.1",
    "go 1.21",
    "go 1.21rc2",
    "go 1.21.0",
    "go 1.22",
    "go 1.22.3",
    "go 1.99",
)
TOOLCHAINS = ("", "", "toolchain go1.21.0", "toolchain go1.22.3", "toolchain go1.20.2", "toolchain default")
LINES = (
    "require ex.com/r v1.0.0",
    "require ex.com/r v1.1.0",
    "require (\n\tex.com/r v1.0.0 // indirect\n)",
    "exclude ex.com/r v1.0.0",
    "replace ex.com/r => ../r",
    "replace ex.com/r => ../a/../r/",
    "replace ex.com/r => ./r",
    "replace ex.com/r v1.0.0 => ../r",
    "replace ex.com/r v1.1.0 => ex.com/s v1.0.0",
    "replace ex.com/a => ../r",
    "foo bar",
)
WORK_LINES = (
    "replace ex.com/r => ./r",
    "replace ex.com/r v1.0.0 => ./r",
    "replace ex.com/r v1.1.0 => ./a",
    "replace ex.com/a v1.0.0 => ./r",
    "replace ex.com/b => ./r",
    "use (",
)
USES = ("./a", "./b", "./c", "a/", "./b/../c", '"./b"', "./gone", "{root}/c", ".")


def random_module(chance, name):
    path = chance.choice((f"ex.com/{name}",) * 9 + ("ex.com/a",))
    lines = [f"module {path}"] if chance.random() < 0.95 else []
    lines += [chance.choice(GO_LINES), chance.choice(TOOLCHAINS)]
    lines += chance.sample(LINES, chance.choice((0, 0, 1, 1, 2)))
    return "\n".join(lines) + "\n"


def random_tree(chance, root):
    """Return a small tree of modules, with a go.work or without, that has a good chance to be right."""
    text = "-- r/go.mod --\nmodule ex.com/r\n\ngo 1.20\n" + "".join(
        f"-- {name}/go.mod --\n{random_module(chance, name)}" for name in "abc"
    )
    if chance.random() < 0.4:
        return f"{text}-- go.mod --\n{random_module(chance, 'm')}"
    uses = [f"use {use.format(root=root)}" for use in chance.sample(USES, chance.choice((1, 2, 2, 3)))]
    others = chance.sample(WORK_LINES, chance.choice((0, 0, 1, 2)))
    go_line = chance.choice((*GO_LINES, "go 1.22.3", "go 1.22.3", "go 1.22.3"))
    return f"{text}-- go.work --\n" + "\n".join([go_line, *uses, *others]) + "\n"


@pytest.mark.parametrize("seed", range(40))
def test_we_agree_with_go_list_on_random_trees(seed, tmp_path):
    text = random_tree(random.Random(seed), tmp_path)
    build(text, tmp_path)
    later = {"replacement-missing", "go-line-below-dependency"}  # what a module's own listing does not need
    for version in VERSIONS:
        go = run_go(version, "list", "-m", cwd=tmp_path)
        ours = [one for one in diagnose(tmp_path, version) if one.severity is Severity.ERROR]
        failing = [one for one in ours if one.code not in later]
        assert bool(failing) == (go.returncode != 0), f"go {version}: {go.stderr.decode()}\n{ours}\n{text}"


@pytest.mark.parametrize("seed", range(40))
def test_we_agree_with_go_list_all_on_random_trees(seed, tmp_path):
    text = random_tree(random.Random(seed), tmp_path)
    build(text, tmp_path)
    for version in VERSIONS:
        go = run_go(version, "list", "-m", "all", cwd=tmp_path)
        said = go.stderr.decode()
        if "GOPROXY=off" in said or "go.sum" in said:
            continue  # it would need the network, which settles nothing
        found = diagnose(tmp_path, version)
        failing = [one for one in found if one.severity is Severity.ERROR or fails_later(one)]
        assert bool(failing) == (go.returncode != 0), f"go {version}: {said}\n{found}\n{text}"


def fails_later(diagnostic):
    """Say whether it is a warning of what only the full listing finds."""
    return diagnostic.code == "useless-toolchain" and diagnostic.message.startswith("updates")
