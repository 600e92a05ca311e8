"""The history without the daemon: whoever has the lock on it may take changes back and list them.

``fix`` writes the history itself where no daemon runs, so that ``undo`` and ``log`` must read it then.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gowatchd.services.history import History
    from gowatchd.services.ports import Files


class NoDaemonError(CommandError):
    """No bus, or no daemon on it: nobody else has the history. If one has nonetheless, it has the lock."""


def reach_daemon() -> Client:
    """Return a connection to a daemon that answers for the history.

    Raises NoDaemonError where there is none, and CommandError where it refuses or is stuck.
    """
    try:
        client = Client()
    except CommandError as error:
        raise NoDaemonError(error.message, error.code) from error
    try:
        client.ask("GetLog", "xu", 0, 1)
    except CommandError as error:
        client.close()
        if error.code == Exit.NOT_RUNNING:
            raise NoDaemonError(error.message, error.code) from error
        raise
    return client


def ask_history(
    method: str, signature: str, *arguments: object, alone: Callable[[History], dict[str, Any]]
) -> dict[str, Any]:
    """Return what the daemon answers to ``method``, or where none runs what ``alone`` does.

    Raises CommandError where neither works out.
    """
    try:
        client = reach_daemon()
    except NoDaemonError as error:
        return _alone(error, alone)
    with client:
        return client.ask(method, signature, *arguments)


def _alone(missing: NoDaemonError, alone: Callable[[History], dict[str, Any]]) -> dict[str, Any]:
    from gowatchd.services.changes import HistoryError  # noqa: PLC0415 with a daemon nobody needs sqlite3
    from gowatchd.services.manager import NoSuchChangeError  # noqa: PLC0415 as above
    from gowatchd.system.files import SafeFiles  # noqa: PLC0415 as above

    try:
        with own_history(SafeFiles()) as history:
            return alone(history)
    except NoSuchChangeError as error:
        raise CommandError(str(error), Exit.NO_SUCH_THING) from error
    except HistoryError as error:
        raise CommandError(f"{missing.message} (and without it: {error})", missing.code) from error


@contextmanager
def own_history(files: Files) -> Iterator[History]:
    """Open the person's history, which nobody else can until this is left; to ask it raises HistoryError."""
    from gowatchd.services.history import History  # noqa: PLC0415 with a daemon nobody needs sqlite3
    from gowatchd.system.history_db import HistoryDatabase  # noqa: PLC0415 as above
    from gowatchd.system.person import Person  # noqa: PLC0415 as above

    database = HistoryDatabase(Person.of_environment().state_folder)
    try:
        yield History(database, files)
    finally:
        database.close()
