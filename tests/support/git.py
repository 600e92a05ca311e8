"""Real git repositories for tests."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    """Run git in ``folder``, blind to the machine's own settings, and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    finished = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={
            **environment,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.com",
            "GIT_EDITOR": "true",
            "LC_ALL": "C",
        },
    )
    if check:
        assert finished.returncode == 0, f"git {arguments}: {finished.stderr}"
    return finished.stdout


def repository(folder: Path, *options: str) -> Path:
    """Make ``folder`` a repository on the branch main, with one commit of a go.mod."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main", *options)
    commit(folder, "module example.com/first\n")
    return folder


def commit(folder: Path, content: str, name: str = "go.mod") -> None:
    """Commit ``content`` as the file ``name``."""
    (folder / name).write_text(content, newline="")
    git(folder, "add", "-f", name)
    git(folder, "commit", "-q", "-m", f"{name}: {content[:20]!r}")
