"""The person's text editor, as crontab -e and git find it."""

from __future__ import annotations

import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.terminal import printable
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

# Debian's choice of a person, Debian's of the machine, and what is there on any system.
FALLBACKS = ("sensible-editor", "editor", "nano", "vi")


def editor_of(environment: Mapping[str, str]) -> str:
    """Return the command of the editor: $VISUAL, $EDITOR or what the system has; raises CommandError."""
    for name in ("VISUAL", "EDITOR"):
        if environment.get(name):
            return environment[name]
    for program in FALLBACKS:
        if shutil.which(program):
            return program
    raise CommandError(_("there is no editor: set VISUAL or EDITOR"), Exit.UNAVAILABLE)


def edit(editor: str, path: str) -> None:
    """Have the person edit the file at ``path`` until they leave the editor; raises CommandError.

    A shell splits the command, so that it may have arguments ("code --wait"). Ctrl-C is the editor's key
    meanwhile. There is no timeout: a person may take as long as they like.
    """
    before = signal.signal(
        signal.SIGINT, lambda *_signal: None
    )  # a handler, unlike SIG_IGN, is not inherited
    try:
        done = subprocess.run(["/bin/sh", "-c", f'{editor} "$@"', editor, path], check=False)
    finally:
        signal.signal(signal.SIGINT, before)
    if done.returncode:
        message = _("the editor {editor} ended with status {status}: nothing was changed")
        raise CommandError(message.format(editor=printable(editor), status=done.returncode), Exit.UNAVAILABLE)
