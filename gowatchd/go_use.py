"""The go command in use: looked for, found, lost, and what that means for the checks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gowatchd.lint.facts import Facts
from gowatchd.services.cross_check import CrossChecker
from gowatchd.services.status import GoCommand as GoInUse
from gowatchd.system.go_command import GoCommand, GoSearch
from gowatchd.system.go_search import GoNotFoundError

if TYPE_CHECKING:
    from gowatchd.config.models import Config
    from gowatchd.services.parts import Parts
    from gowatchd.services.pipeline import Pipeline
    from gowatchd.surroundings import Surroundings
    from gowatchd.system.go_installation import GoInstallation

log = logging.getLogger(__name__)


class GoUse:
    """Gives ``pipeline`` the facts of the go command, and its opinion where ``config`` wants that."""

    def __init__(self, around: Surroundings, config: Config, pipeline: Pipeline, parts: Parts) -> None:
        self.go: GoInUse | None = None
        self._around = around
        self._config = config.check
        self._pipeline = pipeline
        self._parts = parts
        self._cross_checker: CrossChecker | None = None
        self._search = GoSearch(
            around.go_pool,
            config.check.go,
            around.loop.now,
            self._found,
            ask_shell=config.env.login_shell,
        )

    def find(self) -> None:
        """Look for it: at the start, and when it may be another one by now."""
        self._search.begin()

    def saved(self) -> None:
        """Look for one that is missing, now that somebody works with Go files."""
        self._search.saved()

    @property
    def trouble(self) -> str:
        """Why the go command says nothing of the files, or nothing."""
        if not self._config.cross_check:
            return "[check] cross_check = false"
        return "" if self._cross_checker is None else self._cross_checker.trouble

    def _found(self, found: GoInstallation | GoNotFoundError) -> None:
        if isinstance(found, GoNotFoundError):
            self._parts.degraded("go", str(found))
            if self.go is not None:  # it was there, and what it said holds no more
                self.go, self._pipeline.judging.facts = None, Facts()
                self._cross_checker = self._pipeline.judging.cross_checker = None
                self._pipeline.recheck_soon()
            return
        log.info("using %s", found)
        self._parts.restored("go")
        self.go = GoInUse(found.go, found.version)
        self._around.on_go(found)
        self._around.refusals.add(found.goroot, found.gomodcache)
        self._pipeline.judging.facts = found.facts
        if self._config.cross_check:
            go = GoCommand(self._around.go_pool, found)
            self._cross_checker = self._pipeline.judging.cross_checker = CrossChecker(
                go, self._pipeline.judging.disable
            )
        self._pipeline.recheck_soon()
