"""The go command's own opinion on a workspace, beside that of our rules.

``go list -m`` is asked: it loads the whole workspace, takes 20 ms and writes nothing. What it says and our
rules do not is added in its words. What our rules say stays: go stops at the first kind of error it meets.
It is not asked where it would read what we do not: it waits for a FIFO, and reads a file of any size whole.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Diagnostic, Severity
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.position import Span
from gowatchd.services.go_words import Complaint, read_reply
from gowatchd.services.plain_text import escape, shorten
from gowatchd.workspace.model import locate
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from gowatchd.services.ports import Finished, Go
    from gowatchd.workspace.model import Workspace

log = logging.getLogger(__name__)

# The rules of ours that say once what go says for each module.
SUMMED_UP = frozenset({"go-line-too-low"})

CRASHES = ("fatal error: ", "runtime: ", "panic: ")  # of the Go runtime: no word on any file

UNREADABLE = frozenset({State.SPECIAL, State.TOO_LARGE})

SECONDS = 20.0  # a cold disk and a thousand modules are far below; what takes longer hangs


class CrossChecker:
    """Asks the go command about workspaces; ``trouble`` says why its last answer was none, or nothing."""

    def __init__(self, go: Go, disable: AbstractSet[str] = frozenset()) -> None:
        self._go = go
        self._disable = disable
        self.trouble = ""

    def check(
        self,
        workspace: Workspace,
        ours: tuple[Diagnostic, ...],
        done: Callable[[tuple[Diagnostic, ...]], None],
    ) -> None:
        """Call ``done`` with ``ours`` and what go adds to them; never, if a newer call takes its place."""
        read = (*workspace.files, *(one.file for one in workspace.neighbours.values()))
        if any(file.state in UNREADABLE for file in read):
            done(ours)
            return
        gowork = workspace.path if workspace.kind is Kind.WORK else "off"
        finish = partial(self._finished, workspace, ours, done)
        self._go.list_modules(workspace.root, gowork, SECONDS, finish)

    def _finished(
        self,
        workspace: Workspace,
        ours: tuple[Diagnostic, ...],
        done: Callable[[tuple[Diagnostic, ...]], None],
        finished: Finished,
    ) -> None:
        self.trouble = why_no_opinion(finished)
        if self.trouble:
            log.warning("cross-check of %s off for this save: %s", workspace.path, self.trouble)
        if self.trouble or finished.exit_code == 0:
            done(ours)
            return
        reply = read_reply(finished.stderr, workspace.root)
        for text in reply.unknown:
            log.debug("go cannot tell of %s here: %s", workspace.path, text)
        done(merge(workspace, ours, reply.complaints, self._disable))


def why_no_opinion(finished: Finished) -> str:
    """Say why this run of go says nothing about the files, or nothing where it does."""
    if finished.timed_out:
        return f"go did not answer in {SECONDS:g} s"
    if finished.truncated:
        return "go said too much"
    if finished.exit_code is None:
        return finished.error
    if finished.exit_code < 0:
        return f"go was ended by signal {-finished.exit_code}"
    words = finished.stderr.decode(errors="replace").strip().partition("\n")[0]
    if finished.exit_code and (not words or words.startswith(CRASHES)):
        how = f"crashed: {shorten(escape(words), 200)}" if words else "failed without a word"
        return f"go {how} (exit code {finished.exit_code})"
    return ""


def merge(
    workspace: Workspace,
    ours: tuple[Diagnostic, ...],
    complaints: Iterable[Complaint],
    disable: AbstractSet[str] = frozenset(),
) -> tuple[Diagnostic, ...]:
    """Return ``ours`` and, as errors, the ``complaints`` that they do not cover, by path, place and code.

    A complaint is covered by an error of ours on the same line, and by any diagnostic of ours on the same
    condition of the same subject. A rule that is disabled is disabled in go's mouth too.
    """
    news = [
        _diagnostic(workspace, complaint)
        for complaint in complaints
        if complaint.codes[0] not in disable and not any(_covers(one, complaint) for one in ours)
    ]
    if not news:
        return ours
    return tuple(sorted((*ours, *news), key=lambda one: (one.path, one.span.start, one.code)))


def _covers(one: Diagnostic, complaint: Complaint) -> bool:
    if one.path == complaint.path and complaint.line is not None and one.severity is Severity.ERROR:
        first, last = one.span.start.line, one.span.end.line
        if first <= complaint.line <= last:
            return True
    if one.code not in complaint.codes:
        return False
    if complaint.subject:
        return complaint.subject in one.message or one.code in SUMMED_UP
    return complaint.line is None


def _diagnostic(workspace: Workspace, complaint: Complaint) -> Diagnostic:
    path, span = _place(workspace, complaint)
    return Diagnostic(path, span, Severity.ERROR, complaint.codes[0], f"go list -m: {complaint.text}")


def _place(workspace: Workspace, complaint: Complaint) -> tuple[str, Span]:
    """Return where to show it: where go says, else the use line of its subject, else the first line."""
    if complaint.path is not None:
        return complaint.path, Span.at(complaint.line or 1, complaint.column)
    if complaint.subject:
        directory = locate(workspace.root, complaint.subject)
        for use, module in workspace.uses:
            if module.directory == directory or module.path == complaint.subject:
                return workspace.path, use.line.argument_span(0)
    return workspace.path, Span.at(1)
