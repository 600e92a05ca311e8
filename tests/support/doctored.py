"""Somebody's home, in which gowatchctl doctor is called as a program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.go import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCTOR = (sys.executable, "-m", "gowatchd.cli.main", "doctor")


class Home:
    """Somebody's home, and the doctor that is called there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
            "XDG_STATE_HOME": str(folder / "state"),
            # what other tests built with the same toolchain is not built again
            "GOCACHE": os.path.expanduser("~/.cache/go-build"),
        }
        self.launcher: tuple[str, ...] = ()

    def use_go(self, root: Path) -> None:
        self.environment["PATH"] = f"{root}/bin:/usr/bin:/bin"

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.launcher, *DOCTOR, *words],
            env={**self.environment, **environment},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def asked(self, *words: str, **environment: str) -> dict[str, dict]:
        """Return the diagnoses by code."""
        done = self.run("--json", *words, **environment)
        assert done.stdout, done.stderr
        found = {one["code"]: one for one in json.loads(done.stdout)["checks"]}
        assert done.returncode == any(one["state"] == "problem" for one in found.values())
        return found
