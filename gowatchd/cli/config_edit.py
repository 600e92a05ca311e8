"""``gowatchctl config edit``: the person's own file in their editor, checked before it counts.

A copy is edited, as with visudo. What was saved meanwhile by somebody else is not written over, and no text
that the person typed is lost: where it cannot be saved, the copy stays and is named.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.cli.choosing_way import LATER
from gowatchd.cli.client import Client
from gowatchd.cli.config_check import check, lines
from gowatchd.cli.editor import edit, editor_of
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.question import choose_letter
from gowatchd.cli.table import home_as_tilde
from gowatchd.cli.terminal import Paint, printable, wants_color
from gowatchd.config.template import to_begin_from
from gowatchd.services.ports import SwapOutcome
from gowatchd.system.new_file import create
from gowatchd.system.person import Person
from gowatchd.system.refusals import Refusals
from gowatchd.system.safe_write import flush, swap
from gowatchd.translation import N_, _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

QUESTION = N_("(e)dit again, (k)eep it although it is wrong, or (t)hrow the changes away? [e] ")
EDIT, KEEP, THROW = "e", "k", "t"
LEAVE = ""  # nobody was asked: the text is as it was
ENDED = {THROW: "discarded", LEAVE: "unchanged"}  # part of --json


@dataclass(slots=True)
class _Draft:
    """The copy of ``target`` that is edited; ``before`` is None where there is no such file yet."""

    target: str
    before: bytes | None
    folder: str
    begun: bytes

    @property
    def path(self) -> str:
        return os.path.join(self.folder, os.path.basename(self.target))

    def begin(self) -> None:
        with open(self.path, "wb") as stream:
            stream.write(self.begun)

    def text(self) -> bytes:
        try:
            with open(self.path, "rb") as stream:
                return stream.read()
        except OSError as error:
            message = _("the editor left no text in {file}: nothing was changed")
            raise CommandError(message.format(file=printable(self.path)), Exit.PROBLEMS) from error

    def holds_work(self) -> bool:
        try:
            return self.text() != self.begun
        except CommandError:
            return False

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def run(arguments: argparse.Namespace) -> int:
    """Edit, check, write and reload; 78 where what was saved is wrong, or nobody can decide."""
    target = Person.of_environment().config_file
    editor = editor_of(os.environ)
    before = _content(target)
    begun = to_begin_from().encode() if before is None else before
    try:
        draft = _Draft(target, before, tempfile.mkdtemp(prefix="gowatchctl-"), begun)
    except OSError as error:
        raise CommandError(printable(str(error)), Exit.PROBLEMS) from error
    with _losing_nothing(draft):
        answer = _edited(arguments, editor, draft)
        wrong = answer == KEEP and bool(check(draft.path).mistakes)
        if answer == KEEP:
            _write(draft)
    draft.drop()
    if answer != KEEP:
        kind = Exit.PROBLEMS if answer == THROW else Exit.OK
        return _say(arguments, target, ENDED[answer], _("{file}: nothing was changed"), kind)
    loaded = _reload()
    message = _("{file}: saved, and gowatchd has read it") if not loaded else _("{file}: saved")
    code = _say(arguments, target, "saved", message, Exit.CONFIGURATION if wrong else Exit.OK)
    if loaded:
        print(loaded, file=sys.stderr)
    return code


@contextmanager
def _losing_nothing(draft: _Draft) -> Iterator[None]:
    """Say where the person's text stays, whatever ends the edit before it was saved."""
    try:
        yield
    except BaseException as error:  # Ctrl-C and mistakes of ours as well: nobody should type it again
        kept = draft.holds_work()
        if not kept:
            draft.drop()
        if isinstance(error, CommandError):
            message, code = error.message, error.code
        elif isinstance(error, OSError):
            message, code = printable(f"{error.filename or draft.target}: {error.strerror}"), Exit.PROBLEMS
        else:
            if kept:
                where = _("your text is in {draft}").format(draft=printable(draft.path))
                print(f"\n{where}", file=sys.stderr)  # not behind the question, or the ^C
            raise
        raise CommandError(_stays(message, draft) if kept else message, code) from error


def _edited(arguments: argparse.Namespace, editor: str, draft: _Draft) -> str:
    """Have the person edit until they decide; return what is to become of the draft."""
    draft.begin()
    answer = EDIT
    while answer == EDIT:
        edit(editor, draft.path)
        if draft.text() == draft.begun:
            return LEAVE
        answer = _judge(arguments, draft)
    return answer


def _content(target: str) -> bytes | None:
    try:
        with open(target, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        if os.path.lexists(target):
            message = _("{file}: a symbolic link to nothing: make what it names, or remove it")
            raise CommandError(message.format(file=printable(target)), Exit.PROBLEMS) from None
        return None
    except OSError as error:
        raise CommandError(f"{printable(target)}: {error.strerror}", Exit.PROBLEMS) from error


def _judge(arguments: argparse.Namespace, draft: _Draft) -> str:
    """Check the draft, say what is wrong, and return what the person wants to do then."""
    found = check(draft.path)
    if not found.mistakes and not found.doubts:
        return KEEP
    paint = Paint(wants_color(arguments.color, sys.stderr, os.environ))  # where the lines go
    for line in lines(found, paint):
        print(line.replace(draft.path, printable(home_as_tilde(draft.target))), file=sys.stderr)
    if not found.mistakes:
        return KEEP
    try:
        return choose_letter(_(QUESTION), (EDIT, KEEP, THROW))
    except CommandError as error:  # the end of input: nobody can answer
        raise CommandError(error.message, Exit.CONFIGURATION) from error


def _write(draft: _Draft) -> None:
    """Put the text in the place of what was there at the beginning, and of nothing else."""
    data = draft.text()
    if draft.before is None:
        os.makedirs(os.path.dirname(draft.target), mode=0o700, exist_ok=True)
        done = create(draft.target, data)
    else:
        done = swap(draft.target, draft.before, data, Refusals())
    if done.outcome is SwapOutcome.CHANGED:
        reason = _("{file} was changed by somebody else meanwhile").format(file=printable(draft.target))
        raise CommandError(reason, Exit.PROBLEMS)
    if done.outcome is not SwapOutcome.WRITTEN:
        raise CommandError(f"{printable(draft.target)}: {done.reason}", Exit.PROBLEMS)
    flush(draft.target)


def _stays(reason: str, draft: _Draft) -> str:
    return _("{reason}: your text is in {draft}").format(reason=reason, draft=printable(draft.path))


def _reload() -> str:
    """Have the daemon read the files; return why it did not, or nothing."""
    try:
        with Client() as client:
            client.tell("Reload")
    except CommandError as error:
        return _(LATER) if error.code in {Exit.NOT_RUNNING, Exit.UNAVAILABLE} else error.message
    return ""


def _say(arguments: argparse.Namespace, target: str, outcome: str, message: str, code: Exit) -> int:
    if arguments.json:
        print(json.dumps({"schema": 1, "path": target, "outcome": outcome}))
    else:
        print(message.format(file=printable(home_as_tilde(target))))
    return code
