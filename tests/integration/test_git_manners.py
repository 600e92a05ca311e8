"""What the daemon may rewrite while people work with git: real repositories, real commands."""

from __future__ import annotations

import os
import subprocess

import pytest

from gowatchd.services.ports import Provenance
from gowatchd.system.child import ChildPool
from gowatchd.system.git import GitState, has_conflict_markers
from tests.support.git import commit, git, repository
from tests.support.main_loop import MainLoop
from tests.support.other_process import NOBODY, needs_root


@pytest.fixture
def loop():
    return MainLoop()


@pytest.fixture
def state(loop):
    pool = ChildPool(loop)
    yield GitState(pool)
    pool.close()


@pytest.fixture
def provenance(loop, state):
    def ask(path):
        answers: list[Provenance] = []
        state.came_by_git(str(path), path.read_bytes(), answers.append)
        loop.run_until(lambda: answers)
        return answers[0]

    return ask


@pytest.fixture
def repo(tmp_path):
    repo = repository(tmp_path / "repo")
    git(repo, "checkout", "-q", "-b", "other")
    commit(repo, "module example.com/other\n")
    git(repo, "checkout", "-q", "main")
    return repo


@pytest.fixture
def conflict(repo):
    """A repository whose branches main and other cannot be merged."""
    commit(repo, "module example.com/between\n")
    commit(repo, "module example.com/main\n")
    return repo


def test_what_a_person_saves_is_edited(repo, state, provenance):
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED
    (repo / "go.mod").write_text("module example.com/first\n\ngo 1.21\n")
    assert provenance(repo / "go.mod") is Provenance.EDITED
    assert state.busy(str(repo / "go.mod")) is None


@pytest.mark.parametrize("name", ["go.work", "ignored.mod", "-n", "a b", "ünï", "new\nline"])
def test_a_file_that_git_does_not_track_is_untracked(repo, provenance, name):
    (repo / ".gitignore").write_text("ignored.mod\n")
    (repo / name).write_text("go 1.21\n")
    assert provenance(repo / name) is Provenance.UNTRACKED


@pytest.mark.parametrize("folder", ["-C", "a b", "ünï", "new\nline", ":(top)"])
def test_any_folder_name_does(repo, provenance, folder):
    (repo / folder).mkdir()
    (repo / folder / "go.mod").write_text("module example.com/odd\n")
    assert provenance(repo / folder / "go.mod") is Provenance.UNTRACKED
    git(repo, "add", ".")
    git(repo, "commit", "-q", "-m", "odd")
    assert provenance(repo / folder / "go.mod") is Provenance.UNCHANGED
    (repo / folder / "go.mod").write_text("module example.com/odder\n")
    tracked = Provenance.UNTRACKED if "\n" in folder else Provenance.EDITED  # git reads names by the line
    assert provenance(repo / folder / "go.mod") is tracked


def test_a_folder_name_that_is_not_utf8_does(repo, provenance):
    folder = repo / "\udcff"
    folder.mkdir()
    commit(folder, "module example.com/latin\n")
    assert provenance(folder / "go.mod") is Provenance.UNCHANGED


def test_outside_of_a_repository(tmp_path, provenance):
    (tmp_path / "go.mod").write_text("module example.com/lone\n")
    assert provenance(tmp_path / "go.mod") is Provenance.NO_REPOSITORY


def test_before_the_first_commit(tmp_path, provenance):
    git(tmp_path, "init", "-q")
    (tmp_path / "go.mod").write_text("module example.com/new\n")
    assert provenance(tmp_path / "go.mod") is Provenance.UNTRACKED
    git(tmp_path, "add", "go.mod")
    (tmp_path / "go.mod").write_text("module example.com/newer\n")
    assert provenance(tmp_path / "go.mod") is Provenance.EDITED


def test_staged_content_is_left_alone_and_an_edit_on_top_of_it_is_not(repo, provenance):
    (repo / "go.mod").write_text("module   example.com/staged\n")
    git(repo, "add", "go.mod")
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED
    (repo / "go.mod").write_text("module   example.com/edited\n")
    assert provenance(repo / "go.mod") is Provenance.EDITED


