"""From what one look at a go.work or go.mod found to what it means."""

from __future__ import annotations

import posixpath

from gowatchd.modfile.kind import Kind
from gowatchd.modfile.mod_file import parse_mod
from gowatchd.modfile.problem import ParseError
from gowatchd.modfile.work_file import parse_work
from gowatchd.services.ports import Look
from gowatchd.workspace.source import SourceFile, State

STATES = {
    Look.CONTENT: State.PRESENT,
    Look.MISSING: State.MISSING,
    Look.WRITER: State.UNKNOWN,
    Look.DENIED: State.DENIED,
    Look.TROUBLE: State.UNKNOWN,
    Look.SPECIAL: State.SPECIAL,
    Look.TOO_LARGE: State.TOO_LARGE,
}


def kind_of(path: str) -> Kind:
    """Return what the name of ``path`` makes it: a go.work, or else a go.mod."""
    return Kind.WORK if posixpath.basename(path) == "go.work" else Kind.MOD


def parse_source(path: str, state: State, data: bytes, reason: str) -> SourceFile:
    """Return what was read from ``path`` together with what it means."""
    kind = kind_of(path)
    if state is not State.PRESENT:
        return SourceFile(path, kind, state, reason=reason)
    try:
        parsed = parse_work(data, path) if kind is Kind.WORK else parse_mod(data, path)
    except ParseError as error:
        return SourceFile(path, kind, state, data, problems=error.problems)
    return SourceFile(path, kind, state, data, parsed=parsed)
