"""What ``gowatchctl doctor --fix`` does: asks, runs the one command of a diagnosis, and looks again."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.services.plain_text import escape, shorten
from gowatchd.system.process import Command, run_child

if TYPE_CHECKING:
    from gowatchd.cli.diagnosis import Diagnosis

SECONDS = 90.0  # a start of the service may take 60 s, as its TimeoutStartSec= says
_WORDS = 300  # characters of what a command said

# What may stand at the beginning of a mending: nothing else is ever run, whatever a check says.
SAFE = (
    ("gowatchctl", "enable"),
    ("systemctl", "--user", "restart"),
    ("systemctl", "--user", "daemon-reload"),
    ("loginctl", "enable-linger"),
    ("gowatchctl", "env", "--shared", "--apply"),
    ("chmod", "u+rwx"),
)


@dataclass(frozen=True, slots=True)
class Mended:
    """One command of ``--fix``: which check it was for, what was run, whether it worked, and what it said."""

    code: str
    command: tuple[str, ...]
    done: bool
    said: str

    def as_json(self) -> dict[str, object]:
        """Return what ``--json`` prints."""
        return {"code": self.code, "command": list(self.command), "done": self.done, "said": self.said}


def mend(one: Diagnosis) -> Mended:
    """Run the mending of ``one``; never raises for what that does."""
    command = one.verdict.mending
    if not any(command[: len(safe)] == safe for safe in SAFE):
        raise ValueError(f"{one.code}: {command} is not among what --fix may do")
    words = (
        (sys.executable, "-m", "gowatchd.cli.main", *command[1:]) if command[0] == "gowatchctl" else command
    )
    finished = run_child(Command(words, cwd="/", timeout=SECONDS))
    said = (finished.stderr or finished.stdout).decode(errors="replace").strip()
    if finished.timed_out:
        said = f"it took longer than {SECONDS:.0f} s"
    return Mended(one.code, command, finished.succeeded, shorten(escape(finished.error or said), _WORDS))
