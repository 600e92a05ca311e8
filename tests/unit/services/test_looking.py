from __future__ import annotations

import pytest

from gowatchd.services.looking import ABSENCE_SECONDS
from gowatchd.services.troubles import FIRST_SECONDS, MOST_SECONDS


def test_a_file_that_is_being_written_is_not_read(pipeline, scheduler, verdicts, saves, files, root):
    (root / "go.work").write_text("go 1.21\n\nuse (\n")
    files.writing = True
    pipeline.look(str(root / "go.work"))
    scheduler.advance(60)
    assert (verdicts.heard, saves.told, scheduler.planned) == ([], [], 0)


def test_a_writer_who_is_just_leaving_is_waited_for(pipeline, scheduler, verdicts, saves, files, root):
    """The kernel tells of the close first, so this may be the only event there is."""
    (root / "go.work").write_text("go 1.21\n\nuse ./gone\n")
    files.writing = True
    pipeline.look(str(root / "go.work"))
    scheduler.advance(0.002)
    files.writing = False
    scheduler.advance(0.01)
    assert (str(root / "go.work"), ["module-not-in-use", "use-missing-module"]) in verdicts.heard
    assert len(saves.told) == 1


@pytest.mark.parametrize("content", [None, ""])
def test_an_editors_short_absence_is_not_believed(pipeline, scheduler, verdicts, saves, root, content):
    work = root / "go.work"
    before = work.read_text()
    work.unlink() if content is None else work.write_text(content)
    pipeline.look(str(work))
    scheduler.advance(ABSENCE_SECONDS / 2)
    work.write_text(before + "// more\n")
    pipeline.look(str(work))
    scheduler.advance(1)
    assert verdicts.heard == [(str(work), [])]
    assert [event[0] for event in saves.told] == ["saved"]


def test_an_absence_that_lasts_is_told(pipeline, scheduler, verdicts, saves, root):
    work = root / "go.work"
    work.unlink()
    pipeline.look(str(work))
    assert verdicts.heard == []
    scheduler.advance(ABSENCE_SECONDS)
    assert (str(work), ["vanished"]) in verdicts.heard
    assert (str(root / "a/go.mod"), []) in verdicts.heard
    assert saves.told == [("gone", str(work))]


def test_an_empty_file_in_the_place_of_none_is_seen(pipeline, scheduler, verdicts, root):
    work = root / "go.work"
    work.unlink()
    pipeline.look(str(work))
    scheduler.advance(1)
    work.touch()
    pipeline.look(str(work))
    scheduler.advance(1)
    assert verdicts.heard[-1] == (str(work), ["empty-workspace"])


def test_what_the_system_fails_to_read_is_said_when_it_lasts_and_read_later(
    pipeline, scheduler, files, verdicts, saves, root
):
    work = root / "go.work"
    files.trouble = "input/output error"
    work.write_text("go 1.21\n\nuse ./gone\n")
    pipeline.look(str(work))
    scheduler.advance(1)
    assert (verdicts.heard, saves.told) == ([], [])
    scheduler.advance(600)
    pipeline.look(str(work))  # another event changes nothing
    assert verdicts.heard == [("reading", f"{work}: input/output error")]
    assert pipeline.trouble == f"{work}: input/output error"
    assert scheduler.planned == 1
    files.trouble = ""
    scheduler.advance(MOST_SECONDS)
    assert ("reading", "") in verdicts.heard
    assert (str(work), ["module-not-in-use", "use-missing-module"]) in verdicts.heard
    assert saves.told == [("saved", str(work), work.read_bytes())]
    assert pipeline.trouble == ""
    assert scheduler.planned == 0


def test_a_moment_of_trouble_is_nobodys_concern(pipeline, scheduler, files, verdicts, saves, root):
    files.trouble = "too many open files"
    pipeline.look(str(root / "go.work"), saved=False)
    files.trouble = ""
    scheduler.advance(FIRST_SECONDS)
    assert (verdicts.heard, saves.told) == ([], [])
    assert scheduler.planned == 0
