"""The daemon as gowatchctl sees it: calls and signals over the session bus, blocking, never waiting for ever.

Nothing here starts the daemon: whoever stopped it meant that. jeepney is used because its import takes 14 ms,
a fifth of what pydbus needs.
"""

from __future__ import annotations

import json
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress, HeaderFields, MatchRule, MessageFlag, MessageType, new_method_call
from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket
from jeepney.wrappers import DBusErrorResponse

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.mask import is_masked
from gowatchd.system.bus_address import (
    BUS_NAME,
    INTERFACE,
    OBJECT_PATH,
    TIMEOUT_SECONDS,
    session_bus_address,
)
from gowatchd.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

MANAGER = DBusAddress(OBJECT_PATH, BUS_NAME, INTERFACE)
BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
SIGNALS = f"type='signal',sender='{BUS_NAME}',path='{OBJECT_PATH}',interface='{INTERFACE}'"
STARTS = f"type='signal',sender='{BUS.bus_name}',member='NameOwnerChanged',arg0='{BUS_NAME}'"

NOT_RUNNING = N_("gowatchd is not running: systemctl --user start gowatchd")
DISABLED = N_("gowatchd is not running, because it is disabled: gowatchctl enable")
NO_ANSWER = f"gowatchd did not answer within {TIMEOUT_SECONDS:.0f} s: systemctl --user status gowatchd"
NOT_ENDED = "gowatchd did not say how it ended: gowatchctl log shows whether it was done"
HEARD = 64  # signals kept while we wait for one of them; the oldest go
NOT_RUNNING_ERRORS = {
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.NoReply",  # it ended while we waited
}
ERROR_CODES = {
    "org.gowatchd.Error.NoSuchWorkspace": Exit.NO_SUCH_THING,
    "org.gowatchd.Error.NoSuchChange": Exit.NO_SUCH_THING,
    "org.gowatchd.Error.NoSuchUnit": Exit.NO_SUCH_THING,
    "org.gowatchd.Error.HistoryOff": Exit.UNAVAILABLE,
    "org.gowatchd.Error.Refused": Exit.PROBLEMS,
    "org.gowatchd.Error.Internal": Exit.BUG,
}


