"""What our adapters read of a user manager, for tests that hold it against what the manager does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gi.repository import Gio

from gowatchd.system.unit_folders import UnitFolderScan
from gowatchd.system.user_manager import SystemdManager
from tests.support.main_loop import MainLoop

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.unit_ports import ManagerState, UnitFiles
    from gowatchd.services.unit_state import UnitState
    from tests.support.user_manager import RunningManager

FLAGS = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION


class UnitReader:
    """The adapters on a connection of their own to ``manager``; ``asked`` waits for an answer."""

    def __init__(self, manager: RunningManager) -> None:
        self.loop = MainLoop()
        self.manager = SystemdManager()
        self.scan = UnitFolderScan(str(manager.home), str(manager.runtime))
        self.reason: str | None = "not yet"
        self.reloads = 0
        self.connection = Gio.DBusConnection.new_for_address_sync(manager.address, FLAGS, None, None)
        self.connection.set_exit_on_close(False)
        self.manager.listen(self)
        self.manager.attach(self.connection)
        self.loop.run_until(lambda: self.reason is None)

    def close(self) -> None:
        self.manager.detach()
        self.connection.close_sync(None)

    def manager_changed(self, reason: str | None) -> None:
        self.reason = reason

    def reloaded(self) -> None:
        self.reloads += 1

    def failed(self, unit: str) -> None:
        """Nothing here waits for it."""

    def asked(self, question: Callable[..., None], *arguments: object) -> Any:
        """Call ``question`` with a callback and return what that gets."""
        answers: list[object] = []
        question(*arguments, answers.append)
        self.loop.run_until(lambda: answers)
        return answers[0]

    def state(self) -> ManagerState:
        state = self.asked(self.manager.read_manager)
        assert state is not None
        return state

    def unit(self, name: str) -> UnitState:
        """Return what the manager says of a unit."""
        unit = self.asked(self.manager.read_unit, name)
        assert unit is not None
        return unit

    def files(self, *also: str) -> dict[str, UnitFiles]:
        """Return what the files on the disk say, by unit."""
        return {one.name: one for one in self.scan.units(self.state(), also)}
