"""The real go command beside our rules: nothing is said twice, nothing that go says is lost."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from gowatchd.lint.catalog import check
from gowatchd.lint.diagnostic import Diagnostic, Severity
from gowatchd.lint.facts import Facts
from gowatchd.services import cross_check
from gowatchd.services.cross_check import CrossChecker
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.child import ChildPool
from gowatchd.system.go_command import GoCommand
from gowatchd.system.go_installation import GoInstallation
from gowatchd.system.go_search import find_go
from tests.support.files import PlainFiles
from tests.support.go import NEWEST, TOOLCHAINS, needs_all_toolchains, needs_go
from tests.support.main_loop import MainLoop
from tests.support.memory import txtar

A = "-- a/go.mod --\nmodule ex.com/a\n\ngo 1.21\n"
B = "-- b/go.mod --\nmodule ex.com/b\n\ngo 1.21\n"


def work(text: str, *modules: str) -> str:
    return f"-- go.work --\n{text}\n" + "".join(modules)


@dataclass(frozen=True)
class Shape:
    """Files that go rejects; where our rules are silent go's own complaint has ``code`` at ``place``."""

    name: str
    files: str
    code: str
    place: tuple[str, int]

    def __str__(self) -> str:
        return self.name


KNOWN = (
    Shape("no folder", work("go 1.21\nuse ./a\nuse ./no", A), "use-missing-module", ("go.work", 3)),
    Shape(
        "a folder outside",
        work("go 1.21\nuse (\n\t./a\n\t../elsewhere/no\n)", A),
        "use-missing-module",
        ("go.work", 4),
    ),
    Shape(
        "a member that does not parse",
        work("go 1.21\nuse ./a\nuse ./b", A, "-- b/go.mod --\nmodule ex.com/b\nfoo\n"),
        "syntax",
        ("b/go.mod", 2),
    ),
    Shape(
        "a member without a name",
        work("go 1.21\nuse ./a\nuse ./b", A, "-- b/go.mod --\ngo 1.21\n"),
        "use-invalid-module",
        ("go.work", 3),
    ),
    Shape(
        "go line too low",
        work("go 1.20\nuse ./a\nuse ./b", A, B),
        "go-line-too-low",
        ("go.work", 2),
    ),
    Shape("no go line", work("use ./a", A), "go-line-too-low", ("go.work", 1)),
    Shape("used twice", work("go 1.21\nuse ./a\nuse ./b/../a", A, B), "duplicate-use", ("go.work", 3)),
    Shape(
        "one name for two",
        work("go 1.21\nuse ./a\nuse ./b", A, A.replace("a/go.mod", "b/go.mod")),
        "duplicate-module",
        ("go.work", 2),
    ),
    Shape(
        "a replaced member",
        work("go 1.21\nuse ./a\nuse ./b\nreplace ex.com/b => ./a", A, B),
        "replaced-workspace-module",
        ("go.work", 3),
    ),
    Shape(
        "members that disagree",
        work(
            "go 1.21\nuse ./a\nuse ./b",
            A + "replace foo.com/x v1.0.0 => ../c\n",
            B + "replace foo.com/x v1.0.0 => ../d\n",
        ),
        "conflicting-member-replacements",
        ("go.work", 1),
    ),
    Shape(
        "a go.work that disagrees with itself",
        work("go 1.21\nuse ./a\nreplace foo.com/x => ./c\nreplace foo.com/x => ./d", A),
        "conflicting-replacements",
        ("go.work", 1),
    ),
    Shape("an open block", work("go 1.21\nuse (\n\t./a\n", A), "syntax", ("go.work", 5)),
    Shape("an unknown directive", work("go 1.21\nuse ./a\nuses ./b", A, B), "syntax", ("go.work", 3)),
    Shape("a go.mod that does not parse", A.replace("a/", "") + "foo\nbar\n", "syntax", ("go.mod", 4)),
    Shape("an empty go.mod", "-- go.mod --\n", "missing-module-directive", ("go.mod", 1)),
    Shape(
        "a module required twice",
        A.replace("a/", "") + "require foo.com/x v1.0.0\nrequire foo.com/x v1.1.0\n",
        "go-command",
        ("go.mod", 1),
    ),
    Shape(
        "replacements that disagree",
        A.replace("a/", "") + "replace foo.com/x => ./y\nreplace foo.com/x => ./z\n",
        "conflicting-replacements",
        ("go.mod", 1),
    ),
)


@pytest.fixture
def loop():
    return MainLoop()


