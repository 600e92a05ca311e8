from __future__ import annotations

from gowatchd.lint.diagnostic import Diagnostic, Severity
from gowatchd.lint.facts import Facts, GoEnvironment
from gowatchd.modfile.position import Span
from gowatchd.services.judging import CROSS_CHECK_SECONDS
from tests.support.judged import MOD, Go


def test_go_is_asked_once_when_the_workspace_rests(pipeline, scheduler, verdicts, root):
    go = pipeline.judging.cross_checker = Go()
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


def test_what_go_said_stands_until_it_is_heard_again(pipeline, scheduler, verdicts, root):
    """Else each save would say that all is well, and then again that it is not."""
    go = pipeline.judging.cross_checker = Go()
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
    go = pipeline.judging.cross_checker = Go()
    pipeline.recheck(pipeline.workspaces)
    scheduler.advance(1)
    (root / "a/go.mod").write_text(MOD.format("other"))
    pipeline.look(str(root / "a/go.mod"))
    verdicts.heard.clear()
    workspace, _, done = go.asked[0]
    done((Diagnostic(workspace.path, Span.at(1), Severity.ERROR, "go-command", "no"),))
    assert verdicts.heard == []


def test_after_the_end_nothing_happens(pipeline, scheduler, verdicts, root):
    go = pipeline.judging.cross_checker = Go()
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


def test_a_file_that_gowork_names_is_missed_everywhere_until_it_is_there(pipeline, scheduler, verdicts, root):
    other = root / "other" / "go.work"
    other.parent.mkdir()
    (root / "alone").mkdir()
    (root / "alone/go.mod").write_text(MOD.format("alone"))
    pipeline.look(str(root / "alone/go.mod"))
    pipeline.judging.disable = frozenset({"module-not-in-use", "shadowed-workspace", "empty-workspace"})
    pipeline.judging.facts = Facts(environment=GoEnvironment(gowork=str(other)))
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


def test_go_is_asked_once_for_a_save_all(pipeline, scheduler, root):
    go = pipeline.judging.cross_checker = Go()
    for _ in range(5):
        for name in ("a", "b"):
            (root / name / "go.mod").write_text(MOD.format(f"new-{name}"))
            pipeline.look(str(root / name / "go.mod"))
            scheduler.advance(0.02)
    scheduler.advance(60)
    assert [workspace.path for workspace, _, _ in go.asked] == [str(root / "go.work")]