def test_checkout_restore_and_reset(repo, state, provenance):
    for command in (
        ("checkout", "-q", "other"),
        ("checkout", "-q", "main"),
        ("checkout", "-q", "other", "--", "go.mod"),
        ("restore", "--source=main", "go.mod"),
        ("reset", "-q", "--hard", "other"),
    ):
        git(repo, *command)
        assert provenance(repo / "go.mod") is Provenance.UNCHANGED, command
        assert state.busy(str(repo / "go.mod")) is None, command


def test_a_popped_stash(repo, state, provenance):
    (repo / "go.mod").write_text("module   example.com/stashed\n")
    git(repo, "stash", "-q")
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED
    git(repo, "stash", "pop", "-q")
    assert (repo / "go.mod").read_text() == "module   example.com/stashed\n"
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED
    assert state.busy(str(repo / "go.mod")) is None


def test_a_pull_that_merges_both_sides_of_one_file(tmp_path, provenance):
    upstream = repository(tmp_path / "upstream")
    lines = [f"// {number}\n" for number in range(20)]
    commit(upstream, "".join(lines))
    git(tmp_path, "clone", "-q", "upstream", "clone")
    clone = tmp_path / "clone"
    assert provenance(clone / "go.mod") is Provenance.UNCHANGED
    commit(upstream, "".join(["// theirs\n", *lines]))
    commit(clone, "".join([*lines, "// ours\n"]))
    git(clone, "pull", "-q", "--no-rebase")
    assert (clone / "go.mod").read_text() == "".join(["// theirs\n", *lines, "// ours\n"])
    assert provenance(clone / "go.mod") is Provenance.UNCHANGED
    git(clone, "gc", "-q")
    assert provenance(clone / "go.mod") is Provenance.UNCHANGED


@pytest.mark.parametrize(
    ("start", "abort", "word"),
    [
        (("merge", "other"), ("merge", "--abort"), "merge"),
        (("rebase", "other"), ("rebase", "--abort"), "rebase"),
        (("rebase", "--apply", "other"), ("rebase", "--abort"), "rebase"),
        (("cherry-pick", "other"), ("cherry-pick", "--abort"), "cherry-pick"),
        (("cherry-pick", "other", "other~"), ("cherry-pick", "--abort"), "cherry-pick"),
        (("revert", "HEAD~", "--no-edit"), ("revert", "--abort"), "revert"),
    ],
)
def test_a_conflict_keeps_git_busy_until_it_is_solved(conflict, state, start, abort, word):
    path = conflict / "go.mod"
    git(conflict, *start, check=False)
    assert has_conflict_markers(path.read_bytes())
    assert word in (state.busy(str(path)) or "")
    git(conflict, *abort)
    assert state.busy(str(path)) is None
    assert not has_conflict_markers(path.read_bytes())


def test_a_stash_that_conflicts_leaves_markers(conflict):
    (conflict / "go.mod").write_text("module example.com/stashed\n")
    git(conflict, "stash", "-q")
    commit(conflict, "module example.com/meanwhile\n")
    git(conflict, "stash", "pop", check=False)
    assert has_conflict_markers((conflict / "go.mod").read_bytes())


def test_bisect(repo, state, provenance):
    for number in range(4):
        commit(repo, f"module example.com/m{number}\n")
    git(repo, "bisect", "start", "main", "main~4")
    assert "bisect" in (state.busy(str(repo / "go.mod")) or "")
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED
    git(repo, "bisect", "reset")
    assert state.busy(str(repo / "go.mod")) is None


def test_the_mark_of_the_index_tells_that_git_was_at_work(repo, state):
    path = repo / "go.mod"
    mark = state.index_mark(str(path))
    path.write_text("module example.com/edited\n")
    assert state.index_mark(str(path)) == mark
    git(repo, "commit", "-qam", "edited")
    assert state.index_mark(str(path)) != mark


