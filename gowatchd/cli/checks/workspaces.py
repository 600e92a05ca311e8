"""The go.work and go.mod files: whether they can be reached and written, and whether changes are heard of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import State, Verdict
from gowatchd.cli.shell_word import shell_word
from gowatchd.cli.table import home_as_tilde
from gowatchd.translation import _, ngettext

if TYPE_CHECKING:
    from gowatchd.cli.examination import Examination

NAMED_MOST = 3  # files in one message; the first few show what is wrong with all


def check_reach(examination: Examination) -> Verdict:
    """A folder on the way to a go.work or go.mod is closed to you, or the file is not yours to read or write.

    Symptom: go builds as if there were no go.work, or a file is checked and never formatted.
    Looked: the permissions of each folder from / down to the files of the known workspaces and those
    around the current directory, and of the files themselves.
    Helps: the owner of a folder opens it with chmod; a file that a ``sudo`` left to root comes back
    with chown.
    """
    files = examination.accesses
    closed = list(dict.fromkeys(one.closed for one in files if one.closed))
    if closed:
        return Verdict(State.PROBLEM, "; ".join(closed[:NAMED_MOST]), _("open it, as that says"))
    unreadable = [one for one in files if not one.readable]
    if unreadable:
        return Verdict(
            State.PROBLEM,
            _("not readable for you: {files}").format(
                files=", ".join(
                    _("{path} (of {owner})").format(path=home_as_tilde(one.path), owner=one.owner)
                    for one in unreadable[:NAMED_MOST]
                )
            ),
            _("go cannot read it either; see whose it is:"),
            tuple(f"ls -l {shell_word(one.path)}" for one in unreadable[:NAMED_MOST]),
        )
    locked = [one for one in files if not one.writable]
    if locked:
        return Verdict(
            State.NOTE,
            ngettext(
                "{number} file is checked and not formatted, because you may not write it: {files}",
                "{number} files are checked and not formatted, because you may not write them: {files}",
                len(locked),
            ).format(
                number=len(locked), files=", ".join(home_as_tilde(one.path) for one in locked[:NAMED_MOST])
            ),
            _("nothing to do, if that is meant; else see whose it is:"),
            tuple(f"ls -l {shell_word(one.path)}" for one in locked[:NAMED_MOST]),
        )
    if not files:
        return Verdict(State.OK, _("no go.work or go.mod is known yet"))
    return Verdict(
        State.OK,
        ngettext(
            "{number} file can be reached, read and written",
            "{number} files can be reached, read and written",
            len(files),
        ).format(number=len(files)),
    )


def check_blind(examination: Examination) -> Verdict:
    """A workspace lies where the kernel does not tell of changes made elsewhere.

    Symptom: what another machine, or Windows beside WSL, changes is noticed only seconds later.
    Looked: the file systems of the known workspaces: inotify is blind on NFS, SMB, sshfs and other
    FUSE, and the Windows disks of WSL. Their files are looked at every ten seconds instead. fanotify
    would not help: it is as blind there, and needs rights of root, which gowatchd never asks for.
    Helps: nothing has to be done; ``gowatchctl check`` looks at once.
    """
    blind = [one for one in examination.accesses if one.blind]
    if not blind:
        return Verdict(State.OK, _("the kernel tells of every change in the known workspaces"))
    kinds = ", ".join(dict.fromkeys(one.blind for one in blind))
    files = ", ".join(home_as_tilde(one.path) for one in blind[:NAMED_MOST])
    return Verdict(
        State.NOTE,
        _("looked at every ten seconds, because they lie on {kinds}: {files}").format(
            kinds=kinds, files=files
        ),
    )
