"""Files of which every line is a complaint: so many are told, and no more."""

from __future__ import annotations

from gowatchd.lint.catalog import check
from gowatchd.lint.facts import Facts
from gowatchd.lint.reading import PROBLEMS_MOST
from gowatchd.services.judging import MOST, Judging
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.files import SafeFiles
from tests.support.judged import Verdicts
from tests.support.main_loop import MainLoop

USES = b"go 1.21\nuse (\n" + b"".join(b"./m%d\n" % number for number in range(3000)) + b")\n"


def load(folder, name, data):
    (folder / name).write_bytes(data)
    (workspace,) = Workspaces(SafeFiles()).load([str(folder / name)])
    return workspace


def test_of_a_file_that_makes_no_sense_at_all_a_hundred_lines_are_told(tmp_path):
    found = check(load(tmp_path, "go.mod", b"x\n" * 5000), Facts())
    assert [one.code for one in found] == ["syntax"] * PROBLEMS_MOST
    assert [one.span.start.line for one in found] == list(range(1, PROBLEMS_MOST + 1))


def test_of_3000_complaints_the_worst_are_kept(tmp_path):
    workspace = load(tmp_path, "go.work", USES)
    found = Judging(MainLoop(), lambda: 0.0, SafeFiles(), Verdicts(), Facts()).judge(workspace)
    assert len(found) == MOST
    assert {one.code for one in found if one.severity == "error"} >= {"use-missing-module"}
