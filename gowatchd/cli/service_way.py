"""How ``enable`` and ``disable`` are done, and what they print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gowatchd.cli.errors import Exit
from gowatchd.cli.mask import UNIT
from gowatchd.cli.user_service import UserService
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from gowatchd.cli.user_service import UnitFile


def switch(
    arguments: argparse.Namespace,
    outcome: str,
    message: str,
    is_so: Callable[[UnitFile], bool],
    act: Callable[[UserService], UnitFile],
) -> int:
    """Have ``act`` done unless it ``is_so`` already, and print the ``message`` that says how it is."""
    service = UserService()
    unit = service.look()
    already = is_so(unit)
    if not already and not arguments.dry_run:
        unit = act(service)
    if arguments.json:
        answer = {
            "schema": 1,
            "unit": UNIT,
            "outcome": "already" if already else outcome,
            "message": message,
            "dry_run": arguments.dry_run,
            "state": unit.state,
            "active": unit.runs,
        }
        print(json.dumps(answer))
    elif already or not arguments.dry_run:
        print(_(message))
    else:
        print(_("would be: {message}").format(message=_(message)))
    return Exit.OK
