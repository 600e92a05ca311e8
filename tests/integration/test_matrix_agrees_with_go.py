"""The matrix against seven real toolchains: what it says yes to runs, and what it says no to does not."""

from __future__ import annotations

import random

import pytest

from gowatchd.cli import matrix as verb
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.files import SafeFiles
from gowatchd.workspace.compatibility import Verdict, columns_of, matrix
from tests.support.go import TOOLCHAINS, needs_all_toolchains, run_go
from tests.support.tree import build

pytestmark = needs_all_toolchains

A = "-- a/go.mod --\nmodule ex.com/a\n\n"
B = "-- b/go.mod --\nmodule ex.com/b\n\n"

WORKSPACES = {
    "plain": f"-- go.work --\ngo 1.21\nuse ./a\nuse ./b\n{A}go 1.20\n{B}go 1.18\n",
    "no go lines": f"-- go.work --\nuse ./a\n{A}",
    "go line of go.work": f"-- go.work --\ngo 1.24\nuse ./a\n{A}go 1.21\n",
    "go line between releases": f"-- go.work --\ngo 1.22.11\nuse ./a\n{A}go 1.22.9\n",
    "release candidate": f"-- go.work --\ngo 1.25rc1\nuse ./a\n{A}go 1.25rc1\n",
    "module above go.work": f"-- go.work --\ngo 1.22\nuse ./a\nuse ./b\n{A}go 1.22.0\n{B}go 1.21\n",
    "old module above go.work": f"-- go.work --\ngo 1.18\nuse ./a\n{A}go 1.20\n",
    "toolchain": f"-- go.work --\ngo 1.21\ntoolchain go1.99.1\nuse ./a\n{A}go 1.21\n",
    "godebug in a member": f"-- go.work --\ngo 1.21\nuse ./a\n{A}go 1.21\n\ngodebug panicnil=1\n",
    "godebug in go.work": f"-- go.work --\ngo 1.21\ngodebug panicnil=1\nuse ./a\n{A}go 1.21\n",
    "godebug default": (
        f"-- go.work --\ngo 1.21\ngodebug default=go1.26\nuse ./a\n{A}go 1.21\n\ngodebug default=go1.25\n"
    ),
    "tool": f"-- go.work --\ngo 1.21\nuse ./a\nuse ./b\n{A}go 1.21\n\ntool ex.com/a/x\n{B}go 1.21\n",
    "ignore block": f"-- go.work --\ngo 1.21\nuse ./a\n{A}go 1.21\n\nignore (\n\t./x\n\t./y\n)\n",
    "bare dots": f"-- go.work --\ngo 1.21\nuse ./a\n{A}go 1.21\n\nreplace ex.com/top => ..\n",
    "bare dots in go.work": f"-- go.work --\ngo 1.21\nuse ./a\nreplace ex.com/top => .\n{A}go 1.21\n",
    "local dependency": (
        f"-- go.work --\ngo 1.24\nuse ./a\n{A}go 1.24\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ../r\n"
        "-- r/go.mod --\nmodule ex.com/r\n\ngo 1.24\n"
    ),
    "local dependency of go.work": (
        f"-- go.work --\ngo 1.21\nuse ./b\nreplace ex.com/r => ./r\n{B}go 1.21\n\nrequire ex.com/r v1.0.0\n"
        "-- r/go.mod --\nmodule ex.com/r\n\ngo 1.25.1\n\nignore ./x\n"
    ),
    **{
        f"local dependency of a local dependency, {main} and {dependency}": (
            f"-- go.work --\ngo 1.21\nuse ./b\nreplace ex.com/r => ./r\nreplace ex.com/s v1.0.0 => ./s\n"
            f"{B}go {main}\n\nrequire ex.com/r v1.0.0\n"
            f"-- r/go.mod --\nmodule ex.com/r\n\ngo {dependency}\n\nrequire ex.com/s v1.0.0\n"
            "-- s/go.mod --\nmodule ex.com/s\n\ngo 1.23.0\n"
        )
        for main, dependency in (("1.21", "1.21"), ("1.21", "1.16"), ("1.16", "1.20"), ("1.16", "1.16"))
    },
}


