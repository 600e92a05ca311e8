"""Semantic versions with a leading ``v``, as golang.org/x/mod/semver has them."""

from __future__ import annotations

import re

# Numbers stay decimal strings, compared by length and then as text: they may have any number of digits.
Key = tuple[object, ...]

_NUMBER = r"(0|[1-9][0-9]*)"
_IDENTIFIER = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = re.compile(
    rf"v{_NUMBER}(?:\.{_NUMBER}(?:\.{_NUMBER}"
    rf"(-{_IDENTIFIER}(?:\.{_IDENTIFIER})*)?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?)?\Z"
)


def is_valid(version: str) -> bool:
    """Say whether ``version`` is a semantic version; ``v1`` and ``v1.2`` are."""
    return _VERSION.match(version) is not None


def canonical(version: str) -> str:
    """Return ``vMAJOR.MINOR.PATCH[-PRERELEASE]``, or nothing where ``version`` is not valid."""
    match = _VERSION.match(version)
    if match is None:
        return ""
    if match[5]:
        return version[: match.start(5)]
    if match[2] is None:
        return version + ".0.0"
    return version + ".0" if match[3] is None else version


def major(version: str) -> str:
    """Return ``vMAJOR``, or nothing where ``version`` is not valid."""
    match = _VERSION.match(version)
    return "v" + match[1] if match else ""


def prerelease(version: str) -> str:
    """Return ``-PRERELEASE``, or nothing."""
    match = _VERSION.match(version)
    return match[4] or "" if match else ""


def build(version: str) -> str:
    """Return ``+BUILD``, or nothing."""
    match = _VERSION.match(version)
    return match[5] or "" if match else ""


def sort_key(version: str) -> Key:
    """Return what sorts versions as `compare` does: invalid ones first and alike, build data ignored."""
    match = _VERSION.match(version)
    if match is None:
        return (0,)
    numbers = tuple((len(number), number) for number in (match[1], match[2] or "0", match[3] or "0"))
    if not match[4]:
        return (1, *numbers, (1,))
    identifiers = match[4][1:].split(".")
    return (1, *numbers, (0, *(((0, len(i), i) if i.isdigit() else (1, 0, i)) for i in identifiers)))


def compare(left: str, right: str) -> int:
    """Return -1, 0 or 1 as ``left`` is below, equal to or above ``right``."""
    left_key, right_key = sort_key(left), sort_key(right)
    return (left_key > right_key) - (left_key < right_key)
