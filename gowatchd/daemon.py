"""The daemon: one process and one main loop that hold the parts together, from the start to the end."""

from __future__ import annotations

import logging
import os
import signal
import time
from typing import TYPE_CHECKING

import gowatchd
from gowatchd.config import ConfigError
from gowatchd.modfile import Kind
from gowatchd.repository_files import RepositoryFiles
from gowatchd.run import Run
from gowatchd.services.announcing import Announcer
from gowatchd.services.changes import HistoryError
from gowatchd.services.choices import Choices
from gowatchd.services.fixer import Fixer, Fixing
from gowatchd.services.fixing import Plan, Rewrite
from gowatchd.services.history import History
from gowatchd.services.manager import HistoryOffError, NoSuchWorkspaceError, RequestError
from gowatchd.services.notes import Level
from gowatchd.services.publishing import Publisher
from gowatchd.services.remembering import Remembering
from gowatchd.services.report import check_report, readable
from gowatchd.services.status import Off, Status
from gowatchd.services.undoing import LATEST, Undoing, UndoOutcome
from gowatchd.steering import Steering
from gowatchd.surroundings import Surroundings
from gowatchd.system.child import ChildPool
from gowatchd.system.choosing import Choosing
from gowatchd.system.drop_in_files import RoutedFiles
from gowatchd.system.editors import Editors, neovim_swap_folders
from gowatchd.system.files import SafeFiles
from gowatchd.system.git import GitState
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.holders import Holders
from gowatchd.system.known_folders import KnownFolders
from gowatchd.system.loop import MainLoop
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.notifier import DesktopNotifier
from gowatchd.system.person import Person
from gowatchd.system.readiness import Readiness
from gowatchd.system.refusals import Refusals
from gowatchd.system.session_bus import SessionBus
from gowatchd.system.strays import clean_beside
from gowatchd.system.user_manager import SystemdManager
from gowatchd.unit_care import Means
from gowatchd.unit_desk import UnitDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.config import Config
    from gowatchd.services.choices import Mute
    from gowatchd.services.ports import Handle
    from gowatchd.system.go_installation import GoInstallation

log = logging.getLogger(__name__)

# Bytes of a file that we check and format at its save, on the main loop: a go.mod of this size has 4,400
# lines and takes a quarter of a second. gowatchctl check and gofumpt-work take larger ones.
LARGEST_IN_PASSING = 256 << 10

# The status is told once for all that happens within this time, not for every file of a checkout.
STATUS_SECONDS = 0.2


