"""Where a file stands that is not simply formatted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """Where a file stands that is not simply formatted."""

    PENDING = "pending"  # will be formatted once the reason is gone
    KEPT = "kept"  # left as it is until its next save


@dataclass(frozen=True, slots=True)
class Standing:
    """Why ``path`` is not formatted."""

    path: str
    state: State
    reason: str
