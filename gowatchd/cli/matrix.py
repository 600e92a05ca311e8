"""``gowatchctl matrix``: which Go versions take which module, and why not."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from gowatchd.cli.errors import Exit
from gowatchd.cli.nearest import add_directory, alone, select
from gowatchd.cli.table import home_as_tilde, pad, widths
from gowatchd.cli.terminal import BOLD, DIM, RED, YELLOW, Paint, printable, stdout_paint
from gowatchd.lint.catalog import check
from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.facts import Facts
from gowatchd.modfile import goversion
from gowatchd.modfile.kind import Kind
from gowatchd.services.matrix_report import (
    columns_of,
    heading,
    legend,
    matrix_markdown,
    matrix_report,
    why_not,
    word,
)
from gowatchd.system.go_search import GoNotFoundError, find_go
from gowatchd.translation import _
from gowatchd.workspace import compatibility
from gowatchd.workspace.compatibility import Need, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gowatchd.services.matrix_report import Matrix
    from gowatchd.workspace.compatibility import Column, Row
    from gowatchd.workspace.model import Workspace

GREEN = "32"
GAP = "  "
STYLES = {Verdict.YES: (GREEN,), Verdict.NO: (BOLD, RED), Verdict.MAYBE: (YELLOW,)}

# What the matrix works out for every version by itself; all other errors hold in each of them.
VERSION_RULES = frozenset({"go-line-too-low", "go-line-too-new"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directory, the Go versions and the format."""
    add_directory(parser)
    parser.add_argument(
        "--go",
        nargs="+",
        action="extend",
        type=_version,
        metavar="VERSION",
        help=_(
            "ask for these, as 1.22 (any release of it) or 1.22.10, and exit with 1 if one of them is a no; "
            "by default all from the lowest go line to the newest, and the installed one"
        ),
    )
    parser.add_argument(
        "--format", choices=("table", "json", "markdown"), default="table", help=_("what to print it as")
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the matrix of every workspace."""
    installed = _installed()
    matrices = [_matrix(workspace, arguments.go, installed) for workspace in select(arguments.where)]
    if arguments.json or arguments.format == "json":
        print(json.dumps(matrix_report(matrices)))
    elif arguments.format == "markdown":
        print(matrix_markdown(matrices))
    else:
        _print_tables(matrices, stdout_paint(arguments.color))
    refused = any(cell.verdict is Verdict.NO for _, rows in matrices for row in rows for cell in row.cells)
    return Exit.PROBLEMS if arguments.go and refused else Exit.OK


def _version(text: str) -> str:
    version = text.removeprefix("go")
    if not goversion.is_valid(version) or "." not in version:
        raise argparse.ArgumentTypeError(f"{text!r} is no Go version, such as 1.22 or 1.22.10")
    return version


def _installed() -> str | None:
    try:
        return find_go().version
    except GoNotFoundError:  # then no column is marked; the rest is in the files
        return None


def _matrix(workspace: Workspace, asked: list[str] | None, installed: str | None) -> Matrix:
    columns: tuple[Column, ...] = (
        compatibility.columns_of(asked, installed)
        if asked
        else compatibility.default_columns(workspace, installed)
    )
    members = workspace.members if workspace.kind is Kind.WORK else ()
    by_itself = alone(member.file.path for member in members)
    broken = {one.path: _broken(one) for one in (workspace, *by_itself.values())}
    return workspace, compatibility.matrix(workspace, by_itself, broken, columns)


def _broken(workspace: Workspace) -> tuple[Need, ...]:
    """Return the errors that have nothing to do with the Go version."""
    return tuple(
        Need("", one.message, one.path, one.span.start.line)
        for one in check(workspace, Facts(), VERSION_RULES)
        if one.severity is Severity.ERROR
    )


def _print_tables(matrices: Iterable[Matrix], paint: Paint) -> None:
    for index, (workspace, rows) in enumerate(matrices):
        if index:
            print()
        print(paint(printable(home_as_tilde(workspace.path)), BOLD))
        _print_table(rows, paint)
        _print_reasons(workspace, rows, paint)
        for line in legend(rows):
            print(paint(line, DIM))


def _print_table(rows: tuple[Row, ...], paint: Paint) -> None:
    head = [_("module"), *(heading(column) for column in columns_of(rows))]
    texts = [[printable(row.name), *(word(cell) for cell in row.cells)] for row in rows]
    columns = widths([head, *texts])
    print(paint(GAP.join(map(pad, head, columns)).rstrip(), DIM))
    for row, text in zip(rows, texts, strict=True):
        name, *words = map(pad, text, (*columns[:-1], 0))
        cells = (paint(one, *STYLES[cell.verdict]) for cell, one in zip(row.cells, words, strict=True))
        print(GAP.join((name, *cells)))


def _print_reasons(workspace: Workspace, rows: tuple[Row, ...], paint: Paint) -> None:
    reasons = [(row, lines) for row in rows if (lines := why_not(workspace, row))]
    for row, lines in reasons:
        print(paint(f"{printable(row.name)}:", BOLD))
        for line in lines:
            print(f"{GAP}{printable(line)}")
