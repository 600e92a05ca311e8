"""What the daemon answers to requests: the one interface behind D-Bus, so behind gowatchctl.

Every ``dict`` is a JSON object with ``"schema": 1``, described in gowatchd/system/org.gowatchd.Manager1.xml.
"""

from __future__ import annotations

from typing import Protocol


class RequestError(Exception):
    """A request that cannot be granted; the text says what is wrong with it and what to do."""


class NoSuchWorkspaceError(RequestError):
    """The folder is no workspace that we watch."""


class NoSuchChangeError(RequestError):
    """The history holds no such change."""


class NoSuchUnitError(RequestError):
    """No audit has looked at a unit of that name."""


class HistoryOffError(RequestError):
    """There is no history to answer from; the text says why."""


class Manager(Protocol):
    """The requests that the daemon grants; each raises RequestError where it cannot."""

    def status(self) -> dict[str, object]:
        """Return how the daemon is: what ``gowatchctl status --json`` prints."""

    def metrics(self) -> dict[str, object]:
        """Return what the daemon did so far in numbers: what ``gowatchctl metrics --json`` prints."""

    def check(self, root: str) -> dict[str, object]:
        """Check the workspace at ``root``, or all of them for ``""``; return what ``check --json`` prints."""

    def undo(self, change: int) -> dict[str, object]:
        """Put back what ``change`` replaced (0: the latest that still stands); return how that went."""

    def preview(self, change: int) -> dict[str, object]:
        """Return what ``undo`` of ``change`` would do, as a diff, and do nothing."""

    def shown(self, change: int) -> dict[str, object]:
        """Return the entry of ``change`` (0: the newest that was made) with what it did, as a diff."""

    def log(self, after: int, limit: int) -> dict[str, object]:
        """Return the newest ``limit`` changes with an id above ``after``, oldest first."""

    def apply_fix(self, path: str, before: bytes, after: bytes, titles: tuple[str, ...]) -> dict[str, object]:
        """Write ``after`` into the go.work or go.mod at ``path``, if it holds ``before``; return how."""

    def list(self) -> dict[str, object]:
        """Return what was found and why: what ``gowatchctl list --json`` prints."""

    def add(self, folder: str, *, dry_run: bool) -> dict[str, object]:
        """Watch what is at and below ``folder``."""

    def remove(self, folder: str, *, dry_run: bool) -> dict[str, object]:
        """Watch nothing at or below ``folder`` any more."""

    def mute(self, folder: str, seconds: int, *, dry_run: bool) -> dict[str, object]:
        """Give no notifications of the workspace that ``folder`` is in for ``seconds``, or for ever for 0."""

    def unmute(self, folder: str, *, dry_run: bool) -> dict[str, object]:
        """Take that back."""

    def pause(self, seconds: int, *, dry_run: bool) -> dict[str, object]:
        """Write and notify nothing for ``seconds``, or for ever for 0."""

    def resume(self, *, dry_run: bool) -> dict[str, object]:
        """Take that back, and do what waits."""

    def units(self, *, everybodys: bool) -> dict[str, object]:
        """Return what the last audit found in the user units: what ``gowatchctl env --json`` prints."""

    def preview_unit(self, unit: str) -> dict[str, object]:
        """Return what was found about ``unit``, with the drop-in that would mend it as a diff."""

    def repair_unit(self, unit: str, *, reload_others: bool) -> None:
        """Begin to repair ``unit``; the signal UnitRepaired tells how it ended."""

    def undo_unit(self, unit: str) -> dict[str, object]:
        """Take back the newest change of our drop-in for ``unit``; return how that went."""

    def preview_shared(self, names: tuple[str, ...]) -> dict[str, object]:
        """Return, as a diff, the file of environment.d that would give ``names`` to all units."""

    def write_shared(self, names: tuple[str, ...], *, reload_others: bool) -> None:
        """Begin to write that file; the signal UnitRepaired tells how it ended."""

    def undo_shared(self) -> dict[str, object]:
        """Take that file away; return how that went."""

    def rescan(self) -> None:
        """Look for workspaces anew and check all of them."""

    def reload(self) -> None:
        """Read the configuration again."""
