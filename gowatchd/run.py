"""One run under one configuration: everything that a reload replaces as a whole."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING

from gowatchd.go_use import GoUse
from gowatchd.lint.catalog import RULES
from gowatchd.lint.facts import Facts
from gowatchd.services.parts import Parts
from gowatchd.services.pipeline import Pipeline
from gowatchd.services.publishing import READING
from gowatchd.services.repairs import Repairs
from gowatchd.services.restriction import FILE_NAME as RESTRICTIONS
from gowatchd.services.saves import TidyOptions
from gowatchd.services.status import Off
from gowatchd.services.territory import Territory
from gowatchd.services.tidying import Tidier
from gowatchd.services.workspaces import Workspaces
from gowatchd.surroundings import Heritage
from gowatchd.system.editors import neovim_swap_folders
from gowatchd.system.home_walk import forget_walk, walk_beside
from gowatchd.system.inotify import InstanceLimitError
from gowatchd.system.strays import clean_strays
from gowatchd.system.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.config.models import Config
    from gowatchd.services.choices import Choices
    from gowatchd.services.ports import Handle
    from gowatchd.services.publishing import Publisher
    from gowatchd.services.status import GoCommand as GoInUse
    from gowatchd.surroundings import Surroundings

log = logging.getLogger(__name__)

# Without an inotify instance nothing is watched. One is asked for again after a second, then twice as long
# each time: one call of the kernel.
WATCH_AGAIN_FIRST_SECONDS = 1.0
WATCH_AGAIN_MOST_SECONDS = 60.0


class Run:
    """Watches, checks and tidies what ``config`` asks for, and tells ``publisher``.

    It begins with the folders that are remembered, calls ``begun`` once these are watched, checks them, and
    then looks through all there is. Until then it is ``scanning``. With ``walk`` a child process reads first.
    """

    def __init__(
        self,
        around: Surroundings,
        config: Config,
        publisher: Publisher,
        begun: Callable[[], None],
        choices: Choices,
        *,
        dry_run: bool = False,
        walk: bool = True,
    ) -> None:
        self.scanning = True
        self._around = around
        self._config = config
        self._publisher = publisher
        self._parts = Parts(publisher)
        self._tell_begun = begun
        self._walk = walk
        self._near = False  # whether the remembered folders are checked
        self._early: dict[str, None] = {}  # saves that wait for the end of the scan, in order
        self._found: set[str] = set()
        self._cleaned: set[str] = set()
        self._interesting: set[str] = set()
        self._heritage = Heritage()
        self._interest_due: Handle | None = None
        self._watch_due: Handle | None = None
        self._watch_wait = WATCH_AGAIN_FIRST_SECONDS
        self._restrictions_due: Handle | None = None
        configured = tuple(os.path.abspath(os.path.expanduser(root)) for root in config.watch.roots)
        asked = {os.path.realpath(root): root for root in configured}
        self.territory = Territory(tuple(asked), config.watch.exclude, choices)
        self.roots = self.territory.paths
        self._asked_roots = tuple(asked.get(root, root) for root in self.roots)
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
        self.pipeline = Pipeline(
            scheduler=around.loop,
            clock=time.time,
            files=around.files,
            workspaces=self.workspaces,
            tidier=tidier,
            listener=publisher,
            facts=Facts(),
            disable=frozenset(config.check.disable),
        )
        self.repairs = Repairs(
            around.files,
            self.workspaces,
            self.pipeline.known,
            self.pipeline.judge,
            config.format.indent,
        )
        tidier.repairs = self.repairs
        tidier.paused = around.paused
        tidier.restrictions = self.pipeline.restrictions = around.restrictions
        self._go_use = GoUse(around, config, self.pipeline, self._parts)
        self._watcher = self._watch()

    def start(self) -> None:
        """Begin: the folders are listed in the background, and go is looked for."""
        if self._watcher is None:
            self.scanning = False
            self._near = True
            self._tell_begun()
            self._watch_later()
        else:
            self._begin_watching(self._watcher)
        self.find_go()

    def find_go(self) -> None:
        """Look for the go command: at the start, and when it may be another one by now."""
        self._go_use.find()

    def close(self) -> None:
        """End; nothing that was planned happens any more."""
        for due in (self._watch_due, self._interest_due, self._restrictions_due):
            if due is not None:
                due.cancel()
        forget_walk(self._around.walk_pool)
        self.pipeline.close()
        if self._watcher is not None:
            self._watcher.close()

    def inherit(self, heritage: Heritage) -> None:
        """Go on with ``heritage`` when everything was listed; to be said before the start."""
        self._heritage = heritage

    def heritage(self) -> Heritage:
        """Return what the next run has to go on with; to be asked before the end of this one."""
        return Heritage(
            (*self._heritage.unfinished, *self.pipeline.tidier.unfinished()),
            {**self._heritage.known, **self.workspaces.contents()},
        )

    def rescan(self) -> None:
        """List all folders anew, and check every workspace again."""
        if self._watcher is not None:
            self._watcher.rescan()
        self.pipeline.recheck_soon()

    def off(self) -> tuple[Off, ...]:
        """Return the parts that do not work here, or are switched off."""
        parts = self._parts.reasons()
        missing = [root for root in self.roots if not os.path.isdir(root)]
        if missing:
            parts.setdefault("watching", f"there is no folder {missing[0]} yet")
        if self._watcher is not None and self._watcher.blind:
            parts["inotify"] = self._watcher.blind
        waiting = () if self._watcher is None else self._watcher.roots_to_be_mounted
        if waiting:
            parts.setdefault(
                "watching", f"{waiting[0]}: its automounter waits; it is watched once somebody looks there"
            )
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

    @property
    def go(self) -> GoInUse | None:
        """The go command in use."""
        return self._go_use.go

    @property
    def folders_watched(self) -> int:
        """How many inotify watches are in use."""
        return 0 if self._watcher is None else self._watcher.folders_watched

    def on_file(self, path: str) -> None:
        """Look at a file that was saved or has gone."""
        if self.scanning and not (self._near and self.workspaces.source(path)):
            self._early[path] = None  # what it belongs to is not known yet
            return
        self.pipeline.look(path)
        if not os.path.lexists(path):  # if it comes back, it may be through a symbolic link
            self._found.discard(os.path.dirname(path))
            self._interesting.discard(os.path.dirname(path))
        self._go_use.saved()
        self._watch_interesting_soon()

    def on_found(self, path: str) -> None:
        """Take note of a file that a listing came across."""
        self._found.add(os.path.dirname(path))
        if not self.scanning:
            self.pipeline.look(path, saved=False)
            self._watch_interesting_soon()

    def on_beside(self, path: str) -> None:
        """Look at a file beside a go.work or go.mod: go.sum, go.work.sum or vendor/modules.txt."""
        if os.path.basename(path) == RESTRICTIONS:
            self._around.restrictions.forget(path)
            if self._restrictions_due is None:
                self._restrictions_due = self._around.loop.call_when_idle(self._restrict)
        elif self._near:
            self.pipeline.look_beside(path)

    def on_repository(self, git_directory: str) -> None:
        """Look again at what waits for git."""
        self.pipeline.tidier.repository_changed(git_directory)

    def on_sign(self, path: str) -> None:
        """Look whether an editor let go of a file."""
        self.pipeline.tidier.sign_changed(path)

    def on_near(self) -> None:
        """Begin with what is remembered; the other folders follow when a child process has read them once."""
        if self._watcher is None:
            return
        self._tell_begun()  # nothing that is saved from now on is missed
        self._clean()
        files = self._covered_files()
        if files:
            self.pipeline.begin(files)
            self._watch_interesting()
            log.info("checked what is remembered: %d workspaces", len(self.pipeline.verdicts))
        self._near = True
        self._look_again_early()
        go_on = self._watcher.scan_all
        if self._walk:
            walk_beside(self._around.walk_pool, self.roots, self.territory.excludes, go_on)
        else:
            go_on()

    def on_arrived(self) -> None:
        """Check what came with a mount, as at the start: nobody saved it, so nothing of it is news."""
        if self.scanning:
            return  # the end of the scan does that
        files = self._covered_files()
        self._found.update(map(os.path.dirname, files))
        self._clean()
        before = {verdict.workspace.path for verdict in self.pipeline.verdicts}
        self._publisher.announcer.quiet = True
        self.pipeline.admit(files)
        self._publisher.announcer.quiet = False
        after = {verdict.workspace.path for verdict in self.pipeline.verdicts}
        self._publisher.announcer.arrived(after - before)
        self._watch_interesting_soon()
        self._publisher.changed()

    def on_rescanned(self) -> None:
        """Go on to all there is, when everything was listed for the first time."""
        if self._watcher is None or not self.scanning:
            return
        self.scanning = False
        self._clean()
        self.pipeline.admit(self._covered_files())
        self._publisher.announcer.quiet = False
        self._publisher.announcer.keep_only(verdict.workspace.path for verdict in self.pipeline.verdicts)
        self._take_up_heritage()
        self._watch_interesting()
        self._look_again_early()
        below, number = ", ".join(self.roots), len(self.pipeline.verdicts)
        log.info("checked everything below %s: %d workspaces", below, number)
        self._publisher.changed()

    def on_root_moved(self, root: str) -> None:
        """Begin anew: what lies below ``root`` is something else now."""
        log.info("%s leads elsewhere now: beginning anew", root)
        self._around.begin_anew()

    def on_degraded(self, text: str) -> None:
        """Say that something cannot be watched."""
        self._parts.degraded("watching", text)

    def on_restored(self) -> None:
        """Take back what was said of the watching."""
        self._parts.restored("watching")

    def _take_up_heritage(self) -> None:
        """Go on where the run before ended; what was saved in between is a save like any other."""
        heritage, self._heritage = self._heritage, Heritage()
        for one in heritage.unfinished:
            if self.workspaces.covers(one.path):
                self.pipeline.tidier.take_up(one)
        for path, data in heritage.known.items():
            source = self.workspaces.source(path)
            if source is not None and source.data != data:
                self.pipeline.look(path)

    def _watch(self) -> Watcher | None:
        try:
            return Watcher(
                self._around.loop,
                self._asked_roots,
                self.territory.excludes,
                self,
                sign_folders=neovim_swap_folders(os.environ),
                budget=self._config.watch.budget,
            )
        except InstanceLimitError as error:
            reason = error.strerror or str(error)
            if self._parts.reason("watching") != reason:
                self._parts.degraded("watching", reason)
            return None

    def _begin_watching(self, watcher: Watcher) -> None:
        self._publisher.announcer.quiet = True
        watcher.start(near=self._around.memory.folders)

    def _watch_later(self) -> None:
        """Try again: another program may end, or the limit be raised."""
        self._watch_due = self._around.loop.call_later(self._watch_wait, self._watch_again)
        self._watch_wait = min(self._watch_wait * 2, WATCH_AGAIN_MOST_SECONDS)

    def _watch_again(self) -> None:
        self._watch_due = None
        self._watcher = self._watch()
        if self._watcher is None:
            self._watch_later()
            return
        self._parts.restored("watching")
        self.scanning, self._near = True, False
        self._begin_watching(self._watcher)

    def _covers(self, path: str) -> bool:
        restriction = self._around.restrictions.of(path)
        return self.territory.root_of(path) is not None and not restriction.left_out(path)

    def _covered_files(self) -> list[str]:
        return [] if self._watcher is None else [*filter(self._covers, self._watcher.known_files())]

    def _restrict(self) -> None:
        """Do what a repository's own file says by now."""
        self._restrictions_due = None
        if not self._near:
            return  # the beginning reads it
        if not self.scanning:
            self.pipeline.admit(self._covered_files())
        self.pipeline.recheck_soon()
        self._publisher.announcer.limits_changed()
        self._publisher.changed()

    def left_out(self) -> tuple[tuple[str, str], ...]:
        """Return the files that a repository's own file leaves out, each with the reason."""
        known = () if self._watcher is None else self._watcher.known_files()
        found = ((path, self._around.restrictions.of(path).left_out(path)) for path in known)
        return tuple((path, reason) for path, reason in found if reason)

    def _clean(self) -> None:
        """Rid the folders found so far of what a kill left there."""
        for folder in sorted(self._found - self._cleaned):
            for stray in clean_strays(folder):
                log.warning("left over from an interrupted write, not ours to remove: %s", stray)
        self._cleaned = set(self._found)

    def _look_again_early(self) -> None:
        """Answer the saves that came before we knew what they belong to."""
        early, self._early = self._early, {}
        for path in early:
            self.on_file(path)

    def _watch_interesting_soon(self) -> None:
        """Do it once for all files that a clone brings, since it looks at every workspace."""
        if self._interest_due is None:
            self._interest_due = self._around.loop.call_when_idle(self._watch_interesting)

    def _watch_interesting(self) -> None:
        """Watch the folders that a go.work or a replacement names, wherever they are."""
        self._interest_due = None
        if self._watcher is None:
            return
        folders = self.workspaces.folders_of_interest()
        new = folders - self._interesting
        self._interesting |= new
        for folder in sorted(new - self._found):
            self._watcher.add_folder(folder)
        self._watcher.poll_blind(folders)
        if not self.scanning:
            self._around.memory.keep(folders)
