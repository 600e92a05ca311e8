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
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.cli.choosing_way import LATER
from gowatchd.cli.client import Client
from gowatchd.cli.config_check import check, lines
from gowatchd.cli.editor import edit, editor_of
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.question import choose_letter
from gowatchd.cli.table import home_as_tilde
from gowatchd.cli.terminal import printable, stdout_paint
from gowatchd.config.template import to_begin_from
from gowatchd.services.ports import SwapOutcome
from gowatchd.system.new_file import create
from gowatchd.system.person import Person
from gowatchd.system.refusals import Refusals
from gowatchd.system.safe_write import flush, swap
from gowatchd.translation import N_, _

if TYPE_CHECKING:
    import argparse

QUESTION = N_("(e)dit again, (k)eep it although it is wrong, or (t)hrow the changes away? [e] ")
EDIT, KEEP, THROW = "e", "k", "t"


@dataclass(slots=True)
class _Draft:
    """The copy of ``target`` that is edited; ``before`` is None where there is no such file yet."""

    target: str
    before: bytes | None
    folder: str

    @property
    def path(self) -> str:
        return os.path.join(self.folder, os.path.basename(self.target))

    def begin(self) -> None:
        with open(self.path, "wb") as stream:
            stream.write(to_begin_from().encode() if self.before is None else self.before)

    def text(self) -> bytes:
        try:
            with open(self.path, "rb") as stream:
                return stream.read()
        except OSError as error:
            message = _("the editor left no text in {file}: nothing was changed")
            raise CommandError(message.format(file=printable(self.path)), Exit.PROBLEMS) from error

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def run(arguments: argparse.Namespace) -> int:
    """Edit, check, write and reload; 78 where what was saved is wrong, or nobody can decide."""
    target = Person.of_environment().config_file
    editor = editor_of(os.environ)
    draft = _Draft(target, _content(target), tempfile.mkdtemp(prefix="gowatchctl-"))
    draft.begin()
    begun = draft.text()
    answer = EDIT
    while answer == EDIT:
        try:
            edit(editor, draft.path)
        except CommandError:
            if draft.text() == begun:
                draft.drop()
            raise
        if draft.text() == begun:
            draft.drop()
            return _say(arguments, target, "unchanged", _("{file}: nothing was changed"), Exit.OK)
        answer = _judge(arguments, draft)
    if answer == THROW:
        draft.drop()
        return _say(arguments, target, "discarded", _("{file}: nothing was changed"), Exit.PROBLEMS)
    wrong = bool(check(draft.path).mistakes)
    _write(draft)
    draft.drop()
    loaded = _reload()
    message = _("{file}: saved, and gowatchd has read it") if not loaded else _("{file}: saved")
    code = _say(arguments, target, "saved", message, Exit.CONFIGURATION if wrong else Exit.OK)
    if loaded:
        print(loaded, file=sys.stderr)
    return code


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
    paint = stdout_paint(arguments.color)
    for line in lines(found, paint):
        print(line.replace(draft.path, printable(home_as_tilde(draft.target))), file=sys.stderr)
    if not found.mistakes:
        return KEEP
    try:
        return choose_letter(_(QUESTION), (EDIT, KEEP, THROW))
    except CommandError as error:  # the end of input: nobody can answer
        raise CommandError(_stays(error.message, draft), Exit.CONFIGURATION) from error


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
        raise CommandError(_stays(reason, draft), Exit.PROBLEMS)
    if done.outcome is not SwapOutcome.WRITTEN:
        reason = f"{printable(draft.target)}: {done.reason}"
        raise CommandError(_stays(reason, draft), Exit.PROBLEMS)
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
