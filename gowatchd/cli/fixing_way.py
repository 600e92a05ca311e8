"""How ``fix`` writes: through the daemon where one runs, for that keeps the history, and else by itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.cli.own_history import NoDaemonError, own_history, reach_daemon
from gowatchd.services.fixer import Fixed, Fixer, Fixing
from gowatchd.services.fixing import Plan, Refusal
from gowatchd.services.report import readable

if TYPE_CHECKING:
    from gowatchd.cli.client import Client
    from gowatchd.services.ports import Files


def carry_out(plan: Plan, files: Files) -> Fixing:
    """Write what ``plan`` says. Raises HistoryError, and CommandError where a daemon refuses or is stuck."""
    try:
        client = reach_daemon()
    except NoDaemonError:
        with own_history(files) as history:
            return Fixer(files, history).carry_out(plan)
    with client:
        return _through(client, plan)


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
