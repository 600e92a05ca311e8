"""The godebug settings of one toolchain, read from the table in its source."""

from __future__ import annotations

import os
import re

from gowatchd.lint.facts import Godebugs

TABLE = "src/internal/godebugs/table.go"  # since Go 1.21; Debian has it in golang-1.NN-src
TABLE_SIZE = 1 << 18  # bytes; that of Go 1.27 has 8 KiB

_KNOWN = re.compile(r'^\t\{Name: "(\w+)", Package: ', re.MULTILINE)
_REMOVED = re.compile(r'^\t\{Name: "(\w+)", Removed: (\d+)(?:, Old: (.*?))?\},', re.MULTILINE)
_OLD_VALUES = {"zero": frozenset({"0"}), "one": frozenset({"1"})}
_COMPARED = re.compile(r'== "(\w+)"')


def read_godebugs(goroot: str) -> Godebugs | None:
    """Return the settings that the toolchain in ``goroot`` knows, or None where it has no table."""
    try:
        descriptor = os.open(os.path.join(goroot, TABLE), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        text = os.read(descriptor, TABLE_SIZE).decode(errors="replace")
    except OSError:
        return None
    finally:
        os.close(descriptor)
    known = frozenset(_KNOWN.findall(text))
    removed = {name: (_refused(old), int(since)) for name, since, old in _REMOVED.findall(text)}
    return Godebugs(known, removed) if known else None


def _refused(old: str) -> frozenset[str] | None:
    """Return the values that the Go expression ``old`` holds for; all of them where there is none (1.26)."""
    return (_OLD_VALUES.get(old) or frozenset(_COMPARED.findall(old))) if old else None
