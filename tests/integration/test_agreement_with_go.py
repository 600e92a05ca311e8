"""Our errors are those of the real go command: it fails on each bad shape with the words that we show."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from gowatchd.lint.diagnostic import Severity
from tests.support.go import NEWEST, needs_go, run_go
from tests.support.tree import build, diagnose

pytestmark = needs_go

VERSIONS = ("1.22.10", "1.27.3")
MODULE = "-- a/go.mod --\nmodule ex.com/a\n\ngo 1.20\n-- a/a.go --\npackage a\n"
LIBRARY = "-- r/go.mod --\nmodule ex.com/r\n\ngo 1.20\n-- r/r.go --\npackage r\n"


@dataclass(frozen=True)
class Shape:
    """Bad and good files in txtar form, the go command that tells them apart, and its words for the bad."""

    code: str
    name: str
    bad: str
    good: str
    words: tuple[str, ...]
    command: tuple[str, ...] = ("list", "-m")

    def __str__(self):
        return f"{self.code}: {self.name}"


def work(text, modules=MODULE):
    return f"-- go.work --\n{text}\n{modules}"


def mod(text, others=""):
    return f"-- go.mod --\nmodule ex.com/m\n\n{text}\n-- m.go --\npackage m\n{others}"


LISTED = "listed in go.work file"
UPDATES = "updates to go.mod needed"
USED = work("go 1.21\nuse ./a")
PLAIN = mod("go 1.20")

SHAPES = (
    Shape(
        "syntax",
        "an unknown directive in go.mod",
        mod("go 1.20\nfoo bar"),
        PLAIN,
        ("errors parsing go.mod:", "unknown directive: foo"),
    ),
    Shape("syntax", "an open block", mod("require (\n"), PLAIN, ("unterminated block started at",)),
    Shape(
        "syntax", "a byte order mark", "-- go.mod --\n\ufeffmodule ex.com/m\n", PLAIN, ("unexpected input",)
    ),
    Shape("syntax", "too many words", work("use ./a ./b"), USED, ("usage: use local/dir",)),
    Shape(
        "syntax", "a bad go line", mod("go 1.x"), PLAIN, ("invalid go version '1.x': must match format 1.23",)
    ),
    Shape("syntax", "a repeated go line", work("go 1.20\ngo 1.21"), USED, ("repeated go statement",)),
    Shape(
        "use-missing-module",
        "no directory",
        work("use ./b"),
        USED,
        (f"cannot load module b {LISTED}: open b/go.mod: no such file or directory",),
    ),
    Shape(
        "use-missing-module",
        "no go.mod",
        work("use ./b", "-- b/b.go --\npackage b\n"),
        USED,
        (f"cannot load module b {LISTED}: open b/go.mod: no such file or directory",),
    ),
    Shape(
        "use-missing-module",
        "go.mod is a directory",
        work("use ./b", "-- b/go.mod/file --\n"),
        USED,
        (f"cannot load module b {LISTED}: read b/go.mod: is a directory",),
    ),
    Shape(
        "use-invalid-module",
        "go.mod does not parse",
        work("use ./b", "-- b/go.mod --\nmodule ex.com/b\n\nfoo bar\n"),
        USED,
        (f"cannot load module b {LISTED}: errors parsing b/go.mod:", "b/go.mod:3: unknown directive: foo"),
    ),
    Shape(
        "use-invalid-module",
        "go.mod is empty",
        work("use ./b", "-- b/go.mod --\n"),
        USED,
        (f"cannot load module b {LISTED}: error reading b/go.mod: missing module declaration",),
    ),
    Shape(
        "missing-module-directive",
        "in a workspace",
        work("use ./b", "-- b/go.mod --\ngo 1.20\n"),
        USED,
        ("error reading b/go.mod: missing module declaration. To specify the module path:",),
    ),
    Shape(
        "missing-module-directive",
        "alone and empty",
        "-- go.mod --\n",
        PLAIN,
        (
            "error reading go.mod: missing module declaration. To specify the module path:",
            "go mod edit -module=example.com/mod",
        ),
    ),
    Shape(
        "go-line-too-low",
        "below a member",
        work("go 1.20\nuse ./b", "-- b/go.mod --\nmodule ex.com/b\ngo 1.21\n"),
        work("go 1.21\nuse ./b", "-- b/go.mod --\nmodule ex.com/b\ngo 1.21\n"),
        (f"module b {LISTED} requires go >= 1.21, but go.work lists go 1.20",),
    ),
    Shape(
        "go-line-too-low",
        "a language version is below its release",
        work("go 1.22\nuse ./b", "-- b/go.mod --\nmodule ex.com/b\ngo 1.22.0\n"),
        work("go 1.22.0\nuse ./b", "-- b/go.mod --\nmodule ex.com/b\ngo 1.22\n"),
        (f"module b {LISTED} requires go >= 1.22.0, but go.work lists go 1.22",),
    ),
    Shape(
        "go-line-too-low",
        "no go line",
        work("use ./b", "-- b/go.mod --\nmodule ex.com/b\ngo 1.21\n"),
        work("use ./b", "-- b/go.mod --\nmodule ex.com/b\ngo 1.20\n"),
        (f"module b {LISTED} requires go >= 1.21, but go.work", "go 1.18"),
    ),
    Shape(
        "duplicate-use",
        "written differently",
        work("go 1.21\nuse ./a\nuse ./b/../a/"),
        USED,
        ("appears multiple times in workspace",),
    ),
    Shape(
        "duplicate-module",
        "two directories",
        work("go 1.21\nuse ./a\nuse ./b", MODULE + "-- b/go.mod --\nmodule ex.com/a\n"),
        work("go 1.21\nuse ./a\nuse ./b", MODULE + "-- b/go.mod --\nmodule ex.com/b\n"),
        ("module ex.com/a appears multiple times in workspace",),
    ),
    Shape(
        "duplicate-module",
        "a symbolic link",
        work("go 1.21\nuse ./a\nuse ./link", MODULE + "-- link -> a --\n"),
        work("go 1.21\nuse ./link", MODULE + "-- link -> a --\n"),
        ("module ex.com/a appears multiple times in workspace",),
    ),
    Shape(
        "empty-workspace",
        "no use line",
        work("go 1.21"),
        work("go 1.21\nuse .", PLAIN),
        ("no modules were found in the current workspace",),
        ("build", "."),
    ),
    Shape(
        "replaced-workspace-module",
        "at all versions",
        work("go 1.21\nuse ./a\nreplace ex.com/a => ./r", MODULE + LIBRARY),
        work("go 1.21\nuse ./a\nreplace ex.com/a v1.0.0 => ./r", MODULE + LIBRARY),
        (
            (
                "workspace module ex.com/a is replaced at all versions in the go.work file. To fix, remove "
                "the replacement from the go.work file or specify the version at which to replace the module."
            ),
        ),
    ),
    Shape(
        "conflicting-replacements",
        "in go.mod",
        mod("go 1.20\nreplace ex.com/r => ./r\nreplace ex.com/r => ./a", LIBRARY + MODULE),
        mod("go 1.20\nreplace ex.com/r => ./r\nreplace ex.com/r v1.0.0 => ./a", LIBRARY + MODULE),
        ("conflicting replacements for ex.com/r:", "./r", "./a"),
    ),
    Shape(
        "conflicting-replacements",
        "in go.work",
        work(
            "go 1.21\nuse ./a\nreplace ex.com/r v1.0.0 => ./r\nreplace ex.com/r v1.0.0 => ./a",
            MODULE + LIBRARY,
        ),
        work(
            "go 1.21\nuse ./a\nreplace ex.com/r v1.0.0 => ./r\nreplace ex.com/r v1.0.0 => ./r",
            MODULE + LIBRARY,
        ),
        ("conflicting replacements for ex.com/r@v1.0.0:", "./r", "./a"),
    ),
    Shape(
        "conflicting-member-replacements",
        "two directories",
        work(
            "go 1.21\nuse ./b\nuse ./c",
            LIBRARY + "-- b/go.mod --\nmodule ex.com/b\nreplace ex.com/r => ../r\n"
            "-- c/go.mod --\nmodule ex.com/c\nreplace ex.com/r => ./r\n-- c/r/go.mod --\nmodule ex.com/r\n",
        ),
        work(
            "go 1.21\nuse ./b\nuse ./c\nreplace ex.com/r v1.0.0 => ./r",
            LIBRARY + "-- b/go.mod --\nmodule ex.com/b\nreplace ex.com/r => ../r\n"
            "-- c/go.mod --\nmodule ex.com/c\nreplace ex.com/r => ./r\n-- c/r/go.mod --\nmodule ex.com/r\n",
        ),
        (
            "conflicting replacements for ex.com/r:",
            'use "go work edit -replace ex.com/r=[override]" to resolve',
        ),
    ),
    Shape(
        "conflicting-member-replacements",
        "written differently, meant the same",
        work(
            "go 1.21\nuse ./b\nuse ./c",
            LIBRARY + "-- b/go.mod --\nmodule ex.com/b\nreplace ex.com/r v1.0.0 => ../r\n"
            "-- c/go.mod --\nmodule ex.com/c\nreplace ex.com/r v1.0.0 => ../b\n",
        ),
        work(
            "go 1.21\nuse ./b\nuse ./c",
            LIBRARY + "-- b/go.mod --\nmodule ex.com/b\nreplace ex.com/r v1.0.0 => ../r\n"
            "-- c/go.mod --\nmodule ex.com/c\nreplace ex.com/r v1.0.0 => ../b/../r/\n",
        ),
        ("conflicting replacements for ex.com/r@v1.0.0:",),
    ),
    Shape(
        "replacement-missing",
        "no directory, module listing",
        mod("go 1.20\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ./r"),
        mod("go 1.20\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ./r", LIBRARY),
        ("(replaced by ./r):",),
        ("list", "-m", "all"),
    ),
    Shape(
        "replacement-missing",
        "no directory, build",
        mod("go 1.20\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ./r")
        + '-- n.go --\npackage m\nimport _ "ex.com/r"\n',
        mod("go 1.20\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ./r", LIBRARY)
        + '-- n.go --\npackage m\nimport _ "ex.com/r"\n',
        ("replacement directory ./r does not exist",),
        ("build", "./..."),
    ),
    Shape(
        "replacement-missing",
        "no go.mod, from go.work",
        work(
            "go 1.21\nuse ./b\nreplace ex.com/r => ./r",
            "-- b/go.mod --\nmodule ex.com/b\nrequire ex.com/r v1.0.0\n-- r/r.go --\npackage r\n",
        ),
        work(
            "go 1.21\nuse ./b\nreplace ex.com/r => ./r",
            "-- b/go.mod --\nmodule ex.com/b\nrequire ex.com/r v1.0.0\n" + LIBRARY,
        ),
        ("ex.com/r", "(replaced by ./r): reading r/go.mod: open", "/r/go.mod: no such file or directory"),
        ("list", "-m", "all"),
    ),
    Shape(
        "go-line-below-dependency",
        "a local replacement",
        mod(
            "go 1.20\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ./r",
            "-- r/go.mod --\nmodule ex.com/r\ngo 1.21\n",
        ),
        mod(
            "go 1.21\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ./r",
            "-- r/go.mod --\nmodule ex.com/r\ngo 1.21\n",
        ),
        (UPDATES,),
        ("list", "-m", "all"),
    ),
    Shape(
        "duplicate-require",
        "two versions",
        mod("go 1.20\nrequire ex.com/r v1.0.0\nrequire ex.com/r v1.1.0\nreplace ex.com/r => ./r", LIBRARY),
        mod("go 1.20\nrequire ex.com/r v1.0.0\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ./r", LIBRARY),
        (UPDATES,),
    ),
    Shape(
        "excluded-require",
        "the same version",
        mod("go 1.20\nrequire ex.com/r v1.0.0\nexclude ex.com/r v1.0.0\nreplace ex.com/r => ./r", LIBRARY),
        mod("go 1.20\nrequire ex.com/r v1.0.0\nexclude ex.com/r v1.1.0\nreplace ex.com/r => ./r", LIBRARY),
        (UPDATES, "ignoring requirement on excluded version ex.com/r v1.0.0"),
    ),
    Shape(
        "invalid-module-path",
        "a character",
        "-- go.mod --\nmodule ex.com/a?b\n",
        PLAIN,
        ("malformed module path \"ex.com/a?b\": invalid char '?'",),
    ),
    Shape(
        "invalid-module-path",
        "nothing, in a workspace",
        work("use ./b", '-- b/go.mod --\nmodule ""\n'),
        work("use ./b", '-- b/go.mod --\nmodule "ex.com/b"\n'),
        ('malformed module path "": empty string',),
    ),
    Shape(
        "useless-toolchain",
        "equal",
        mod("go 1.21.5\ntoolchain go1.21.5"),
        mod("go 1.21.5\ntoolchain go1.21.6"),
        (UPDATES,),
    ),
    Shape(
        "useless-toolchain",
        "default, without a go line",
        mod("toolchain default"),
        mod("toolchain go1.21.0"),
        (UPDATES,),
    ),
    Shape(
        "useless-toolchain",
        "no version",
        mod("go 1.20\ntoolchain go1.x"),
        mod("go 1.20\ntoolchain go1.22"),
        (UPDATES,),
    ),
    Shape(
        "useless-toolchain",
        "too old",
        mod("go 1.21.5\ntoolchain go1.20.1"),
        mod("go 1.21.5\ntoolchain go1.22.1"),
        (UPDATES,),
    ),
    Shape(
        "go-line-too-new",
        "in go.mod",
        mod("go 1.99"),
        PLAIN,
        ("go.mod requires go >= 1.99 (running go {version}; GOTOOLCHAIN=local)",),
    ),
    Shape(
        "go-line-too-new",
        "in go.work",
        work("go 1.99\nuse ./a"),
        USED,
        ("go.work requires go >= 1.99 (running go {version}; GOTOOLCHAIN=local)",),
    ),
)


def flat(text):
    """Return ``text`` with line breaks and indentation as single spaces."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_go_fails_with_the_words_that_we_show(shape, version, tmp_path):
    build(shape.bad, tmp_path)
    go = run_go(version, *shape.command, cwd=tmp_path)
    said = flat(go.stderr.decode())
    ours = [one for one in diagnose(tmp_path, version) if one.code == shape.code]
    assert go.returncode != 0, said
    assert [one.severity for one in ours] == [Severity.ERROR]
    for words in shape.words:
        expected = words.format(version=version)
        assert expected in said
        assert expected in flat(ours[0].message)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_go_accepts_what_we_accept(shape, version, tmp_path):
    build(shape.good, tmp_path)
    go = run_go(version, *shape.command, cwd=tmp_path)
    assert go.returncode == 0, go.stderr.decode()
    assert [one for one in diagnose(tmp_path, version) if one.severity is Severity.ERROR] == []


