"""What ``go list -m -json`` says: the modules of a workspace, or all that it is built from."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One module; ``version`` is the one selected, empty for a module of the workspace itself.

    ``replaced_by`` is the path and version of what stands for it, an absolute directory with an empty version
    where that is local, and None where nothing does.
    """

    path: str
    version: str
    directory: str
    replaced_by: tuple[str, str] | None = None


def read_listing(output: bytes) -> tuple[Listed, ...]:
    """Return the modules of one JSON object after another; raises ValueError."""
    text = output.decode("utf-8", "surrogateescape")
    decoder = json.JSONDecoder()
    listed = []
    position = _skip_space(text, 0)
    while position < len(text):
        found, position = decoder.raw_decode(text, position)
        position = _skip_space(text, position)
        if not (isinstance(found, dict) and _text(found, "Path")):
            raise ValueError("go list printed something that is no module")
        listed.append(_listed(found))
    return tuple(listed)


def _listed(found: dict[str, object]) -> Listed:
    replaced = found.get("Replace")
    replaced_by = None
    if isinstance(replaced, dict):
        version = _text(replaced, "Version")
        replaced_by = (_text(replaced, "Path" if version else "Dir") or _text(replaced, "Path"), version)
    return Listed(
        _text(found, "Path"),
        _text(found, "Version"),
        _text(found, "Dir"),
        replaced_by,
    )


def _text(found: dict[str, object], name: str) -> str:
    value = found.get(name, "")
    return value if isinstance(value, str) else ""


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
