"""``gowatchctl check``: the rules, without the daemon."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.terminal import BLUE, BOLD, DIM, RED, YELLOW, Paint, printable, stdout_paint
from gowatchd.lint.catalog import check, sort_key
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.facts import Facts
from gowatchd.modfile.kind import Kind
from gowatchd.services.report import check_report
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.discovery import Pruning, find_files
from gowatchd.system.files import SafeFiles
from gowatchd.system.go_installation import GoNotFoundError, find_go
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.workspace.model import Workspace

STYLES = {Severity.ERROR: (BOLD, RED), Severity.WARNING: (BOLD, YELLOW), Severity.INFO: (BOLD, BLUE)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directories to check."""
    parser.add_argument(
        "directories",
        nargs="*",
        default=["."],
        metavar="DIR",
        help="check the files at and below DIR, and those above that the go command would load (default: .)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what the rules say of every workspace; return 1 if there is an error among it."""
    paths = {path for directory in arguments.directories for path in _paths_for(directory)}
    workspaces = sorted(Workspaces(SafeFiles()).load(paths), key=lambda one: one.path)
    facts = _facts()
    results = [(workspace, check(workspace, facts)) for workspace in workspaces]
    _warn_of_writers(workspaces)
    if arguments.json:
        print(json.dumps(check_report(results)))
    else:
        _print_text(results, stdout_paint(arguments.color))
    failed = any(one.severity is Severity.ERROR for _, found in results for one in found)
    return Exit.PROBLEMS if failed else Exit.OK


def _facts() -> Facts:
    """Return what the go command says of itself, or nothing where there is none."""
    try:
        go = find_go()
    except GoNotFoundError as error:
        print(f"{printable(str(error))} (the rule go-line-too-new was not checked)", file=sys.stderr)
        return Facts()
    return go.facts


def _paths_for(directory: str) -> Iterator[str]:
    """Yield the Go files at and below ``directory``, and the nearest above, which Go would load there."""
    absolute = os.path.abspath(directory)
    if not os.path.isdir(absolute):
        problem = "is not a directory" if os.path.exists(absolute) else "does not exist"
        raise CommandError(f"{printable(directory)} {problem}", Exit.NO_SUCH_THING)
    yield from find_files(absolute, Pruning())
    for kind in Kind:
        nearest = _nearest(absolute, kind.file_name)
        if nearest is not None:
            yield nearest


def _nearest(directory: str, name: str) -> str | None:
    """Return the path of the file ``name`` in ``directory`` or in the nearest folder above that has one."""
    while True:
        path = os.path.join(directory, name)
        if os.path.isfile(path):  # like Go, pass over a directory of that name
            return path
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def _warn_of_writers(workspaces: Iterable[Workspace]) -> None:
    busy = {file.path for workspace in workspaces for file in workspace.files if file.state is State.UNKNOWN}
    for path in sorted(busy):
        print(f"{_shorten(path)}: somebody is writing it, so it was not checked", file=sys.stderr)


def _print_text(results: Iterable[tuple[Workspace, tuple[Diagnostic, ...]]], paint: Paint) -> None:
    # a module that two workspaces use says the same in both
    found = dict.fromkeys(one for _, diagnostics in results for one in diagnostics)
    for one in sorted(found, key=sort_key):
        place = f"{_shorten(one.path)}:{one.span.start.line}:{one.span.start.column}:"
        severity = paint(f"{one.severity.value}:", *STYLES[one.severity])
        print(paint(place, BOLD), severity, printable(one.message), paint(f"[{one.code}]", DIM))
    sys.stdout.flush()  # the summary comes last, also where both streams meet
    print(_summary(found, sum(1 for _ in results)), file=sys.stderr)


def _summary(found: Iterable[Diagnostic], workspaces: int) -> str:
    if not workspaces:
        return "no go.work or go.mod here, nor in a folder below or above"
    counts = Counter(one.severity for one in found)
    parts = [_count(counts[severity], severity.value) for severity in Severity if counts[severity]]
    where = _count(workspaces, "workspace")
    return f"{', '.join(parts)} in {where}" if parts else f"no problems in {where}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 or noun == "info" else f"{number} {noun}s"


def _shorten(path: str) -> str:
    """Return ``path`` as Go prints it: relative to the current directory where that is shorter."""
    relative = os.path.relpath(path)
    return printable(relative if len(relative) < len(path) else path)
