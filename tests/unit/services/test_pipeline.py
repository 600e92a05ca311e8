from __future__ import annotations

import pytest

from gowatchd.lint.diagnostic import Diagnostic, Severity
from gowatchd.lint.facts import Facts, GoEnvironment
from gowatchd.modfile.position import Span
from gowatchd.services.pipeline import (
    ABSENCE_SECONDS,
    BESIDE_SECONDS,
    CROSS_CHECK_SECONDS,
    SAVE_ALL_MOST_SECONDS,
    SAVE_ALL_SECONDS,
    Pipeline,
)
from gowatchd.services.ports import Look, Reading
from gowatchd.services.saves import TidyOptions
from gowatchd.services.troubles import FIRST_SECONDS, MOST_SECONDS
from gowatchd.services.workspaces import Workspaces
from tests.support.files import PlainFiles
from tests.support.scheduler import ManualScheduler

MOD = "module example.com/{}\n\ngo 1.21\n"


class Saves:
    """Stands in for the tidier: writes down what it is told."""

    options = TidyOptions()

    def __init__(self) -> None:
        self.told: list[tuple] = []

    def saved(self, path, data):
        self.told.append(("saved", path, data))

    def gone(self, path):
        self.told.append(("gone", path))

    def close(self):
        self.told.append(("closed",))


class Verdicts:
    def __init__(self) -> None:
        self.heard: list[tuple[str, list[str]]] = []

    def checked(self, verdict, previous):
        self.heard.append((verdict.workspace.path, [one.code for one in verdict.diagnostics]))

    def vanished(self, verdict):
        self.heard.append((verdict.workspace.path, ["vanished"]))

    def reading(self, trouble):
        self.heard.append(("reading", trouble))


class Go:
    """A go command that answers when a test says so."""

    def __init__(self) -> None:
        self.asked: list = []

    def check(self, workspace, ours, done):
        self.asked.append((workspace, ours, done))


class BusyFiles(PlainFiles):
    """Files that somebody may be writing."""

    writing = False
    trouble = ""

    def read(self, path, largest=None):
        if self.trouble:
            return Reading(path, Look.TROUBLE, reason=self.trouble)
        return Reading(path, Look.WRITER) if self.writing else super().read(path, largest)


@pytest.fixture
def scheduler():
    return ManualScheduler()


@pytest.fixture
def files():
    return BusyFiles()


@pytest.fixture
def saves():
    return Saves()


@pytest.fixture
def verdicts():
    return Verdicts()


@pytest.fixture
def root(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "go.mod").write_text(MOD.format(name))
    (tmp_path / "go.work").write_text("go 1.21\n\nuse (\n\t./a\n\t./b\n)\n")
    return tmp_path


@pytest.fixture
def pipeline(scheduler, files, saves, verdicts, root):
    pipeline = Pipeline(scheduler, lambda: 0.0, files, Workspaces(files), saves, verdicts, Facts())
    pipeline.begin(map(str, (root / "a/go.mod", root / "b/go.mod", root / "go.work")))
    assert verdicts.heard == [(str(root / "go.work"), [])]
    verdicts.heard.clear()
    return pipeline


def test_a_save_is_judged_at_once_and_handed_to_the_tidier(pipeline, verdicts, saves, root):
    (root / "go.work").write_text("go 1.21\n\nuse ./gone\n")
    pipeline.look(str(root / "go.work"))
    assert (str(root / "go.work"), ["module-not-in-use", "use-missing-module"]) in verdicts.heard
    assert saves.told == [("saved", str(root / "go.work"), b"go 1.21\n\nuse ./gone\n")]


def test_a_members_save_is_judged_with_its_workspace(pipeline, verdicts, root):
    (root / "b/go.mod").write_text(MOD.format("a"))
    pipeline.look(str(root / "b/go.mod"))
    assert verdicts.heard == [(str(root / "go.work"), ["duplicate-module"])]


def test_the_same_bytes_again_are_no_news_but_still_a_save(pipeline, verdicts, saves, root):
    pipeline.look(str(root / "go.work"))
    assert verdicts.heard == []
    assert len(saves.told) == 1
    pipeline.look(str(root / "go.work"), saved=False)
    assert len(saves.told) == 1


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


