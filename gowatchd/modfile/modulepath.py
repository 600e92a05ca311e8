"""Module paths and their versions: what Go accepts, and how the two must fit.

Source: golang.org/x/mod/module and modfile.IsDirectoryPath. Functions that check return what is wrong, in
Go's words, or None.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gowatchd.modfile import semver
from gowatchd.modfile.quoting import quote

SHARED = 8192  # paths and versions to remember: the modules of a workspace require much the same
_DIRECTORY = re.compile(r"\.\.?(?:\Z|[/\\])|[/\\]|[A-Za-z]:")
_BAD_MODULE_CHAR = re.compile(r"[^-._~0-9A-Za-z]")
_BAD_IMPORT_CHAR = re.compile(r"[^-._~0-9A-Za-z+]")
_BAD_FIRST_CHAR = re.compile(r"[^-.0-9a-z]")
_BYTE = re.compile("[\ud800-\udfff]")
_SHORT_NAME = re.compile(r"~[0-9]+\Z")
_WINDOWS_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))]
)


def is_directory_path(path: str) -> bool:
    """Say whether ``path`` names a directory (``./x``, ``..``, ``/x``, ``C:x``) and not a module."""
    return _DIRECTORY.match(path) is not None


def check_path(path: str) -> str | None:
    """Return why ``path`` cannot be a module's path, or None."""
    reason = _check(path, _BAD_MODULE_CHAR) or _check_first(path.partition("/")[0])
    if reason is None and split_path_version(path) is None:
        reason = "invalid version"
    return reason and f"malformed module path {quote(path)}: {reason}"


def check_import_path(path: str) -> str | None:
    """Return why ``path`` cannot be imported, or None; a module without a dot in its name can."""
    reason = _check(path, _BAD_IMPORT_CHAR)
    return reason and f"malformed import path {quote(path)}: {reason}"


@lru_cache(maxsize=SHARED)
def split_path_version(path: str) -> tuple[str, str] | None:
    """Return the path without its major version, and that (``/v2``, ``.v1`` for gopkg.in, or nothing).

    None stands for a path whose end looks like a major version but is none, such as ``example.com/m/v1``.
    """
    if path.startswith("gopkg.in/"):
        return _split_gopkg_in(path)
    stem = path.rstrip("0123456789.")
    if stem == path or len(stem) <= 1 or not stem.endswith("/v"):
        return path, ""
    prefix, suffix = path[: len(stem) - 2], path[len(stem) - 2 :]
    if "." in suffix or suffix[2] == "0" or suffix == "/v1":
        return None
    return prefix, suffix


def check_path_major(version: str, path_major: str) -> str | None:
    """Return why ``version`` does not fit a path with the major version ``path_major``, or None."""
    if path_major.startswith(".v"):
        path_major = path_major.removesuffix("-unstable")
    if path_major == ".v1" and version.startswith("v0.0.0-"):
        return None  # gopkg.in once made such pseudo-versions
    major = semver.major(version)
    if not path_major:
        if major in ("v0", "v1") or semver.build(version) == "+incompatible":
            return None
        wanted = "v0 or v1"
    else:
        wanted = path_major[1:]
        if major == wanted:
            return None
    return f"version {quote(version)} invalid: should be {wanted}, not {major}"


@lru_cache(maxsize=SHARED)
def canonical_version(version: str) -> str:
    """Return `semver.canonical`, with ``+incompatible`` kept; nothing where ``version`` is not valid."""
    canonical = semver.canonical(version)
    if len(canonical) < len(version) and semver.build(version) == "+incompatible":
        return canonical + "+incompatible"
    return canonical


def _split_gopkg_in(path: str) -> tuple[str, str] | None:
    stem = path.removesuffix("-unstable").rstrip("0123456789")
    if not stem.endswith(".v"):
        return None
    prefix, suffix = path[: len(stem) - 2], path[len(stem) - 2 :]
    if len(suffix) <= 2 or (suffix[2] == "0" and suffix != ".v0"):
        return None
    return prefix, suffix


def _check(path: str, bad_char: re.Pattern[str]) -> str | None:
    faults = (
        (_BYTE.search(path), "invalid UTF-8"),
        (not path, "empty string"),
        (path.startswith("-"), "leading dash"),
        ("//" in path, "double slash"),
        (path.endswith("/"), "trailing slash"),
    )
    for found, reason in faults:
        if found:
            return reason
    return next(filter(None, (_check_element(element, bad_char) for element in path.split("/"))), None)


def _check_element(element: str, bad_char: re.Pattern[str]) -> str | None:
    bad = bad_char.search(element)
    short = element.partition(".")[0]
    faults = (
        (not element, "empty path element"),
        (not element.strip("."), "invalid path element {element}"),
        (bad_char is _BAD_MODULE_CHAR and element.startswith("."), "leading dot in path element"),
        (element.endswith("."), "trailing dot in path element"),
        (bad, "invalid char {char}"),
        (short.upper() in _WINDOWS_DEVICES, "{short} disallowed as path element component on Windows"),
        (_SHORT_NAME.search(short), "trailing tilde and digits in path element"),
    )
    reason = next((reason for found, reason in faults if found), None)
    if reason is None:
        return None
    char = quote(bad[0], "'") if bad else ""
    return reason.format(element=quote(element), short=quote(short), char=char)


def _check_first(element: str) -> str | None:
    if not element:
        return "leading slash"
    if "." not in element:
        return "missing dot in first path element"
    if match := _BAD_FIRST_CHAR.search(element):
        return f"invalid char {quote(match[0], chr(39))} in first path element"
    return None