def test_the_index_lock(repo, state):
    lock = repo / ".git" / "index.lock"
    lock.touch()
    assert "index.lock" in (state.busy(str(repo / "go.mod")) or "")
    lock.unlink()
    assert state.busy(str(repo / "go.mod")) is None


def test_a_linked_worktree_is_busy_on_its_own(conflict, state, provenance, tmp_path):
    tree = tmp_path / "tree"
    git(conflict, "worktree", "add", "-q", str(tree), "other")
    git(tree, "merge", "main", check=False)
    assert "merge" in (state.busy(str(tree / "go.mod")) or "")
    assert state.busy(str(conflict / "go.mod")) is None
    git(tree, "merge", "--abort")
    assert provenance(tree / "go.mod") is Provenance.UNCHANGED
    (tree / "go.mod").write_text("module example.com/edited\n")
    assert provenance(tree / "go.mod") is Provenance.EDITED


def test_a_submodule_is_busy_on_its_own(conflict, state, provenance, tmp_path):
    outer = repository(tmp_path / "outer")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(conflict), "sub")
    inner = outer / "sub"
    git(inner, "merge", "origin/other", check=False)
    assert "merge" in (state.busy(str(inner / "go.mod")) or "")
    assert state.busy(str(outer / "go.mod")) is None
    git(inner, "merge", "--abort")
    assert provenance(inner / "go.mod") is Provenance.UNCHANGED
    (inner / "go.mod").write_text("module example.com/edited\n")
    assert provenance(inner / "go.mod") is Provenance.EDITED


def test_line_ends_that_git_changes_on_checkout(repo, provenance):
    commit(repo, "* text eol=crlf\n", ".gitattributes")
    (repo / "go.mod").unlink()
    git(repo, "checkout", "-q", "--", "go.mod")
    assert b"\r\n" in (repo / "go.mod").read_bytes()
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED


def test_a_repository_of_sha256_names(tmp_path, provenance):
    repo = repository(tmp_path / "repo", "--object-format=sha256")
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED
    (repo / "go.mod").write_text("module example.com/edited\n")
    assert provenance(repo / "go.mod") is Provenance.EDITED


def test_a_broken_repository_is_unknown(repo, provenance):
    (repo / ".git" / "config").write_text("[broken\n")
    assert provenance(repo / "go.mod") is Provenance.UNKNOWN


@pytest.mark.parametrize("packed", [False, True])
def test_without_git_on_the_path_its_objects_are_looked_up(repo, provenance, monkeypatch, tmp_path, packed):
    if packed:
        git(repo, "gc", "-q")
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        assert provenance(repo / "go.mod") is Provenance.UNCHANGED
        (repo / "go.mod").write_text("module example.com/edited\n")
        assert provenance(repo / "go.mod") is Provenance.EDITED
        for index in (repo / ".git" / "objects" / "pack").glob("*.idx"):
            index.chmod(0o644)
            index.write_bytes(b"damaged")
        assert provenance(repo / "go.mod") is (Provenance.UNKNOWN if packed else Provenance.EDITED)


@needs_root
def test_a_repository_of_somebody_else_is_looked_up_and_nothing_of_it_run(repo, provenance):
    os.chown(repo / ".git", NOBODY, NOBODY)
    os.chown(repo, NOBODY, NOBODY)
    assert "dubious ownership" in refusal(repo)
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED
    (repo / "go.mod").write_text("module example.com/edited\n")
    assert provenance(repo / "go.mod") is Provenance.EDITED


def refusal(repo):
    asked = ["git", "-C", str(repo), "rev-parse"]
    return subprocess.run(asked, capture_output=True, text=True, check=False, env={"LC_ALL": "C"}).stderr


def test_a_git_file_that_points_nowhere_is_unknown(repo, provenance):
    """The repository may be on a disk that is not mounted, or seen under another path from a container."""
    (repo / ".git").rename(repo.with_name("away"))
    (repo / ".git").write_text("gitdir: /nowhere/at/all\n")
    (repo / "go.mod").write_text("module example.com/edited\n")
    assert provenance(repo / "go.mod") is Provenance.UNKNOWN
    (repo / ".git").write_text(f"gitdir: {repo.with_name('away')}\n")
    assert provenance(repo / "go.mod") is Provenance.EDITED


