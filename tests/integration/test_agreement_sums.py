"""The rules on go.sum and go.work.sum against the real go, with a module cache that has what is required."""

from __future__ import annotations

import random
import re
import shutil
from dataclasses import dataclass

import pytest

from gowatchd.lint.catalog import check
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.facts import Facts, GoEnvironment
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.files import SafeFiles
from tests.support.go import NEWEST, TOOLCHAINS, needs_go, run_go
from tests.support.proxy import download, publish
from tests.support.tree import build

pytestmark = needs_go

BOTH = ("1.22.10", NEWEST)
LIST = ("list", "-m")
ALL = ("list", "-m", "all")
BUILD = ("build", "./...")
EMPTY = "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY="

MOD = "module ex.com/m\n\ngo 1.20\n\nrequire ex.com/r v1.0.0\n"
SOURCE = 'package m\n\nimport _ "ex.com/r"\n'
MALFORMED = "malformed-go-sum"
MISSING = "missing-go-sum-entry"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A module cache with two versions of ex.com/r, and ex.com/fork."""
    top = tmp_path_factory.mktemp("modules")
    for path, version in (("ex.com/r", "v1.0.0"), ("ex.com/r", "v1.1.0"), ("ex.com/fork", "v1.0.0")):
        files = {"go.mod": f"module {path}\n\ngo 1.20\n", "x.go": "package r\n"}
        publish(top / "proxy", path, version, files)
        download(top / "proxy", top / "cache", BOTH[0], f"{path}@{version}")
    return top


@pytest.fixture(scope="module")
def lines(cache):
    """The two lines of go.sum for ex.com/r v1.0.0, as go writes them."""
    root = cache / "written"
    build(f"-- go.mod --\n{MOD}-- m.go --\n{SOURCE}", root)
    tidied = run_go(BOTH[0], "mod", "tidy", cwd=root, GOMODCACHE=str(cache / "cache"), GONOSUMDB="*")
    assert tidied.returncode == 0, tidied.stderr.decode()
    whole, go_mod = (root / "go.sum").read_text().splitlines()
    assert whole.startswith("ex.com/r v1.0.0 h1:")
    assert go_mod.startswith("ex.com/r v1.0.0/go.mod h1:")
    return whole, go_mod


@dataclass(frozen=True)
class Shape:
    """A go.sum (WHOLE and MOD stand for the lines that go writes) of which go says ``words`` in ``place``."""

    name: str
    sums: str | None
    code: str
    words: str = ""
    place: tuple[int, int] = (5, 9)
    mod: str = MOD
    flags: str = ""
    source: str = SOURCE

    def __str__(self):
        return f"{self.code}: {self.name}".removeprefix(": ")

    def build(self, root, lines):
        build(f"-- go.mod --\n{self.mod}-- m.go --\n{self.source}", root)
        if self.sums is not None:
            text = self.sums.replace("WHOLE", lines[0]).replace("MOD", lines[1])
            (root / "go.sum").write_bytes(text.encode("utf-8", "surrogateescape"))


def ask(version, cache, root, *command, **environment):
    settings = {"GOMODCACHE": str(cache / "cache"), "GONOSUMDB": "*", **environment}
    return run_go(version, *command, cwd=root, **settings)


def diagnose(root, version, flags=""):
    top = [str(root / name) for name in ("go.work", "go.mod") if (root / name).exists()]
    facts = Facts(version, switches_toolchain=False, environment=GoEnvironment(goflags=flags))
    return [one for workspace in Workspaces(SafeFiles()).load(top) for one in check(workspace, facts)]


NO_HASH = "ex.com/r@v1.0.0: missing go.sum entry for go.mod file"
FORK = "ex.com/r@v1.0.0 (replaced by ex.com/fork@v1.0.0): missing go.sum entry for go.mod file"
REPLACED = f"{MOD}\nreplace ex.com/r => ex.com/fork v1.0.0\n"
REFUSED = (
    Shape("one word", "WHOLE\nx\nMOD\n", MALFORMED, "wrong number of fields 1", (2, 1)),
    Shape("four words", "WHOLE\nMOD yes\n", MALFORMED, "wrong number of fields 4", (2, 72)),
    Shape("the first of two", "\n\na b\nWHOLE\nMOD\nc\n", MALFORMED, "wrong number of fields 2", (3, 1)),
    Shape(
        "a conflict",
        "<<<<<<< HEAD\nWHOLE\nMOD\n=======\n>>>>>>> topic\n",
        MALFORMED,
        "wrong number of fields 2",
        (1, 1),
    ),
    Shape("a space of Unicode", "WHOLE\nMOD\na\u00a0b c d\n", MALFORMED, "wrong number of fields 4", (3, 7)),
    Shape("what is none", "WHOLE\nMOD\na\x1cb c\n", MALFORMED, "wrong number of fields 2", (3, 1)),
    Shape("two spaces", "WHOLE\nMOD\na  h1:\n", MALFORMED, "wrong number of fields 2", (3, 1)),
    Shape("a space first", "WHOLE\nMOD\n v1 h1:\n", MALFORMED, "wrong number of fields 2", (3, 2)),
    Shape("no UTF-8", "WHOLE\nMOD\n\udcff\udcfe\n", MALFORMED, "wrong number of fields 1", (3, 1)),
    Shape("no line end", "WHOLE\nMOD\nx y", MALFORMED, "wrong number of fields 2", (3, 1)),
    Shape("no file", None, MISSING, NO_HASH),
    Shape("an empty file", "", MISSING, NO_HASH),
    Shape("another version", "ex.com/r v1.1.0/go.mod h1:x\n", MISSING, NO_HASH),
    Shape("the module alone", "WHOLE\n", MISSING, NO_HASH),
    Shape("an unknown kind of hash", "WHOLE\nex.com/r v1.0.0/go.mod h2:x\n", MISSING, NO_HASH),
    Shape("the hash of nothing", f"WHOLE\nex.com/r v1.0.0/go.mod {EMPTY}\n", MISSING, NO_HASH),
    Shape("what stands for it", "WHOLE\nMOD\n", MISSING, FORK, mod=REPLACED),
    Shape(
        "nothing else, as an indirect requirement",
        "WHOLE\n",
        MISSING,
        NO_HASH,
        mod=MOD.replace("v1.0.0", "v1.0.0 // indirect"),
    ),
)


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize("shape", REFUSED, ids=str)
def test_go_refuses_what_we_refuse_at_the_same_place(shape, version, tmp_path, cache, lines):
    shape.build(tmp_path, lines)
    go = ask(version, cache, tmp_path, *ALL)
    (ours,) = diagnose(tmp_path, version)
    said = go.stderr.decode("utf-8", "replace")
    assert go.returncode != 0
    assert shape.words in said
    assert shape.words in ours.message
    assert (ours.code, ours.severity) == (shape.code, Severity.ERROR)
    assert (ours.span.start.line, ours.span.start.column) == shape.place
    if shape.code == MALFORMED:
        assert f"{ours.path}:{ours.span.start.line}: " in said
    assert ask(version, cache, tmp_path, *LIST).returncode == 0


def test_go_121_says_that_everything_is_missing(tmp_path, cache, lines):
    REFUSED[0].build(tmp_path, lines)
    oldest = next(iter(TOOLCHAINS))
    assert oldest.startswith("1.21.")
    assert NO_HASH in ask(oldest, cache, tmp_path, *ALL).stderr.decode()
    assert [(one.code, one.severity) for one in diagnose(tmp_path, oldest)] == [(MALFORMED, Severity.ERROR)]


ALONE = "module ex.com/m\n\ngo 1.20\n"
LOCAL = f"{MOD}\nreplace ex.com/r => ./r\n-- r/go.mod --\nmodule ex.com/r\n-- r/r.go --\npackage r\n"
TAKEN = (
    Shape("as go writes it", "WHOLE\nMOD\n", ""),
    Shape("unsorted, with blank lines", "\nMOD\n \t\n\nWHOLE\n\n", ""),
    Shape("lines of Windows", "WHOLE\r\nMOD\r\n", ""),
    Shape("no line end", "WHOLE\nMOD", ""),
    Shape("others, and one twice", "a v1.0.0 h1:x\nMOD\nWHOLE\nMOD\n", ""),
    Shape("a hash that may be wrong, of another version", "WHOLE\nMOD\nex.com/r v1.1.0 x\n", ""),
    Shape("a wrong line that nobody reads", "x\n", "", mod=ALONE, source="package m\n"),
    Shape("a directory stands for it", "x\n", "", mod=LOCAL),
    Shape(
        "its go.mod alone, for nothing that is imported",
        "MOD\n",
        "",
        mod=MOD.replace("v1.0.0", "v1.0.0 // indirect"),
        source="package m\n",
    ),
    Shape("hashes are added as needed", None, "", flags="-mod=mod"),
)


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize("shape", TAKEN, ids=str)
def test_go_takes_what_we_take(shape, version, tmp_path, cache, lines):
    shape.build(tmp_path, lines)
    told = [one for one in diagnose(tmp_path, version, shape.flags) if one.code != "leaking-replace"]
    assert told == []
    for command in (ALL, BUILD):
        go = ask(version, cache, tmp_path, *command, GOFLAGS=shape.flags)
        assert go.returncode == 0, go.stderr.decode()


@pytest.mark.parametrize("version", BOTH)
def test_other_separators_than_a_space_are_taken(version, tmp_path, cache, lines):
    build(f"-- go.mod --\n{MOD}-- m.go --\n{SOURCE}", tmp_path)
    text = "\n".join(lines).replace(" ", "\u2003\t \u00a0\x85")
    (tmp_path / "go.sum").write_text(text)
    go = ask(version, cache, tmp_path, *BUILD)
    assert go.returncode == 0, go.stderr.decode()
    assert diagnose(tmp_path, version) == []


@pytest.mark.parametrize("version", BOTH)
def test_the_module_itself_is_missed_only_by_what_imports_it(version, tmp_path, cache, lines):
    Shape("", "MOD\n", "").build(tmp_path, lines)
    (ours,) = diagnose(tmp_path, version)
    assert (ours.code, ours.severity) == (MISSING, Severity.WARNING)
    words = "ex.com/r@v1.0.0: missing go.sum entry; what imports ex.com/r cannot be built"
    assert ours.message.startswith(words)
    assert ask(version, cache, tmp_path, *ALL).returncode == 0
    assert b"missing go.sum entry for module providing package ex.com/r" in (
        ask(version, cache, tmp_path, *BUILD).stderr
    )
    (tmp_path / "m.go").write_text("package m\n")
    assert ask(version, cache, tmp_path, *BUILD).returncode == 0


@pytest.mark.parametrize("version", BOTH)
def test_a_go_sum_that_cannot_be_read_holds_nothing(version, tmp_path, cache, lines):
    Shape("", None, "").build(tmp_path, lines)
    (tmp_path / "go.sum").mkdir()
    (ours,) = diagnose(tmp_path, version)
    assert NO_HASH in ask(version, cache, tmp_path, *ALL).stderr.decode()
    assert ours.message == f"{NO_HASH}; go.sum cannot be read: is a directory"


@pytest.mark.parametrize("version", BOTH)
def test_a_vendor_folder_needs_no_sums(version, tmp_path, cache, lines):
    Shape("", "WHOLE\nMOD\n", "").build(tmp_path, lines)
    vendored = ask(version, cache, tmp_path, "mod", "vendor")
    assert vendored.returncode == 0, vendored.stderr.decode()
    for text in ("", "x\n"):
        (tmp_path / "go.sum").write_text(text)
        assert ask(version, cache, tmp_path, *BUILD).returncode == 0
        assert diagnose(tmp_path, version) == []
    shutil.rmtree(tmp_path / "vendor")
    assert ask(version, cache, tmp_path, *BUILD).returncode != 0
    assert [one.code for one in diagnose(tmp_path, version)] == [MALFORMED]


@pytest.mark.parametrize("version", BOTH)
def test_the_remedies_that_we_name(version, tmp_path, cache, lines):
    Shape("", "<<<<<<< HEAD\nWHOLE\n=======\nMOD\n>>>>>>> topic\n", "").build(tmp_path, lines)
    (ours,) = diagnose(tmp_path, version)
    assert ours.message.endswith("remove its markers and keep the lines of both sides")
    tidied = ask(version, cache, tmp_path, "mod", "tidy")
    assert tidied.returncode == 0, tidied.stderr.decode()
    assert ask(version, cache, tmp_path, *ALL).returncode != 0
    (tmp_path / "go.sum").write_text("\n".join(lines))
    assert ask(version, cache, tmp_path, *ALL).returncode == 0
    (tmp_path / "go.sum").write_text("")
    assert "run 'go mod download ex.com/r'" in diagnose(tmp_path, version)[0].message
    got = ask(version, cache, tmp_path, "mod", "download", "ex.com/r", GOPROXY=f"file://{cache}/proxy")
    assert got.returncode == 0, got.stderr.decode()
    assert diagnose(tmp_path, version) == []


WORK = """\
-- go.work --
go 1.22