class Client:
    """One connection to the daemon; every method raises CommandError where it does not work out."""

    def __init__(self) -> None:
        address = session_bus_address()
        if address is None:
            raise CommandError(
                "there is no session bus here: log in, or set XDG_RUNTIME_DIR", Exit.UNAVAILABLE
            )
        try:
            self._connection = _connection_to(address)
        # jeepney has no error of its own, but for a bus that refuses its Hello
        except (OSError, ValueError, RuntimeError, LookupError, DBusErrorResponse) as error:
            message = f"the session bus at {address} does not answer: {error}"
            raise CommandError(message, Exit.UNAVAILABLE) from error
        self._events: deque[Any] = deque(maxlen=HEARD)  # signals, also those that come before an answer

    def __enter__(self) -> Client:  # noqa: PYI034 typing.Self is of Python 3.11
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def ask(self, method: str, signature: str | None = None, *arguments: object) -> dict[str, Any]:
        """Call ``method`` and return the JSON object that it answers."""
        (answer,) = self._call(MANAGER, method, signature, *arguments)
        value: dict[str, Any] = json.loads(answer)
        return value

    def tell(self, method: str, signature: str | None = None, *arguments: object) -> None:
        """Call ``method``, which answers nothing."""
        self._call(MANAGER, method, signature, *arguments)

    def ask_other(self, receiver: DBusAddress, name: str) -> Any:  # noqa: ANN401 what D-Bus returns
        """Return the property ``name`` of another service."""
        properties = DBusAddress(receiver.object_path, receiver.bus_name, "org.freedesktop.DBus.Properties")
        ((_type, value),) = self._call(properties, "Get", "ss", receiver.interface, name)
        return value

    def call_other(self, receiver: DBusAddress, method: str) -> tuple[Any, ...]:
        """Call ``method``, which takes nothing, of another service, and return what it answers."""
        return self._call(receiver, method, None)

    def properties_of(self, receiver: DBusAddress) -> dict[str, Any]:
        """Return all properties that another service's object has in an interface."""
        properties = DBusAddress(receiver.object_path, receiver.bus_name, "org.freedesktop.DBus.Properties")
        (found,) = self._call(properties, "GetAll", "s", receiver.interface)
        return {name: value for name, (_, value) in found.items()}

    def is_owned(self, name: str) -> bool:
        """Say whether somebody on the bus has ``name``."""
        (owned,) = self._call(BUS, "NameHasOwner", "s", name)
        return bool(owned)

    def tell_and_wait(
        self, request: tuple[Any, ...], signal: str, subjects: tuple[str, ...], seconds: float
    ) -> dict[str, Any]:
        """Call the method of ``request``; return the JSON object of the next ``signal`` about a subject.

        What the daemon tells before it answers the call counts too.
        """
        self.subscribe()
        heard: deque[Any] = deque(maxlen=HEARD)
        with (
            self._connection.filter(
                MatchRule(type="signal", interface=INTERFACE, member=signal), queue=heard
            ),
            self._connection.filter(
                MatchRule(type="signal", interface=BUS.interface, member="NameOwnerChanged"), queue=heard
            ),
        ):
            self.tell(*request)
            return self._await(heard, subjects, time.monotonic() + seconds)

    def _await(self, heard: deque[Any], subjects: tuple[str, ...], deadline: float) -> dict[str, Any]:
        while True:
            left = deadline - time.monotonic()
            try:
                message = self._connection.recv_until_filtered(heard, timeout=max(0.0, left))
            except TimeoutError as error:
                raise CommandError(NOT_ENDED, Exit.UNAVAILABLE) from error
            except OSError as error:
                raise CommandError("the session bus went away", Exit.UNAVAILABLE) from error
            if message.header.fields.get(HeaderFields.member) == "NameOwnerChanged":
                raise _not_running()
            if message.body[0] in subjects:
                value: dict[str, Any] = json.loads(message.body[1])
                return value

    def subscribe(self) -> None:
        """Have the bus send what ``events`` returns; for once, at the beginning."""
        for rule in (SIGNALS, STARTS):
            self._call(BUS, "AddMatch", "s", rule)
        for interface in (INTERFACE, BUS.interface):
            self._connection.filter(MatchRule(type="signal", interface=interface), queue=self._events)

    def events(self) -> Iterator[str]:
        """Yield, for ever, the name of each signal of the daemon; NameOwnerChanged when it comes or goes."""
        while True:
            name = self.next_event(None)
            if name is not None:
                yield name

    def next_event(self, seconds: float | None) -> str | None:
        """Return the name of the next signal as ``events`` does, None where none comes for ``seconds``."""
        try:
            message = self._connection.recv_until_filtered(self._events, timeout=seconds)
        except TimeoutError:
            return None
        except OSError as error:
            raise CommandError("the session bus went away", Exit.UNAVAILABLE) from error
        return str(message.header.fields[HeaderFields.member])

    def _call(
        self, receiver: DBusAddress, method: str, signature: str | None, *arguments: object
    ) -> tuple[Any, ...]:
        message = new_method_call(receiver, method, signature, arguments)
        message.header.flags = MessageFlag.no_auto_start
        try:
            reply = self._connection.send_and_get_reply(message, timeout=TIMEOUT_SECONDS)
        except TimeoutError as error:
            raise CommandError(NO_ANSWER, Exit.UNAVAILABLE) from error
        except OSError as error:
            raise CommandError(f"the session bus went away: {error}", Exit.UNAVAILABLE) from error
        if reply.header.message_type is MessageType.error:
            raise _refusal(str(reply.header.fields[HeaderFields.error_name]), reply.body)
        body: tuple[Any, ...] = reply.body
        return body


class _Connection(DBusConnection):  # type: ignore[misc] # mypy does not look into jeepney
    """jeepney's, which says Hello while it is made, and would wait for the answer for ever."""

    def receive(self, *, timeout: float | None = None) -> Any:  # noqa: ANN401 jeepney's message
        if timeout is None and self.unique_name is None:
            timeout = TIMEOUT_SECONDS
        return super().receive(timeout=timeout)


def _connection_to(address: str) -> _Connection:
    """Return a connection that the bus has greeted; raises TimeoutError, and what jeepney raises."""
    sock = prep_socket(get_bus(address), timeout=TIMEOUT_SECONDS)
    try:
        return _Connection(sock)
    except TimeoutError as error:
        sock.close()
        raise TimeoutError(f"no answer to Hello within {TIMEOUT_SECONDS:.0f} s") from error
    except BaseException:  # whatever ends it: nobody else knows the socket
        sock.close()
        raise


def _not_running() -> CommandError:
    return CommandError(_(DISABLED if is_masked() else NOT_RUNNING), Exit.NOT_RUNNING)


def _refusal(name: str, body: tuple[Any, ...]) -> CommandError:
    """Return what a D-Bus error means for the person."""
    if name in NOT_RUNNING_ERRORS:
        return _not_running()
    text = str(body[0]) if body else name
    if name.startswith("org.freedesktop.DBus.Error.Unknown"):
        text = f"the running gowatchd is of another version: systemctl --user restart gowatchd ({text})"
    return CommandError(text, ERROR_CODES.get(name, Exit.UNAVAILABLE))
