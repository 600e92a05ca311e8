"""Fixes applied to bytes: whole or not at all, and never to other bytes than those they were made for."""

from __future__ import annotations

from functools import partial

import pytest

from gowatchd.lint.catalog import check
from gowatchd.lint.diagnostic import Diagnostic, Edit, Fix, Severity, is_offered
from gowatchd.lint.facts import Facts
from gowatchd.modfile import parse_work
from gowatchd.modfile.position import Position, Span
from gowatchd.services import fixing
from gowatchd.services.changes import HistoryError
from gowatchd.services.fixer import Fixer
from gowatchd.services.fixing import FixError, Plan, Rewrite, apply_edits, plan
from gowatchd.services.history import History
from gowatchd.system.history_db import HistoryDatabase
from tests.support.memory import MemoryFiles

MOD = "/w/go.mod"


def edit(line, column, width, text, path=MOD):
    return Edit(path, Span.at(line, column, width), text)


def span(line, column, end_line, end_column):
    return Span(Position(line, column), Position(end_line, end_column))


@pytest.mark.parametrize(
    ("data", "edits", "expected"),
    [
        (b"go 1.20\n", [edit(1, 4, 4, "1.21")], b"go 1.21\n"),
        (b"a b c\n", [edit(1, 5, 1, "C"), edit(1, 1, 1, "A")], b"A b C\n"),
        ("ü 字 x\n".encode(), [edit(1, 5, 1, "y")], "ü 字 y\n".encode()),
        (b"\xff\xe2\x82 x\n", [edit(1, 5, 1, "y")], b"\xff\xe2\x82 y\n"),
        (b"x\n", [edit(1, 1, 1, "\udcff")], b"\xff\n"),
        (b"a\nb\nc\n", [Edit(MOD, span(2, 1, 3, 1), "")], b"a\nc\n"),
        (b"a\nb", [Edit(MOD, span(2, 1, 3, 1), "")], b"a\n"),
        (b"a", [Edit(MOD, span(2, 1, 2, 1), "\nb\n")], b"a\nb\n"),
        (b"", [edit(1, 1, 0, "go 1.22\n")], b"go 1.22\n"),
        (b"ab\n", [edit(1, 2, 0, "1"), edit(1, 2, 0, "2"), edit(1, 2, 1, "B")], b"a12B\n"),
        (b"a\r\nb\r\n", [edit(2, 1, 1, "c")], b"a\r\nc\r\n"),
        (b"a\n", [], b"a\n"),
    ],
)
def test_edits_are_made(data, edits, expected):
    assert apply_edits(data, edits) == expected


@pytest.mark.parametrize(
    "edits",
    [
        [edit(1, 1, 3, "x"), edit(1, 3, 1, "y")],
        [edit(1, 1, 2, "x"), edit(1, 1, 2, "y")],
        [edit(1, 6, 0, "past the end of the line")],
        [edit(9, 1, 0, "past the end of the file")],
        [edit(0, 1, 0, "")],
        [edit(1, 0, 1, "")],
        [Edit(MOD, span(1, 3, 1, 1), "")],
    ],
)
def test_edits_that_overlap_or_miss_are_refused(edits):
    with pytest.raises(FixError):
        apply_edits(b"abcd\n", edits)


def diagnostic(fix, line=1, code="test"):
    return Diagnostic(fix.edits[0].path, Span.at(line), Severity.ERROR, code, "wrong", fix)


def planned(content, rules, *, wanted=lambda _workspace, _one: True, indent="tab"):
    """Plan fixes for go.mod with ``content``; a rule maps its present text to fixes."""
    files = MemoryFiles({MOD: content})

    def check(workspace):
        return [diagnostic(fix) for rule in rules for fix in rule(workspace.file.data)]

    result = plan(files, [MOD], check, wanted, indent=indent)
    assert files.files == {MOD: content}
    return result


def replacing(old, new):
    """Return a rule that wants the token ``old`` in line 3, and has it replaced by ``new``."""

    def rule(data):
        line = data.split(b"\n")[2].decode()
        start = line.find(old)
        return [Fix(f"{old} to {new}", (edit(3, start + 1, len(old), new),))] if start >= 0 else []

    return rule


TEXT = b"module m\n\ngo 1.20 // keep\n"


def test_a_fix_is_followed_by_formatting():
    (rewrite,) = planned(b"module   m\n\ngo  1.20\n", [replacing("1.20", "1.21")]).rewrites
    assert (rewrite.before, rewrite.after) == (b"module   m\n\ngo  1.20\n", b"module m\n\ngo 1.21\n")
    assert rewrite.titles == ("1.20 to 1.21",)


def test_the_indent_is_the_configured_one():
    content = b"module m\n\ngo 1.20\n\nretract (\n\tv1.0.0\n\tv1.1.0\n)\n"
    (rewrite,) = planned(content, [replacing("1.20", "1.21")], indent="2-space").rewrites
    assert b"\n  v1.1.0\n" in rewrite.after


def test_a_fix_that_another_one_reveals_is_made_too():
    (rewrite,) = planned(TEXT, [replacing("1.21", "1.22"), replacing("1.20", "1.21")]).rewrites
    assert rewrite.after == b"module m\n\ngo 1.22 // keep\n"
    assert rewrite.titles == ("1.20 to 1.21", "1.21 to 1.22")


def test_two_rules_that_undo_each_other_come_to_an_end():
    result = planned(TEXT, [replacing("1.21", "1.20"), replacing("1.20", "1.21")])
    assert {rewrite.after for rewrite in result.rewrites} <= {b"module m\n\ngo 1.21 // keep\n"}


def test_fixes_that_collide_are_made_one_after_the_other():
    (rewrite,) = planned(TEXT, [replacing("1.20", "1.21"), replacing("go 1.20", "go 1.30")]).rewrites
    assert rewrite.after == b"module m\n\ngo 1.21 // keep\n"


