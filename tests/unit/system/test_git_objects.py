from __future__ import annotations

import os
import random

import pytest

from gowatchd.system.git import blob_names
from gowatchd.system.git_objects import UnknownFormatError, has_object
from tests.support.git import commit, git, repository

TEXTS = [f"module example.com/m{number}\n" for number in range(300)]


@pytest.fixture(params=["sha1", "sha256"])
def repo(tmp_path, request):
    repo = repository(tmp_path / "repo", f"--object-format={request.param}")
    git(repo, "config", "maintenance.auto", "false")  # git 2.55 would pack again, beside us
    for number, text in enumerate(TEXTS):
        (repo / f"{number}.mod").write_text(text)
    git(repo, "add", ".")
    git(repo, "commit", "-q", "-m", "many")
    return repo


def knows(repo, text):
    return has_object(str(repo / ".git"), blob_names(text.encode()))


@pytest.mark.parametrize("how", ["loose", "packed", "packed and loose", "many packs"])
def test_it_has_what_git_has_and_nothing_else(repo, how):
    if how == "many packs":
        git(repo, "repack", "-q", "-a", "-d", "--max-pack-size=1m")
        for number in range(3):
            commit(repo, f"module example.com/pack{number}\n")
            git(repo, "repack", "-q", "-d")
        assert len(list((repo / ".git" / "objects" / "pack").glob("*.idx"))) == 4
    elif how != "loose":
        git(repo, "gc", "-q", "--prune=now")
    if how == "packed and loose":
        commit(repo, "module example.com/fresh\n")
        assert knows(repo, "module example.com/fresh\n")
    assert all(knows(repo, text) for text in TEXTS)
    chance = random.Random(3)
    assert not any(knows(repo, f"module example.com/{chance.random()}\n") for _ in range(300))


def test_a_linked_worktree_and_an_alternate(repo, tmp_path):
    git(repo, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "other")
    inner = git(tmp_path / "tree", "rev-parse", "--absolute-git-dir").strip()
    assert has_object(inner, blob_names(TEXTS[7].encode()))
    git(tmp_path, "clone", "-q", "--shared", str(repo), "clone")
    assert knows(tmp_path / "clone", TEXTS[7])
    assert not knows(tmp_path / "clone", "module example.com/none\n")


@pytest.mark.parametrize("content", [b"", b"\377tOc\0\0\0\3" + bytes(2000), b"\377tOc\0\0\0\2" + bytes(1030)])
def test_what_it_does_not_understand_is_an_error(repo, content):
    git(repo, "gc", "-q")
    (index,) = (repo / ".git" / "objects" / "pack").glob("*.idx")
    os.chmod(index, 0o644)
    index.write_bytes(content)
    with pytest.raises(UnknownFormatError):
        knows(repo, "module example.com/none\n")


def test_a_pack_without_an_index_is_an_error(repo):
    git(repo, "gc", "-q")
    (index,) = (repo / ".git" / "objects" / "pack").glob("*.idx")
    index.unlink()
    with pytest.raises(UnknownFormatError):
        knows(repo, TEXTS[0])


def test_a_database_that_is_not_there_is_an_error(repo, tmp_path):
    git(tmp_path, "clone", "-q", "--shared", str(repo), "clone")
    repo.rename(tmp_path / "moved")
    with pytest.raises(UnknownFormatError):
        knows(tmp_path / "clone", TEXTS[7])
    with pytest.raises(UnknownFormatError):
        knows(repo, TEXTS[7])
