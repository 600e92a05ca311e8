"""The git checkout that a release is made of."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

GIT_SECONDS = 300  # hooks of the person run in it, and a key's passphrase is asked for


class RefusedError(Exception):
    """A release cannot be made; the text says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """The folder of a checkout, or of a work tree of it."""

    folder: Path

    def git(self, *arguments: str) -> str:
        """Return what git prints; raise ``RefusedError`` with its complaint."""
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise RefusedError(f"git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout.strip()

    def branch(self) -> str:
        """Return the branch that the release will be on; the checkout has to be clean."""
        try:
            branch = self.git("symbolic-ref", "--quiet", "--short", "HEAD")
        except RefusedError:
            raise RefusedError(
                "HEAD is on no branch: git switch to the one that the release belongs on"
            ) from None
        if changed := self.git("status", "--porcelain").splitlines():
            raise RefusedError(
                f"the checkout is not clean ({changed[0].strip()}; {len(changed)} in all): commit or remove"
                " what git status shows"
            )
        return branch

    def has_tag(self, tag: str) -> bool:
        """Say whether ``tag`` is there."""
        return bool(self.git("tag", "--list", tag))

    @contextlib.contextmanager
    def apart(self) -> Iterator[Checkout]:
        """Give a second work tree of the same commit, in which a release may fail without a trace."""
        (self.folder / "build").mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="release.", dir=self.folder / "build") as place:
            tree = Path(place) / "tree"
            self.git("worktree", "add", "--quiet", "--detach", str(tree), "HEAD")
            try:
                yield Checkout(tree)
            finally:
                self.git("worktree", "remove", "--force", str(tree))

    def commit(self, message: str) -> str:
        """Commit all that differs; return the commit."""
        self.git("commit", "--quiet", "--all", "--message", message)
        return self.git("rev-parse", "HEAD")

    @contextlib.contextmanager
    def published(self, commit: str, tag: str, message: str, key: str) -> Iterator[None]:
        """Tag ``commit`` and move the branch on to it; undo both if the block raises. A ``key`` signs it."""
        before = self.git("rev-parse", "HEAD")
        signing = ("--sign", "--local-user", key) if key else ("--annotate", "--no-sign")
        self.git("tag", *signing, "--message", message, tag, commit)
        try:
            self.git("merge", "--quiet", "--ff-only", commit)
            yield
        except BaseException:  # Ctrl-C as well: nothing of it shall stay
            self.git("tag", "--delete", tag)
            self.git("reset", "--quiet", "--keep", before)
            raise
