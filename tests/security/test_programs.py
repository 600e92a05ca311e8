"""What a repository brings that a program of ours could run, read for ever, or take for somebody else's."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import sys
import zlib
from pathlib import Path

import pytest

from gowatchd.services.cross_check import CrossChecker
from gowatchd.services.ports import Provenance
from gowatchd.services.workspaces import Workspaces
from gowatchd.system import go_search
from gowatchd.system.child import ChildPool
from gowatchd.system.files import SafeFiles
from gowatchd.system.git import GitState
from gowatchd.system.go_command import GoCommand
from gowatchd.system.go_search import GoNotFoundError, find_go
from gowatchd.system.process import Command, run_child
from gowatchd.system.program_path import find_program
from tests.support.git import git, repository
from tests.support.go import NEWEST, TOOLCHAINS, needs_go
from tests.support.main_loop import MainLoop
from tests.support.watching import write

HERE = ("", ".", "./", "bin", "../repo")  # entries of a PATH that are another folder in every repository


@pytest.fixture
def loop():
    return MainLoop()


@pytest.fixture
def pool(loop):
    pool = ChildPool(loop)
    yield pool
    pool.close()


@pytest.fixture
def provenance(loop, pool):
    def ask(path):
        answers: list[Provenance] = []
        GitState(pool).came_by_git(str(path), path.read_bytes(), answers.append)
        loop.run_until(lambda: answers)
        return answers[0]

    return ask


@pytest.fixture
def trap(tmp_path):
    """A repository full of programs with the names of those that we start, and what they leave behind."""
    repo = repository(tmp_path / "repo")
    (repo / "bin").mkdir()
    mark = tmp_path / "sprung"
    for name in ("git", "go", "dot", "bin/git", "bin/go", "bin/dot"):
        (repo / name).write_text(f"#!/bin/sh\ntouch {mark}\nexit 1\n")
        (repo / name).chmod(0o755)
    return repo, mark


@pytest.mark.parametrize("entry", HERE)
def test_no_program_is_looked_for_where_a_child_is_started(trap, provenance, monkeypatch, entry):
    repo, mark = trap
    monkeypatch.setenv("PATH", f"{entry}:{os.path.dirname(shutil.which('git') or '')}")
    monkeypatch.chdir(repo)
    assert provenance(repo / "go.mod") is Provenance.UNCHANGED
    assert find_program("git") == shutil.which("git", path="/usr/bin:/bin")
    assert find_program("dot") in {None, shutil.which("dot", path="/usr/bin:/bin")}
    assert not mark.exists()
    run_child(Command(("git",), str(repo), 5.0, {"PATH": f"{entry}:/usr/bin"}))
    assert mark.exists(), "the trap does not work: this test could not fail"


@pytest.mark.parametrize("configured", [None, "go", "./go", "bin/go"])
def test_nor_is_go(trap, monkeypatch, tmp_path, configured):
    repo, mark = trap
    monkeypatch.setattr(go_search, "WELL_KNOWN", ())
    monkeypatch.setenv("SHELL", "/bin/false")
    monkeypatch.setenv("PATH", f".:bin::{tmp_path}")
    monkeypatch.chdir(repo)
    with pytest.raises(GoNotFoundError) as refusal:
        find_go(configured)
    assert ("is not an absolute path" in str(refusal.value)) == ("/" in (configured or ""))
    assert not mark.exists()


def test_a_repository_within_a_folder_is_not_asked(tmp_path, provenance):
    """A clone can bring a folder that git takes for a repository of its own, with a configuration in it."""
    origin = repository(tmp_path / "origin")
    (origin / "sub").mkdir()
    (origin / "sub/go.mod").write_text("module   example.com/sub\n")
    git(origin, "init", "-q", "--bare", "sub")
    for file in ("objects/kept", "refs/kept"):
        (origin / "sub" / file).touch()
    git(origin, "add", ".")
    git(origin, "commit", "-q", "-m", "trap")
    git(tmp_path, "clone", "-q", "origin", "clone")
    inner = tmp_path / "clone/sub"
    assert git(inner, "rev-parse", "--git-dir").strip() == ".", "git does not take it for one"
    assert provenance(inner / "go.mod") is Provenance.UNCHANGED
    (inner / "go.mod").write_text("module   example.com/mine\n")
    assert provenance(inner / "go.mod") is Provenance.EDITED


def test_a_tree_of_twenty_gigabytes_in_twenty_megabytes(tmp_path, provenance):
    """It is git's end, within the time that it has, and nobody takes the file for the person's own work."""
    repo = repository(tmp_path / "repo")
    tree = "1" * 40
    deflate = zlib.compressobj()
    start = deflate.compress(b"tree %d\0" % (20 << 30)) + deflate.flush(zlib.Z_FULL_FLUSH)
    zeros = deflate.compress(bytes(1 << 24)) + deflate.flush(zlib.Z_FULL_FLUSH)
    stored(repo, tree, start + zeros * (20 << 6))
    body = b"tree %s\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\n" % tree.encode()
    head = b"commit %d\0%s" % (len(body), body)
    name = hashlib.sha1(head, usedforsecurity=False).hexdigest()
    stored(repo, name, zlib.compress(head))
    (repo / ".git/refs/heads/main").write_text(f"{name}\n")
    (repo / "go.mod").write_text("module example.com/new\n")
    assert provenance(repo / "go.mod") is Provenance.UNKNOWN


def stored(repo: Path, name: str, data: bytes) -> None:
    place = repo / ".git/objects" / name[:2] / name[2:]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(data)


@pytest.mark.parametrize("megabytes", [16, 256])
def test_a_child_may_have_so_much_memory_and_no_more(megabytes):
    script = f"bytearray({megabytes} << 20)"
    command = Command((sys.executable, "-c", script), "/", 20.0, memory=128 << 20)
    ours = resource.getrlimit(resource.RLIMIT_DATA)
    assert run_child(command).succeeded is (megabytes == 16)
    assert resource.getrlimit(resource.RLIMIT_DATA) == ours


@needs_go
@pytest.mark.parametrize("trap", ["fifo", "endless", "ten gigabytes"])
def test_go_is_not_asked_about_what_it_would_never_finish_to_read(tmp_path, loop, pool, trap):
    write(tmp_path / "go.work", "go 1.21\n\nuse (\n\t./a\n\t./b\n)\n")
    write(tmp_path / "a/go.mod", "module example.com/a\n\ngo 1.21\n")
    place = tmp_path / "b/go.mod"
    place.parent.mkdir()
    if trap == "fifo":
        os.mkfifo(place)
    elif trap == "endless":
        place.symlink_to("/dev/zero")
    else:
        place.touch()
        os.truncate(place, 10 << 30)
    workspaces = Workspaces(SafeFiles())
    workspaces.load([str(tmp_path / "go.work")])
    go = GoCommand(pool, find_go(str(TOOLCHAINS[NEWEST].resolve() / "bin/go")))
    answers: list[tuple] = []
    for workspace in workspaces:
        CrossChecker(go).check(workspace, (), answers.append)
    assert answers == [()]
    assert pool.started == 0
    place.unlink()
    write(place, "module example.com/a\n\ngo 1.21\n")
    workspaces.load([str(tmp_path / "go.work")])
    workspaces.changed(str(place))
    for workspace in workspaces:
        CrossChecker(go).check(workspace, (), answers.append)
    loop.run_until(lambda: len(answers) == 2)
    assert answers[1], "go has nothing to say about two modules of one name"
