"""The real daemon beside a real user manager, whose units it cares for."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.support.go import ROOT

if TYPE_CHECKING:
    from tests.support.user_manager import RunningManager


class Cared:
    """A daemon beside a user manager."""

    def __init__(self, manager: RunningManager) -> None:
        self.manager = manager
        self.environment = {**manager.environment, "PYTHONPATH": str(ROOT), "SHELL": "/bin/bash"}
        self.log = manager.home / "daemon.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gowatchd", "--log-level", "debug", *options],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
            )

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def ask(self, *words: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "gowatchd.cli.main", "--json", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=90,
            check=False,
        )
        return json.loads(done.stdout) if done.stdout else {"error": done.stderr, "code": done.returncode}

    def units(self) -> dict[str, Any]:
        answer = self.ask("env")
        return {one["unit"]: one for one in answer.get("units", ())} if not answer.get("reason") else {}

    def lacks(self, unit: str) -> list[str]:
        return [one["name"] for one in self.units().get(unit, {"findings": ()})["findings"]]
