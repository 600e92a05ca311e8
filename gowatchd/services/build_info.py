"""What ``go version -m`` says of a binary: the Go and the modules that it was built from.

Go 1.25 and later print it as JSON; the text, which all print, is that of runtime/debug.BuildInfo.String.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gowatchd.modfile.quoting import parse_string

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON_SINCE = "1.25"  # 1.24 does not know "go version -m -json"
DEVEL = "(devel)"  # the version of what was built from a directory


@dataclass(frozen=True, slots=True)
class Built:
    """One module in a binary; ``replaced_by`` is the path and version of what stood for it."""

    path: str
    version: str
    replaced_by: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """``go`` is the version that built it, without "go" before it; ``settings`` as of the build."""

    go: str
    main: Built | None = None
    dependencies: tuple[Built, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


def read_build_info(output: bytes) -> BuildInfo:
    """Return what either form says; raises ValueError where it is neither."""
    text = output.decode("utf-8", "surrogateescape")
    try:
        return _read_json(text) if text.startswith("{") else _read_text(text)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("go version printed something that is no build information") from error


def _read_json(text: str) -> BuildInfo:
    found = json.loads(text)
    main = found.get("Main")
    return BuildInfo(
        _version(found["GoVersion"]),
        _built(main) if main else None,
        tuple(_built(one) for one in found.get("Deps") or ()),
        {one["Key"]: one.get("Value", "") for one in found.get("Settings") or ()},
    )


def _built(found: Mapping[str, object]) -> Built:
    other = found.get("Replace")
    replaced = (str(other["Path"]), str(other.get("Version", ""))) if isinstance(other, dict) else None
    return Built(str(found["Path"]), str(found.get("Version", "")), replaced)


def _read_text(text: str) -> BuildInfo:
    head, _, rest = text.partition("\n")
    name, colon, version = head.rpartition(": ")
    if not colon or not name:
        raise ValueError("go version printed no version")
    main: Built | None = None
    dependencies: list[Built] = []
    settings: dict[str, str] = {}
    for line in rest.split("\n"):
        kind, _, fields = line.removeprefix("\t").partition("\t")
        first, second, *_ = (*fields.split("\t"), "")
        if kind == "mod":
            main = Built(first, second)
        elif kind == "dep":
            dependencies.append(Built(first, second))
        elif kind == "=>" and dependencies:
            dependencies[-1] = replace(dependencies[-1], replaced_by=(first, second))
        elif kind == "build":
            key, _, value = fields.partition("=")
            settings[_unquoted(key)] = _unquoted(value)
    return BuildInfo(_version(version), main, tuple(dependencies), settings)


def _unquoted(token: str) -> str:
    try:
        return parse_string(token)[0] if token.startswith('"') else token
    except ValueError:
        return token


def _version(text: str) -> str:
    """Return ``1.22.10`` of ``go1.22.10 X:nocoverageredesign``."""
    return text.removeprefix("go").partition(" ")[0]
