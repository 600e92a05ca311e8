"""A note on show, as the JSON object that outlives us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gowatchd.services.notes import Note, Urgency
from gowatchd.services.whereabouts import is_plain_folder

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT_MOST = 8192  # characters of one text: a path has 4096 at most, a diff of a drop-in some hundred
LIST_MOST = 1024  # entries of one list: as many changes as the history keeps
INT32_MOST = 2**31 - 1  # a time on show is D-Bus's "i"
UINT32_MOST = 2**32 - 1  # a server's number of a note is its "u"
INT64_MOST = 2**63 - 1  # a number in the history is SQLite's


@dataclass(frozen=True, slots=True)
class Kept:
    """A note and its number on the server, 0 where it has none."""

    note: Note
    number: int


def record_of(kept: Kept) -> dict[str, Any]:
    """Return what is written of one note."""
    note = kept.note
    return {
        "number": kept.number,
        "key": note.key,
        "title": note.title,
        "body": note.body,
        "urgency": int(note.urgency),
        "milliseconds": note.milliseconds,
        "transient": note.transient,
        "lasting": note.lasting,
        "once": note.once,
        "actions": [list(one) for one in note.actions],
        "click": note.click,
        "changes": list(note.changes[-LIST_MOST:]),
        "details": note.details[:TEXT_MOST],
        "place": None if note.place is None else list(note.place),
        "folders": list(note.folders[:LIST_MOST]),
    }


def kept_of(record: dict[str, Any]) -> Kept:
    """Return what was written; raises ValueError, KeyError or TypeError where it is something else."""
    place = record["place"]
    if place is not None:
        path, line = place
        place = _path(path), _number(line)
    note = Note(
        key=_text(record["key"]),
        title=_text(record["title"]),
        body=_text(record["body"]),
        urgency=Urgency(_number(record["urgency"])),
        milliseconds=_number(record["milliseconds"], least=-1, most=INT32_MOST),
        transient=_yes(record["transient"]),
        lasting=_yes(record["lasting"]),
        once=_yes(record["once"]),
        actions=tuple((_text(key), _text(label)) for key, label in _list(record["actions"], list)),
        click=_text(record["click"]),
        changes=_list(record["changes"], _number),
        details=_text(record["details"]),
        place=place,
        folders=_list(record["folders"], _folder),
    )
    return Kept(note, _number(record["number"], most=UINT32_MOST))


def _list(value: object, each: Callable[[Any], Any]) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > LIST_MOST:
        raise TypeError(f"{value!r:.40} is no list of a possible length")
    return tuple(each(one) for one in value)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > TEXT_MOST:
        raise TypeError(f"{value!r:.40} is no text of a possible length")
    value.encode("utf-8", "surrogateescape")  # raises ValueError for what no path and no message holds
    return value


def _path(value: object) -> str:
    path = _text(value)
    if not path.startswith("/") or "\0" in path:
        raise ValueError(f"{path!r:.40} is not an absolute path")
    return path


def _folder(value: object) -> str:
    path = _path(value)
    if not is_plain_folder(path):
        raise ValueError(f"{path!r:.40} is not the path of a folder as we write it")
    return path


def _number(value: object, least: int = 0, most: int = INT64_MOST) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise TypeError(f"{value!r:.40} is no possible number")
    return value


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r:.40} is neither true nor false")
    return value
