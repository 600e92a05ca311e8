from __future__ import annotations

from gowatchd.services.pacing import SAVE_ALL_MOST_SECONDS, SAVE_ALL_SECONDS
from gowatchd.services.saves import TidyOptions
from tests.support.judged import MOD


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


def test_what_waits_to_be_judged_and_goes_is_not_judged(pipeline, scheduler, verdicts, root):
    for name in ("a", "b"):
        (root / name / "go.mod").write_text(MOD.format(f"new-{name}"))
        pipeline.look(str(root / name / "go.mod"))
    pipeline.close()
    verdicts.heard.clear()
    scheduler.advance(60)
    assert verdicts.heard == []
