"""One run under one configuration: everything that a reload replaces as a whole."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from gowatchd.destinations import Destinations
from gowatchd.go_use import GoUse
from gowatchd.lint.catalog import RULES
from gowatchd.lint.facts import Facts
from gowatchd.lookout import Lookout
from gowatchd.services.judging import Judging
from gowatchd.services.parts import Parts
from gowatchd.services.pipeline import Pipeline
from gowatchd.services.publishing import READING
from gowatchd.services.repairs import Repairs
from gowatchd.services.saves import TidyOptions
from gowatchd.services.status import Off
from gowatchd.services.territory import Territory
from gowatchd.services.tidying import Tidier
from gowatchd.services.workspaces import Workspaces
from gowatchd.surroundings import Heritage
from gowatchd.system.discovery import Pruning
from gowatchd.vigil import Vigil

if TYPE_CHECKING:
    from gowatchd.config.models import Config
    from gowatchd.services.choices import Choices
    from gowatchd.services.publishing import Publisher
    from gowatchd.services.status import GoCommand as GoInUse
    from gowatchd.surroundings import Surroundings


class Run:
    """Watches, checks and tidies what ``config`` asks for and ``choices`` add, and tells ``publisher``.

    With ``walk`` a child process reads everything before the main loop does.
    """

    def __init__(
        self,
        around: Surroundings,
        config: Config,
        publisher: Publisher,
        choices: Choices,
        *,
        dry_run: bool = False,
        walk: bool = True,
    ) -> None:
        self._around = around
        self._config = config
        self._parts = Parts(publisher)
        configured = tuple(os.path.abspath(os.path.expanduser(root)) for root in config.watch.roots)
        asked = {os.path.realpath(root): root for root in configured}
        self.territory = Territory(tuple(asked), config.watch.exclude, choices)
        self.workspaces = Workspaces(around.files, self._covers)
        options = TidyOptions(
            enabled=config.format.enabled,
            dry_run=dry_run,
            settle_seconds=config.format.settle_ms / 1000,
            indent=config.format.indent,
            fix_on_save=frozenset(config.format.fix_on_save),
        )
        tidier = Tidier(
            around.loop, around.files, around.history, around.git, around.signs, publisher, options
        )
        tidier.tally = around.tally
        judging = Judging(
            scheduler=around.loop,
            clock=time.time,
            files=around.files,
            listener=publisher,
            facts=Facts(),
            disable=frozenset(config.check.disable),
            restrictions=around.restrictions,
        )
        self.pipeline = Pipeline(around.loop, self.workspaces, judging, tidier, around.tally)
        self.repairs = Repairs(
            around.files,
            self.workspaces,
            judging.known,
            judging.judge,
            config.format.indent,
        )
        tidier.repairs = self.repairs
        tidier.paused = around.paused
        tidier.restrictions = Destinations(
            around.restrictions, self.territory, Pruning(self.territory.excludes)
        )
        self._go_use = GoUse(around, config, self.pipeline, self._parts)
        paths = tuple(asked.get(root, root) for root in self.territory.paths)
        self._lookout = Lookout(around, self.territory, paths, config.watch.budget, self._parts, walk=walk)
        self._vigil = Vigil(around, publisher, self._parts, self.pipeline, self._lookout, self._go_use)

    def start(self) -> None:
        """Begin: the folders are listed in the background, and go is looked for."""
        self._lookout.start(self._vigil)
        self.find_go()

    def find_go(self) -> None:
        """Look for the go command: at the start, and when it may be another one by now."""
        self._go_use.find()

    def close(self) -> None:
        """End; nothing that was planned happens any more."""
        self._vigil.close()
        self.pipeline.close()
        self._lookout.close()

    def inherit(self, heritage: Heritage) -> None:
        """Go on with ``heritage`` when everything was listed; to be said before the start."""
        self._vigil.heritage = heritage

    def heritage(self) -> Heritage:
        """Return what the next run has to go on with; to be asked before the end of this one."""
        before = self._vigil.heritage
        return Heritage(
            (*before.unfinished, *self.pipeline.tidier.unfinished()),
            {**before.known, **self.workspaces.contents()},
        )

    def rescan(self) -> None:
        """List all folders anew, and check every workspace again."""
        self._lookout.rescan()
        self.pipeline.recheck_soon()

    def off(self) -> tuple[Off, ...]:
        """Return the parts that do not work here, or are switched off."""
        parts = self._parts.reasons()
        for part, reason in self._lookout.off():
            parts.setdefault(part, reason)
        if self.pipeline.trouble:
            parts[READING] = self.pipeline.trouble
        if not self._config.format.enabled:
            parts["formatting"] = "[format] enabled = false"
        elif self.pipeline.tidier.options.dry_run:
            parts["formatting"] = "--dry-run"
        unknown = sorted(set(self._config.format.fix_on_save) - {rule.code for rule in RULES})
        if unknown:
            parts["fix on save"] = f"there is no rule {unknown[0]}: see gowatchctl explain"
        if self._go_use.trouble:
            parts["cross-check"] = self._go_use.trouble
        return tuple(Off(part, reason) for part, reason in parts.items())

    def left_out(self) -> tuple[tuple[str, str], ...]:
        """Return the files that a repository's own file leaves out, each with the reason."""
        known = self._lookout.known_files()
        found = ((path, self._around.restrictions.of(path).left_out(path)) for path in known)
        return tuple((path, reason) for path, reason in found if reason)

    @property
    def scanning(self) -> bool:
        """Whether there may be more than was found so far."""
        return self._vigil.scanning

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders below which it looks."""
        return self.territory.paths

    @property
    def go(self) -> GoInUse | None:
        """The go command in use."""
        return self._go_use.go

    @property
    def folders_watched(self) -> int:
        """How many inotify watches are in use."""
        return self._lookout.folders_watched

    def _covers(self, path: str) -> bool:
        restriction = self._around.restrictions.of(path)
        return self.territory.root_of(path) is not None and not restriction.left_out(path)
