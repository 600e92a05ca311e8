"""What stands in a directory that replaces a module is an error only where Go reads it."""

from __future__ import annotations

import pytest

from gowatchd.lint.facts import Facts
from tests.unit.lint.test_rules import codes, diagnose

WORK = "-- go.work --\ngo 1.22\nuse ./a\nuse ./b\n"
A = "-- a/go.mod --\nmodule ex.com/a\n\ngo 1.21\n\nrequire ex.com/r v1.0.0\n\nreplace ex.com/r => ../r\n"
B = "-- b/go.mod --\nmodule ex.com/b\n\ngo 1.21\n"
R = "-- r/go.mod --\nmodule ex.com/r\n\n"
LOCAL = Facts("1.22.10", switches_toolchain=False)


def errors(text, facts=None):
    return [(one.path, one.span.start.line, one.code) for one in diagnose(text, facts) if not fine(one)]


def fine(diagnostic):
    return diagnostic.severity.value != "error"


def test_a_go_line_that_the_running_go_cannot_serve():
    text = f"{WORK}{A}{B}{R}go 1.23\n"
    assert errors(text, LOCAL) == [("/w/a/go.mod", 7, "go-line-too-new")]
    (one,) = [one for one in diagnose(text, LOCAL) if one.code == "go-line-too-new"]
    assert one.message.startswith(
        "ex.com/r: module ../r requires go >= 1.23 (running go 1.22.10; GOTOOLCHAIN="
    )
    assert errors(text, Facts("1.22.10")) == []
    assert errors(text.replace("require ex.com/r v1.0.0", ""), LOCAL) == []


def test_a_require_of_what_has_no_proper_name():
    text = f"{WORK}{A}{B}{R}go 1.20\n\nrequire ex.com/a?b v1.0.0\n"
    assert errors(text) == [("/w/a/go.mod", 7, "malformed-require")]
    assert errors(text.replace("use ./b\n", "use ./b\nreplace ex.com/a?b => ./b\n")) == []
    assert errors(text.replace("require ex.com/r v1.0.0", "")) == []


@pytest.mark.parametrize(
    ("line", "go", "expected"),
    [
        ("require ex.com/s", "1.27.3", "error"),
        ("go 1.20\ngo 1.20", "1.27.3", "error"),
        ("ignore a b", "1.27.3", "error"),
        ("ignore a b", "1.24.11", "warning"),
        ("replace ex.com/s", "1.27.3", "warning"),
    ],
)
def test_a_go_mod_that_does_not_parse(line, go, expected):
    assert ("replacement-invalid", expected) in codes(diagnose(f"{WORK}{A}{B}{R}{line}\n", Facts(go)))


@pytest.mark.parametrize(
    ("target", "expected"),
    [("../r", True), ("../x/../r", True), ("/w/r", False), ("../other", False)],
)
def test_one_directory_for_two_modules_of_a_workspace(target, expected):
    text = f"{WORK}{A}{B}\nrequire ex.com/s v1.0.0\n\nreplace ex.com/s => {target}\n{R}-- other/go.mod --\n"
    assert (("/w/b/go.mod", 7, "shared-replacement") in errors(text)) == expected


def test_a_replacement_that_a_later_member_takes_over_is_no_error():
    gone = f"{WORK}{A}{B}\nreplace ex.com/r => ../r\n".replace("=> ../r", "=> ./gone", 1)
    assert errors(f"{gone}{R}") == [("/w/b/go.mod", 5, "conflicting-member-replacements")]
    settled = gone.replace("use ./b\n", "use ./b\nreplace ex.com/r v1.1.0 => ./r\n")
    assert errors(f"{settled}{R}") == []


def test_what_a_member_excludes_is_not_looked_at():
    assert errors(f"{WORK}{A}{B}\nexclude ex.com/r v1.0.0\n") == []
    assert errors(f"{WORK}{A}{B}") == [("/w/a/go.mod", 7, "replacement-missing")]
