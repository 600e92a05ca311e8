"""The language of the session that notes are shown in.

The daemon starts before the desktop, with the language of the system. The one that its person chose at the
login screen is in the user manager's environment once the desktop has put it there, and that is before its
notification server comes. Nothing tells of a change of that environment: it is read whenever a server comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gi.repository import Gio

from gowatchd.system.bus_calls import BusCalls, CallError
from gowatchd.system.notification_calls import NAME as SERVER
from gowatchd.system.user_manager import MANAGER, NAME, PATH
from gowatchd.translation import LOCALES, languages_of, use
from gowatchd.unitfile.effective import split_assignments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class SessionLanguage:
    """Has the daemon speak the language of its session; a client of the daemon's own connection.

    ``appeared`` is called with each notification server: a desktop is there, and so is its environment.
    """

    def __init__(self, appeared: Callable[[], None] = lambda: None) -> None:
        self._told = appeared
        self._calls: BusCalls | None = None
        self._watch = 0

    def attach(self, connection: Gio.DBusConnection) -> None:
        """Read it on a fresh connection, and again with each notification server."""
        self._calls = BusCalls(connection, NAME)
        self._read()
        flags = Gio.BusNameWatcherFlags.NONE
        self._watch = Gio.bus_watch_name_on_connection(connection, SERVER, flags, self._appeared, None)

    def detach(self) -> None:
        """Forget the connection; the language stays."""
        if self._calls is not None:
            Gio.bus_unwatch_name(self._watch)
            self._calls.close()
            self._calls = None

    def _appeared(self, _connection: Gio.DBusConnection, _name: str, _owner: str) -> None:
        self._read()
        self._told()

    def _read(self) -> None:
        if self._calls is not None:
            self._calls.get(PATH, MANAGER, "Environment", _speak)


def _speak(assignments: Sequence[str] | CallError | Any) -> None:  # noqa: ANN401 what D-Bus returns
    """Speak what the manager's environment asks for; what it leaves open, our own environment says."""
    if isinstance(assignments, CallError):
        return
    environment = split_assignments(assignments)
    use(languages_of(environment) if any(map(environment.get, LOCALES)) else None)
