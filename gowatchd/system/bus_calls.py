"""Questions to one D-Bus service: a few at a time, each with a timeout, none of them waited for."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gi.repository import Gio, GLib

from gowatchd.system.bus_address import TIMEOUT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

# Questions under way at once: enough that neither side waits for the other, and few enough that the answers
# that come in one turn of the main loop hold it for some milliseconds only.
AT_MOST = 16

# Of PropertiesChanged. What a signal holds is looked at before it is taken apart: old releases of GLib let a
# stranger's pass that are sent to us alone (CVE-2024-34397).
CHANGED_TYPE = "(sa{sv}as)"


@dataclass(frozen=True, slots=True)
class CallError:
    """Why there is no answer: the D-Bus name of the error ("" for a timeout or a dead bus) and its text."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class _Question:
    path: str
    interface: str
    method: str
    arguments: GLib.Variant | None
    done: Callable[[Any], None]
    seconds: float
    unpack: Callable[[GLib.Variant], Any]


class BusCalls:
    """Asks ``destination`` over ``connection``; it is never started for that."""

    def __init__(self, connection: Gio.DBusConnection, destination: str, at_most: int = AT_MOST) -> None:
        self._connection = connection
        self._destination = destination
        self._free = at_most
        self._waiting: deque[_Question] = deque()
        self._cancellable = Gio.Cancellable()

    def ask(
        self,
        path: str,
        interface: str,
        method: str,
        arguments: GLib.Variant | None,
        done: Callable[[Any], None],
        seconds: float = TIMEOUT_SECONDS,
        unpack: Callable[[GLib.Variant], Any] = GLib.Variant.unpack,
    ) -> None:
        """Call ``method``; ``done`` gets the tuple of what it returns, or a CallError.

        ``unpack`` is for an answer so large that reading all of it would hold the main loop.
        """
        self._waiting.append(_Question(path, interface, method, arguments, done, seconds, unpack))
        self._next()

    def get(self, path: str, interface: str, name: str, done: Callable[[Any], None]) -> None:
        """Read one property; ``done`` gets its value, or a CallError."""

        def got(answer: Any) -> None:  # noqa: ANN401 what D-Bus returns
            done(answer if isinstance(answer, CallError) else answer[0])

        arguments = GLib.Variant("(ss)", (interface, name))
        self.ask(path, "org.freedesktop.DBus.Properties", "Get", arguments, got)

    def close(self) -> None:
        """Ask nothing more, and hear no answer any more."""
        self._waiting.clear()
        self._cancellable.cancel()

    def _next(self) -> None:
        while self._free and self._waiting:
            question = self._waiting.popleft()
            self._free -= 1
            self._connection.call(
                self._destination,
                question.path,
                question.interface,
                question.method,
                question.arguments,
                None,
                Gio.DBusCallFlags.NO_AUTO_START,
                int(question.seconds * 1000),
                self._cancellable,
                self._answered,
                question,
            )

    def _answered(self, connection: Gio.DBusConnection, result: Gio.AsyncResult, question: _Question) -> None:
        self._free += 1
        answer: object
        try:
            answer = question.unpack(connection.call_finish(result))
        except GLib.Error as error:
            if self._cancellable.is_cancelled():
                return
            name = Gio.DBusError.get_remote_error(error) or ""
            Gio.DBusError.strip_remote_error(error)
            answer = CallError(name, error.message)
        self._next()
        question.done(answer)
