"""What notes on workspaces and on the daemon say.

Each leads with the fact: GNOME shows one line, of about 60 characters.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.services.note_words import buttons, clean, folder_of, listed, short
from gowatchd.services.notes import FIX, MUTE, OPEN, SHOW, UNDO, UNTIL_CLOSED, Note, Urgency
from gowatchd.services.parts import CONFIGURATION
from gowatchd.translation import N_, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.services.opening import Unopened

FIXED_MILLISECONDS = 5000  # good news needs no more than a glance
_PROBLEM = "problem:"
WITHOUT = N_("gowatchd works without {part}")
DEGRADED = {CONFIGURATION: N_("A mistake in the configuration of gowatchd")}


def formatted(workspace: str, paths: Sequence[str], changes: tuple[int, ...]) -> Note:
    """Files of one workspace were formatted."""
    one = len(paths) == 1
    many = ngettext("Formatted {count} file", "Formatted {count} files", len(paths))
    return Note(
        key=formatted_key(workspace),
        title=_("Formatted {file}").format(file=short(paths[0])) if one else many.format(count=len(paths)),
        body=folder_of(paths[0]) if one else listed([short(path) for path in paths], ", "),
        urgency=Urgency.LOW,
        transient=True,
        actions=buttons(SHOW, UNDO),
        click=SHOW,
        changes=changes,
        folders=(os.path.dirname(workspace),),
    )


def formatted_key(workspace: str) -> str:
    """Return the key of the note on what was formatted in ``workspace``."""
    return f"formatted:{workspace}"


def fixed_files(
    workspace: str, paths: Sequence[str], changes: tuple[int, ...], titles: Sequence[str]
) -> Note:
    """Problems of one workspace were mended in its files."""
    many = ngettext("Fixed {count} file", "Fixed {count} files", len(paths)).format(count=len(paths))
    return Note(
        key=fixed_key(workspace),
        title=_("Fixed {file}").format(file=short(paths[0])) if len(paths) == 1 else many,
        body=listed(list(dict.fromkeys(titles))),
        urgency=Urgency.LOW,
        transient=True,
        actions=buttons(SHOW, UNDO),
        click=SHOW,
        changes=changes,
        folders=(os.path.dirname(workspace),),
    )


def fixed_key(workspace: str) -> str:
    """Return the key of the note on what was mended in ``workspace``."""
    return f"fixed:{workspace}"


def not_fixed(workspace: str, messages: Sequence[str]) -> Note:
    """The person asked for fixes that could not be made."""
    many = ngettext("{count} problem not fixed", "{count} problems not fixed", len(messages))
    return Note(
        key=fixed_key(workspace),
        title=_("Not fixed") if len(messages) == 1 else many.format(count=len(messages)),
        body=listed(list(messages)),
        folders=(os.path.dirname(workspace),),
    )


def not_undone(key: str, messages: Sequence[str]) -> Note:
    """Some changes that the note ``key`` told of could not be undone."""
    many = ngettext("{count} change not undone", "{count} changes not undone", len(messages))
    return Note(
        key=key,
        title=_("Not undone") if len(messages) == 1 else many.format(count=len(messages)),
        body=listed(list(messages)),
    )


def problem(workspace: str, problems: Sequence[Diagnostic], *, fixable: bool, openable: bool) -> Note:
    """A workspace has problems that it did not have before; ``fixable`` ones get a button.

    Where they are ``openable``, another one leads to the first.
    """
    first, number = problems[0], len(problems)
    title = ngettext("{count} problem in {file}", "{count} problems in {file}", number)
    return Note(
        key=problem_key(workspace),
        title=title.format(count=number, file=short(workspace)),
        body=listed([f"{_at(found, workspace)}: {found.message}" for found in problems]),
        lasting=True,
        actions=buttons(FIX if fixable else "", OPEN if openable else "", MUTE),
        click=OPEN if openable else "",
        place=(first.path, first.span.start.line),
        folders=(os.path.dirname(workspace),),
    )


def problem_key(workspace: str) -> str:
    """Return the key of the note on the problems of ``workspace``."""
    return f"{_PROBLEM}{workspace}"


def workspace_of(key: str) -> str:
    """Return the workspace whose problems the note ``key`` tells, nothing where it tells something else."""
    return key[len(_PROBLEM) :] if key.startswith(_PROBLEM) else ""


def fixed(workspace: str) -> Note:
    """The problems of a workspace are gone."""
    return Note(
        key=problem_key(workspace),
        title=_("{file} is fine again").format(file=short(workspace)),
        body=folder_of(workspace),
        urgency=Urgency.LOW,
        milliseconds=FIXED_MILLISECONDS,
        transient=True,
        folders=(os.path.dirname(workspace),),
    )


def undone(path: str) -> Note:
    """A change was undone, from the command line for instance."""
    return Note(
        key=f"undone:{path}",
        title=_("Undone: {file}").format(file=short(path)),
        body=folder_of(path),
        urgency=Urgency.LOW,
        transient=True,
        folders=(os.path.dirname(path),),
    )


def write_failed(path: str, reason: str) -> Note:
    """The system refused a write."""
    return Note(
        key=write_key(path),
        title=_("{file} was not formatted").format(file=short(path)),
        body=clean(reason),
        lasting=True,
        folders=(os.path.dirname(path),),
    )


def write_key(path: str) -> str:
    """Return the key of the note on a refused write of ``path``."""
    return f"write:{path}"


def degraded(part: str, reason: str) -> Note:
    """A part of the daemon is off."""
    return Note(
        key=degraded_key(part),
        title=_(DEGRADED.get(part, WITHOUT)).format(part=clean(part)),
        body=clean(reason),
        milliseconds=UNTIL_CLOSED,
        lasting=True,
        once=True,
    )


def degraded_key(part: str) -> str:
    """Return the key of the note on ``part``."""
    return f"degraded:{part}"


def not_opened(failure: Unopened) -> Note:
    """The person's programs did not show something: here it is, as far as a note holds it."""
    return Note(
        key=f"unopened:{failure.title}",
        title=_("Could not open {title}").format(title=clean(failure.title)),
        body=f"{clean(failure.reason)}\n{excerpt(failure.text)}",
    )


