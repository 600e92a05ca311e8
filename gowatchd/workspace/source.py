"""One go.work or go.mod as it was last seen: its bytes, what they mean, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from gowatchd.modfile.mod_file import ModFile
from gowatchd.modfile.work_file import WorkFile

if TYPE_CHECKING:
    from gowatchd.modfile.kind import Kind
    from gowatchd.modfile.problem import Problem


class State(Enum):
    """What stands at a path."""

    PRESENT = "present"
    MISSING = "missing"
    UNKNOWN = "unknown"  # somebody was writing it, or the system failed, whenever we looked
    DENIED = "denied"
    SPECIAL = "special"  # a directory, FIFO, device or socket
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True, eq=False)
class SourceFile:
    """A go.work or go.mod at ``path``; ``reason`` is the system's text where there are no bytes.

    ``parsed`` is what the bytes mean, and None where they do not parse: then ``problems`` says why. ``mod``
    or ``work`` is the same, if this is one. One value stands for one reading and is compared by identity.
    """

    path: str
    kind: Kind
    state: State
    data: bytes = b""
    reason: str = ""
    parsed: ModFile | WorkFile | None = None
    problems: tuple[Problem, ...] = ()
    # Every rule asks for these of every member: attributes, for the time that a property takes.
    mod: ModFile | None = field(init=False)
    work: WorkFile | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mod", self.parsed if isinstance(self.parsed, ModFile) else None)
        object.__setattr__(self, "work", self.parsed if isinstance(self.parsed, WorkFile) else None)
