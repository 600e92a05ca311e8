"""What the rules say beyond the examples of their manual pages."""

from __future__ import annotations

import pytest

from gowatchd.lint.catalog import check
from gowatchd.lint.facts import Facts
from gowatchd.modfile.position import Span
from gowatchd.services.ports import Look
from gowatchd.services.workspaces import Workspaces
from tests.support.memory import MemoryFiles, txtar

MEMBER = "-- a/go.mod --\nmodule ex.com/a\ngo 1.18\n"


def diagnose(text, facts=None, disable=frozenset(), **looks):
    files = MemoryFiles(txtar(text))
    files.files.update(
        {f"/w/{name.replace('__', '/').replace('_', '.')}": look for name, look in looks.items()}
    )
    top = [path for path in files.files if path.count("/") == 2]
    found = Workspaces(files).load(top)
    return [one for workspace in found for one in check(workspace, facts or Facts(), disable)]


def codes(diagnostics):
    return [(one.code, one.severity.value) for one in diagnostics]


def test_order_is_path_line_column_code():
    found = diagnose(
        "-- go.work --\nuse (\n\t./gone\n\t.\n\t./a\n)\n-- a/go.mod --\n\n"
        "-- go.mod --\nmodule ex.com/m\nfoo\nbar\n"
    )
    keys = [(one.path, one.span.start.line, one.span.start.column, one.code) for one in found]
    assert keys == sorted(keys)
    assert [key[3] for key in keys] == [
        "missing-module-directive",
        "syntax",
        "syntax",
        "use-missing-module",
        "use-invalid-module",
        "use-invalid-module",
    ]


def test_a_disabled_rule_is_silent():
    text = "-- go.work --\nuse ./gone\n"
    assert codes(diagnose(text)) == [("use-missing-module", "error")]
    assert diagnose(text, disable=frozenset({"use-missing-module"})) == []


def test_every_problem_of_every_file_is_told():
    found = diagnose("-- go.work --\nuse ./a\n-- a/go.mod --\nmodule ex.com/a\nfoo x\nbar y\n")
    assert codes(found) == [("syntax", "error"), ("syntax", "error"), ("use-invalid-module", "error")]
    assert [one.path for one in found] == ["/w/a/go.mod", "/w/a/go.mod", "/w/go.work"]


def test_a_parse_error_points_at_its_token():
    (one,) = diagnose("-- go.mod --\nmodule ex.com/m\n\nrequire (\n")
    assert "unterminated block" in one.message


def test_a_byte_order_mark_is_explained():
    (one,) = diagnose("-- go.mod --\n\ufeffmodule ex.com/m\n")
    assert "unexpected input character" in one.message
    assert one.message.endswith("save the file as UTF-8 without a byte order mark")


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "=======", ">>>>>>> theirs"])
def test_a_merge_conflict_is_explained(marker):
    found = diagnose(f"-- go.mod --\nmodule ex.com/m\n{marker}\n")
    assert any("decide it and remove the markers" in one.message for one in found)


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        (Look.DENIED, [("unreadable-file", "error")]),
        (Look.SPECIAL, [("special-file", "warning")]),
        (Look.TOO_LARGE, [("file-too-large", "warning")]),
        (Look.WRITER, []),
    ],
)
def test_a_go_mod_that_cannot_be_read(look, expected):
    assert codes(diagnose("", go_mod=look)) == expected


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        (Look.DENIED, [("unreadable-file", "error")]),
        (Look.SPECIAL, []),
        (Look.TOO_LARGE, [("file-too-large", "warning")]),
        (Look.WRITER, []),
    ],
)
def test_a_go_work_that_cannot_be_read(look, expected):
    assert codes(diagnose("", go_work=look)) == expected


@pytest.mark.parametrize(
    ("look", "expected", "words"),
    [
        (Look.DENIED, [("use-missing-module", "error")], "open a/go.mod: permission denied"),
        (Look.SPECIAL, [("use-missing-module", "error")], "read a/go.mod: "),
        (Look.TOO_LARGE, [("file-too-large", "warning")], ""),
        (Look.WRITER, [], ""),
    ],
)
def test_a_member_that_cannot_be_read(look, expected, words):
    found = diagnose("-- go.work --\nuse ./a\n", a__go_mod=look)
    assert codes(found) == expected
    assert all(words in one.message for one in found)


def test_what_is_missing_decides_the_remedy():
    (no_folder,) = diagnose("-- go.work --\nuse ./a\n")
    (no_file,) = diagnose("-- go.work --\nuse ./a\n-- a/a.go --\n")
    assert "correct the path" in no_folder.message
    assert "go mod init" in no_file.message