def load(path):
    (workspace,) = Workspaces(SafeFiles()).load([str(path)])
    return workspace


@pytest.mark.parametrize("name", WORKSPACES)
def test_workspace_and_modules(tmp_path, name):
    build(WORKSPACES[name], tmp_path)
    workspace = load(tmp_path / "go.work")
    alone = {member.file.path: load(member.file.path) for member in workspace.members}
    work, *modules = matrix(workspace, alone, {}, columns_of(TOOLCHAINS, None))
    questions = [(work, tmp_path, str(tmp_path / "go.work"))]
    # a requirement that only go.work replaces would have to be downloaded without it
    if "of go.work" not in name and "dependency of a" not in name:
        questions += [(one, tmp_path / one.name.rpartition("/")[2], "off") for one in modules]
    for row, directory, gowork in questions:
        for cell in row.cells:
            version = cell.column.version
            finished = run_go(
                version, "list", "-m", "all", cwd=directory, GOWORK=gowork, GOFLAGS="-mod=readonly"
            )
            said = finished.stderr.decode()
            assert cell.verdict is not Verdict.MAYBE
            assert (finished.returncode == 0) is (cell.verdict is Verdict.YES), (row.name, version, said)


VERSIONS = (
    "1.16 1.17 1.18 1.20 1.21 1.21.0 1.21.5 1.22 1.22.10 1.22.11 1.23rc1 1.23 1.24.0 1.25 1.26.6 1.27.9"
)
DIRECTIVES = {
    "toolchain go1.99.0": 0.1,
    "tool ex.com/x": 0.1,
    "ignore ./x": 0.1,
    "godebug panicnil=1": 0.1,
    "godebug default=go1.25": 0.1,
}


def random_lines(chance, among):
    lines = [f"go {chance.choice(VERSIONS.split())}"] if chance.random() < 0.9 else []
    lines += [
        line for line, share in DIRECTIVES.items() if line.startswith(among) and chance.random() < share
    ]
    return "".join(f"{line}\n" for line in lines)


def random_workspace(chance):
    """Return one to three modules and two directories that they, or go.work, may replace modules by."""
    modules = [f"m{number}" for number in range(chance.randint(1, 3))]
    work = random_lines(chance, ("toolchain", "godebug"))
    work += "replace ex.com/d0 => ./d0\n" if chance.random() < 0.3 else ""
    files = [f"-- go.work --\n{work}", *(f"use ./{name}\n" for name in modules)]
    for name in (*modules, "d0", "d1"):
        text = f"-- {name}/go.mod --\nmodule ex.com/{name}\n{random_lines(chance, tuple(DIRECTIVES))}"
        if name in modules and chance.random() < 0.5:
            other = chance.choice(("d0", "d1"))
            text += f"require ex.com/{other} v1.0.0\nreplace ex.com/{other} => ../{other}\n"
        files.append(text)
    return "".join(files)


@pytest.mark.parametrize("seed", range(15))
def test_random_workspaces(tmp_path, seed):
    build(random_workspace(random.Random(seed)), tmp_path)
    _, rows = verb._matrix(load(tmp_path / "go.work"), list(TOOLCHAINS), None)
    for row in rows:
        alone = row.name != "go.work"
        directory = tmp_path / row.name.rpartition("/")[2] if alone else tmp_path
        gowork = "off" if alone else str(tmp_path / "go.work")
        for cell in row.cells:
            version = cell.column.version
            finished = run_go(
                version, "list", "-m", "all", cwd=directory, GOWORK=gowork, GOFLAGS="-mod=readonly"
            )
            said = finished.stderr.decode()
            assert (finished.returncode == 0) is (cell.verdict is Verdict.YES), (row.name, version, said)
