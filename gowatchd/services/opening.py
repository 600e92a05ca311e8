"""Opening what a note is about in the person's own programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Unopened:
    """What could not be opened: its ``title``, the ``text`` that would have been seen, and the ``reason``.

    ``text`` is the diff, or ``path:line``; all three are plain text of any origin.
    """

    title: str
    text: str
    reason: str


class Opener(Protocol):
    """The person's programs, as far as notes need them; nothing here blocks or raises.

    ``token`` is what the compositor gave with the button that was pressed, or None: as
    ``XDG_ACTIVATION_TOKEN`` it lets the new window take the focus.
    """

    def listen(self, failed: Callable[[Unopened], None]) -> None:
        """Tell ``failed`` from now on, on the main loop, of what could not be opened."""

    def show_diff(self, title: str, diff: str, token: str | None) -> None:
        """Show ``diff``, a unified diff of one or more files, in the program for such files."""

    def open_at(self, path: str, line: int, token: str | None) -> None:
        """Open the file ``path`` at ``line``, counted from 1, in the person's editor."""