use (
\t./a
\t./b
)
-- a/go.mod --
module ex.com/a

go 1.20

require ex.com/r v1.0.0
-- a/a.go --
package a

import _ "ex.com/r"
-- b/go.mod --
module ex.com/b

go 1.20
-- b/b.go --
package b
"""


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize("name", ["a/go.sum", "b/go.sum", "go.work.sum"])
def test_a_workspace_reads_the_sums_of_all_its_modules(version, name, tmp_path, cache, lines):
    build(WORK, tmp_path)
    (tmp_path / "a/go.sum").write_text("\n".join(lines))
    assert diagnose(tmp_path, version) == []
    assert ask(version, cache, tmp_path, *ALL).returncode == 0
    (tmp_path / name).write_text("x y\n")
    go = ask(version, cache, tmp_path, *ALL)
    (ours,) = diagnose(tmp_path, version)
    assert f"{tmp_path}/{name}:1: wrong number of fields 2" in go.stderr.decode()
    assert (ours.code, ours.severity, ours.path) == (MALFORMED, Severity.ERROR, f"{tmp_path}/{name}")
    assert ours.message.startswith("malformed go.sum: wrong number of fields 2; a line is module, version")


@pytest.mark.parametrize("version", BOTH)
def test_a_workspace_without_modules_from_elsewhere_reads_none(version, tmp_path, cache):
    build(f"{WORK}-- r/go.mod --\nmodule ex.com/r\n-- r/r.go --\npackage r\n", tmp_path)
    (tmp_path / "a/go.mod").write_text(
        "module ex.com/a\n\ngo 1.20\n\nrequire ex.com/r v1.0.0\n\nreplace ex.com/r => ../r // dev\n"
    )
    (tmp_path / "b/go.sum").write_text("x y\n")
    assert [one for one in diagnose(tmp_path, version) if one.severity is Severity.ERROR] == []
    for command in (ALL, ("build", "./a", "./b")):
        go = ask(version, cache, tmp_path, *command)
        assert go.returncode == 0, go.stderr.decode()


@pytest.mark.parametrize("version", BOTH)
def test_a_workspace_hides_a_missing_hash_until_it_is_off(version, tmp_path, cache):
    build(WORK, tmp_path)
    (ours,) = diagnose(tmp_path, version)
    assert (ours.code, ours.severity) == (MISSING, Severity.WARNING)
    assert ours.message.startswith(f"with GOWORK=off, {NO_HASH}; ")
    assert ask(version, cache, tmp_path, *ALL).returncode == 0
    assert NO_HASH in ask(version, cache, tmp_path / "a", *ALL, GOWORK="off").stderr.decode()


SEPARATORS = (" ",) * 12 + ("\t", "  ", "\u00a0", "\x1c", "\x85", "\u2003", "\u200b", "\r", "\v", "\n", "")


@pytest.mark.parametrize("version", BOTH)
def test_any_text_means_the_same_to_go_and_to_us(version, tmp_path, cache, lines):
    chance = random.Random(version)
    build(f"-- go.mod --\n{MOD}-- m.go --\n{SOURCE}", tmp_path)
    words = [*" ".join(lines).split(), "x", EMPTY, "é"]
    seen = {"none": 0, MALFORMED: 0, MISSING: 0}
    for _ in range(150):
        text = "".join(f"{line}\n" for line in lines if chance.random() < 0.9)
        for _ in range(chance.randrange(3)):
            length = chance.choice((1, 2, 3, 3, 3, 3, 3, 4))
            text += "".join(f"{chance.choice(words)}{chance.choice(SEPARATORS)}" for _ in range(length))
            text += chance.choice("\n\n\n ")
        (tmp_path / "go.sum").write_bytes(text.encode())
        said = ask(version, cache, tmp_path, *ALL).stderr.decode()
        ours = [one for one in diagnose(tmp_path, version) if one.severity is Severity.ERROR]
        if "checksum mismatch" in said:
            continue
        assert bool(said) == bool(ours), f"{text!r}\ngo: {said}\nours: {ours}"
        for one in ours:
            words = r"wrong number of fields \d+|missing go.sum entry for go.mod file"
            fields = re.search(words, one.message)
            assert fields is not None
            assert fields[0] in said, f"{text!r}"
            if one.code == MALFORMED:
                assert f"go.sum:{one.span.start.line}: {fields[0]}" in said, f"{text!r}"
        seen[ours[0].code if ours else "none"] += 1
    assert min(seen.values()) > 0, seen
