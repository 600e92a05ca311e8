"""What the rules on go.mod say beyond the examples of their manual pages: where, and where not."""

from __future__ import annotations

import pytest

from gowatchd.lint.catalog import check
from gowatchd.lint.facts import Facts
from gowatchd.services.fixing import apply_edits
from gowatchd.services.workspaces import Workspaces
from tests.support.memory import MemoryFiles, txtar

TOP = "module ex.com/m\n\ngo 1.24\n\n"


def load(text):
    files = MemoryFiles(txtar(text))
    return files, Workspaces(files).load(path for path in files.files if path.count("/") == 2)


def diagnose(text, code, facts=None):
    """Return what the rule ``code`` says of a go.mod, or of files in txtar form."""
    _, workspaces = load(text if text.startswith("-- ") else f"-- go.mod --\n{text}")
    found = [one for workspace in workspaces for one in check(workspace, facts or Facts())]
    return [one for one in found if one.code == code]


def fixed(text, code, name="go.mod"):
    """Return the file ``name`` with the one fix of ``code`` applied."""
    files, _ = load(text if text.startswith("-- ") else f"-- go.mod --\n{text}")
    (one,) = diagnose(text, code)
    return apply_edits(files.files[f"/w/{name}"], one.fix.edits).decode()


def marked(text, one):
    """Return the text that a diagnostic points at, in the go.mod ``text``."""
    line = text.split("\n")[one.span.start.line - 1]
    assert one.span.start.line == one.span.end.line
    return line[one.span.start.column - 1 : one.span.end.column - 1]


@pytest.mark.parametrize(
    ("code", "text", "places"),
    [
        ("duplicate-require", "require a.b/c v1.10.0\nrequire a.b/c v1.9.0\n", ["v1.9.0"]),
        ("duplicate-require", "require a.b/c v1.0.0\nrequire a.b/c v1.0.0\n", []),
        ("self-require", "require ex.com/m v1.0.0\n", ["ex.com/m"]),
        ("self-require", "require ex.com/m/v2 v2.0.0\n", []),
        ("directive-too-new", "tool a.b/c\ntool a.b/d\n", []),
        ("directive-too-new", "ignore (\n\t./x\n\t./y\n)\n", ["./x"]),
        ("directive-too-new", "toolchain go1.25.1\nignore ./x\n", []),
        ("leaking-replace", "replace a.b/c => ./c\nreplace a.b/d => ./d\n", ["./c"]),
        ("leaking-replace", "replace a.b/c => a.b/d v1.0.0\n", []),
        ("leaking-replace", "replace ex.com/m => ./\n", []),
        ("ignored-replace", "replace ex.com/m => ./\n", ["replace ex.com/m => ./"]),
        ("ignored-replace", "replace ex.com/m v1.0.0 => ./\n", []),
        ("invalid-retraction", "retract [v1.0.0, v2.0.0]\n", ["v2.0.0"]),
        ("invalid-retraction", "retract (\n\tv1.2\n\tmaster\n\tv1.2.0\n)\n", ["v1.2", "master"]),
        ("invalid-retraction", "retract [v1.1.0, v1.0.0]\n", ["retract [v1.1.0, v1.0.0]"]),
        ("invalid-retraction", "retract v2.0.0+incompatible\n", []),
        ("invalid-toolchain", "toolchain go1.25\n", ["go1.25"]),
        ("invalid-toolchain", "toolchain go1.25-custom\n", []),
        ("invalid-toolchain", "toolchain go1.25.0-custom\n", []),
        ("invalid-toolchain", "toolchain go1.25rc1\n", []),
        ("invalid-toolchain", "toolchain go1.x\n", ["go1.x"]),
        ("useless-toolchain", "toolchain go1.x\n", []),
    ],
)
def test_where_a_rule_points(code, text, places):
    assert [marked(TOP + text, one) for one in diagnose(TOP + text, code)] == places


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("invalid-go-version", "module m\ngo 1.21.3rc1 // x\n", "module m\ngo 1.21.3 // x\n"),
        ("invalid-toolchain", f"{TOP}toolchain go1.25\n", f"{TOP}toolchain go1.25.0\n"),
        ("invalid-retraction", f"{TOP}retract [v1.1.0, v1.0.0]\n", f"{TOP}retract [v1.0.0, v1.1.0]\n"),
        ("ignored-replace", f"{TOP}replace ex.com/m => ./ // x\n", f"{TOP}// x\n"),
        ("self-require", f"{TOP}require ex.com/m v1.0.0\n", TOP),
    ],
)
def test_a_fix(code, before, after):
    assert fixed(before, code) == after


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("missing-go-line", "module (\n\tm\n)\n"),
        ("invalid-go-version", "module m\ngo 1.21rc01\n"),
        ("ignored-replace", f"{TOP}require ex.com/m v1.0.0\nreplace ex.com/m => ./\n"),
        ("invalid-retraction", f"{TOP}retract v1\n"),
        ("excluded-require", f"{TOP}require a.b/c v1.0.0\nexclude a.b/c v1.0.0\n"),
        (
            "duplicate-require",
            f"{TOP}require a.b/c v1.0.0\nrequire a.b/c v1.1.0\nexclude a.b/c v1.1.0\n",
        ),
    ],
)
def test_there_is_no_fix_where_none_is_safe(code, text):
    (one,) = diagnose(text, code)
    assert one.fix is None


