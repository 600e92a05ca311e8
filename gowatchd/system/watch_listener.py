"""Who hears what happens to the watched files and folders."""

from __future__ import annotations

from typing import Protocol


class Listener(Protocol):
    """Who wants to know; every call comes from the main loop."""

    def on_file(self, path: str) -> None:
        """Look at the go.mod or go.work ``path``: it may have changed, come or gone."""

    def on_found(self, path: str) -> None:
        """A listing came across the go.mod or go.work ``path``, known or new."""

    def on_beside(self, path: str) -> None:
        """Look at ``path``, come, gone or changed.

        It is a go.sum, go.work.sum or vendor/modules.txt beside a go.mod or go.work, or a .gowatchd.toml.
        """

    def on_repository(self, git_directory: str) -> None:
        """Git began or ended something in ``git_directory``: it locked or replaced the index, say."""

    def on_sign(self, path: str) -> None:
        """Look whether an editor still holds the go.mod or go.work ``path`` open: its sign came or went."""

    def on_near(self) -> None:
        """The folders that ``start`` was given have been listed and are watched; ``scan_all`` is due."""

    def on_root_moved(self, root: str) -> None:
        """The path ``root``, one of those to watch, leads elsewhere now: a symbolic link was changed."""

    def on_arrived(self) -> None:
        """Go files came or may be others because something was mounted or unmounted; nobody saved them."""

    def on_rescanned(self) -> None:
        """Everything has been listed: at the start, and again after events were lost."""

    def on_degraded(self, text: str) -> None:
        """Some folders cannot be watched; ``text`` says why and what to do. Each text is said once."""

    def on_restored(self) -> None:
        """All that was said of folders that cannot be watched is over; it may be said again later."""
