"""What an audit of a user unit found: values, one for each thing to say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """What is wrong; the values are part of ``gowatchctl env --json``."""

    MISSING = "missing"  # a variable that a command needs and the unit does not have
    LITERAL = "literal"  # $PATH, $HOME or ~ in Environment=, where nothing expands them
    INVALID = "invalid"  # ${NAME:-x} or $NAME/x in an Exec line: systemd puts nothing there
    NOT_FOUND = "not-found"  # a program that systemd or the unit's PATH does not find
    FAILED = "failed"  # the unit failed in a way that a missing program or variable explains
    LOST_FILE = "lost-file"  # EnvironmentFile= names a file that cannot be read
    STALE = "stale"  # the process still runs with an older environment


class Origin(str, Enum):
    """Where a value comes from, the strongest first."""

    CONFIGURATION = "configuration"
    LOGIN_SHELL = "login shell"
    GO_ENV = "go env"


@dataclass(frozen=True, slots=True)
class Offer:
    """A value for a variable, and where it comes from."""

    value: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about ``unit``.

    ``name`` is the variable or program that it is about. With an ``offer`` a drop-in repairs it; else
    ``advice`` says what the person can do. ``message`` says what is wrong and why it matters.
    """

    unit: str
    kind: Kind
    name: str
    message: str
    offer: Offer | None = None
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """All that was found about one unit; ``own`` says whether it is the person's own."""

    unit: str
    findings: tuple[Finding, ...] = ()
    own: bool = True

    @property
    def assignments(self) -> dict[str, str]:
        """What a drop-in has to set."""
        return {one.name: one.offer.value for one in self.findings if one.offer is not None}
