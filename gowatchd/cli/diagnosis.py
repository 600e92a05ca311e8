"""What a check of ``gowatchctl doctor`` says: a symptom, what was looked at, how that is, and what helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.cli.examination import Examination


class State(str, Enum):
    """How it is; the values are part of ``gowatchctl doctor --json``."""

    OK = "ok"
    NOTE = "note"  # works, and may surprise
    PROBLEM = "problem"  # does not work


@dataclass(frozen=True, slots=True)
class Row:
    """One variable: its value in the login shell and in the manager (None: not set), and what to do.

    A secret's values are never here.
    """

    name: str
    shell: str | None
    manager: str | None
    advice: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answer of one check.

    ``code`` names it for scripts, ``symptom`` is what its person would notice, ``looked`` what was looked at,
    ``result`` how that is; ``remedy`` is what helps, "" where nothing has to.
    """

    code: str
    symptom: str
    looked: str
    state: State
    result: str
    remedy: str = ""
    rows: tuple[Row, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return what ``--json`` prints."""
        return {
            "code": self.code,
            "symptom": self.symptom,
            "looked": self.looked,
            "state": self.state.value,
            "result": self.result,
            "remedy": self.remedy,
            "variables": [
                {"name": row.name, "shell": row.shell, "manager": row.manager, "advice": row.advice}
                for row in self.rows
            ],
        }


if TYPE_CHECKING:
    Check = Callable[[Examination], Diagnosis]