class Daemon:
    """Holds the parts together, and answers what ``services.manager.Manager`` asks for."""

    def __init__(
        self, config: Config, reread: Callable[[], Config], *, dry_run: bool, chosen: bool = True
    ) -> None:
        self._config = config
        self._reread = reread
        self._dry_run = dry_run
        self._since = time.time()
        self._loop = MainLoop()
        self._readiness = Readiness()
        self._ready = False
        self._anew_due: Handle | None = None
        self._near = False  # what is remembered is watched
        self._bus_known = False  # on the bus, or without one
        self._status_due: Handle | None = None
        self._complaint: Off | None = None
        person = Person.of_environment()
        refusals = Refusals()
        files = SafeFiles(refusals, LARGEST_IN_PASSING)
        self._git_pool = ChildPool(self._loop)  # its own: git's quick answers do not wait for a slow go
        self._database = HistoryDatabase(person.state_folder)
        editors = Editors(neovim_swap_folders(os.environ))
        self._holders = Holders(editors, self._loop, self._let_go)
        self._routed = RoutedFiles(SafeFiles(refusals))
        self._around = Surroundings(
            loop=self._loop,
            go_pool=ChildPool(self._loop),
            walk_pool=ChildPool(self._loop),
            files=files,
            refusals=refusals,
            # what gowatchctl fix wrote may be larger than what is read in passing
            history=History(self._database, self._routed, clean_beside),
            git=GitState(self._git_pool),
            signs=self._holders,
            memory=Remembering(self._loop, KnownFolders(person)),
            restrictions=RepositoryFiles(),
            begin_anew=self._replace_run_soon,
            on_go=self._found_go,
        )
        self._notifier = DesktopNotifier()
        self._object = ManagerObject(self)
        self._systemd = SystemdManager()
        self._bus = SessionBus(self._loop, self._object, (self._notifier, self._systemd), self._bus_changed)
        self._choosing = Choosing(person.state_folder)
        self._chosen = chosen
        announcer = Announcer(
            self._notifier, self._loop, _level(config), self._undo, fix=self._fix, limit=self._limit
        )
        self._publisher = Publisher(self._object, announcer, self._owner, self._changed)
        means = Means(self._loop, self._around.go_pool, self._around.history, self._routed, self._systemd)
        self._units = desk = UnitDesk(means, config.env, self._publisher, self._undone)
        announcer.restart = desk.restart
        self.units, self.preview_unit, self.repair_unit = desk.units, desk.preview_unit, desk.repair_unit
        self.undo_unit, self.preview_shared = desk.undo_unit, desk.preview_shared
        self.write_shared, self.undo_shared = desk.write_shared, desk.undo_shared
        self._run = self._new_run(walk=True)
        self._steering = Steering(
            self._choosing, lambda: self._run, self._replace_run, announcer, chosen=chosen
        )
        self.list, self.add, self.remove = self._steering.list, self._steering.add, self._steering.remove
        self.mute, self.unmute = self._steering.mute, self._steering.unmute

    def main(self) -> int:
        """Serve until somebody ends us; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.on_signal(number, self._loop.quit)
        self._loop.on_signal(signal.SIGHUP, self._reload)
        self._recover()
        self._bus.start()
        self._run.start()
        status = self._loop.run()
        self._readiness.stopping()
        self._readiness.end_watchdog()
        self._run.close()
        self._units.close()
        self._bus.stop()
        self._around.memory.close()
        self._holders.close()
        self._around.go_pool.close()
        self._around.walk_pool.close()
        self._git_pool.close()
        self._database.close()
        return status

    def status(self) -> dict[str, object]:
        """Return how the daemon is."""
        return self._status().report()

    def check(self, root: str) -> dict[str, object]:
        """Return the verdicts on the workspace at ``root``, or on all, checked now."""
        workspaces = self._run.workspaces
        chosen = [one for one in workspaces if not root or readable(one.root) == root]
        if root and not chosen:
            raise NoSuchWorkspaceError(f"{root} is not a watched workspace: see gowatchctl status")
        self._run.pipeline.recheck(chosen)
        paths = {one.path for one in chosen}
        verdicts = [one for one in self._run.pipeline.verdicts if one.workspace.path in paths]
        return check_report((one.workspace, one.diagnostics) for one in verdicts)

    def undo(self, change: int) -> dict[str, object]:
        """Take back a change."""
        try:
            return self._undo(change).as_json()
        except HistoryError as error:
            raise HistoryOffError(str(error)) from error

    def preview(self, change: int) -> dict[str, object]:
        """Return what an undo would do."""
        try:
            return self._around.history.preview(change)
        except HistoryError as error:
            raise HistoryOffError(str(error)) from error

    def log(self, after: int, limit: int) -> dict[str, object]:
        """Return the newest changes."""
        try:
            return self._around.history.log(after, limit)
        except HistoryError as error:
            raise HistoryOffError(str(error)) from error

    def apply_fix(self, path: str, before: bytes, after: bytes, titles: tuple[str, ...]) -> dict[str, object]:
        """Write a fix that gowatchctl worked out."""
        if os.path.basename(path) not in {kind.file_name for kind in Kind} or not os.path.isabs(path):
            raise RequestError(f"{readable(path)} is not the absolute path of a go.work or go.mod")
        try:
            return self._carry_out(Plan((Rewrite(path, before, after, titles or ("fix",)),))).as_json()
        except HistoryError as error:
            raise HistoryOffError(str(error)) from error

    def rescan(self) -> None:
        """Look for everything anew."""
        self._run.rescan()

    def reload(self) -> None:
        """Read the configuration again; with a bad one the last good one stays in force."""
        self._reload()
        if self._complaint is not None:
            raise RequestError(self._complaint.reason)

    def _reload(self) -> None:
        self._readiness.reloading()
        try:
            config = self._reread()
        except ConfigError as error:
            log.error("the last good configuration stays in force: %s", error)  # noqa: TRY400 - no bug of ours
            self._complaint = Off("configuration", str(error))
        else:
            self._complaint = None
            if config != self._config:
                self._begin_anew(config)
            else:
                self._run.find_go()  # it may have been installed or replaced
            log.info("configuration read")
        self._readiness.ready(self._status().line())
        self._changed()

    def _begin_anew(self, config: Config) -> None:
        self._config = config
        self._units.reload(config.env)
        self._publisher.announcer.level = _level(config)
        self._replace_run()

    def _replace_run(self) -> None:
        self._anew_due = None
        heritage = self._run.heritage()
        self._run.close()
        self._run = self._new_run(walk=False)
        self._run.inherit(heritage)
        self._run.start()
        self._changed()

    def _new_run(self, *, walk: bool) -> Run:
        return Run(
            self._around,
            self._config,
            self._publisher,
            self._begun,
            self._choosing.choices if self._chosen else Choices(),
            dry_run=self._dry_run,
            walk=walk,
        )

    def _limit(self, path: str) -> Level:
        """Return the most that may be told of what is at ``path``."""
        if self._mute_of(path) is not None:
            return Level.OFF
        return Level[self._around.restrictions.of(path).level.upper()]

    def _mute_of(self, path: str) -> Mute | None:
        return self._choosing.choices.mute_of(path, time.time())

    def _replace_run_soon(self) -> None:
        """Replace the run, once, outside of its own callbacks."""
        if self._anew_due is None:
            self._anew_due = self._loop.call_when_idle(self._replace_run)

    def _let_go(self, path: str) -> None:
        """Look again at a file whose holder has ended; of several runs the present one knows it."""
        self._run.on_sign(path)

    def _recover(self) -> None:
        """Settle what a kill left behind in the history."""
        try:
            for change in self._around.history.recover():
                self._publisher.write_failed(change.path, "gowatchd was stopped in the middle of it")
        except HistoryError as error:
            log.warning("history: %s", error)

    def _undo(self, change: int = LATEST) -> Undoing:
        return self._undone(self._around.history.undo(change))

    def _undone(self, undoing: Undoing) -> Undoing:
        if undoing.outcome is UndoOutcome.UNDONE:
            self._publisher.undone(undoing)
            self._units.forget(undoing.path)
        return undoing

    def _found_go(self, go: GoInstallation) -> None:
        self._units.set_go(go)

    def _fix(self, workspace: str, codes: frozenset[str]) -> Fixing:
        """Make the fixes of ``codes`` in the workspace whose go.work or go.mod is ``workspace``."""
        return self._carry_out(self._run.repairs.plan(workspace, codes))

    def _carry_out(self, plan: Plan) -> Fixing:
        fixing = Fixer(self._around.files, self._around.history).carry_out(plan)
        for one in fixing.fixed:
            if one.change is not None:
                self._publisher.fixed(one.change, one.path, one.titles, asked=True)
        return fixing

    def _owner(self, path: str) -> str:
        """Return the path of the workspace that the file at ``path`` belongs to."""
        owning = self._run.workspaces.owning(path)
        return owning[0].path if owning else path

    def _bus_changed(self) -> None:
        self._bus_known = True
        self._ready_now()

    def _begun(self) -> None:
        self._near = True
        self._ready_now()

    def _ready_now(self) -> None:
        # whoever waits for us finds our name on the bus then, and what we knew before is watched
        if self._bus_known and self._near and not self._ready:
            self._ready = True
            self._readiness.ready(self._status().line())
            self._readiness.begin_watchdog(self._loop)
        self._changed()

    def _changed(self) -> None:
        if self._status_due is None:
            self._status_due = self._loop.call_later(STATUS_SECONDS, self._tell_status)

    def _tell_status(self) -> None:
        self._status_due = None
        line = self._status().line()
        self._readiness.status(line)
        self._object.status_changed(line)

    def _status(self) -> Status:
        off = list(self._run.off())
        if self._bus.reason is not None:
            off.append(Off("bus", self._bus.reason))
        if self._complaint is not None:
            off.append(self._complaint)
        off += (Off("a repository's own settings", text) for text in self._around.restrictions.problems())
        if self._choosing.trouble:
            off.append(Off("choices", self._choosing.trouble))
        change = None
        try:
            change = self._around.history.last()
        except HistoryError as error:
            off.append(Off("history", str(error)))
        return Status(
            version=gowatchd.__version__,
            pid=os.getpid(),
            since=self._since,
            go=self._run.go,
            roots=self._run.roots,
            folders_watched=self._run.folders_watched,
            scanning=self._run.scanning,
            verdicts=self._run.pipeline.verdicts,
            standings=self._run.pipeline.tidier.standings(),
            mute_of=self._mute_of,
            notify_level=self._config.notify.level,
            notify_server=self._notifier.server,
            last_change=change,
            off=tuple(off),
        )


def _level(config: Config) -> Level:
    return Level[config.notify.level.upper()]