def test_go_is_asked_once_when_the_workspace_rests(pipeline, scheduler, verdicts, root):
    go = pipeline.cross_checker = Go()
    for number in range(5):
        (root / "a/go.mod").write_text(MOD.format("a") + f"// {number}\n")
        pipeline.look(str(root / "a/go.mod"))
        scheduler.advance(CROSS_CHECK_SECONDS / 2)
    scheduler.advance(CROSS_CHECK_SECONDS)
    ((workspace, ours, done),) = go.asked
    assert (workspace.path, ours) == (str(root / "go.work"), ())
    verdicts.heard.clear()
    done((Diagnostic(workspace.path, Span.at(1), Severity.ERROR, "go-command", "no"),))
    assert verdicts.heard == [(workspace.path, ["go-command"])]


def test_one_workspace_is_checked_again_without_the_others(pipeline, verdicts, root):
    (root / "alone").mkdir()
    (root / "alone/go.mod").write_text(MOD.format("alone"))
    pipeline.look(str(root / "alone/go.mod"))
    verdicts.heard.clear()
    pipeline.recheck([pipeline.workspaces.get(str(root / "alone/go.mod"))])
    assert [path for path, _ in verdicts.heard] == [str(root / "alone/go.mod")]


def test_all_are_checked_again_soon_but_for_what_is_gone_by_then(pipeline, scheduler, verdicts, root):
    for name in ("alone", "brief"):
        (root / name).mkdir()
        (root / name / "go.mod").write_text(MOD.format(name))
        pipeline.look(str(root / name / "go.mod"))
    verdicts.heard.clear()
    pipeline.recheck_soon()
    assert verdicts.heard == []
    (root / "brief/go.mod").unlink()
    pipeline.workspaces.changed(str(root / "brief/go.mod"))
    scheduler.advance(0)
    assert {path for path, _ in verdicts.heard} == {str(root / "go.work"), str(root / "alone/go.mod")}


def test_what_go_said_stands_until_it_is_heard_again(pipeline, scheduler, verdicts, root):
    """Else each save would say that all is well, and then again that it is not."""
    go = pipeline.cross_checker = Go()
    pipeline.recheck(pipeline.workspaces)
    scheduler.advance(1)
    workspace, _, done = go.asked.pop()
    complaint = Diagnostic(workspace.path, Span.at(1), Severity.ERROR, "go-command", "no")
    done((complaint,))
    verdicts.heard.clear()
    (root / "a/go.mod").write_text(MOD.format("a") + "// a comment\n")
    pipeline.look(str(root / "a/go.mod"))
    assert verdicts.heard == [(workspace.path, ["go-command"])]
    scheduler.advance(1)
    workspace, ours, done = go.asked.pop()
    assert ours == ()
    done((complaint,))
    assert len(verdicts.heard) == 1
    pipeline.look(str(root / "a/go.mod"))
    pipeline.recheck(pipeline.workspaces)
    scheduler.advance(1)
    _, _, done = go.asked.pop()
    done(())
    assert verdicts.heard[-1] == (workspace.path, [])


def test_an_answer_of_go_to_an_older_state_is_dropped(pipeline, scheduler, verdicts, root):
    go = pipeline.cross_checker = Go()
    pipeline.recheck(pipeline.workspaces)
    scheduler.advance(1)
    (root / "a/go.mod").write_text(MOD.format("other"))
    pipeline.look(str(root / "a/go.mod"))
    verdicts.heard.clear()
    workspace, _, done = go.asked[0]
    done((Diagnostic(workspace.path, Span.at(1), Severity.ERROR, "go-command", "no"),))
    assert verdicts.heard == []


def test_after_the_end_nothing_happens(pipeline, scheduler, verdicts, root):
    go = pipeline.cross_checker = Go()
    pipeline.recheck(pipeline.workspaces)
    scheduler.advance(1)
    pipeline.recheck(pipeline.workspaces)
    (root / "go.work").unlink()
    pipeline.look(str(root / "go.work"))
    verdicts.heard.clear()
    pipeline.close()
    assert scheduler.planned == 0
    workspace, _, done = go.asked[0]
    done((Diagnostic(workspace.path, Span.at(1), Severity.ERROR, "go-command", "no"),))
    assert verdicts.heard == []