def test_one_diagnostic_for_a_go_line_that_many_modules_exceed():
    (one,) = diagnose(
        "-- go.work --\ngo 1.20\nuse ./a\nuse ./b\n-- a/go.mod --\nmodule ex.com/a\ngo 1.21\n"
        "-- b/go.mod --\nmodule ex.com/b\ngo 1.22.1\n"
    )
    assert one.message.startswith("module b listed in go.work file requires go >= 1.22.1 (and 1 more), but")
    assert one.span == Span.at(1, 4, 4)
    assert [edit.new_text for edit in one.fix.edits] == ["1.22.1"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), []),
        (Facts("1.27.3", switches_toolchain=False), []),
        (Facts("1.21.13", switches_toolchain=False), [("go-line-too-new", "error")]),
        (Facts("1.21.13", switches_toolchain=True), [("go-line-too-new", "warning")]),
        (Facts("1.20.5", switches_toolchain=False), [("go-line-too-new", "warning")]),
    ],
)
def test_the_running_go(facts, expected):
    assert codes(diagnose("-- go.mod --\nmodule ex.com/m\ngo 1.22\n", facts)) == expected


def test_a_go_that_knows_no_toolchains_downloads_none():
    (one,) = diagnose("-- go.mod --\nmodule ex.com/m\ngo 1.22\n", Facts("1.19.8", switches_toolchain=False))
    assert "(running go 1.19.8, which tries nonetheless)" in one.message


def test_a_workspace_hides_what_tidy_would_change():
    required = "require ex.com/r v1.0.0\nrequire ex.com/r v1.1.0\n"
    untidy = f"module ex.com/a\ngo 1.18\n{required}exclude ex.com/r v1.1.0\n"
    untold = frozenset({"missing-go-sum-entry"})
    alone = diagnose(f"-- go.mod --\n{untidy}", disable=untold)
    inside = diagnose(f"-- go.work --\nuse ./a\n-- a/go.mod --\n{untidy}", disable=untold)
    assert codes(alone) == [("duplicate-require", "error"), ("excluded-require", "error")]
    assert codes(inside) == [("duplicate-require", "warning"), ("excluded-require", "warning")]
    assert all(one.message.startswith("with GOWORK=off, updates to go.mod needed") for one in inside)


@pytest.mark.parametrize(
    ("work", "mod", "severity"),
    [
        ("", "require ex.com/r v1.0.0\nreplace ex.com/r => ../r\n", "error"),
        ("", "replace ex.com/r => ../r\n", "warning"),
        ("", "require ex.com/r v1.0.0\nreplace ex.com/r v1.1.0 => ../r\n", "warning"),
        ("replace ex.com/r => ./ok\n", "require ex.com/r v1.0.0\nreplace ex.com/r => ../r\n", "warning"),
        ("replace ex.com/r v1.1.0 => ./ok\n", "require ex.com/r v1.0.0\nreplace ex.com/r => ../r\n", "error"),
        ("replace ex.com/r => ./r\n", "require ex.com/r v1.0.0\n", "error"),
        ("replace ex.com/a v1.0.0 => ./r\n", "require ex.com/a v1.0.0\n", "error"),
    ],
)
def test_a_missing_replacement_matters_where_it_counts(work, mod, severity):
    found = diagnose(
        f"-- go.work --\nuse ./a\n{work}-- a/go.mod --\nmodule ex.com/a\n"
        f"{mod}-- ok/go.mod --\nmodule ex.com/r\n"
    )
    assert ("replacement-missing", severity) in codes(found)


def test_a_diagnostic_of_a_block_points_into_it():
    (one,) = diagnose("-- go.work --\nuse (\n\t./a\n\t./gone // soon\n)\n" + MEMBER)
    assert one.span == Span.at(3, 2, 6)


@pytest.mark.parametrize(
    ("path", "words", "fixable"),
    [
        ("ex.com/b", "add it with 'go work use DIR'", True),
        ("ex.com/a", "set GOWORK=off there, or use this one", False),  # go refuses two of one path
    ],
)
def test_the_remedy_for_what_is_not_in_use_is_one_that_go_takes(path, words, fixable):
    text = (
        f"-- go.work --\ngo 1.22\nuse ./a\n-- a/go.mod --\nmodule ex.com/a\n-- b/go.mod --\nmodule {path}\n"
    )
    files = MemoryFiles(txtar(text))
    (workspace,) = (one for one in Workspaces(files).load(files.files) if one.path == "/w/go.work")
    (one,) = (one for one in check(workspace, Facts()) if one.code == "module-not-in-use")
    assert one.message.endswith(words)
    assert (one.fix is not None) == fixable