@pytest.fixture
def ask(loop, tmp_path):
    """Write files, ask our rules and then go; answers with the workspace and both opinions."""
    pool = ChildPool(loop)
    root = tmp_path / "a folder"

    def ask(files: str, go: GoInstallation, ours: tuple[Diagnostic, ...] | None = None):
        for path, content in txtar(files, str(root)).items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(content)
        top = "go.work" if (root / "go.work").exists() else "go.mod"
        workspace = Workspaces(PlainFiles()).load([str(root / top)])[0]
        if ours is None:
            ours = check(workspace, Facts(go.version, go.switches_toolchain))
        checker = CrossChecker(GoCommand(pool, go))
        answers: list[tuple[Diagnostic, ...]] = []
        checker.check(workspace, ours, answers.append)
        loop.run_until(lambda: answers)
        assert checker.trouble == ""
        return ours, answers[0]

    yield ask
    pool.close()


def toolchain(version: str) -> GoInstallation:
    return find_go(str(TOOLCHAINS[version] / "bin" / "go"))


def places(diagnostics, root: Path) -> set[tuple[str, str, int]]:
    return {(one.code, os.path.relpath(one.path, root), one.span.start.line) for one in diagnostics}


@needs_all_toolchains
@pytest.mark.parametrize("version", TOOLCHAINS)
@pytest.mark.parametrize("shape", KNOWN, ids=str)
def test_what_our_rules_say_is_not_said_again(ask, shape, version):
    ours, both = ask(shape.files, toolchain(version))
    assert any(one.severity is Severity.ERROR for one in ours)
    assert both == ours


@needs_all_toolchains
@pytest.mark.parametrize("version", TOOLCHAINS)
@pytest.mark.parametrize("shape", KNOWN, ids=str)
def test_where_our_rules_are_silent_go_is_heard(ask, tmp_path, shape, version):
    _, both = ask(shape.files, toolchain(version), ours=())
    found = places(both, tmp_path / "a folder")
    wanted = {(shape.code, *shape.place)}
    # up to Go 1.22 a repeated use has no line: it is shown at the first use of that folder
    if shape.name == "used twice" and version.startswith(("1.21", "1.22")):
        wanted = {("duplicate-use", "go.work", 2)}
    assert wanted <= found
    assert all(one.severity is Severity.ERROR for one in both)


@needs_go
@pytest.mark.parametrize(
    ("files", "place"),
    [
        (work("go 1.24\nuse ./a\ngodebug nosuch=1", A), ("go.work", 3)),
        ("-- go.mod --\nmodule go\n", ("go.mod", 1)),
    ],
    ids=["an unknown godebug", "a reserved name"],
)
def test_what_only_go_knows_is_added_in_its_words(ask, tmp_path, files, place):
    ours, both = ask(files, toolchain(NEWEST))
    (news,) = set(both) - set(ours)
    assert places([news], tmp_path / "a folder") == {("go-command", *place)}
    assert news.message.startswith("go list -m: ")


@needs_go
@pytest.mark.parametrize(
    "files",
    [
        work("go 1.21\nuse ./a\nuse ./b", A, B),
        A.replace("a/", "") + "require foo.com/x v1.0.0\n",
        work("go 1.21", A),
        work("go 1.99\nuse ./a", A),
    ],
    ids=["a sound workspace", "a module that is not here", "no members", "a go of the future"],
)
def test_what_go_accepts_or_cannot_know_adds_nothing(ask, files):
    ours, both = ask(files, toolchain(NEWEST))
    assert both == ours


@needs_go
def test_a_go_that_hangs_costs_the_opinion_and_nothing_else(loop, tmp_path, monkeypatch):
    monkeypatch.setattr(cross_check, "SECONDS", 0.3)
    (tmp_path / "go.mod").write_text("module ex.com/m\n")
    slow = tmp_path / "go"
    slow.write_text("#!/bin/sh\nsleep 300\n")
    slow.chmod(0o755)
    real = toolchain(NEWEST)
    pool = ChildPool(loop)
    (workspace,) = Workspaces(PlainFiles()).load([str(tmp_path / "go.mod")])
    answers: list[tuple[Diagnostic, ...]] = []
    go = GoInstallation(str(slow), "test", "1.0", "", "", "", "local", "")
    checker = CrossChecker(GoCommand(pool, go))
    checker.check(workspace, (), answers.append)
    loop.run_until(lambda: answers)
    assert answers == [()]
    assert checker.trouble == "go did not answer in 0.3 s"
    checker = CrossChecker(GoCommand(pool, real))
    monkeypatch.setattr(cross_check, "SECONDS", 20)
    checker.check(workspace, (), answers.append)
    loop.run_until(lambda: len(answers) == 2)
    assert checker.trouble == ""
    pool.close()


@needs_go
def test_of_many_saves_only_the_last_is_answered(loop, tmp_path):
    (tmp_path / "go.mod").write_text("module ex.com/m\n")
    pool = ChildPool(loop)
    (workspace,) = Workspaces(PlainFiles()).load([str(tmp_path / "go.mod")])
    checker = CrossChecker(GoCommand(pool, toolchain(NEWEST)))
    answered: list[int] = []
    for number in range(5):
        checker.check(workspace, (), lambda _, number=number: answered.append(number))
    loop.run_until(lambda: answered)
    assert answered == [4]
    pool.close()