def not_shown(title: str, reason: str) -> Note:
    """There is nothing to be shown of what the note called ``title`` tells."""
    return Note(key=f"unopened:{title}", title=_("Nothing to show"), body=clean(reason))


def not_muted(reasons: Sequence[str]) -> Note:
    """The person wanted to hear less, and that could not be written down, or not all of it."""
    return Note(key="mute", title=_("Not muted"), body=listed(list(dict.fromkeys(reasons))))


def excerpt(diff: str) -> str:
    """Return what of ``diff`` a note holds."""
    return listed(diff.splitlines())


def summary(key: str, notes: Sequence[Note]) -> Note:
    """Several notes in one, because they came too fast or before there was a server."""
    folders = tuple(dict.fromkeys(folder for note in notes for folder in note.folders))
    if all(note.folders for note in notes):
        number = len(folders)
        title = ngettext("{count} workspace changed", "{count} workspaces changed", number)
    else:
        number = len(notes)
        title = ngettext(
            "{count} message on your Go workspaces", "{count} messages on your Go workspaces", number
        )
        folders = ()
    return Note(
        key=key,
        title=title.format(count=number),
        body=listed([note.title for note in notes]),
        urgency=max(note.urgency for note in notes),
        actions=buttons(MUTE),
        folders=folders,
    )


def introduction(note: Note) -> Note:
    """Return ``note`` with a word about who speaks: it is the first one that this person ever gets."""
    text = _("gowatchd checks and formats your go.work and go.mod files; gowatchctl mute makes it quiet.")
    mute = () if MUTE in dict(note.actions) else buttons(MUTE)
    return replace(note, body=f"{note.body}\n{text}".lstrip(), actions=(*note.actions, *mute))


def _at(found: Diagnostic, workspace: str) -> str:
    name = os.path.relpath(found.path, os.path.dirname(workspace))
    return f"{name}:{found.span.start.line}"
