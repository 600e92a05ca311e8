from __future__ import annotations

import pytest

from gowatchd.services.pipeline import BESIDE_SECONDS
from tests.support.judged import MOD


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
    pipeline.judging.disable = frozenset({"missing-go-sum-entry"})
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
