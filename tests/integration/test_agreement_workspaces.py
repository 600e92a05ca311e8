"""What we say of whole workspaces and of ``go env`` is what the real go command says, and our fixes help."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gowatchd.lint.catalog import check
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.facts import Facts, GoEnvironment
from gowatchd.modfile.kind import Kind
from gowatchd.services.fixing import apply_edits
from gowatchd.services.go_work_setting import with_gowork
from gowatchd.services.workspaces import Workspaces
from gowatchd.style.formatter import tidy
from gowatchd.system.files import SafeFiles
from gowatchd.system.godebug_table import read_godebugs
from tests.support.go import TOOLCHAINS, needs_all_toolchains, run_go
from tests.support.tree import build

pytestmark = needs_all_toolchains

VERSIONS = ("1.22.10", "1.27.3")
LIST = ("list", "-m")
LIST_ALL = ("list", "-m", "all")


@dataclass(frozen=True)
class Shape:
    """Bad and good files in txtar form, and what go says of the bad ones.

    ``command`` is run in ``folder``, with ``environment``. ``versions`` are those that reject it.
    ``severity`` is ours where go only fails in one place, or with one command.
    """

    code: str
    name: str
    bad: str
    good: str
    words: tuple[str, ...]
    command: tuple[str, ...] = LIST
    folder: str = "."
    versions: tuple[str, ...] = VERSIONS
    severity: Severity = Severity.ERROR
    environment: dict[str, str] = field(default_factory=dict)
    good_environment: dict[str, str] = field(default_factory=dict)

    def __str__(self):
        return f"{self.code}: {self.name}"


def module(name, text="", folder=None):
    folder = folder or name
    return f"-- {folder}/go.mod --\nmodule ex.com/{name}\n\ngo 1.21\n{text}-- {folder}/x.go --\npackage x\n"


def work(*uses, text=""):
    return "-- go.work --\ngo 1.21\n" + "".join(f"use ./{one}\n" for one in uses) + text


ALONE = "-- go.mod --\nmodule ex.com/m\n\ngo 1.21\n"
OUTSIDE = (
    "current directory is contained in a module that is not one of the workspace modules listed in go.work"
)
R1, R2 = module("r", folder="r1"), module("r", folder="r2")
REQUIRE_R = "require ex.com/r v1.0.0\n"
VENDORED = "-- vendor/modules.txt --\n# ex.com/r v1.0.0 => ./r1\n## explicit; go 1.21\n# ex.com/r => ./r1\n"
IMPORTER = (
    '-- a/a.go --\npackage a\n\nimport (\n\t_ "ex.com/b"\n\t_ "ex.com/B"\n)\n'
    "-- a/go.mod --\nmodule ex.com/a\n\ngo 1.21\n"
)

SHAPES = (
    Shape(
        "module-not-in-use",
        "a go command in it",
        work("a") + module("a") + module("b"),
        work("a", "b") + module("a") + module("b"),
        (OUTSIDE,),
        ("build", "."),
        "b",
        severity=Severity.INFO,
    ),
    Shape(
        "module-not-in-use",
        "below one that is used",
        work("a") + module("a") + module("b", folder="a/b"),
        work("a", "a/b") + module("a") + module("b", folder="a/b"),
        (),  # "main module (ex.com/a) does not contain package ex.com/a/b"
        ("build", "."),
        "a/b",
        severity=Severity.INFO,
    ),
    Shape(
        "captured-module",
        "a repository of its own",
        work("a") + module("a") + module("b") + "-- b/.git/HEAD --\nref: refs/heads/main\n",
        module("a") + module("b") + "-- b/.git/HEAD --\nref: refs/heads/main\n",
        (OUTSIDE,),
        ("build", "."),
        "b",
        severity=Severity.WARNING,
    ),
    Shape(
        "conflicting-versioned-replacement",
        "all versions, and then one",
        work("a", "b")
        + module("a", REQUIRE_R + "replace ex.com/r => ../r1\n")
        + module("b", "replace ex.com/r v1.0.0 => ../r2\n")
        + R1
        + R2,
        work("a", "b", text="replace ex.com/r => ./r1\n")
        + module("a", REQUIRE_R + "replace ex.com/r => ../r1\n")
        + module("b", "replace ex.com/r v1.0.0 => ../r2\n")
        + R1
        + R2,
        ("conflicting replacements found for ex.com/r@v1.0.0 in workspace modules defined by",),
        LIST_ALL,
    ),
    Shape(
        "conflicting-versioned-replacement",
        "written in two ways",
        work("a", "b/b")
        + module("a", REQUIRE_R + "replace ex.com/r v1.0.0 => ../r1\n")
        + module("b", "replace ex.com/r v1.0.0 => ../../r1\n", "b/b")
        + R1,
        work("a", "b")
        + module("a", REQUIRE_R + "replace ex.com/r v1.0.0 => ../r1\n")
        + module("b", "replace ex.com/r v1.0.0 => ../r1\n")
        + R1,
        ("conflicting replacements found for ex.com/r@v1.0.0 in workspace modules defined by",),
        LIST_ALL,
    ),
    Shape(
        "unpublished-requirement",
        "a sibling at v0.0.0",
        work("a", "b") + module("a") + module("b", "require ex.com/a v0.0.0\n"),
        work("a", "b", text="replace ex.com/a v0.0.0 => ./a\n")
        + module("a")
        + module("b", "require ex.com/a v0.0.0\n"),
        ("ex.com/a@v0.0.0",),
        LIST_ALL,
        severity=Severity.WARNING,
    ),
    Shape(
        "case-collision",
        "two module paths in one build",
        work("a", "b", "c") + IMPORTER + module("b") + module("B", folder="c"),
        work("a", "b", "c") + IMPORTER.replace("ex.com/B", "ex.com/c") + module("b") + module("c"),
        ("case-insensitive import collision:",),
        ("build", "./a"),
        severity=Severity.WARNING,
    ),
    Shape(
        "inconsistent-vendoring",
        "a requirement is new",
        ALONE + REQUIRE_R + "-- vendor/modules.txt --\n",
        ALONE + "-- vendor/modules.txt --\n",
        (
            "inconsistent vendoring in",
            "ex.com/r@v1.0.0: is explicitly required in go.mod, but not marked as explicit in vendor/",
        ),
    ),
    Shape(
        "inconsistent-vendoring",
        "an empty folder",
        ALONE + REQUIRE_R + "-- vendor/README --\n",
        ALONE + "-- vendor/README --\n",
        ("inconsistent vendoring in", "ex.com/r@v1.0.0: is explicitly required in go.mod"),
    ),
    Shape(
        "inconsistent-vendoring",
        "a replacement is new",
        ALONE
        + REQUIRE_R
        + "replace ex.com/r => ./r1\n"
        + R1
        + "-- vendor/modules.txt --\n# ex.com/r v1.0.0\n## explicit\n",
        ALONE + REQUIRE_R + "replace ex.com/r => ./r1\n" + R1 + VENDORED,
        ("ex.com/r: is replaced in go.mod, but not marked as replaced in vendor/modules.txt",),
    ),
    Shape(
        "inconsistent-vendoring",
        "another replacement",
        ALONE + REQUIRE_R + "replace ex.com/r => ./r2\n" + R2 + VENDORED,
        ALONE + REQUIRE_R + "replace ex.com/r => ./r1\n" + R1 + VENDORED,
        ("ex.com/r: is replaced by ./r2 in go.mod, but marked as replaced by ./r1 in vendor/modules.txt",),
    ),
    Shape(
        "inconsistent-vendoring",
        "a requirement has gone",
        ALONE + "-- vendor/modules.txt --\n# ex.com/r v1.0.0\n## explicit\nex.com/r\n",
        ALONE + REQUIRE_R + "-- vendor/modules.txt --\n# ex.com/r v1.0.0\n## explicit\nex.com/r\n",
        ("ex.com/r@v1.0.0: is marked as explicit in vendor/modules.txt, but not explicitly required in go",),
    ),
    Shape(
        "inconsistent-vendoring",
        "a replacement has gone",
        ALONE + "-- vendor/modules.txt --\n# ex.com/r v1.0.0 => ./r1\n",
        ALONE + "-- vendor/modules.txt --\n# ex.com/r v1.0.0\n",
        ("ex.com/r@v1.0.0: is marked as replaced in vendor/modules.txt, but not replaced in go.mod",),
    ),
    Shape(
        "inconsistent-vendoring",
        "of a workspace",
        work("a").replace("1.21", "1.22")
        + module("a", REQUIRE_R + "replace ex.com/r => ../r1\n")
        + R1
        + "-- vendor/modules.txt --\n## workspace\n# ex.com/r v1.0.0 => ../r1\n## explicit\n",
        work("a").replace("1.21", "1.22")
        + module("a", REQUIRE_R + "replace ex.com/r => ../r1\n")
        + R1
        + VENDORED.replace("--\n#", "--\n## workspace\n#"),
        ("ex.com/r: is replaced in a/go.mod, but not marked as replaced in vendor/modules.txt",),
    ),
    Shape(
        "invalid-godebug",
        "unknown, in go.work",
        work("a", text="godebug nosuch=1\n") + module("a"),
        work("a", text="godebug panicnil=1\n") + module("a"),
        ("error loading go.work:", 'unknown godebug "nosuch"'),
        versions=("1.23.9", "1.27.3"),
    ),
    Shape(
        "invalid-godebug",
        "a default from the future",
        ALONE + "godebug default=go1.99\n",
        ALONE + "godebug default=go1.21\n",
        ("error loading go.mod:", "default=go1.99 too new (toolchain is go{version})"),
        versions=("1.23.9", "1.27.3"),
    ),
    Shape(
        "invalid-godebug",
        "a default that is none",
        ALONE + "godebug default=1.21\n",
        ALONE + "godebug default=go1.21\n",
        ("value for default= must be goVERSION",),
        versions=("1.23.9", "1.27.3"),
    ),
    Shape(
        "invalid-godebug",
        "removed, with an old value",
        ALONE + "godebug asynctimerchan=1\n",
        ALONE + "godebug asynctimerchan=0\n",
        ('removed GODEBUG "asynctimerchan" set to old value "1" (https://go.dev/doc/godebug#go-127)',),
        versions=("1.27.3",),
    ),
    Shape(
        "invalid-godebug",
        "removed, with any value",
        ALONE + "godebug x509sha1=0\n",
        ALONE + "godebug panicnil=0\n",
        ('use of removed godebug "x509sha1", see https://go.dev/doc/godebug#go-124',),
        versions=("1.26.6",),
    ),
    Shape(
        "goflags-against-workspace",
        "-mod=mod",
        work("a") + module("a"),
        work("a") + module("a"),
        ('-mod may only be set to readonly or vendor when in workspace mode, but it is set to "mod"',),
        environment={"GOFLAGS": "-mod=mod"},
        good_environment={"GOFLAGS": "-mod=readonly -trimpath"},
    ),
    Shape(
        "goflags-against-workspace",
        "-modfile",
        work("a") + module("a"),
        work("a") + module("a"),
        ("-modfile cannot be used in workspace mode",),
        environment={"GOFLAGS": "-trimpath -modfile=other.mod"},
        good_environment={"GOFLAGS": "-trimpath"},
    ),
    Shape(
        "modules-disabled",
        "off",
        ALONE,
        ALONE,
        ("list -m cannot be used with GO111MODULE=off",),
        environment={"GO111MODULE": "off"},
        good_environment={"GO111MODULE": "on"},
    ),
    Shape(
        "modules-disabled",
        "no such setting",
        ALONE,
        ALONE,
        ("unknown environment setting GO111MODULE=yes",),
        environment={"GO111MODULE": "yes"},
        good_environment={"GO111MODULE": "auto"},
    ),
    Shape(
        "invalid-gowork",
        "a relative path",
        work("a") + module("a"),
        work("a") + module("a"),
        ("invalid GOWORK: not an absolute path",),
        environment={"GOWORK": "go.work"},
        good_environment={"GOWORK": "auto"},
    ),
    Shape(
        "invalid-gowork",
        "no such file, in a module",
        ALONE,
        ALONE,
        ("reading go.work: open /no/such/go.work: no such file or directory",),
        environment={"GOWORK": "/no/such/go.work"},
        good_environment={"GOWORK": "off"},
    ),
    Shape(
        "invalid-gowork",
        "a directory, in a workspace",
        work("a") + module("a"),
        work("a") + module("a"),
        ("reading go.work: read /usr: is a directory",),
        environment={"GOWORK": "/usr"},
    ),
)


def facts(version, environment):
    said = {name.lower(): value for name, value in environment.items()}
    return Facts(
        version,
        switches_toolchain=False,
        environment=GoEnvironment(**said),
        godebugs=read_godebugs(str(TOOLCHAINS[version])),
    )


def diagnose(root, version, environment):
    found = [
        os.path.join(folder, name)
        for folder, _, names in os.walk(root)
        for name in names
        if name in {"go.work", "go.mod"}
    ]
    world = with_gowork(facts(version, environment), SafeFiles())
    return [one for workspace in Workspaces(SafeFiles()).load(found) for one in check(workspace, world)]


def flat(text):
    return re.sub(r"\s+", " ", text)


CASES = [
    pytest.param(shape, version, id=f"{version} {shape}") for shape in SHAPES for version in shape.versions
]


@pytest.mark.parametrize(("shape", "version"), CASES)
def test_go_fails_with_the_words_that_we_show(shape, version, tmp_path):
    build(shape.bad, tmp_path)
    go = run_go(version, *shape.command, cwd=tmp_path / shape.folder, **shape.environment)
    said = flat(go.stderr.decode())
    ours = [one for one in diagnose(tmp_path, version, shape.environment) if one.code == shape.code]
    assert go.returncode != 0, said
    assert [one.severity for one in ours] == [shape.severity]
    for words in shape.words:
        expected = words.format(version=version)
        assert expected in said
        assert expected in flat(ours[0].message)


@pytest.mark.parametrize(("shape", "version"), CASES)
def test_go_accepts_what_we_accept(shape, version, tmp_path):
    build(shape.good, tmp_path)
    go = run_go(version, *shape.command, cwd=tmp_path / shape.folder, **shape.good_environment)
    assert go.returncode == 0, go.stderr.decode()
    assert shape.code not in {one.code for one in diagnose(tmp_path, version, shape.good_environment)}


@pytest.mark.parametrize("version", VERSIONS)
def test_go_warns_of_gopath_where_we_do(version, tmp_path):
    build(ALONE, tmp_path)
    goroot = run_go(version, "env", "GOROOT", cwd=tmp_path).stdout.decode().strip()
    for gopath, code, words in (
        (
            goroot,
            "gopath-is-goroot",
            f"GOPATH set to GOROOT ({goroot}) has no effect"
            if version == "1.22.10"
            else f"both GOPATH and GOROOT are the same directory ({goroot})",
        ),
        (str(tmp_path), "file-in-gopath", f"ignoring go.mod in $GOPATH {tmp_path}"),
        (str(tmp_path / "elsewhere"), None, "go: warning"),
    ):
        environment = {"GOPATH": gopath, "GOROOT": goroot}
        go = run_go(version, "list", "-m", cwd=tmp_path, GOPATH=gopath)
        ours = [
            one for one in diagnose(tmp_path, version, environment) if one.path == str(tmp_path / "go.mod")
        ]
        assert go.returncode == 0
        assert (words in go.stderr.decode()) is (code is not None)
        assert [(one.code, one.severity) for one in ours] == ([(code, Severity.WARNING)] if code else [])
        assert all(words in one.message for one in ours)


FIXES = (
    # code, files, what go says of them with which command
    ("module-not-in-use", work("a") + module("a") + module("b"), ("build", "./b")),
    ("module-not-in-use", "-- go.work --\ngo 1.20\n\nuse ./b // here\n" + module("a") + module("b"), LIST),
    (
        "module-not-in-use",
        work("b") + module("a") + module("c", folder="c d") + module("b"),
        ("build", "./a"),
    ),
    ("empty-workspace", "-- go.work --\n" + module("a"), ("build", "./a")),
    (
        "empty-workspace",
        "-- go.work --\n// Everything.\n\ngo 1.20\n" + module("a") + module("b"),
        ("build", "./a"),
    ),
    ("use-missing-module", work("a", "gone") + module("a"), LIST),
    (
        "use-missing-module",
        "-- go.work --\ngo 1.21\n\nuse (\n\t// The one.\n\t./a\n\t// Left.\n\t./gone // long ago\n)\n"
        + module("a"),
        LIST,
    ),
    ("duplicate-use", work("a", "a/") + module("a"), LIST),
    ("go-line-too-low", "-- go.work --\n// Ours.\n\n// The only one.\nuse ./a\n" + module("a"), LIST),
    ("go-line-too-low", "-- go.work --\ngo 1.20 // for now\n\nuse ./a\n" + module("a"), LIST),
    (
        "replaced-workspace-module",
        work("a", text="\n// Ours.\nreplace ex.com/a => ./r1\n") + module("a") + R1,
        LIST,
    ),
    (
        "unpublished-requirement",
        work("a", "b") + module("a") + module("b", "require ex.com/a v0.0.0\n"),
        LIST_ALL,
    ),
)


@pytest.mark.parametrize(("code", "files", "command"), FIXES)
def test_after_the_fix_go_is_content(code, files, command, tmp_path):
    build(files, tmp_path)
    commented = re.findall("//.*", (tmp_path / "go.work").read_text())
    assert any(run_go(version, *command, cwd=tmp_path).returncode for version in VERSIONS)
    (found,) = (one for one in diagnose(tmp_path, "1.27.3", {}) if one.code == code)
    for path in {edit.path for edit in found.fix.edits}:
        fixed = apply_edits(Path(path).read_bytes(), [edit for edit in found.fix.edits if edit.path == path])
        Path(path).write_bytes(fixed)
    for version in VERSIONS:
        go = run_go(version, *command, cwd=tmp_path)
        assert go.returncode == 0, go.stderr.decode() + (tmp_path / "go.work").read_text()
    assert code not in {one.code for one in diagnose(tmp_path, "1.27.3", {})}
    assert re.findall("//.*", (tmp_path / "go.work").read_text()) == commented


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("go 1.21\n\nuse ./b\n", "go 1.21\n\nuse (\n\t./a\n\t./b\n\t./c\n)\n"),
        ("go 1.21\n\nuse (\n\t./a\n\t./c\n)\n", "go 1.21\n\nuse (\n\t./a\n\t./b\n\t./c\n)\n"),
        (
            "go 1.21\n\n// All.\nuse (\n\t./a // first\n\t// Middle.\n\t./b\n)\n",
            "go 1.21\n\n// All.\nuse (\n\t./a // first\n\t// Middle.\n\t./b\n\t./c\n)\n",
        ),
        ("go 1.21\n\nuse ./a // it\n", "go 1.21\n\nuse (\n\t./a // it\n\t./b\n\t./c\n)\n"),
        ("go 1.21\n", "go 1.21\n\nuse (\n\t./a\n\t./b\n\t./c\n)\n"),
    ],
)
def test_a_module_is_added_where_the_formatter_would_have_it(before, after, tmp_path):
    build(module("a") + module("b") + module("c"), tmp_path)
    (tmp_path / "go.work").write_text(before)
    found = diagnose(tmp_path, "1.27.3", {})
    (fix,) = (one.fix for one in found if one.code in {"module-not-in-use", "empty-workspace"})
    fixed = apply_edits(before.encode(), fix.edits)
    assert fixed.decode() == after
    assert tidy(fixed, Kind.WORK).data == fixed
