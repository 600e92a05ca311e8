"""Other programs, run to their end."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 120  # more than any of them takes, on whatever machine


def run(
    *command: str, stdin: str = "", folder: Path | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run ``command`` and return what it printed; with ``check`` another exit code than 0 is an error."""
    done = subprocess.run(
        command, input=stdin, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def systemctl(*words: str) -> None:
    run("systemctl", "--user", "--quiet", *words)
