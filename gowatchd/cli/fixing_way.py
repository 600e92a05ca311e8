"""How ``fix`` writes: through the daemon where one runs, for that keeps the history, and else by itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.cli.client import Client
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.services.fixer import Fixed, Fixer, Fixing
from gowatchd.services.fixing import Plan, Refusal
from gowatchd.services.history import History
from gowatchd.services.report import readable
from gowatchd.system.history_db import HistoryDatabase
from gowatchd.system.person import Person

if TYPE_CHECKING:
    from gowatchd.services.ports import Files

# No bus, or no daemon on it: nobody else has the history then.
WITHOUT_DAEMON = frozenset({Exit.NOT_RUNNING, Exit.UNAVAILABLE})


def carry_out(plan: Plan, files: Files) -> Fixing:
    """Write what ``plan`` says. Raises HistoryError, and CommandError where a daemon refuses or is stuck."""
    try:
        client = Client()
    except CommandError:
        return _alone(plan, files)
    with client:
        try:
            client.ask("GetLog", "xu", 0, 1)
        except CommandError as error:
            if error.code in WITHOUT_DAEMON:
                return _alone(plan, files)
            raise
        return _through(client, plan)


def _alone(plan: Plan, files: Files) -> Fixing:
    database = HistoryDatabase(Person.of_environment().state_folder)
    try:
        return Fixer(files, History(database, files)).carry_out(plan)
    finally:
        database.close()


def _through(client: Client, plan: Plan) -> Fixing:
    fixed: list[Fixed] = []
    refusals = list(plan.refusals)
    for rewrite in plan.rewrites:
        titles = [readable(title) for title in rewrite.titles]
        answer = client.ask(
            "ApplyFix", "ayayayas", os.fsencode(rewrite.path), rewrite.before, rewrite.after, titles
        )
        fixed += (Fixed(rewrite.path, one["change"], rewrite.titles) for one in answer["fixed"])
        refusals += (Refusal(rewrite.path, one["title"], one["reason"]) for one in answer["refused"])
    return Fixing(tuple(fixed), tuple(refusals))
