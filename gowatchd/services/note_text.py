"""What notes say. Each leads with the fact: GNOME shows one line, of about 60 characters."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gowatchd.services.notes import UNTIL_CLOSED, Note, Urgency
from gowatchd.services.plain_text import escape, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gowatchd.lint.diagnostic import Diagnostic

UNDO = "undo"
FIX = "fix"
RESTART = "restart"
SHOW = "show"
FIXED_MILLISECONDS = 5000  # good news needs no more than a glance
LISTED = 5  # lines or names in one note; more is a log
LINE = 200  # characters: a go error can carry a whole command's output


def formatted(workspace: str, paths: Sequence[str], changes: tuple[int, ...]) -> Note:
    """Files of one workspace were formatted."""
    one = len(paths) == 1
    return Note(
        key=f"formatted:{workspace}",
        title=f"Formatted {_short(paths[0])}" if one else f"Formatted {len(paths)} files",
        body=_in(paths[0]) if one else _listed([_short(path) for path in paths], ", "),
        urgency=Urgency.LOW,
        transient=True,
        actions=((UNDO, "Undo"),),
        changes=changes,
    )


def fixed_files(
    workspace: str, paths: Sequence[str], changes: tuple[int, ...], titles: Sequence[str]
) -> Note:
    """Problems of one workspace were mended in its files."""
    return Note(
        key=fixed_key(workspace),
        title=f"Fixed {_short(paths[0])}" if len(paths) == 1 else f"Fixed {len(paths)} files",
        body=_listed(list(dict.fromkeys(titles))),
        urgency=Urgency.LOW,
        transient=True,
        actions=((UNDO, "Undo"),),
        changes=changes,
    )


def fixed_key(workspace: str) -> str:
    """Return the key of the note on what was mended in ``workspace``."""
    return f"fixed:{workspace}"


def not_fixed(workspace: str, messages: Sequence[str]) -> Note:
    """The person asked for fixes that could not be made."""
    return Note(
        key=fixed_key(workspace),
        title="Not fixed" if len(messages) == 1 else f"{len(messages)} problems not fixed",
        body=_listed(list(messages)),
    )


def not_undone(key: str, messages: Sequence[str]) -> Note:
    """Some changes that the note ``key`` told of could not be undone."""
    return Note(
        key=key,
        title="Not undone" if len(messages) == 1 else f"{len(messages)} changes not undone",
        body=_listed(list(messages)),
    )


def problem(workspace: str, problems: Sequence[Diagnostic], *, fixable: bool) -> Note:
    """A workspace has problems that it did not have before; ``fixable`` ones get a button."""
    return Note(
        key=problem_key(workspace),
        title=f"{_count(len(problems), 'problem')} in {_short(workspace)}",
        body=_listed([f"{_at(found, workspace)}: {found.message}" for found in problems]),
        lasting=True,
        actions=((FIX, "Fix"),) if fixable else (),
    )


def problem_key(workspace: str) -> str:
    """Return the key of the note on the problems of ``workspace``."""
    return f"problem:{workspace}"


def fixed(workspace: str) -> Note:
    """The problems of a workspace are gone."""
    return Note(
        key=problem_key(workspace),
        title=f"{_short(workspace)} is fine again",
        body=_in(workspace),
        urgency=Urgency.LOW,
        milliseconds=FIXED_MILLISECONDS,
        transient=True,
    )


def undone(path: str) -> Note:
    """A change was undone, from the command line for instance."""
    return Note(
        key=f"undone:{path}",
        title=f"Undone: {_short(path)}",
        body=_in(path),
        urgency=Urgency.LOW,
        transient=True,
    )


def write_failed(path: str, reason: str) -> Note:
    """The system refused a write."""
    return Note(key=write_key(path), title=f"{_short(path)} was not formatted", body=_clean(reason))


def write_key(path: str) -> str:
    """Return the key of the note on a refused write of ``path``."""
    return f"write:{path}"


def unit_repaired(
    unit: str, names: Sequence[str], change: int, *, runs: bool, diff: Sequence[str] = ()
) -> Note:
    """A user unit got what it lacked; ``diff`` are the lines of what was written."""
    what = _listed(list(names), ", ")
    restart = ((RESTART, "Restart unit"),) if runs else ()
    when = "It still runs without it." if runs else "It has it from its next start on."
    return Note(
        key=unit_key(unit),
        title=f"Gave {_clean(unit)} {what}",
        body=f"{when} See gowatchctl env {_clean(unit)}",
        urgency=Urgency.LOW,
        actions=(*(((SHOW, "Show diff"),) if diff else ()), (UNDO, "Undo"), *restart),
        changes=(change,),
        details=_listed(list(diff)),
    )


def unit_lacks(unit: str, names: Sequence[str]) -> Note:
    """A user unit lacks what the login shell has, and its person decides."""
    return Note(
        key=unit_key(unit),
        title=f"{_clean(unit)} lacks {_listed(list(names), ', ')}",
        body=f"gowatchctl env {_clean(unit)} --apply gives it that",
        urgency=Urgency.LOW,
    )


def unit_not_repaired(unit: str, message: str) -> Note:
    """A user unit could not be given what it lacks."""
    return Note(key=unit_key(unit), title=f"{_clean(unit)} was not repaired", body=_clean(message))


def unit_key(unit: str) -> str:
    """Return the key of the note on ``unit``."""
    return f"unit:{unit}"


def degraded(part: str, reason: str) -> Note:
    """A part of the daemon is off."""
    return Note(
        key=degraded_key(part),
        title=f"gowatchd works without {_clean(part)}",
        body=_clean(reason),
        milliseconds=UNTIL_CLOSED,
        lasting=True,
    )


def degraded_key(part: str) -> str:
    """Return the key of the note on ``part``."""
    return f"degraded:{part}"


def summary(key: str, notes: Sequence[Note]) -> Note:
    """Several notes in one, because they came too fast or before there was a server."""
    return Note(
        key=key,
        title=f"{len(notes)} things happened in your Go workspaces",
        body=_listed([note.title for note in notes]),
        urgency=max(note.urgency for note in notes),
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _at(found: Diagnostic, workspace: str) -> str:
    name = os.path.relpath(found.path, os.path.dirname(workspace))
    return f"{name}:{found.span.start.line}"


def _short(path: str) -> str:
    """Return the file with the folder that it is in: what tells two go.mod apart."""
    folder, name = os.path.split(path)
    return _clean(os.path.join(os.path.basename(folder), name))


def _in(path: str) -> str:
    return _clean(os.path.dirname(path))


def _listed(items: Sequence[str], separator: str = "\n") -> str:
    shown = [_clean(item) for item in items[:LISTED]]
    if len(items) > LISTED:
        shown.append(f"and {len(items) - LISTED} more")
    return separator.join(shown)


def _clean(text: str) -> str:
    return shorten(escape(text), LINE)
