"""The rules on go.mod against the real go: where it fails, where it says nothing, and what a fix does."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import pytest

from gowatchd.lint.catalog import check
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.facts import Facts, GoEnvironment
from gowatchd.services.fixing import apply_edits
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.files import SafeFiles
from tests.support.go import NEWEST, needs_go, run_go
from tests.support.tree import build

pytestmark = needs_go

BOTH = ("1.22.10", NEWEST)
OLD = ("1.22.10",)
ALL = ("list", "-m", "all")
LIST = ("list", "-m")
BUILD = ("build", "./...")
BUILD_A = ("build", "./a")
UPDATES = "updates to go.mod needed"
SWITCHING = {"GOTOOLCHAIN": "auto"}


def mod(text, *others):
    return f"-- go.mod --\nmodule ex.com/m\n\n{text}\n-- m.go --\npackage m\n" + "".join(others)


def local(name, text="go 1.20"):
    return f"-- {name}/go.mod --\nmodule ex.com/{name}\n\n{text}\n-- {name}/{name}.go --\npackage {name}\n"


def work(text, *modules):
    return f"-- go.work --\n{text}\n" + "".join(modules)


R = "require ex.com/r v1.0.0\nreplace ex.com/r => ./r"
S = "require ex.com/s v1.0.0\nreplace ex.com/s => ./s"


@dataclass(frozen=True)
class Shape:
    """Files that go refuses with ``words``, and ours too; where they are ``fixable`` the fix is enough."""

    code: str
    name: str
    bad: str
    words: tuple[str, ...]
    command: tuple[str, ...] = LIST
    fixable: bool = False
    versions: tuple[str, ...] = BOTH
    environment: dict[str, str] = field(default_factory=dict)

    def __str__(self):
        return f"{self.code}: {self.name}"


UNTIDY = (
    Shape(
        "duplicate-require",
        "the higher one first",
        mod(f"go 1.20\nrequire ex.com/r v1.1.0\n{R}", local("r")),
        (UPDATES,),
        fixable=True,
    ),
    Shape(
        "duplicate-require",
        "three in a block, with comments",
        mod(
            "go 1.20\nrequire (\n\t// why\n\tex.com/r v1.0.0 // indirect\n\tex.com/r v1.2.0\n"
            "\tex.com/r v1.1.0 // old\n)\nreplace ex.com/r => ./r",
            local("r"),
        ),
        (UPDATES,),
        fixable=True,
    ),
    Shape("useless-toolchain", "equal", mod("go 1.21.5\ntoolchain go1.21.5"), (UPDATES,), fixable=True),
    Shape("useless-toolchain", "default", mod("go 1.21.5\ntoolchain default"), (UPDATES,), fixable=True),
    Shape(
        "useless-toolchain",
        "older than toolchain lines",
        mod("go 1.21.5\n// note\ntoolchain go1.20.3 // ours"),
        (UPDATES,),
        fixable=True,
    ),
    Shape(
        "useless-toolchain",
        "below the go line",
        mod("go 1.21.5\ntoolchain go1.21.1"),
        (UPDATES,),
        ALL,
        fixable=True,
    ),
    Shape(
        "go-line-below-dependency",
        "two of them",
        mod(f"go 1.20\n{R}\n{S}", local("r", "go 1.21.3"), local("s", "go 1.22")),
        (UPDATES,),
        ALL,
        fixable=True,
    ),
    Shape(
        "go-line-below-dependency",
        "no go line",
        mod(R, local("r", "go 1.22")),
        (UPDATES,),
        BUILD,
        fixable=True,
    ),
    Shape(
        "require-below-dependency",
        "pruned",
        mod(f"go 1.20\n{R}\n{S}", local("r", "go 1.20\nrequire ex.com/s v1.1.0"), local("s")),
        (UPDATES,),
        ALL,
        fixable=True,
    ),
    Shape(
        "require-below-dependency",
        "not pruned",
        mod(f"go 1.16\n{R}\n{S}", local("r", "go 1.16\nrequire ex.com/s v1.1.0"), local("s", "go 1.16")),
        (UPDATES,),
        BUILD,
        fixable=True,
    ),
    Shape(
        "require-below-dependency",
        "in a dependency's own graph",
        mod(
            f"go 1.20\n{R}\nreplace ex.com/s => ./s",
            local("r", "go 1.16\nrequire ex.com/s v1.0.0"),
            local("s", "go 1.20\nrequire ex.com/r v1.1.0"),
        ),
        (UPDATES,),
        ALL,
        fixable=True,
    ),
    Shape(
        "go-line-below-dependency",
        "in a dependency's own graph",
        mod(
            f"go 1.20\n{R}\nreplace ex.com/s => ./s",
            local("r", "go 1.16\nrequire ex.com/s v1.0.0"),
            local("s", "go 1.22"),
        ),
        (UPDATES,),
        ALL,
        fixable=True,
    ),
    Shape("invalid-go-version", "a patch's candidate", mod("go 1.21.3rc1"), (UPDATES,), BUILD, fixable=True),
    Shape("invalid-go-version", "a leading zero", mod("go 1.21rc01"), (UPDATES,), BUILD),
)

REFUSED = (
    Shape(
        "invalid-go-version",
        "in a member",
        work("go 1.21\nuse ./a", local("a", "go 1.21.0beta1")),
        ('invalid value "go" for -lang',),
        BUILD_A,
        fixable=False,
    ),
    Shape(
        "shared-replacement",
        "a directory",
        mod(f"go 1.20\n{R}\nrequire ex.com/s v1.0.0\nreplace ex.com/s => ./r", local("r")),
        ("./r@ used for two different module paths (ex.com/r and ex.com/s)",),
        BUILD,
    ),
    Shape(
        "shared-replacement",
        "a module",
        mod(
            "go 1.20\nrequire ex.com/r v1.0.0\nrequire ex.com/s v1.0.0\n"
            "replace ex.com/r v1.0.0 => ex.com/q v1.0.0\nreplace ex.com/s => ex.com/q v1.0.0"
        ),
        ("ex.com/q@v1.0.0 used for two different module paths (ex.com/r and ex.com/s)",),
        BUILD,
    ),
    Shape(
        "shared-replacement",
        "in an unpruned graph",
        mod(f"go 1.16\n{R}\nreplace ex.com/s => ./r", local("r", "go 1.16\nrequire ex.com/s v1.0.0")),
        ("./r@ used for two different module paths (ex.com/r and ex.com/s)",),
        BUILD,
    ),
    Shape(
        "replacement-invalid",
        "an open block",
        mod(f"go 1.20\n{R}", local("r", "require (")),
        (
            "(replaced by ./r): parsing r/go.mod:",
            "syntax error (unterminated block started at",
        ),
        ALL,
    ),
    Shape(
        "replacement-invalid",
        "half a requirement",
        mod(f"go 1.20\n{R}", local("r", "require a")),
        ("(replaced by ./r): parsing r/go.mod:", "usage: require module/path v1.2.3"),
        ALL,
    ),
    Shape(
        "invalid-retraction",
        "another major version",
        mod("go 1.20\nretract v2.0.0"),
        ("errors parsing go.mod:", 'retract ex.com/m: version "v2.0.0" invalid: should be v0 or v1, not v2'),
    ),
    Shape(
        "invalid-retraction",
        "the end of an interval",
        mod("go 1.20\nretract (\n\t[v1.0.0, v2.0.0] // why\n)"),
        ('retract ex.com/m: version "v2.0.0" invalid: should be v0 or v1, not v2',),
    ),
    Shape(
        "invalid-retraction",
        "below the module's own",
        "-- go.mod --\nmodule ex.com/m/v2\n\ngo 1.20\n\nretract v1.0.0\n",
        ('retract ex.com/m/v2: version "v1.0.0" invalid: should be v2, not v1',),
    ),
    Shape(
        "invalid-retraction",
        "in a member",
        work("go 1.21\nuse ./a", local("a", "retract v2.0.0")),
        ("errors parsing a/go.mod:", 'retract ex.com/a: version "v2.0.0" invalid'),
    ),
    Shape(
        "directive-too-new",
        "tool",
        mod("go 1.22\ntool ex.com/m"),
        ("errors parsing go.mod:", "unknown directive: tool"),
        versions=OLD,
    ),
    Shape(
        "directive-too-new",
        "ignore",
        mod("go 1.22\nignore ./x"),
        ("unknown directive: ignore",),
        versions=OLD,
    ),
    Shape(
        "directive-too-new",
        "a block",
        mod("go 1.22\ntool (\n\tex.com/m\n\tex.com/m/b\n)"),
        ("unknown block type: tool",),
        versions=OLD,
    ),
    Shape(
        "directive-too-new",
        "godebug in go.work",
        work("go 1.22\nuse ./a\ngodebug panicnil=1", local("a")),
        ("unknown directive: godebug",),
        versions=OLD,
    ),
    Shape(
        "directive-too-new",
        "where go may switch, but need not",
        mod("go 1.22\ntool ex.com/m"),
        ("unknown directive: tool",),
        versions=OLD,
        environment=SWITCHING,
    ),
    Shape(
        "invalid-toolchain",
        "no version, go.work",
        work("go 1.21.5\ntoolchain go1.x\nuse ./a", local("a")),
        ('invalid toolchain "go1.x" in go.work',),
        fixable=True,
        environment=SWITCHING,
    ),
    Shape(
        "invalid-toolchain",
        "no version, go.mod",
        mod("go 1.21.5\ntoolchain go1.x"),
        ('invalid toolchain "go1.x" in go.mod',),
        fixable=True,
        environment=SWITCHING,
    ),
    Shape(
        "invalid-toolchain",
        "a language version",
        mod("go 1.21.5\ntoolchain go1.99"),
        ("invalid toolchain: go1.99 is a language version but not a toolchain version (go1.99.x)",),
        environment=SWITCHING,
    ),
)

SHAPES = (*UNTIDY, *REFUSED)
RUNS = [pytest.param(shape, one, id=f"{shape}, {one}") for shape in SHAPES for one in shape.versions]


def flat(text):
    """Return ``text`` with line breaks and indentation as single spaces."""
    return re.sub(r"\s+", " ", text)


def diagnose(root, version, environment):
    top = [str(root / name) for name in ("go.work", "go.mod") if (root / name).exists()]
    facts = Facts(version, switches_toolchain=environment == SWITCHING)
    return [one for workspace in Workspaces(SafeFiles()).load(top) for one in check(workspace, facts)]


def apply_fixes(code, root, version, environment):
    """Apply the fixes of ``code``, one after the other."""
    for _ in range(5):
        fixes = [one.fix for one in diagnose(root, version, environment) if one.code == code and one.fix]
        if not fixes:
            return
        path = fixes[0].edits[0].path
        with open(path, "rb+") as file:
            text = apply_edits(file.read(), fixes[0].edits)
            file.seek(0)
            file.truncate()
            file.write(text)
    raise AssertionError("a fix does not end what it is for")


@pytest.mark.parametrize(("shape", "version"), RUNS)
def test_go_refuses_what_we_refuse_and_takes_what_we_fixed(shape, version, tmp_path):
    build(shape.bad, tmp_path)
    go = run_go(version, *shape.command, cwd=tmp_path, **shape.environment)
    ours = [one for one in diagnose(tmp_path, version, shape.environment) if one.code == shape.code]
    assert (go.returncode != 0) == bool(shape.words)
    assert {one.severity for one in ours} == {Severity.ERROR if shape.words else Severity.WARNING}
    for words in shape.words:
        assert words in flat(go.stderr.decode().replace(f"{tmp_path}/", ""))
        assert words in flat(ours[0].message.replace(f"{tmp_path}/", ""))
    if shape.fixable:
        comments = sum(one.read_bytes().count(b"//") for one in tmp_path.rglob("go.*"))
        markers = sum(one.read_bytes().count(b"// indirect") for one in tmp_path.rglob("go.*"))
        apply_fixes(shape.code, tmp_path, version, shape.environment)
        left = diagnose(tmp_path, version, shape.environment)
        assert [one for one in left if one.code == shape.code or one.severity is Severity.ERROR] == []
        go = run_go(version, *shape.command, cwd=tmp_path, **shape.environment)
        assert go.returncode == 0, go.stderr.decode()
        kept = sum(one.read_bytes().count(b"//") for one in tmp_path.rglob("go.*"))
        assert comments - markers <= kept <= comments


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize("shape", [one for one in UNTIDY if one.words], ids=str)
def test_a_workspace_hides_an_untidy_member_until_it_is_off(shape, version, tmp_path):
    member = "".join(
        f"-- m/{line[3:]}\n" if line.startswith("-- ") and line.endswith(" --") else f"{line}\n"
        for line in shape.bad.splitlines()
    )
    build(work("go 1.22\nuse ./m", member), tmp_path)
    inside = run_go(version, "list", "-m", cwd=tmp_path / "m")
    outside = run_go(version, *shape.command, cwd=tmp_path / "m", GOWORK="off")
    (severity,) = {one.severity for one in diagnose(tmp_path, version, {}) if one.code == shape.code}
    assert inside.returncode == 0, inside.stderr.decode()
    assert UPDATES in outside.stderr.decode()
    assert severity is (Severity.ERROR if shape.code == "invalid-go-version" else Severity.WARNING)


GOOD = (
    mod(
        f"go 1.20\n{R}\nreplace ex.com/s => ./s",
        local("r", "go 1.20\nrequire ex.com/s v1.0.0"),
        local("s", "go 1.22\nrequire ex.com/r v1.1.0"),
    ),
    mod(f"go 1.20\n{R}\nrequire ex.com/s v1.0.0\nreplace ex.com/s => ./q/../r", local("r")),
    mod(f"go 1.20\n{R}\nreplace ex.com/s => ./r", local("r")),
    mod(f"go 1.20\n{R}", local("r", "foo bar")),
    mod(f"go 1.20\n{R}\n{S}\nexclude ex.com/s v1.1.0", local("r", "require ex.com/s v1.1.0"), local("s")),
    mod("go 1.20\nretract (\n\tv1.0.0\n\t[v1.1.0, v1.0.0]\n\tv2.0.0+incompatible\n)"),
    mod("go 1.21rc1\ntoolchain go1.21.0"),
    mod("go 1.20.3"),
    work("go 1.21.3rc1\nuse ./a", local("a")),
    work("go 1.21.5\ntoolchain go1.x\nuse ./a", local("a")),
    work("go 1.21.5\ntoolchain go1.21.5\nuse ./a", local("a", "toolchain go1.x")),
    work(
        "go 1.21\nuse ./a\nuse ./r",
        local("a", "go 1.20\nrequire ex.com/r v0.0.0\nreplace ex.com/r => ../other"),
        local("r"),
        local("other"),
    ),
)


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize("text", GOOD)
def test_go_takes_what_we_do_not_call_an_error(text, version, tmp_path):
    build(text, tmp_path)
    for command in (LIST, ALL, BUILD if text.startswith("-- go.mod") else BUILD_A):
        go = run_go(version, *command, cwd=tmp_path)
        assert go.returncode == 0, go.stderr.decode()
    assert [one for one in diagnose(tmp_path, version, {}) if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize("version", BOTH)
def test_the_go_line_that_a_fix_writes_changes_nothing(version, tmp_path):
    build("-- go.mod --\n// head\nmodule ex.com/m // why\n", tmp_path)
    asked = ("list", "-m", "-f", "{{.GoVersion}}")
    before = run_go(version, *asked, cwd=tmp_path).stdout
    apply_fixes("missing-go-line", tmp_path, version, {})
    assert run_go(version, *asked, cwd=tmp_path).stdout == before == b"1.16\n"
    assert (tmp_path / "go.mod").read_text() == "// head\nmodule ex.com/m // why\n\ngo 1.16\n"


@pytest.mark.parametrize("version", BOTH)
def test_what_a_module_requires_of_itself_is_looked_for(version, tmp_path):
    build(mod("go 1.20\nrequire (\n\tex.com/m v1.0.0 // me\n)"), tmp_path)
    assert b"missing go.sum entry for go.mod file" in run_go(version, *ALL, cwd=tmp_path).stderr
    apply_fixes("self-require", tmp_path, version, {})
    assert run_go(version, *ALL, cwd=tmp_path).stdout == b"ex.com/m\n"
    assert "// me" in (tmp_path / "go.mod").read_text()


@pytest.mark.parametrize("version", BOTH)
def test_go_ignores_the_replacement_of_a_module_that_go_work_uses(version, tmp_path):
    replaced = local("a", "go 1.20\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ../other")
    build(work("go 1.21\nuse ./a\nuse ./r", replaced, local("r"), local("other")), tmp_path)
    directory = ("list", "-m", "-f", "{{.Dir}}", "ex.com/r")
    assert run_go(version, *directory, cwd=tmp_path).stdout.decode() == f"{tmp_path}/r\n"
    assert "ignored-replace" in {one.code for one in diagnose(tmp_path, version, {})}


@pytest.mark.parametrize("version", BOTH)
def test_go_lists_the_same_without_a_redundant_replacement(version, tmp_path):
    replaced = local("a", "go 1.20\nrequire ex.com/r v1.0.0\nreplace ex.com/r => ../r // dev")
    build(work("go 1.21\nuse ./a\nuse ./r", replaced, local("r")), tmp_path)
    before = run_go(version, *LIST, cwd=tmp_path).stdout
    apply_fixes("redundant-replace", tmp_path, version, {})
    assert "replace" not in (tmp_path / "a/go.mod").read_text()
    assert run_go(version, *LIST, cwd=tmp_path).stdout == before
    assert run_go(version, *BUILD_A, cwd=tmp_path).returncode == 0


def test_go_ignores_the_godebug_of_a_member(tmp_path):
    member = "-- a/go.mod --\nmodule ex.com/a\n\ngo 1.23\n\ngodebug panicnil=1\n-- a/a.go --\npackage main\n"
    build(work("go 1.23\nuse ./a", member), tmp_path)
    asked = ("list", "-f", "{{.DefaultGODEBUG}}", ".")
    inside = run_go(NEWEST, *asked, cwd=tmp_path / "a").stdout
    outside = run_go(NEWEST, *asked, cwd=tmp_path / "a", GOWORK="off").stdout
    assert b"panicnil=1" not in inside
    assert b"panicnil=1" in outside
    assert "ignored-godebug" in {one.code for one in diagnose(tmp_path, NEWEST, {})}


@pytest.mark.parametrize("version", BOTH)
def test_go_does_not_look_at_a_module_in_the_temp_root(version, tmp_path):
    build(mod("go 1.20"), tmp_path)
    go = run_go(version, *LIST, cwd=tmp_path, TMPDIR=str(tmp_path))
    (workspace,) = Workspaces(SafeFiles()).load([str(tmp_path / "go.mod")])
    facts = Facts(version, environment=GoEnvironment(tmpdir=str(tmp_path)))
    (one,) = check(workspace, facts)
    words, _, _ = one.message.partition(";")
    assert go.stdout == b"command-line-arguments\n"
    assert words in go.stderr.decode()
    assert run_go(version, *LIST, cwd=tmp_path).stdout == b"ex.com/m\n"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("// Deprecated: old\nmodule ex.com/m\n", True),
        ("module ex.com/m // Deprecated: old\n", True),
        ("// Text.\n//\n// Deprecated: old\nmodule ex.com/m\n", True),
        ("// deprecated: old\nmodule ex.com/m\n", False),
        ("// Deprecated - old\nmodule ex.com/m\n", False),
        ("module ex.com/m // DEPRECATED\n", False),
        ("// Deprecated: old\n\nmodule ex.com/m\n", False),
        ("// Text.\n// Deprecated: old\nmodule ex.com/m\n", False),
    ],
)
def test_a_deprecation_that_go_does_not_see(text, seen, tmp_path):
    build(f"-- go.mod --\n{text}\ngo 1.20\n", tmp_path)
    told = json.loads(run_go(NEWEST, "mod", "edit", "-json", cwd=tmp_path).stdout)
    assert bool(told["Module"].get("Deprecated")) == seen
    found = [one.code for one in diagnose(tmp_path, NEWEST, {})]
    assert found == ([] if seen else ["unseen-deprecation"])
