"""Tidy a file: from "it was saved" to formatted, or to a stated reason why not.

A save is answered once the file has rested. Whatever speaks against a rewrite for the moment (an editor's
swap file, git at work, somebody who keeps the file open) leaves it pending; it is looked at again when the
sign goes, and else at growing intervals. Whatever speaks against it for good leaves the file as it is, until
its next save.

Where the configuration names diagnostics to be fixed on save, their fixes are made with the formatting, as
one change. A fix may be due in another file than the one that was saved: a go.mod that asks for a newer go
makes its go.work wrong. That file is then held against the same signs, and git is asked about the saved one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.services.changes import HistoryError
from gowatchd.services.fixing import Rewrite
from gowatchd.services.open_saves import OpenSaves
from gowatchd.services.ports import Look, Provenance, SwapOutcome
from gowatchd.services.restriction import NOWHERE
from gowatchd.services.rewriting import Attempt, Rewriter
from gowatchd.services.saves import KEPT_FOR, RETRY_FIRST_SECONDS, Save, TidyOptions, Unfinished
from gowatchd.services.settling import Settling
from gowatchd.services.source_reading import kind_of
from gowatchd.services.tally import Tally
from gowatchd.style.formatter import tidy

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.services.history import History
    from gowatchd.services.ports import Files, Git, Scheduler, Signs
    from gowatchd.services.restriction import Restrictions
    from gowatchd.services.saves import Repairs, TidyListener
    from gowatchd.services.standing import Standing


@dataclass(slots=True)
class Tidier:
    """Formats saved files when they have rested and nothing speaks against it.

    ``paused`` returns why nothing at all may be written just now, "" where it may.
    """

    scheduler: Scheduler
    files: Files
    history: History
    git: Git
    signs: Signs
    listener: TidyListener
    options: TidyOptions
    repairs: Repairs | None = None
    restrictions: Restrictions = NOWHERE
    paused: Callable[[], str] = str
    tally: Tally = field(default_factory=Tally)
    _rewriter: Rewriter = field(init=False)
    _settling: Settling = field(init=False)
    _saves: OpenSaves = field(init=False)

    def __post_init__(self) -> None:
        self._rewriter = Rewriter(self.scheduler, self.files, self.history)
        self._settling = Settling(self.scheduler, self.options.settle_seconds, self._rested)
        self._saves = OpenSaves(self._settling, self.listener)

    def saved(self, path: str, data: bytes) -> None:
        """Take note that ``path`` now holds ``data``, and format it once it has rested."""
        if not self.options.enabled:
            return
        at = self.scheduler.now()
        known = self._saves.get(path)
        if known is not None and known.is_pending and known.data == data:
            return  # an attempt of ours that failed looks like a save from outside
        if not self._rewriter.wrote(path, data):
            self._settling.noted(path, at)  # half a line that auto-save wrote tells the pace as well
        tidied = tidy(data, kind_of(path), indent=self.options.indent)
        repair = tidied.data is not None and self._repair_due(path)
        if tidied.data == data and not repair:
            self._saves.drop(path)  # the echo of our own write, for one
            return
        save = self._saves.open(path, Save(data, tidied.data, repair))
        if tidied.data is None:
            self._settling.cancel(path)
            self._saves.keep(path, save, tidied.reason)
        else:
            self._ask_git(path, save)
            self._settling.rest(path, at)

    def gone(self, path: str) -> None:
        """Drop all that is planned for ``path``: the file is no more."""
        self._saves.forget(path)
        self._rewriter.forget(path)

    def sign_changed(self, path: str) -> None:
        """Look at a pending ``path`` again: an editor's sign came or went, or who held it has ended."""
        self.signs.noticed(path)
        save = self._saves.get(path)
        if save is not None and save.is_pending:
            self._reconsider_soon(path, save)

    def repository_changed(self, place: str) -> None:
        """Look again at what is pending in a repository: git began or ended something there.

        ``place`` is its work tree or its git directory.
        """
        for path, save in self._saves.all():
            if save.is_pending and self.git.belongs(path, place):
                self._reconsider_soon(path, save)

    def resumed(self) -> None:
        """Look at all that is pending: a pause is over."""
        for path, save in self._saves.all():
            if save.is_pending:
                self._reconsider_soon(path, save)

    def close(self) -> None:
        """Call off all that is planned."""
        self._saves.clear()
        self._rewriter.clear()

    def standings(self) -> tuple[Standing, ...]:
        """Return the files that are not formatted, and why."""
        return self._saves.standings()

    def unfinished(self) -> tuple[Unfinished, ...]:
        """Return the saves that are not formatted, for whatever reason, to be taken up by another tidier."""
        return self._saves.unfinished()

    def take_up(self, one: Unfinished) -> None:
        """Go on with a save that another tidier left: a reload must not forget it."""
        if one.refused:
            self._saves.inherit_refusal(one.path)
        if self.options.enabled:
            self._go_on(one)
        if self._saves.get(one.path) is None:
            self._saves.drop(one.path)

    def _go_on(self, one: Unfinished) -> None:
        reading = self.files.read(one.path)
        if reading.look is Look.CONTENT and reading.data != one.data:
            return  # a newer save, that whoever hears of saves will bring
        if one.cause is None:
            self.saved(one.path, one.data)
        elif self._repair_due(one.path):
            self._repair_another(Rewrite(one.path, one.data, one.data, ()), one.cause)

    def _reconsider_soon(self, path: str, save: Save) -> None:
        save.retry = RETRY_FIRST_SECONDS
        self._settling.wait(path, self.options.settle_seconds)

    def _ask_git(self, path: str, save: Save) -> None:
        save.provenance, save.index = None, self.git.index_mark(path)
        self.git.came_by_git(path, save.data, partial(self._provenance_known, path, save))

    def _ask_git_later(self, path: str, save: Save) -> None:
        self._saves.pend(path, save, "git has not answered yet whether it brought it")
        save.provenance, save.asks_again = None, True

    def _provenance_known(self, path: str, save: Save, provenance: Provenance) -> None:
        save.provenance = provenance
        if self._saves.get(path) is save and not save.resting:
            self._consider(path, save)

    def _rested(self, path: str) -> None:
        save = self._saves.get(path)
        if save is None:
            return
        save.resting = False
        if save.rested_at is None and not save.by_another:
            save.rested_at = self.scheduler.now()
        if save.asks_again:
            save.asks_again = False
            self._ask_git(path, save)
        else:
            self._consider(path, save)

    def _consider(self, path: str, save: Save) -> None:
        """Format ``path``, or say why not."""
        if save.new is None or save.provenance is None:
            return  # nothing to write; or git's answer brings us here again
        reading = self.files.read(path)
        if reading.look in {Look.WRITER, Look.TROUBLE}:
            written = reading.look is Look.WRITER
            self._saves.pend(path, save, "a program is writing it" if written else reading.reason)
        elif reading.look is not Look.CONTENT or reading.data != save.data:
            self._saves.drop(path)  # a newer save, or its end: that event is on its way
        elif why := self.restrictions.of(path).unformatted or KEPT_FOR.get(save.provenance, ""):
            self._saves.keep(path, save, why)
        elif pause := self.paused():
            self._saves.pause(path, save, pause)
        elif save.provenance is Provenance.NO_ANSWER:
            self._ask_git_later(path, save)
        elif (reason := self.signs.held(path) or self.git.busy(path)) is not None:
            self._saves.pend(path, save, reason)
        elif save.index != self.git.index_mark(path):
            self._ask_git(path, save)  # it may have been committed meanwhile: a rewrite would undo that
        elif self._rewriter.too_often(path, save.data):
            self._saves.keep(path, save, "another program keeps changing it back")
        else:
            self._act(path, save, save.new)

    def _act(self, path: str, save: Save, new: bytes) -> None:
        """Write what is due for ``path``, then see to the other files in which its save makes fixes due."""
        rewrites: tuple[Rewrite, ...] = ()
        if save.repair and self.repairs is not None:
            rewrites = self.repairs.plan(path, self.options.fix_on_save).rewrites
        own = next((one for one in rewrites if one.path == path), Rewrite(path, save.data, new, ()))
        if own.before != save.data or own.after == save.data:
            self._saves.drop(path)
        elif self.options.dry_run:
            self._saves.drop(path)
            self.listener.would_format(path)
        elif not self._write(path, save, own):
            return
        for other in rewrites:
            if other.path != path and not save.by_another:
                self._repair_another(other, save.provenance)

    def _repair_due(self, path: str) -> bool:
        codes = self.options.fix_on_save
        return bool(codes) and self.repairs is not None and self.repairs.due(path, codes)

    def _repair_another(self, rewrite: Rewrite, cause: Provenance | None) -> None:
        """Have a file fixed that was not saved itself; it is planned anew when its signs allow the write."""
        path = rewrite.path
        self._settling.cancel(path)
        save = self._saves.open(path, Save(rewrite.before, rewrite.before, repair=True, by_another=True))
        save.provenance, save.index, save.resting = cause, self.git.index_mark(path), False
        self._consider(path, save)

    def _write(self, path: str, save: Save, rewrite: Rewrite) -> bool:
        """Write, or say why not; return whether it was written."""
        try:
            if self._rewriter.undone(path, save.data):
                self._saves.keep(path, save, "the change to it was undone")
                return False
            attempt = self._rewriter.write(rewrite)
        except HistoryError as error:  # a disk that is full or read-only, mostly: it may pass
            self._saves.pend_refused(path, save, f"no way back could be kept: {error}")
            return False
        self._tell(path, save, rewrite, attempt)
        untold = self._rewriter.finish(attempt)
        if untold:
            self.listener.write_failed(path, f"the history was not told: {untold}")
        return attempt.written

    def _tell(self, path: str, save: Save, rewrite: Rewrite, attempt: Attempt) -> None:
        """Say how a rewrite went, before the disk is waited for."""
        outcome, reason = attempt.swap.outcome, attempt.swap.reason
        if outcome is SwapOutcome.WRITTEN:
            if save.rested_at is not None:
                self.tally.write_seconds.observe(self.scheduler.now() - save.rested_at)
            self._saves.drop(path)
            if rewrite.titles:
                self.listener.fixed(attempt.change, path, rewrite.titles)
            else:
                self.listener.formatted(attempt.change, path)
        elif outcome is SwapOutcome.CHANGED:
            self._saves.drop(path)
        elif outcome is SwapOutcome.REFUSED:
            self._saves.keep(path, save, reason)
        elif outcome is SwapOutcome.FAILED:
            self._saves.pend_refused(path, save, reason)
        else:
            self._saves.pend(path, save, reason)
