"""Unit files that change: what the audit of user units looks at."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

from tests.support.churn.pace import Pace
from tests.support.churn.programs import run, systemctl

EVERY_SECONDS = 5.0
COUNT = 6
COMMANDS = (
    "/bin/true",
    "/bin/sh -c 'echo $GOPATH'",
    "/bin/sh -c 'exit 3'",
    "/usr/bin/no-such-program",
    "/bin/sleep 1",
)


class Units:
    """Up to ``COUNT`` units of the person's own, written, loaded, started and removed."""

    def __init__(self, seed: int) -> None:
        self._folder = Path.home() / ".config/systemd/user"
        self._chance = random.Random(seed)
        self.counts: Counter[str] = Counter()

    def prepare(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)

    def run(self, seconds: float) -> None:
        for number in Pace(seconds, EVERY_SECONDS, self._chance).turns():
            name = f"churn-{self._chance.randrange(COUNT)}.service"
            if self._chance.random() < 0.25:
                self._remove(name)
                systemctl("daemon-reload")
                self.counts["unit removed"] += 1
                continue
            command = self._chance.choice(COMMANDS)
            lines = ("[Unit]", f"Description={number}", "[Service]", f"ExecStart={command}", "")
            (self._folder / name).write_text("\n".join(lines))
            systemctl("daemon-reload")
            # A start that fails is one of the things that the daemon listens for.
            run("systemctl", "--user", "--no-block", "start", name, check=False)
            self.counts["unit written and started"] += 1
        for number in range(COUNT):
            self._remove(f"churn-{number}.service")
        systemctl("daemon-reload")
        systemctl("reset-failed")

    def _remove(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)
        shutil.rmtree(self._folder / f"{name}.d", ignore_errors=True)