# What `go list -m` does not look at, and only a build or `go list -m all` finds.


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("module go", 'error reading go.mod: invalid module path: "go"'),
        ("module toolchain", 'error reading go.mod: invalid module path: "toolchain"'),
        ("module ex.com/m\n\ntool ./x", 'malformed tool path "./x": invalid path element "."'),
        ("module ex.com/m\n\ntool ex.com/x?", "malformed tool path \"ex.com/x?\": invalid char '?'"),
    ],
)
def test_paths_that_only_a_newer_go_names(line, words, tmp_path):
    build(f"-- go.mod --\n{line}\n\ngo 1.24\n", tmp_path)
    go = run_go(NEWEST, "list", "-m", cwd=tmp_path)
    (ours,) = diagnose(tmp_path, NEWEST)
    assert go.returncode != 0
    assert words in go.stderr.decode()
    assert words in ours.message


@pytest.mark.parametrize("version", ["1.22.10", NEWEST])
@pytest.mark.parametrize("path", ["ex.com/a?b", "foo", "ex.com/con", "Ex.com/x"])
def test_a_require_that_names_no_module(version, path, tmp_path):
    build(f"-- go.mod --\nmodule ex.com/m\n\ngo 1.21\n\nrequire {path} v1.0.0\n", tmp_path)
    go = run_go(version, "list", "-m", "all", cwd=tmp_path)
    (ours,) = diagnose(tmp_path, version)
    assert go.returncode != 0
    words = go.stderr.decode().splitlines()[0].removeprefix("go: ")
    assert words in ours.message
    assert ours.code == "malformed-require"


def test_a_module_called_toolchain_was_allowed_once(tmp_path):
    build("-- go.mod --\nmodule toolchain\n\ngo 1.21\n", tmp_path)
    assert run_go("1.22.10", "list", "-m", cwd=tmp_path).returncode == 0
    assert diagnose(tmp_path, "1.22.10") == []
