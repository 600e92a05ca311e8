"""The daemon: one process and one main loop that hold the parts together, from the start to the end."""

from __future__ import annotations

import logging
import signal
import time
from typing import TYPE_CHECKING

from gowatchd.foundation import Foundation
from gowatchd.history_desk import HistoryDesk
from gowatchd.pausing import Pausing
from gowatchd.services.announcing import Announcer, Restraint
from gowatchd.services.choices import Choices
from gowatchd.services.manager import RequestError
from gowatchd.services.note_buttons import NoteDeeds
from gowatchd.services.note_memory import NoteMemory
from gowatchd.services.publishing import Publisher
from gowatchd.services.undoing import LATEST
from gowatchd.silence import Silence
from gowatchd.status_board import Sources, StatusBoard
from gowatchd.steering import Steering
from gowatchd.succession import Succession
from gowatchd.surroundings import Surroundings
from gowatchd.system.choosing import Choosing
from gowatchd.system.desktop_programs import Choice
from gowatchd.system.git_moves import GitMoves
from gowatchd.system.login_shell import LoginShell
from gowatchd.system.loop import MainLoop
from gowatchd.system.manager_object import ManagerObject
from gowatchd.system.memory_file import MemoryFile, boot_id
from gowatchd.system.notifier import DesktopNotifier
from gowatchd.system.opening import Opening
from gowatchd.system.person import Person
from gowatchd.system.session_bus import SessionBus
from gowatchd.system.session_language import SessionLanguage
from gowatchd.system.transient_units import TransientUnits
from gowatchd.system.user_manager import SystemdManager
from gowatchd.unit_care import Means
from gowatchd.unit_desk import UnitDesk

if TYPE_CHECKING:
    from gowatchd.config.models import Config
    from gowatchd.services.fixer import Fixing
    from gowatchd.services.status import Status
    from gowatchd.services.undoing import Undoing
    from gowatchd.settings import Settings
    from gowatchd.system.go_installation import GoInstallation

log = logging.getLogger(__name__)


