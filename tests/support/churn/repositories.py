"""Somebody who works with git: checkouts, rebases, stashes, worktrees, clones, commits."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from pathlib import Path

from tests.support.churn.ledger import LostError, tidied
from tests.support.churn.pace import Pace
from tests.support.git import git

EVERY_SECONDS = 2.0  # beside the settling
SETTLED_SECONDS = 1.0  # a file is formatted 0.1 s after its save, and a second later on a busy machine
NAMES = ("go.work", "a/go.mod", "b/go.mod")
BRANCHES = ("main", "wide", "long")


def _text(name: str, mark: str) -> str:
    """Return a content that is not formatted: what git brings has to stay so."""
    if name == "go.work":
        return f"use ./b/\ngo 1.22 // {mark}\n\n\nuse   ./a\n"
    return f"module   example.com/{name[0]} // {mark}\ngo   1.22\n\n\n"


class Repositories:
    """Git at work in ``root``/origin: only what was saved there may ever differ from what git has."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._origin = root / "origin"
        self._chance = random.Random(seed)
        self._number = 0
        self._seed = seed
        self.counts: Counter[str] = Counter()

    def prepare(self) -> None:
        self._origin.mkdir(parents=True, exist_ok=True)
        git(self._origin, "init", "-q", "-b", "main")
        for branch in BRANCHES:
            if branch != "main":
                git(self._origin, "checkout", "-q", "-b", branch, "main")
            for name in NAMES:
                (self._origin / name).parent.mkdir(exist_ok=True)
                (self._origin / name).write_text(_text(name, branch))
            git(self._origin, "add", "-A")
            git(self._origin, "commit", "-q", "-m", branch)
        git(self._origin, "checkout", "-q", "main")

    def run(self, seconds: float) -> None:
        """Do one of all that at each turn, and look before it what became of the one before."""
        ends_as_committed = (self._checkout, self._rebase, self._stash)
        others = (self._worktree, self._clone, self._commit, self._remove)
        for _ in Pace(seconds, EVERY_SECONDS, self._chance).turns():
            way = self._chance.choice((*ends_as_committed, *others))
            way()
            self.counts[f"git {way.__name__[1:]}"] += 1
            time.sleep(SETTLED_SECONDS)  # only what does not happen can be seen here
            self._audit(as_committed=way in ends_as_committed)
        git(self._origin, "checkout", "-q", "-f", "main")

    def _audit(self, *, as_committed: bool) -> None:
        """Raise LostError unless every file is what git has, or, where somebody saved it, that formatted."""
        for name in NAMES:
            found = (self._origin / name).read_bytes()
            committed = git(self._origin, "show", f"HEAD:{name}").encode()
            allowed = {committed} if as_committed else {committed, tidied(Path(name).name, committed)}
            if found not in allowed:
                raise LostError(f"{self._origin / name}\ncommitted: {committed!r}\nfound: {found!r}")

    def _mark(self) -> str:
        self._number += 1
        return f"{self._seed}-{self._number}"

    def _checkout(self) -> None:
        git(self._origin, "checkout", "-q", "-f", self._chance.choice(BRANCHES))

    def _rebase(self) -> None:
        """A branch of its own, put onto another one, with a conflict each time, which is decided."""
        git(self._origin, "checkout", "-q", "-f", "-B", "topic", "main")
        self._change(self._chance.choice(NAMES))
        onto = self._chance.choice(BRANCHES[1:])
        # It refuses where the file was formatted between the save and the commit, as it does with any change.
        git(self._origin, "rebase", "-q", "-X", "theirs", onto, check=False)
        git(self._origin, "rebase", "--abort", check=False)
        git(self._origin, "checkout", "-q", "-f", "main")

    def _stash(self) -> None:
        name = self._chance.choice(NAMES)
        (self._origin / name).write_text(_text(name, self._mark()))
        git(self._origin, "stash", "-q")
        git(self._origin, "stash", "drop", "-q", check=False)
        git(self._origin, "checkout", "-q", "-f", "HEAD")

    def _worktree(self) -> None:
        place = self._root / f"worktree{self._mark()}"
        git(self._origin, "worktree", "add", "-q", "--detach", str(place), self._chance.choice(BRANCHES))
        (place / "a" / "go.mod").write_text(_text("a/go.mod", self._mark()))
        git(self._origin, "worktree", "remove", "--force", str(place))

    def _clone(self) -> None:
        place = self._root / f"clone{self._mark()}"
        git(self._root, "clone", "-q", str(self._origin), str(place))
        if self._chance.random() < 0.5:
            place = place.rename(self._root / f"moved{self._mark()}")
        shutil.rmtree(place)

    def _commit(self) -> None:
        self._change(self._chance.choice(NAMES))

    def _change(self, name: str) -> None:
        (self._origin / name).write_text(_text(name, self._mark()))
        git(self._origin, "commit", "-q", "-a", "-m", "change")

    def _remove(self) -> None:
        shutil.rmtree(self._origin / "a")
        git(self._origin, "checkout", "-q", "--", "a")
