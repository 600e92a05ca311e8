"""How ``add``, ``mute``, ``pause`` and their opposites are done: by the daemon, or alone where none runs."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.terminal import printable
from gowatchd.services.manager import NoSuchWorkspaceError, RequestError
from gowatchd.system.person import Person
from gowatchd.translation import N_, _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from gowatchd.services.territory import Territory
    from gowatchd.system.choosing import Choosing

    Alone = Callable[[Choosing, str], dict[str, object]]
    AloneEverywhere = Callable[[Choosing], dict[str, object]]
    PlaceRequest = Callable[..., dict[str, object]]  # Choosing.add or remove: folder, configured, dry_run

LATER = N_("gowatchd is not running: this counts from its next start")


def add_arguments(parser: argparse.ArgumentParser, what: str) -> None:
    """Take the directory, and --dry-run."""
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help=what)
    add_dry_run(parser)


def add_dry_run(parser: argparse.ArgumentParser) -> None:
    """Take --dry-run."""
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help=_("say what would be done, and do nothing")
    )


def choose(
    arguments: argparse.Namespace, method: str, alone: Alone, signature: str = "ayb", *between: object
) -> int:
    """Ask the daemon for ``method``, or do it ``alone`` for the directory; print what became of it."""
    path = os.path.abspath(arguments.folder)
    answer = _ask(method, signature, os.fsencode(path), *between, arguments.dry_run)
    return _print(arguments, answer, lambda choosing: alone(choosing, path))


def choose_everywhere(
    arguments: argparse.Namespace,
    method: str,
    alone: AloneEverywhere,
    signature: str = "b",
    *before: object,
) -> int:
    """Do the same for what is about no directory."""
    return _print(arguments, _ask(method, signature, *before, arguments.dry_run), alone)


def _print(arguments: argparse.Namespace, answer: dict[str, Any] | None, alone: AloneEverywhere) -> int:
    """Print the daemon's ``answer``, or where there is none that of doing it ``alone``."""
    running = answer is not None
    if answer is None:
        answer = _do(alone)
    if arguments.json:
        print(json.dumps(answer))
    else:
        message = printable(str(answer["message"]))
        print(_("would be: {message}").format(message=message) if arguments.dry_run else message)
        if not running and not arguments.dry_run:
            print(_(LATER), file=sys.stderr)
    return Exit.OK


def choose_place(
    arguments: argparse.Namespace, method: str, request: Callable[[Choosing], PlaceRequest]
) -> int:
    """Do the same for a ``request`` that depends on where gowatchd looks by its configuration."""

    def alone(choosing: Choosing, path: str) -> dict[str, object]:
        return request(choosing)(path, _configured(), dry_run=arguments.dry_run)

    return choose(arguments, method, alone)


def _configured() -> Territory:
    """Return where gowatchd looks by its configuration; raises CommandError where that is bad."""
    from gowatchd.config.loading import ADMINISTRATOR_FILE, load  # noqa: PLC0415 pydantic: 50 ms
    from gowatchd.config.mistake import ConfigError  # noqa: PLC0415 with it
    from gowatchd.services.territory import Territory  # noqa: PLC0415 with it

    try:
        watch = load((ADMINISTRATOR_FILE, Person.of_environment().config_file)).watch
    except ConfigError as error:
        raise CommandError(str(error), Exit.CONFIGURATION) from error
    roots = tuple(os.path.realpath(os.path.expanduser(root)) for root in watch.roots)
    return Territory(roots, tuple(watch.exclude))


def _ask(method: str, signature: str, *arguments: object) -> dict[str, Any] | None:
    """Return the daemon's answer, None where none runs."""
    try:
        client = Client()
    except CommandError:
        return None  # no bus, so no daemon on it
    with client:
        try:
            return client.ask(method, signature, *arguments)
        except CommandError as error:
            if error.code == Exit.NOT_RUNNING:
                return None
            raise


def _do(alone: AloneEverywhere) -> dict[str, object]:
    from gowatchd.system.choosing import Choosing  # noqa: PLC0415 only without a daemon

    try:
        return alone(Choosing(Person.of_environment().state_folder))
    except NoSuchWorkspaceError as error:
        raise CommandError(printable(str(error)), Exit.NO_SUCH_THING) from error
    except RequestError as error:
        raise CommandError(printable(str(error)), Exit.PROBLEMS) from error
