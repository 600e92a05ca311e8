"""A day with git under the daemon: no tree is ever dirty because of us, and what a person edits is formatted.

What is committed here is untidy, so that a rewrite of it would show.
"""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.git import commit, git, repository

EDITED = b"module   example.com/edited\ngo 1.21\n"
TIDY = b"module example.com/edited\n\ngo 1.21\n"
KEPT = ("kept", "this is what git has for it")


def untidy(name):
    return f"module   example.com/{name}\ngo 1.21\n"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    folder = tmp_path_factory.mktemp("day")
    with PrivateBus(folder) as bus, Daemon(folder / "home", bus) as daemon:
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


@pytest.fixture
def repo(daemon, request):
    """A repository below the watch root with three commits on main and one on other."""
    name = request.node.name.replace("[", "-").replace("]", "").replace(" ", "-")
    repo = repository(daemon.source / name, "--object-format=sha1")
    for number in range(3):
        commit(repo, untidy(number))
    git(repo, "checkout", "-q", "-b", "other", "HEAD~1")
    commit(repo, untidy("other"))
    git(repo, "checkout", "-q", "main")
    return repo


def stays_clean(daemon, tree):
    """Show that the go.mod in ``tree`` is seen, left alone and no change to git; an edit of it is tidied."""
    mod = tree / "go.mod"
    daemon.wait_for(lambda: daemon.standing(mod) == KEPT, f"{mod} to be kept")
    assert git(tree, "status", "--porcelain") == ""
    is_formatted(daemon, mod)
    git(tree, "checkout", "-q", "--", "go.mod")
    daemon.wait_for(lambda: daemon.standing(mod) == KEPT, f"{mod} to be kept again")
    assert git(tree, "status", "--porcelain") == ""


def is_formatted(daemon, mod):
    mod.write_bytes(EDITED)
    daemon.wait_for_bytes(mod, TIDY)


def test_a_linked_worktree(daemon, repo):
    tree = repo.with_name(f"{repo.name}-tree")
    git(repo, "worktree", "add", "-q", str(tree), "other")
    stays_clean(daemon, tree)
    git(tree, "checkout", "-q", "--detach", "main~2")
    stays_clean(daemon, tree)


def test_a_submodule_update(daemon, repo, tmp_path):
    inner = repository(tmp_path / "inner")
    commit(inner, untidy("inner"))
    allow = ("-c", "protocol.file.allow=always")
    git(repo, *allow, "submodule", "add", "-q", str(inner), "sub")
    git(repo, "commit", "-q", "-m", "submodule")
    stays_clean(daemon, repo / "sub")
    commit(inner, untidy("newer"))
    git(repo, *allow, "submodule", "update", "-q", "--remote")
    assert (repo / "sub" / "go.mod").read_text() == untidy("newer")
    git(repo, "commit", "-qam", "newer")
    stays_clean(daemon, repo / "sub")


def test_a_sparse_checkout(daemon, repo):
    (repo / "deep").mkdir()
    commit(repo / "deep", untidy("deep"))
    git(repo, "sparse-checkout", "set", "--no-cone", "/*", "!/deep")
    daemon.wait_for(lambda: not (repo / "deep").exists(), "the folder to go")
    git(repo, "sparse-checkout", "disable")
    stays_clean(daemon, repo / "deep")


def test_line_ends_made_for_windows(daemon, repo):
    git(repo, "config", "core.autocrlf", "true")
    (repo / "go.mod").unlink()
    git(repo, "checkout", "-q", "--", "go.mod")
    assert b"\r\n" in (repo / "go.mod").read_bytes()
    stays_clean(daemon, repo)


def test_a_filter_that_git_runs_on_the_content(daemon, repo):
    """What git has is not what the file holds: nobody but the filter can tell, so nothing is written."""
    git(repo, "config", "filter.upper.clean", "tr A-Z a-z")
    git(repo, "config", "filter.upper.smudge", "tr a-z A-Z")
    commit(repo, "*.mod filter=upper\n", ".gitattributes")
    (repo / "go.mod").unlink()
    git(repo, "checkout", "-q", "--", "go.mod")
    smudged = (repo / "go.mod").read_bytes()
    assert smudged == untidy(2).upper().encode()
    (repo / "go.mod").write_bytes(EDITED)
    said = ("kept", "git does not say whether it brought it")
    daemon.wait_for(lambda: daemon.standing(repo / "go.mod") == said, "the reason why it is kept")
    assert (repo / "go.mod").read_bytes() == EDITED


def test_a_pull_with_rebase(daemon, repo):
    clone = repo.with_name(f"{repo.name}-clone")
    git(repo.parent, "clone", "-q", f"file://{repo}", str(clone))
    stays_clean(daemon, clone)
    (repo / "README").write_text("theirs\n")
    commit(repo, "theirs\n", "README")
    commit(repo, untidy("upstream"))
    commit(clone, "ours\n", "NOTES")
    git(clone, "pull", "-q", "--rebase")
    assert (clone / "go.mod").read_text() == untidy("upstream")
    stays_clean(daemon, clone)


