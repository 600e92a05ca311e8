"""What systemd itself says of variables that a command names and that are not set: in the journal, since 254.

The line comes from the child that becomes the command, often too short-lived for the journal to know whose it
was: so it is found by its text, not by its unit.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from gowatchd.system.process import Command
from gowatchd.unitfile.expansion import is_name

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from gowatchd.services.ports import Finished
    from gowatchd.system.child import ChildPool

# A journal of gigabytes on a slow disk; nothing urgent depends on the answer.
SECONDS = 5.0
LINES = 200  # the newest: a unit that restarts says it again each time

_MESSAGE = re.compile(
    r"(?P<unit>[^\s:]+\.service): Referenced but unset environment variable evaluates to an empty string: "
    r"(?P<names>.+)"
)


class UnitJournal:
    """Asks the journal of this boot, of the processes of one account."""

    def __init__(self, pool: ChildPool, account: int, folder: str | os.PathLike[str] = "") -> None:
        self._pool = pool
        self._arguments = (
            "journalctl",
            *((f"--directory={folder}",) if folder else ("--boot",)),
            "--quiet",
            "--no-pager",
            "--output=json",
            "--output-fields=MESSAGE",
            f"--lines={LINES}",
            "--grep=Referenced but unset environment variable",
            f"_UID={account}",
            "PRIORITY=4",
        )

    def ask(self, done: Callable[[Mapping[str, tuple[str, ...]]], None]) -> None:
        """Call ``done`` later with the names that systemd found unset, by unit; none where it is silent."""
        command = Command(self._arguments, cwd="/", timeout=SECONDS)
        self._pool.start("unset variables", command, lambda finished: done(_read(finished)))


def _read(finished: Finished) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for line in finished.stdout.splitlines():
        try:
            message = json.loads(line)["MESSAGE"]
        except (ValueError, KeyError, TypeError):  # cut off at the limit, or no text
            continue
        said = _MESSAGE.fullmatch(message) if isinstance(message, str) else None
        if said is not None:
            names = found.setdefault(said["unit"], set())
            names.update(filter(is_name, said["names"].split(", ")))
    return {unit: tuple(sorted(names)) for unit, names in found.items()}