@pytest.mark.parametrize(
    ("facts", "severities"),
    [
        (Facts(), ["warning"]),
        (Facts("1.27.3"), ["warning"]),
        (Facts("1.22.10"), ["error"]),
        (Facts("1.22.10", switches_toolchain=False), ["error"]),
    ],
)
def test_the_running_go_decides_on_a_directive(facts, severities):
    text = "module ex.com/m\n\ngo 1.22\n\ntool a.b/c\n"
    assert [one.severity.value for one in diagnose(text, "directive-too-new", facts)] == severities


def test_a_go_that_switches_knows_what_the_toolchain_knows():
    text = "module ex.com/m\n\ngo 1.22\n\ntoolchain go1.24.1\n\ntool a.b/c\n"
    assert diagnose(text, "directive-too-new", Facts("1.22.10")) == []
    (one,) = diagnose(text, "directive-too-new", Facts("1.22.10", switches_toolchain=False))
    assert one.message.endswith("and go 1.22.10 is one; install Go 1.24 or newer or remove this line")


SIBLINGS = (
    "-- go.work --\ngo 1.24\nuse ./a\nuse ./b\n{work}-- a/go.mod --\nmodule ex.com/a\n\ngo 1.24\n\n{a}"
    "-- b/go.mod --\n{b}module ex.com/b\n\ngo 1.24\n"
)


def siblings(a, work="", b=""):
    return SIBLINGS.format(a=a, work=work, b=b)


@pytest.mark.parametrize(
    ("a", "redundant", "ignored"),
    [
        ("replace ex.com/b => ../b\n", 1, 0),
        ("replace ex.com/b => ../c/../b/\n", 1, 0),
        ("replace ex.com/b => ../c\n", 0, 1),
        ("replace ex.com/b => ex.com/c v1.0.0\n", 0, 1),
        ("replace ex.com/b v1.0.0 => ../c\n", 0, 0),
        ("replace ex.com/c => ../b\n", 0, 0),
    ],
)
def test_a_replacement_of_a_sibling(a, redundant, ignored):
    text = siblings(a)
    assert len(diagnose(text, "redundant-replace")) == redundant
    assert len(diagnose(text, "ignored-replace")) == ignored
    assert diagnose(text, "leaking-replace") == []


def test_a_redundant_replacement_is_kept_where_no_release_could_take_its_place():
    replaced = "require ex.com/b {}\nreplace ex.com/b => ../b\n"
    (one,) = diagnose(siblings(replaced.format("v0.0.0")), "redundant-replace")
    assert one.fix is None
    assert "replace" not in fixed(siblings(replaced.format("v1.0.0")), "redundant-replace", "a/go.mod")


def test_all_redundant_replacements_of_a_file_are_told_and_removed_together():
    text = siblings("replace (\n\tex.com/b => ../b // x\n\tex.com/c => ../c\n)\n", work="use ./c\n")
    text += "-- c/go.mod --\nmodule ex.com/c\n\ngo 1.24\n"
    (one,) = diagnose(text, "redundant-replace")
    assert "(and 1 more)" in one.message
    assert fixed(text, "redundant-replace", "a/go.mod").endswith("replace (\n// x\n)\n")


def test_a_godebug_that_go_work_has_too_is_not_ignored():
    setting = "godebug panicnil=1\n"
    assert len(diagnose(siblings(setting), "ignored-godebug")) == 1
    assert diagnose(siblings(setting, work=setting), "ignored-godebug") == []
    assert len(diagnose(siblings(setting, work="godebug panicnil=0\n"), "ignored-godebug")) == 1


@pytest.mark.parametrize(
    ("version", "retract", "words"),
    [
        ("v1.0.0", "retract v1.0.0 // loses data\n", "loses data"),
        ("v1.1.0", "retract [v1.0.0, v1.2.0]\n", "no reason given"),
        ("v1.3.0", "retract [v1.0.0, v1.2.0]\n", None),
        ("v1.0.0", "retract master\n", None),
        ("v0.0.0", "retract [v0.0.0, v0.9.9]\n", None),  # what stands for whatever a replacement brings
    ],
)
def test_a_retracted_requirement(version, retract, words):
    found = diagnose(siblings(f"require ex.com/b {version}\n") + retract, "retracted-require")
    assert [words in one.message for one in found] == ([] if words is None else [True])


def test_a_deprecated_requirement_is_told_in_its_author_s_words():
    b = "// Deprecated: use\n// ex.com/c\n"
    (one,) = diagnose(siblings("require ex.com/b v1.0.0\n", b=b), "deprecated-require")
    assert one.message == "module ex.com/b is deprecated: use ex.com/c"


def test_a_replacement_that_a_module_outside_needs_is_read():
    text = TOP + "require ex.com/r v1.0.0\nreplace ex.com/r => ./r\n"
    (one,) = diagnose(f"-- go.mod --\n{text}-- r/go.mod --\nmodule r\n)\n", "replacement-invalid")
    assert one.severity.value == "warning"  # an unknown directive, which Go skips in a dependency
    assert marked(text, one) == "./r"


def test_the_highest_demand_of_all_local_dependencies_counts():
    text = (
        "-- go.mod --\nmodule ex.com/m\n\ngo 1.21\n\nrequire ex.com/r v1.0.0\nrequire ex.com/s v1.0.0\n"
        "require ex.com/t v1.0.0\n\nreplace ex.com/r => ./r\nreplace ex.com/s => ./s\n"
        "-- r/go.mod --\nmodule ex.com/r\ngo 1.23\nrequire ex.com/t v1.2.0\n"
        "-- s/go.mod --\nmodule ex.com/s\ngo 1.22\nrequire ex.com/t v1.10.0\n"
    )
    assert "\ngo 1.23\n" in fixed(text, "go-line-below-dependency")
    assert "\nrequire ex.com/t v1.10.0\n" in fixed(text, "require-below-dependency")