STALE_VENDOR = {
    "go.work": "go 1.22\n\nuse (\n\t./a\n\t./b\n)\n",
    "a/go.mod": MOD.format("a") + "\nrequire example.com/r v1.1.0\n",
    "vendor/modules.txt": "## workspace\n# example.com/r v1.0.0\n## explicit\n",
}


@pytest.fixture
def vendored(pipeline, verdicts, saves, scheduler, root):
    """A workspace whose vendor folder is out of date, and known to be."""
    for name, text in STALE_VENDOR.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    pipeline.disable = frozenset({"missing-go-sum-entry"})
    pipeline.begin(map(str, (root / "a/go.mod", root / "b/go.mod", root / "go.work")))
    assert verdicts.heard == [(str(root / "go.work"), ["inconsistent-vendoring"])]
    verdicts.heard.clear()
    return root / "vendor/modules.txt"


def test_what_stands_beside_is_looked_at_once_for_all_events_of_a_moment(
    pipeline, scheduler, verdicts, saves, vendored, root
):
    pipeline.look_beside(str(vendored))
    scheduler.advance(BESIDE_SECONDS / 2)
    vendored.write_text(STALE_VENDOR["vendor/modules.txt"].replace("v1.0.0", "v1.1.0"))
    pipeline.look_beside(str(vendored))
    assert verdicts.heard == []
    scheduler.advance(BESIDE_SECONDS / 2)
    assert verdicts.heard == [(str(root / "go.work"), [])]
    scheduler.advance(1)
    assert len(verdicts.heard) == 1
    assert saves.told == []


def test_a_vendor_folder_that_is_being_written_is_what_it_was(pipeline, scheduler, verdicts, files, vendored):
    vendored.write_text(STALE_VENDOR["vendor/modules.txt"].replace("v1.0.0", "v1.1.0"))
    files.writing = True
    pipeline.look_beside(str(vendored))
    scheduler.advance(1)
    assert [codes for _, codes in verdicts.heard] == [["inconsistent-vendoring"]]
    files.writing = False
    pipeline.look_beside(str(vendored))
    scheduler.advance(1)
    assert verdicts.heard[-1][1] == []


def test_what_stands_beside_nothing_is_not_looked_at(pipeline, scheduler, verdicts, root):
    for name in ("go.sum", "a/go.work.sum", "c/vendor/modules.txt", "b/modules.txt", "nowhere/go.sum"):
        pipeline.look_beside(str(root / name))
    assert scheduler.planned == 0
    pipeline.look_beside(str(root / "a/go.sum"))
    pipeline.look_beside(str(root / "go.work.sum"))
    pipeline.close()
    assert scheduler.planned == 0
    assert verdicts.heard == []


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


def test_what_the_scan_finds_later_is_judged_and_not_formatted(pipeline, verdicts, saves, root):
    (root / "c").mkdir()
    (root / "c/go.mod").write_text("module example.com/c\ngo 1.21\n")
    (root / "b/go.mod").unlink()
    pipeline.admit(map(str, (root / "a/go.mod", root / "c/go.mod", root / "go.work")))
    assert [path for path, _ in verdicts.heard] == [str(root / "go.work"), str(root / "c/go.mod")]
    assert saves.told == []
    verdicts.heard.clear()
    pipeline.admit(map(str, (root / "a/go.mod", root / "c/go.mod", root / "go.work")))
    assert verdicts.heard == [], "what is known and unchanged is not judged again"
    pipeline.admit([str(root / "a/go.mod"), str(root / "c/go.mod")])
    assert (str(root / "go.work"), ["vanished"]) in verdicts.heard


