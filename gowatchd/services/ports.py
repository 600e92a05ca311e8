"""What the use-cases need of the world: the adapters in ``gowatchd.system`` fulfil it, tests may too.

Paths are absolute ``str`` decoded with ``os.fsdecode``: bytes that are not UTF-8 live in them as surrogates,
and only the edges (D-Bus, JSON, a terminal) replace those.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Handle(Protocol):
    """A call that is planned and can still be called off."""

    def cancel(self) -> None:
        """Call it off; harmless after it ran and when repeated."""


class Scheduler(Protocol):
    """The main loop, as far as the use-cases see it."""

    def now(self) -> float:
        """Return monotonic seconds."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Handle:
        """Run ``callback`` once on the main thread, ``seconds`` from now."""


class Look(Enum):
    """How a look at a path ended."""

    CONTENT = "content"
    MISSING = "missing"  # nothing there, or a dangling symlink
    WRITER = "writer"  # somebody has it open for writing: their close brings an event
    DENIED = "denied"
    TROUBLE = "trouble"  # the system cannot tell (no descriptors left, a dying disk): nothing is known of it
    SPECIAL = "special"  # a FIFO, device, socket or directory
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at ``path`` found; ``reason`` is the system's text where there is no content."""

    path: str
    look: Look
    data: bytes = b""
    reason: str = ""


class SwapOutcome(Enum):
    """How a compare-and-swap ended; only WRITTEN changed a byte."""

    WRITTEN = "written"
    CHANGED = "changed"  # the file no longer holds what was expected: a newer save stands
    BUSY = "busy"  # somebody keeps it open
    REFUSED = "refused"  # not a file that we touch; the reason says why
    FAILED = "failed"  # the system said no (disk full, read-only); the bytes are the old ones


@dataclass(frozen=True, slots=True)
class Swap:
    """The outcome of one compare-and-swap, with the reason where nothing was written."""

    outcome: SwapOutcome
    reason: str = ""


class Contents(Protocol):
    """Reading and replacing what files hold, which is all that the history needs."""

    def read(self, path: str) -> Reading:
        """Read ``path`` whole; never raises or blocks."""

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        """Replace the bytes of ``path`` by ``new`` if, and only if, they are ``expected``."""

    def flush(self, path: str) -> None:
        """Have the bytes of ``path`` on the disk itself."""


class Files(Protocol):
    """Reading and safely replacing small text files."""

    def read(self, path: str, largest: int | None = None) -> Reading:
        """Read ``path`` whole if nobody is writing to it; never raises, blocks or follows a FIFO.

        ``largest`` is how many bytes it may have, where that is not as many as a go.work or go.mod.
        """

    def mark(self, path: str) -> object:
        """Return what is another one once the bytes of ``path`` may have changed; None where nothing is."""

    def is_directory(self, path: str) -> bool:
        """Say whether ``path`` is, or links to, a directory."""

    def exists(self, path: str) -> bool:
        """Say whether anything is at ``path``, links followed; what we may not see is not there."""

    def swap(self, path: str, expected: bytes, new: bytes) -> Swap:
        """Replace the bytes of ``path`` by ``new`` if, and only if, they are ``expected``."""

    def flush(self, path: str) -> None:
        """Have the bytes of ``path`` on the disk itself, to survive a power cut; as slow as the disk."""


class Signs(Protocol):
    """The signs that somebody else is at a file: an editor that has it open, a tool that will write it."""

    def held(self, path: str) -> str | None:
        """Say who holds ``path``, in words for a person, or ``None``."""

    def noticed(self, path: str) -> None:
        """Take note that an editor's sign beside ``path`` came or went."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a child process ended.

    ``exit_code`` is negative for the signal that ended it and ``None`` where there is none: ``error`` then
    says why in one line (not found, no place in the queue). ``timed_out`` and ``truncated`` mean that we
    ended it, for being too slow or for saying too much; the output is what it said until then. ``passing``:
    there was no answer for a reason that may be gone at another try (no time, no descriptors, no memory).
    """

    exit_code: int | None
    stdout: bytes = b""
    stderr: bytes = b""
    timed_out: bool = False
    truncated: bool = False
    error: str = ""
    passing: bool = False

    @property
    def succeeded(self) -> bool:
        """Say whether it came to its own end, with exit code 0."""
        return self.exit_code == 0 and not self.timed_out and not self.truncated


class Go(Protocol):
    """The go command, run offline, read-only and with a time limit."""

    def list_modules(self, root: str, gowork: str, seconds: float, done: Callable[[Finished], None]) -> None:
        """Run ``go list -m`` in ``root`` for ``seconds`` at most; ``gowork`` is a go.work's path, or "off".

        Of several calls for one ``root`` only the newest is answered, and none once ``root`` is gone.
        """


class Provenance(Enum):
    """Where the content of a file comes from, as far as git knows."""

    UNCHANGED = "unchanged"  # git has exactly this content: it came in by git, or is in git's hands by now
    EDITED = "edited"  # tracked, and git has never seen this content
    UNTRACKED = "untracked"  # in a repository, but not tracked (a go.work often is not, on purpose)
    NO_REPOSITORY = "no repository"
    UNKNOWN = "unknown"  # git is missing or refuses to answer
    NO_ANSWER = "no answer"  # it was too slow, or could not be started just now: worth another question


class Git(Protocol):
    """What git knows about a file; nothing that a repository's configuration names is ever run."""

    def busy(self, path: str) -> str | None:
        """Say what git is in the middle of in the repository of ``path``, for a person, or ``None``."""

    def belongs(self, path: str, place: str) -> bool:
        """Say whether ``path`` is a file of the repository whose work tree or git directory ``place`` is."""

    def index_mark(self, path: str) -> object:
        """Return what is another one once git has staged, committed or checked out something."""

    def came_by_git(self, path: str, data: bytes, done: Callable[[Provenance], None]) -> None:
        """Ask whether git has ``data``, the content of ``path``.

        Of several questions for one path only the newest is answered.
        """


class Moves(Protocol):
    """What git does to the files of a work tree."""

    def busy(self, path: str) -> str | None:
        """Say what git is in the middle of in the repository of ``path``, for a person, or ``None``."""

    def moved(self, path: str, seconds: float) -> bool:
        """Say whether git brought another state into the work tree of ``path``, ``seconds`` ago or later."""