def test_a_cherry_pick_with_a_conflict_is_nobodys_business_but_its_persons(daemon, repo):
    mod = repo / "go.mod"
    git(repo, "cherry-pick", "other", check=False)
    conflict = mod.read_bytes()
    assert b"<<<<<<<" in conflict
    daemon.wait_for(lambda: "syntax" in daemon.codes(repo), "the conflict to be seen")
    mod.write_bytes(EDITED)  # decided, not yet told to git
    waiting = ("pending", "a cherry-pick is under way")
    daemon.wait_for(lambda: daemon.standing(mod) == waiting, "the reason why it waits")
    assert mod.read_bytes() == EDITED
    git(repo, "add", "go.mod")
    git(repo, "-c", "core.editor=true", "cherry-pick", "--continue")
    daemon.wait_for(lambda: daemon.standing(mod) == KEPT, "it to be kept as committed")
    assert git(repo, "status", "--porcelain") == ""
    mod.write_bytes(EDITED.replace(b"edited", b"later"))
    daemon.wait_for_bytes(mod, TIDY.replace(b"edited", b"later"))


def test_bisect_run(daemon, repo):
    for number in range(3, 9):
        commit(repo, untidy(number))
    git(repo, "bisect", "start", "main", "main~7")
    git(repo, "bisect", "run", "sh", "-c", "! grep -q 'com/[5-9]' go.mod")
    assert git(repo, "status", "--porcelain") == ""
    git(repo, "bisect", "reset")
    stays_clean(daemon, repo)


def test_stash_and_pop(daemon, repo):
    mod = repo / "go.mod"
    git(repo, "config", "core.fsync", "none")
    is_formatted(daemon, mod)
    git(repo, "stash", "-q")
    daemon.wait_for(lambda: daemon.standing(mod) == KEPT, "it to be kept")
    assert git(repo, "status", "--porcelain") == ""
    git(repo, "stash", "pop", "-q")
    assert mod.read_bytes() == TIDY


def test_staging_a_part_of_the_changes(daemon, repo):
    """With `git add -p` the index has one hunk of two; the file itself is still the person's to be tidied."""
    mod = repo / "go.mod"
    lines = "".join(f"// {number}\n" for number in range(20))
    commit(repo, f"module example.com/m\n\n{lines}\ngo 1.21\n")
    text = f"module   example.com/m\n\n{lines}\ngo   1.21\n"
    tidy = f"module example.com/m\n\n{lines}\ngo 1.21\n"
    fixed = text.replace("// 7\n", "// seven\n")
    lock = repo / ".git" / "index.lock"
    lock.touch()  # as while a person answers the questions of another git
    mod.write_text(fixed)
    waiting = ("pending", "git is at work (index.lock)")
    daemon.wait_for(lambda: daemon.standing(mod) == waiting, "the reason why it waits")
    lock.unlink()
    answered = subprocess.run(
        ["git", "-c", "core.pager=cat", "add", "-p", "go.mod"],
        cwd=repo,
        input="n\ny\nn\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert answered.returncode == 0, answered.stderr
    wanted = tidy.replace("// 7\n", "// seven\n")
    daemon.wait_for_bytes(mod, wanted.encode())


@pytest.mark.parametrize("times", [20])
def test_a_commit_of_everything_races_with_the_rewrite(daemon, repo, times):
    """Whoever wins, what is committed is whole, and the tree is clean after it."""
    mod = repo / "go.mod"
    dirty = 0
    for number in range(times):
        content = untidy(f"race{number}")
        mod.write_text(content)
        git(repo, "commit", "-qam", f"race {number}")
        committed = git(repo, "show", "HEAD:go.mod")
        tidy = content.replace("   ", " ").replace("\ngo", "\n\ngo")
        assert committed in {content, tidy}
        dirty += git(repo, "status", "--porcelain") != ""
    assert dirty == 0
    stays_clean(daemon, repo)


def test_sha256(daemon):
    repo = repository(daemon.source / "sha256", "--object-format=sha256")
    commit(repo, untidy("sha256"))
    git(repo, "checkout", "-q", "HEAD~1")
    git(repo, "checkout", "-q", "main")
    stays_clean(daemon, repo)


def test_a_bare_repository_and_its_work_tree_elsewhere(daemon, repo):
    """A bare one has no files of its own; with core.worktree its files are watched like any others."""
    bare = repo.with_name(f"{repo.name}.git")
    git(repo.parent, "clone", "-q", "--bare", str(repo), str(bare))
    assert not list(bare.rglob("go.mod"))
    mod = bare / "go.mod"
    is_formatted(daemon, mod)  # no work tree: git never touches it


def test_without_git(tmp_path, repo):
    """Its objects are looked up, and its signs are files: a checkout by another git is left alone as well."""
    (tmp_path / "programs").mkdir()
    home = tmp_path / "home"
    with PrivateBus(tmp_path) as bus:
        daemon = Daemon(home, bus)
        daemon.environment["PATH"] = str(tmp_path / "programs")
        tree = daemon.source / "tree"
        git(repo, "worktree", "add", "-q", str(tree), "other")
        with daemon:
            git(tree, "checkout", "-q", "--detach", "main~2")
            stays_clean(daemon, tree)
            git(repo, "gc", "-q")
            git(tree, "checkout", "-q", "--detach", "main~1")
            stays_clean(daemon, tree)
            (tree / ".git").write_text("gitdir: /nowhere\n")
            (tree / "go.mod").write_bytes(EDITED)
            said = ("kept", "git does not say whether it brought it")
            daemon.wait_for(lambda: daemon.standing(tree / "go.mod") == said, "the reason why it is kept")
            assert (tree / "go.mod").read_bytes() == EDITED
            lone = daemon.source / "lone"
            lone.mkdir()
            is_formatted(daemon, lone / "go.mod")
        assert "Traceback" not in daemon.log(), daemon.log()
    assert os.listdir(tmp_path / "programs") == []