def test_a_file_that_gowork_names_is_missed_everywhere_until_it_is_there(pipeline, scheduler, verdicts, root):
    other = root / "other" / "go.work"
    other.parent.mkdir()
    (root / "alone").mkdir()
    (root / "alone/go.mod").write_text(MOD.format("alone"))
    pipeline.look(str(root / "alone/go.mod"))
    pipeline.disable = frozenset({"module-not-in-use", "shadowed-workspace", "empty-workspace"})
    pipeline.facts = Facts(environment=GoEnvironment(gowork=str(other)))
    verdicts.heard.clear()
    pipeline.recheck(pipeline.workspaces)
    assert dict(verdicts.heard) == {
        str(root / "go.work"): ["invalid-gowork"],
        str(root / "alone/go.mod"): ["invalid-gowork"],
    }
    other.write_text("go 1.21\n")
    verdicts.heard.clear()
    pipeline.look(str(other))
    scheduler.advance(0)
    heard = dict(verdicts.heard)
    assert heard[str(root / "go.work")] == ["ignored-go-work"]
    assert heard[str(root / "alone/go.mod")] == []
    other.unlink()
    pipeline.look(str(other))
    scheduler.advance(1)
    assert dict(verdicts.heard)[str(root / "alone/go.mod")] == ["invalid-gowork"]


def test_a_save_all_is_judged_as_a_whole(pipeline, scheduler, verdicts, saves, root):
    for name in ("a", "b"):
        (root / name / "go.mod").write_text(MOD.format(f"new-{name}"))
        pipeline.look(str(root / name / "go.mod"))
    (root / "go.work").write_text("go 1.21\n\nuse ./a\n")
    pipeline.look(str(root / "go.work"))
    work = str(root / "go.work")
    assert [path for path, _ in verdicts.heard].count(work) == 1  # the first file's
    assert len(saves.told) == 3
    scheduler.advance(SAVE_ALL_SECONDS)
    assert verdicts.heard[-1] == (work, ["module-not-in-use"])
    assert [path for path, _ in verdicts.heard].count(work) == 2
    scheduler.advance(60)
    assert [path for path, _ in verdicts.heard].count(work) == 2


def test_a_long_checkout_is_judged_at_growing_pauses(pipeline, scheduler, verdicts, root):
    for number in range(60):  # three seconds
        name = "ab"[number % 2]
        (root / name / "go.mod").write_text(MOD.format(f"{name}{number}"))
        pipeline.look(str(root / name / "go.mod"))
        scheduler.advance(0.05)
    work = str(root / "go.work")
    assert 3 <= [path for path, _ in verdicts.heard].count(work) <= 7  # at 0, 0.1, 0.3, 0.7, 1.5, 2.3
    scheduler.advance(2 * SAVE_ALL_MOST_SECONDS)
    verdicts.heard.clear()
    (root / "a/go.mod").write_text(MOD.format("after"))
    pipeline.look(str(root / "a/go.mod"))
    assert [path for path, _ in verdicts.heard].count(work) == 1  # at once again


def test_one_file_that_is_saved_twice_is_judged_twice_at_once(pipeline, verdicts, root):
    work = root / "go.work"
    for text in ("go 1.21\n\nuse ./a\n", "go 1.21\n\nuse ./b\n"):
        work.write_text(text)
        pipeline.look(str(work))
    assert [path for path, _ in verdicts.heard].count(str(work)) == 2


def test_what_waits_to_be_judged_is_judged_before_it_is_fixed(pipeline, scheduler, verdicts, saves, root):
    saves.options = TidyOptions(fix_on_save=frozenset({"a-code"}))
    for name in ("a", "b"):
        (root / name / "go.mod").write_text(MOD.format(f"new-{name}"))
        pipeline.look(str(root / name / "go.mod"))
    assert [path for path, _ in verdicts.heard].count(str(root / "go.work")) == 2
    scheduler.advance(60)
    assert [path for path, _ in verdicts.heard].count(str(root / "go.work")) == 2


def test_go_is_asked_once_for_a_save_all(pipeline, scheduler, root):
    go = pipeline.cross_checker = Go()
    for _ in range(5):
        for name in ("a", "b"):
            (root / name / "go.mod").write_text(MOD.format(f"new-{name}"))
            pipeline.look(str(root / name / "go.mod"))
            scheduler.advance(0.02)
    scheduler.advance(60)
    assert [workspace.path for workspace, _, _ in go.asked] == [str(root / "go.work")]


def test_what_waits_to_be_judged_and_goes_is_not_judged(pipeline, scheduler, verdicts, root):
    for name in ("a", "b"):
        (root / name / "go.mod").write_text(MOD.format(f"new-{name}"))
        pipeline.look(str(root / name / "go.mod"))
    pipeline.close()
    verdicts.heard.clear()
    scheduler.advance(60)
    assert verdicts.heard == []