class Daemon:
    """Holds the parts together, and has them answer what ``services.manager.Manager`` asks for."""

    def __init__(self, settings: Settings, *, dry_run: bool, chosen: bool = True) -> None:
        self._settings = settings
        self._chosen = chosen
        config = settings.config
        self._loop = MainLoop()
        bus_object = ManagerObject(self)
        self._board = StatusBoard(self._loop, self._status, bus_object.status_changed)
        person = Person.of_environment()
        self._base = base = Foundation(self._loop, person, self._let_go)
        self._choosing = Choosing(person.state_folder)
        self._pausing = Pausing(self._choosing, self._loop, self._pause_changed)
        self._silence = Silence(self._choosing, self._pausing, base.restrictions)
        around = Surroundings(
            loop=self._loop,
            go_pool=base.go_pool,
            walk_pool=base.walk_pool,
            files=base.files,
            refusals=base.refusals,
            history=base.history,
            git=base.git,
            signs=base.holders,
            tally=base.tally,
            memory=base.memory,
            restrictions=base.restrictions,
            paused=self._pausing.reason,
            begun=self._board.begun,
            begin_anew=self._begin_anew_soon,
            on_go=self._found_go,
        )
        notifier = DesktopNotifier(self._loop)
        systemd = SystemdManager()
        programs = TransientUnits(self._loop)
        self._opening = Opening(
            programs,
            base.walk_pool,  # a go that hangs does not hold it up
            LoginShell(base.walk_pool),
            person.passing_folder,
            _choice(config),
        )
        clients = (SessionLanguage(self._session_appeared), notifier, systemd, programs)
        self._bus = SessionBus(self._loop, bus_object, clients, self._board.bus_changed)
        self._notes = NoteMemory(self._loop, MemoryFile.of_notes(person.state_folder), boot_id())
        announcer = Announcer(
            notifier,
            self._loop,
            self._silence.level(config),
            self._deeds(),
            Restraint(limit=self._silence.limit, git=GitMoves(base.git)),
            self._notes,
        )
        announcer.count_in(base.tally)
        self._publisher = Publisher(bus_object, announcer, self._owner, self._board.changed, base.tally)
        self._changes = HistoryDesk(base.history, base.files, self._publisher, self._forget_unit)
        means = Means(self._loop, base.go_pool, base.history, base.routed, systemd, self._pausing.reason)
        self._units = UnitDesk(means, config.env, self._publisher, self._changes.withdraw)
        self._runs = Succession(around, config, self._publisher, self._choices, dry_run=dry_run)
        self._sources = Sources(
            time.time(),
            around,
            self._runs,
            self._bus,
            self._choosing,
            notifier,
            self._silence.mute_of,
            self._pausing,
            base.git_pool,
        )
        self._steering = Steering(self._choosing, self._runs, announcer, chosen=chosen)
        self._answer()

    def _answer(self) -> None:
        """Have each request answered by the part that knows of it."""
        changes, units, steering = self._changes, self._units, self._steering
        self.undo, self.preview, self.log = changes.undo, changes.preview, changes.log
        self.shown = changes.shown
        self.apply_fix = changes.apply_fix
        self.units, self.preview_unit, self.repair_unit = units.units, units.preview_unit, units.repair_unit
        self.undo_unit, self.preview_shared = units.undo_unit, units.preview_shared
        self.write_shared, self.undo_shared = units.write_shared, units.undo_shared
        self.list, self.add, self.remove = steering.list, steering.add, steering.remove
        self.mute, self.unmute = steering.mute, steering.unmute
        self.check, self.rescan = steering.check, steering.rescan
        self.pause, self.resume = self._pausing.pause, self._pausing.resume

    def main(self) -> int:
        """Serve until somebody ends us; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.on_signal(number, self._loop.quit)
        self._loop.on_signal(signal.SIGHUP, self._reload)
        self._changes.recover()
        self._settings.tell(self._publisher.announcer)
        self._settings.watch(self._loop, self._reload)
        self._bus.start()
        self._runs.run.start()
        status = self._loop.run()
        self._board.stopping()
        self._settings.close()
        self._pausing.close()
        self._notes.close()  # before the bus goes, and with it what was on show
        self._runs.run.close()
        self._units.close()
        self._bus.stop()
        self._base.close()
        return status

    def status(self) -> dict[str, object]:
        """Return how the daemon is."""
        return self._status().report()

    def metrics(self) -> dict[str, object]:
        """Return what the daemon did so far, in numbers."""
        return self._sources.metrics(self._settings).report()

    def reload(self) -> None:
        """Read the configuration again; with a bad one the last good one stays in force."""
        self._reload()
        if self._settings.trouble:
            raise RequestError(self._settings.trouble)

    def _reload(self) -> None:
        self._board.reloading()
        self._settings.reread()
        if not self._settings.trouble:
            self._adopt(self._settings.config)
            log.info("configuration read")
        self._settings.tell(self._publisher.announcer)
        self._board.reloaded()

    def _adopt(self, config: Config) -> None:
        if config == self._runs.config:
            self._runs.run.find_go()  # it may have been installed or replaced
            return
        self._units.reload(config.env)
        self._publisher.announcer.level = self._silence.level(config)
        self._opening.choice = _choice(config)
        self._runs.adopt(config)

    def _begin_anew_soon(self) -> None:
        self._runs.replace_soon()

    def _session_appeared(self) -> None:
        """Look at the user units again: a desktop put its environment into the user manager."""
        self._units.session_appeared()

    def _choices(self) -> Choices:
        return self._choosing.choices if self._chosen else Choices()

    def _pause_changed(self) -> None:
        """Fall silent, or go on with what waits."""
        self._publisher.announcer.level = self._silence.level(self._runs.config)
        if self._pausing.current is None:
            self._runs.run.pipeline.tidier.resumed()
            self._units.resumed()
        self._board.changed()

    def _let_go(self, path: str) -> None:
        """Look again at a file whose holder has ended; of several runs the present one knows it."""
        self._runs.run.pipeline.tidier.sign_changed(path)

    def _undo(self, change: int = LATEST) -> Undoing:
        return self._changes.take_back(change)

    def _deeds(self) -> NoteDeeds:
        """Return what the buttons of notes do."""
        return NoteDeeds(
            undo=self._undo,
            difference=self._base.history.difference,
            stands=self._base.history.stands,
            fix=self._fix,
            mute=lambda folder, seconds: self._steering.mute(folder, seconds, dry_run=False),
            restart=self._restart_unit,
            opener=self._opening,
        )

    def _fix(self, workspace: str, codes: frozenset[str]) -> Fixing:
        """Make the fixes of ``codes`` in the workspace whose go.work or go.mod is ``workspace``."""
        return self._changes.carry_out(self._runs.run.repairs.plan(workspace, codes))

    def _restart_unit(self, unit: str) -> None:
        self._units.restart(unit)

    def _forget_unit(self, path: str) -> None:
        self._units.forget(path)

    def _found_go(self, go: GoInstallation) -> None:
        self._units.set_go(go)

    def _owner(self, path: str) -> str:
        """Return the path of the workspace that the file at ``path`` belongs to."""
        owning = self._runs.run.workspaces.owning(path)
        return owning[0].path if owning else path

    def _status(self) -> Status:
        return self._sources.status(self._settings)


def _choice(config: Config) -> Choice:
    return Choice(config.notify.editor, config.notify.terminal, login_shell=config.env.login_shell)
