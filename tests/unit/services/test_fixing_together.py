"""Fixes of several files, where one that cannot be made has all of them tried one by one."""

from __future__ import annotations

from gowatchd.lint.diagnostic import Diagnostic, Edit, Fix, Severity
from gowatchd.modfile.position import Span
from gowatchd.services.fixing import plan
from tests.support.memory import MemoryFiles

WORK, MOD = "/w/go.work", "/w/z/go.mod"
BEFORE = {WORK: b"go 1.22\n\nuse ./z\n", MOD: b"module ex.com/z\n\ngo 1.20\n"}


def edit(path, line, column, width, text):
    return Edit(path, Span.at(line, column, width), text)


def test_what_was_made_in_a_file_stays_when_another_file_of_the_same_fix_changes_again():
    """The second fix joins the file of the first with that of the third."""
    fixes = [
        Fix("first", (edit(WORK, 1, 4, 4, "1.23"),)),
        Fix("second", (edit(WORK, 3, 8, 0, " // both"), edit(MOD, 1, 16, 0, " // both"))),
        Fix("third", (edit(MOD, 3, 4, 4, "1.21"),)),
        Fix("unsound", (edit(MOD, 1, 1, 6, "no"),)),
    ]

    def rule(workspace):
        if workspace.file.data == BEFORE[WORK]:  # what is lost does not come back
            for line, fix in enumerate(fixes, 1):
                yield Diagnostic(fix.edits[0].path, Span.at(line), Severity.ERROR, "test", "wrong", fix)

    result = plan(MemoryFiles(dict(BEFORE)), [WORK], rule, lambda _workspace, _one: True)
    assert {one.path: (one.after, one.titles) for one in result.rewrites} == {
        WORK: (b"go 1.23\n\nuse ./z // both\n", ("first", "second")),
        MOD: (b"module ex.com/z // both\n\ngo 1.21\n", ("second", "third")),
    }