def test_the_callers_own_git_variables_do_not_count(repo, provenance, monkeypatch, tmp_path):
    other = repository(tmp_path / "elsewhere")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    git(repo, "checkout", "-q", "other")
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED


def test_only_the_newest_question_for_a_path_is_answered(repo, state, loop):
    answers: list[tuple[str, Provenance]] = []
    for number in range(3):
        data = b"module example.com/first\n" if number == 2 else b"%d" % number
        state.came_by_git(
            str(repo / "go.mod"), data, lambda answer, number=number: answers.append((number, answer))
        )
    loop.run_until(lambda: answers)
    assert answers == [(2, Provenance.UNCHANGED)]


def test_asking_writes_nothing(repo, provenance):
    (repo / "go.mod").write_text("module example.com/edited\n")

    def seen():
        return {path: path.stat().st_mtime_ns for path in (repo / ".git").rglob("*")}

    before = seen()
    provenance(repo / "go.mod")
    assert seen() == before


def test_nothing_that_a_hostile_repository_names_is_run(repo, provenance, tmp_path):
    trap = tmp_path / "trap"
    mark = tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {mark}\nexit 1\n")
    trap.chmod(0o755)
    (tmp_path / "hooks").mkdir()
    for hook in ("post-index-change", "fsmonitor-watchman", "post-checkout", "reference-transaction"):
        (tmp_path / "hooks" / hook).symlink_to(trap)
    config = {
        "core.fsmonitor": str(trap),
        "core.hooksPath": str(tmp_path / "hooks"),
        "core.sshCommand": str(trap),
        "core.pager": str(trap),
        "core.editor": str(trap),
        "core.askPass": str(trap),
        "core.gitProxy": str(trap),
        "core.alternateRefsCommand": str(trap),
        "credential.helper": str(trap),
        "alias.cat-file": f"!{trap}",
        "diff.external": str(trap),
        "diff.trap.textconv": str(trap),
        "filter.trap.clean": str(trap),
        "filter.trap.smudge": str(trap),
        "filter.trap.process": str(trap),
        "gpg.program": str(trap),
        "protocol.ext.allow": "always",
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::{trap}",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": str(trap),
    }
    for name, value in config.items():
        git(repo, "config", name, value)
    (repo / ".gitattributes").write_text("* filter=trap diff=trap text\n")
    tree = git(repo, "rev-parse", "HEAD^{tree}").strip()
    assert not mark.exists(), "the trap was sprung before the question"
    (repo / "go.mod").write_text("module example.com/edited\n")
    assert provenance(repo / "go.mod") is Provenance.UNKNOWN  # only the filter could tell
    (repo / ".git" / "objects" / tree[:2] / tree[2:]).unlink()  # git would fetch it: it is promised
    assert provenance(repo / "go.mod") is Provenance.UNKNOWN
    assert not mark.exists()
    git(repo, "status", check=False)
    assert mark.exists(), "the trap does not work: this test could not fail"


def test_a_file_belongs_to_its_work_tree_and_git_directory(repo, state, tmp_path):
    git(repo, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    (tmp_path / "by-link").symlink_to(repo)
    for file, top, directory in (
        (repo / "go.mod", repo, repo / ".git"),
        (repo / "go.mod", tmp_path / "by-link", tmp_path / "by-link" / ".git"),
        (repo / "new" / "go.mod", repo, repo / ".git"),
        (tmp_path / "linked" / "go.mod", tmp_path / "linked", repo / ".git" / "worktrees" / "linked"),
    ):
        assert state.belongs(str(file), str(top))
        assert state.belongs(str(file), str(directory))
    assert not state.belongs(str(repo / "go.mod"), str(tmp_path / "linked"))
    assert not state.belongs(str(tmp_path / "linked" / "go.mod"), str(repo / ".git"))
    assert not state.belongs(str(tmp_path / "go.mod"), str(tmp_path))
