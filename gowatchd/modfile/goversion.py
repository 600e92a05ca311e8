"""Go versions (``1.21``, ``1.21rc1``, ``1.21.0``) and toolchain names, as the go command compares them.

Source: internal/gover and cmd/go/internal/gover in the Go tree.
"""

from __future__ import annotations

import re

Key = tuple[tuple[int, str], tuple[int, str], tuple[int, str], str, tuple[int, str]]

# What a go and a toolchain line accept (modfile.GoVersionRE, ToolchainRE): wider than is_valid.
_GO_LINE = re.compile(r"([1-9][0-9]*)\.(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))?([a-z]+[0-9]+)?\Z")
_TOOLCHAIN_LINE = re.compile(r"default\Z|go1(\Z|\.)")

_NUMBER = r"(0|[1-9][0-9]*)"
_VERSION = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}(?:\.{_NUMBER}|([a-z]+)(?:{_NUMBER})?)?)?\Z")
_FIRST_WITH_PATCH = 21  # from Go 1.21 on, 1.N is the language and lies below 1.N.0


def is_go_line(version: str) -> bool:
    """Say whether a ``go`` line may hold ``version``."""
    return _GO_LINE.match(version) is not None


def is_toolchain_line(name: str) -> bool:
    """Say whether a ``toolchain`` line may hold ``name``; ``go1.x`` passes, though no such version exists."""
    return _TOOLCHAIN_LINE.match(name) is not None


def is_valid(version: str) -> bool:
    """Say whether ``version`` is a Go version, such as ``1.21``; without ``go`` before it."""
    return _VERSION.match(version) is not None


def sort_key(version: str) -> Key:
    """Return what sorts versions as `compare` does; invalid ones come first and are alike."""
    match = _VERSION.match(version)
    if match is None:
        return _key("", "", "", "", "")
    major, minor, patch, kind, pre = match.groups(default="")
    if not minor:
        minor, patch = "0", "0"
    elif not patch and not kind and _number(minor) < _number(str(_FIRST_WITH_PATCH)):
        patch = "0"
    return _key(major, minor, patch, kind, pre)


def compare(left: str, right: str) -> int:
    """Return -1, 0 or 1 as ``left`` is older than, the same as or newer than ``right``."""
    left_key, right_key = sort_key(left), sort_key(right)
    return (left_key > right_key) - (left_key < right_key)


def language(version: str) -> str:
    """Return the language version: ``1.21`` of ``1.21.3``; nothing where ``version`` is not valid."""
    match = _VERSION.match(version)
    if match is None:
        return ""
    major, minor = match.group(1, 2)
    return major if minor is None or (major, minor) == ("1", "0") else f"{major}.{minor}"


def of_toolchain(name: str) -> str:
    """Return the version in a toolchain's name: ``1.21.3`` of ``go1.21.3-custom``; else nothing."""
    if not name.startswith("go") or "/" in name or "\\" in name:
        return ""
    version = re.split("[ \t-]", name[2:], maxsplit=1)[0]
    return version if is_valid(version) else ""


def _number(digits: str) -> tuple[int, str]:
    return len(digits), digits


def _key(major: str, minor: str, patch: str, kind: str, pre: str) -> Key:
    return _number(major), _number(minor), _number(patch), kind, _number(pre)