MANY = range(40)


def siblings(uses=""):
    """Return a workspace in which each of many modules requires the next one, which nobody published."""
    uses += "".join(f"\t./m{number} // m{number}\n" for number in MANY)
    files = {"/w/go.work": f"go 1.22\n\nuse (\n{uses})\n".encode()}
    for number in MANY:
        required = f"require ex.com/m{(number + 1) % len(MANY)} v0.0.0\n"
        files[f"/w/m{number}/go.mod"] = f"module ex.com/m{number}\n\ngo 1.22\n\n{required}".encode()
    return MemoryFiles(files)


def fixes_of(files):
    return plan(files, files.files, partial(check, facts=Facts()), lambda _workspace, one: is_offered(one))


def test_as_many_fixes_as_there_are_come_into_one_place(monkeypatch):
    parsed = []
    monkeypatch.setattr(fixing, "parse_work", lambda *said: parsed.append(1) or parse_work(*said))
    (rewrite,) = fixes_of(siblings()).rewrites
    assert rewrite.after.count(b"v0.0.0 => ./m") == len(MANY)
    assert rewrite.after.count(b" // m") == len(MANY)
    assert len(parsed) < 10  # not twice for each fix


def test_lines_one_below_the_other_go_at_once():
    (rewrite,) = fixes_of(siblings("".join(f"\t./gone{n} // {n}\n" for n in MANY))).rewrites
    assert b"./gone" not in rewrite.after
    assert rewrite.after.count(b" => ") == rewrite.after.count(b" // m") == len(MANY)
    assert all(f"// {n}\n".encode() in rewrite.after for n in MANY)


def test_two_that_do_not_go_together_are_made_one_after_the_other():
    """Each writes a go line where there is none, at the same place."""
    files = MemoryFiles({"/w/go.work": b"use ./a\n", "/w/a/go.mod": b"module ex.com/a\n\ngo 1.22\n"})

    def rule(workspace):
        if b"go 1." not in workspace.file.data:
            for version in ("1.22", "1.23"):
                fix = Fix(f"Write {version}", (edit(1, 1, 0, f"go {version}\n\n", "/w/go.work"),))
                yield diagnostic(fix, code=version)

    result = plan(files, files.files, rule, lambda _workspace, _one: True)
    assert [(one.after, one.titles) for one in result.rewrites] == [
        (b"go 1.22\n\nuse ./a\n", ("Write 1.22",))
    ]
    assert result.refusals == ()


def test_only_what_is_wanted_is_fixed():
    assert planned(TEXT, [replacing("1.20", "1.21")], wanted=lambda _w, _one: False) == Plan()


@pytest.mark.parametrize(
    ("fix", "reason"),
    [
        (Fix("t", (edit(3, 1, 2, "gone"),)), "would not parse"),
        (Fix("t", (edit(3, 9, 7, ""),)), "the comment // keep would be lost"),
        (Fix("t", (edit(7, 1, 1, ""),)), "the file has changed"),
        (Fix("t", (edit(3, 1, 2, "go"),)), "would change nothing"),
        (Fix("t", (edit(3, 4, 4, "1.21"), edit(1, 1, 0, "", "/w/gone/go.mod"))), "/w/gone/go.mod: missing"),
    ],
)
def test_an_unsound_fix_is_refused_whole(fix, reason):
    result = planned(TEXT, [lambda _data: [fix]])
    assert result.rewrites == ()
    (refusal,) = result.refusals
    assert reason in refusal.reason


def test_a_refused_fix_does_not_hold_up_others():
    bad = Fix("bad", (edit(3, 1, 2, "gone"),))
    result = planned(TEXT, [lambda _data: [bad], replacing("1.20", "1.21")])
    assert [rewrite.titles for rewrite in result.rewrites] == [("1.20 to 1.21",)]
    assert [refusal.title for refusal in result.refusals] == ["bad"]


@pytest.fixture
def history(tmp_path):
    database = HistoryDatabase(str(tmp_path / "state"))
    yield lambda files: History(database, files)
    database.close()


def test_every_file_is_a_change_that_can_be_undone(history):
    files = MemoryFiles({MOD: b"old", "/w/a/go.mod": b"old"})
    rewrites = tuple(Rewrite(path, b"old", b"new", ("t",)) for path in files.files)
    kept = history(files)
    fixing = Fixer(files, kept).carry_out(Plan(rewrites))
    assert [(one.path, one.change) for one in fixing.fixed] == [(MOD, 1), ("/w/a/go.mod", 2)]
    assert set(files.files.values()) == {b"new"}
    assert [entry["kind"] for entry in kept.log(0, 9)["entries"]] == ["fix", "fix"]
    assert kept.undo(0).path == "/w/a/go.mod"
    assert kept.undo(0).path == MOD
    assert set(files.files.values()) == {b"old"}


def test_a_newer_save_stays(history):
    files = MemoryFiles({MOD: b"newer"})
    fixing = Fixer(files, history(files)).carry_out(Plan((Rewrite(MOD, b"old", b"new", ("t",)),)))
    assert fixing.fixed == ()
    assert [one.path for one in fixing.refusals] == [MOD]
    assert files.files == {MOD: b"newer"}


def test_without_a_way_back_nothing_is_written(tmp_path):
    (tmp_path / "state").write_text("in the way")
    database = HistoryDatabase(str(tmp_path / "state"))
    files = MemoryFiles({MOD: b"old"})
    with pytest.raises(HistoryError):
        Fixer(files, History(database, files)).carry_out(Plan((Rewrite(MOD, b"old", b"new", ("t",)),)))
    assert files.files == {MOD: b"old"}
