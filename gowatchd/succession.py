"""The run in force, and how another one takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.run import Run
from gowatchd.services.publishing import READING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.config.models import Config
    from gowatchd.services.choices import Choices
    from gowatchd.services.ports import Handle
    from gowatchd.services.publishing import Publisher
    from gowatchd.surroundings import Surroundings


class Succession:
    """Keeps one ``run`` under one ``config``, and replaces it as a whole.

    ``choices`` returns what the person chose by now. Only the first run has a child process walk the disk
    before it: the kernel knows the folders afterwards.
    """

    def __init__(
        self,
        around: Surroundings,
        config: Config,
        publisher: Publisher,
        choices: Callable[[], Choices],
        *,
        dry_run: bool,
    ) -> None:
        self.config = config
        self._around = around
        self._publisher = publisher
        self._choices = choices
        self._dry_run = dry_run
        self._due: Handle | None = None
        self.run = self._new(walk=True)

    def adopt(self, config: Config) -> None:
        """Go on under ``config``."""
        self.config = config
        self.replace()

    def replace(self) -> None:
        """End the run, and begin another one that takes over what was not finished."""
        self._due = None
        heritage = self.run.heritage()
        troubled = bool(self.run.pipeline.trouble)
        self.run.close()
        if troubled:
            self._publisher.announcer.restored(READING)  # the next run tells where it fails as well
        self.run = self._new(walk=False)
        self.run.inherit(heritage)
        self.run.start()
        self._publisher.changed()

    def replace_soon(self) -> None:
        """Replace the run, once, outside of its own callbacks."""
        if self._due is None:
            self._due = self._around.loop.call_when_idle(self.replace)

    def _new(self, *, walk: bool) -> Run:
        return Run(
            self._around,
            self.config,
            self._publisher,
            self._choices(),
            dry_run=self._dry_run,
            walk=walk,
        )
