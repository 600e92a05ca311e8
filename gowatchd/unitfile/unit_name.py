"""Names of units: templates and instances, and the D-Bus path of a unit."""

from __future__ import annotations

import re

_PLAIN = re.compile(rb"[A-Za-z0-9]")
_NAME = re.compile(r"[A-Za-z0-9:_.\\-]+(?:@[A-Za-z0-9:_.\\@-]*)?\.[a-z]+")
_LONGEST = 255  # bytes; systemd's UNIT_NAME_MAX without the NUL
_ROOT = "/org/freedesktop/systemd1/unit/"


def object_path(unit: str) -> str:
    """Return the D-Bus path of ``unit``: each byte but letters and digits as ``_hh``, so is a leading digit.

    Reading a property there loads the unit (sd_bus_path_encode(3)).
    """
    encoded = []
    for number, byte in enumerate(unit.encode(errors="surrogateescape")):
        plain = _PLAIN.match(bytes([byte])) and not (number == 0 and chr(byte).isdigit())
        encoded.append(chr(byte) if plain else f"_{byte:02x}")
    return _ROOT + ("".join(encoded) or "_")


def is_valid(unit: str) -> bool:
    """Say whether systemd takes ``unit`` for the name of a unit; any other file it passes over."""
    return len(unit) <= _LONGEST and _NAME.fullmatch(unit) is not None


def is_template(unit: str) -> bool:
    """Say whether ``unit`` is a template, such as ``sync@.service``: only instances can be asked about."""
    stem = unit.rpartition(".")[0]
    return stem.endswith("@") and len(stem) > 1


def template_of(unit: str) -> str | None:
    """Return the template that ``unit`` is an instance of, or None."""
    stem, dot, suffix = unit.rpartition(".")
    prefix, at, instance = stem.partition("@")
    return f"{prefix}@{dot}{suffix}" if at and instance and prefix else None


def specifiers_of(unit: str) -> dict[str, str]:
    """Return the specifiers that stand for the name of ``unit`` itself, by letter (systemd.unit(5))."""
    stem = unit.rpartition(".")[0]
    prefix, _, instance = stem.partition("@")
    return {"n": unit, "N": stem, "p": prefix, "i": instance}
