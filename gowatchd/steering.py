"""What a person asks of the running daemon about where it looks, what it finds and of what it speaks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gowatchd.services.listing import Listing
from gowatchd.services.manager import NoSuchWorkspaceError, RequestError
from gowatchd.services.report import check_report, readable
from gowatchd.system.git import find_work_tree

if TYPE_CHECKING:
    from gowatchd.services.announcing import Announcer
    from gowatchd.succession import Succession
    from gowatchd.system.choosing import Choosing

ROOTS_GIVEN = "this gowatchd was started with --root and looks nowhere else"


class Steering:
    """Answers list, add, remove, mute, unmute, check and rescan.

    ``chosen`` says whether choices count: not where the roots came from the command line.
    """

    def __init__(self, choosing: Choosing, runs: Succession, announcer: Announcer, *, chosen: bool) -> None:
        self._choosing = choosing
        self._runs = runs
        self._announcer = announcer
        self._chosen = chosen

    def list(self) -> dict[str, object]:
        """Return what was found and why."""
        run = self._runs.run
        return Listing(
            run.territory,
            self._choosing.choices,
            run.pipeline.verdicts,
            run.scanning,
            self._choosing.path,
            time.time(),
            find_work_tree,
            run.pipeline.judging.restrictions,
            run.left_out(),
        ).report()

    def add(self, folder: str, *, dry_run: bool) -> dict[str, object]:
        """Watch what is at and below ``folder``."""
        self._need_choices()
        answer = self._choosing.add(folder, self._runs.run.territory, dry_run=dry_run)
        self._apply(answer)
        return answer

    def remove(self, folder: str, *, dry_run: bool) -> dict[str, object]:
        """Watch nothing at or below ``folder``."""
        self._need_choices()
        answer = self._choosing.remove(folder, self._runs.run.territory, dry_run=dry_run)
        self._apply(answer)
        return answer

    def mute(self, folder: str, seconds: int, *, dry_run: bool) -> dict[str, object]:
        """Give no notifications of the workspace of ``folder``."""
        answer = self._choosing.mute(folder, seconds or None, dry_run=dry_run)
        self._announcer.limits_changed()
        return answer

    def unmute(self, folder: str, *, dry_run: bool) -> dict[str, object]:
        """Take that back."""
        return self._choosing.unmute(folder, dry_run=dry_run)

    def check(self, root: str) -> dict[str, object]:
        """Return the verdicts on the workspace at ``root``, or on all, checked now."""
        run = self._runs.run
        chosen = [one for one in run.workspaces if not root or readable(one.root) == root]
        if root and not chosen:
            raise NoSuchWorkspaceError(f"{root} is not a watched workspace: see gowatchctl status")
        run.pipeline.recheck(chosen)
        paths = {one.path for one in chosen}
        verdicts = [one for one in run.pipeline.verdicts if one.workspace.path in paths]
        return check_report((one.workspace, one.diagnostics) for one in verdicts)

    def rescan(self) -> None:
        """Look for everything anew."""
        self._runs.run.rescan()

    def _need_choices(self) -> None:
        if not self._chosen:
            raise RequestError(ROOTS_GIVEN)

    def _apply(self, answer: dict[str, object]) -> None:
        if answer["outcome"] != "already" and not answer["dry_run"]:
            self._runs.replace()
