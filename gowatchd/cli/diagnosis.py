"""What a check of ``gowatchctl doctor`` says: a symptom, what was looked at, how that is, and what helps."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from gowatchd.services.manual_sections import sections, summary
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.cli.examination import Examination

SECONDS = (
    15.0  # a look takes milliseconds, a login shell up to 5 s; a dead network file system takes for ever
)


class State(str, Enum):
    """How it is; the values are part of ``gowatchctl doctor --json``."""

    OK = "ok"
    NOTE = "note"  # works, and may surprise
    PROBLEM = "problem"  # does not work
    UNKNOWN = "unknown"  # was not looked at, because something else is missing


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
class Verdict:
    """How the thing is that a check looked at.

    ``remedy`` says what helps, "" where nothing has to; ``commands`` are lines for a shell that do it.
    ``mending`` is the one command of which ``--fix`` may ask whether to run it: it needs no rights of root,
    takes nothing away and can be taken back.
    """

    state: State
    result: str
    remedy: str = ""
    commands: tuple[str, ...] = ()
    mending: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answer of one check: its ``code`` for scripts, what its person would notice, and the verdict."""

    code: str
    symptom: str
    looked: str
    verdict: Verdict

    @property
    def state(self) -> State:
        """How it is."""
        return self.verdict.state

    def as_json(self) -> dict[str, object]:
        """Return what ``--json`` prints."""
        return {
            "code": self.code,
            "symptom": self.symptom,
            "looked": self.looked,
            "state": self.verdict.state.value,
            "result": self.verdict.result,
            "remedy": self.verdict.remedy,
            "commands": list(self.verdict.commands),
            "mending": list(self.verdict.mending),
            "variables": [
                {"name": row.name, "shell": row.shell, "manager": row.manager, "advice": row.advice}
                for row in self.verdict.rows
            ],
        }


@dataclass(frozen=True, slots=True)
class Manual:
    """The docstring of a check: what is wrong, what is noticed, what is looked at, what helps and mends."""

    summary: str
    symptom: str
    looked: str
    helps: str
    mends: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check: a name that never changes, and a pure function over what was gathered.

    ``seconds`` is how long gathering may take.
    """

    code: str
    judge: Callable[[Examination], Verdict]
    seconds: float = SECONDS

    @property
    def manual(self) -> Manual:
        """Its manual page, in English."""
        text = inspect.getdoc(self.judge) or ""
        found = sections(text)
        return Manual(
            summary(text),
            found.get("Symptom", ""),
            found.get("Looked", ""),
            found.get("Helps", ""),
            found.get("Mends", ""),
        )

    def diagnose(self, examination: Examination) -> Diagnosis:
        """Look, and judge."""
        return self._diagnosis(self.judge(examination))

    def unknown(self, why: str) -> Diagnosis:
        """Return the diagnosis where nothing could be looked at, because of ``why``."""
        return self._diagnosis(Verdict(State.UNKNOWN, _("not looked at: {why}").format(why=why)))

    def _diagnosis(self, verdict: Verdict) -> Diagnosis:
        manual = self.manual
        return Diagnosis(self.code, spoken(manual.symptom), spoken(manual.looked), verdict)


def spoken(prose: str) -> str:
    """Return a section of a manual page as a terminal shows it, in the language of the person."""
    return _(prose).replace("``", "")
