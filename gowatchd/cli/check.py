"""``gowatchctl check``: the rules, without the daemon."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

from gowatchd.cli import quantity
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.progress import Progress, TellingFiles
from gowatchd.cli.quantity import listed, of_severity
from gowatchd.cli.scope import add_directories, ask_go, find_paths, warn_of_writers
from gowatchd.cli.terminal import printable, stdout_paint
from gowatchd.cli.text_report import TextReport, excerpt_columns, settings_once, texts_of
from gowatchd.lint.catalog import check, sort_key
from gowatchd.lint.diagnostic import Severity, is_offered
from gowatchd.lint.facts import Facts
from gowatchd.repository_files import RepositoryFiles
from gowatchd.services.go_work_setting import with_gowork
from gowatchd.services.report import check_report
from gowatchd.services.restriction import wanted
from gowatchd.services.toolchain_at_hand import with_toolchain
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.files import SafeFiles
from gowatchd.system.go_search import GoSearch
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.workspace.model import Workspace

    Results = list[tuple[Workspace, tuple[Diagnostic, ...]]]

FORMATS = ("text", "json", "sarif", "github")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directories to check, and the form of the answer."""
    add_directories(
        parser,
        _(
            "check the files at and below DIR, and those above that the go command would load there; "
            "by default the current directory"
        ),
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help=_("text, json (as --json), sarif (SARIF 2.1.0), or github (workflow commands for its Actions)"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what the rules say of every workspace; return 1 if there is an error among it."""
    form = _form(arguments)
    with Progress() as progress, GoSearch() as search:
        results = _check(arguments.directories, progress, search)
    warn_of_writers(workspace for workspace, _ in results)
    if form == "json":
        print(json.dumps(check_report(results)))
    else:
        # a module that two workspaces use says the same in both
        found = sorted(dict.fromkeys(one for _, several in results for one in several), key=sort_key)
        if form == "text":
            found = settings_once(found)
        texts = texts_of(workspace for workspace, _ in results)
        _print(form, found, texts, arguments.color)
        sys.stdout.flush()  # the summary comes last, also where both streams meet
        print(_summary(found, len(results)), file=sys.stderr)
    failed = any(one.severity is Severity.ERROR for _, several in results for one in several)
    return Exit.PROBLEMS if failed else Exit.OK


def _form(arguments: argparse.Namespace) -> str:
    form: str | None = arguments.format
    if arguments.json and form not in {None, "json"}:
        raise CommandError(f"--json and --format {form} contradict each other: leave one out", Exit.USAGE)
    return form or ("json" if arguments.json else "text")


def _check(directories: Iterable[str], progress: Progress, search: GoSearch) -> Results:
    paths = find_paths(directories, progress)
    files = TellingFiles(SafeFiles(), progress, len(paths))
    workspaces = sorted(Workspaces(files).load(paths), key=lambda one: one.path)
    progress.clear()
    go = ask_go(search)
    facts = Facts() if go is None else with_gowork(go.facts, files)
    restrictions = RepositoryFiles()
    results: Results = []
    for number, workspace in enumerate(workspaces, start=1):
        progress.tell(
            _("checking {number} of {count} workspaces").format(number=number, count=len(workspaces))
        )
        found = check(workspace, with_toolchain(facts, workspace, files))
        results.append((workspace, wanted(found, workspace.path, restrictions)))
    progress.clear()
    for problem in restrictions.problems():
        print(printable(problem), file=sys.stderr)
    return results


def _print(form: str, found: list[Diagnostic], texts: dict[str, bytes], color: str) -> None:
    """Print in ``form``; what makes it is imported only when it is asked for."""
    if form == "sarif":
        from gowatchd.cli.sarif import sarif_log  # noqa: PLC0415 only for who asks for it

        print(json.dumps(sarif_log(found, texts, os.getcwd()), indent=2))
    elif form == "github":
        from gowatchd.cli.github import github_lines  # noqa: PLC0415 as above

        top = os.environ.get("GITHUB_WORKSPACE") or os.getcwd()
        _print_lines(github_lines(found, top))
    else:
        from gowatchd.cli.hyperlink import Links  # noqa: PLC0415 as above

        links = Links.on(color, sys.stdout, os.environ)
        _print_lines(TextReport(stdout_paint(color), links, excerpt_columns()).lines(found, texts))


def _print_lines(lines: Iterable[str]) -> None:
    """Print each of ``lines``."""
    for line in lines:
        print(line)


def _summary(found: list[Diagnostic], workspaces: int) -> str:
    if not workspaces:
        return _("no go.work or go.mod here, nor in a folder below or above")
    counts = Counter(one.severity for one in found)
    parts = [of_severity(counts[severity], severity) for severity in Severity if counts[severity]]
    where = quantity.workspaces(workspaces)
    if not parts:
        return _("no problems in {workspaces}").format(workspaces=where)
    fixable = sum(map(is_offered, found))
    said = (
        _("{problems} in {workspaces}; 'gowatchctl fix' mends {fixable} of them")
        if fixable
        else _("{problems} in {workspaces}")
    )
    return said.format(problems=listed(parts), workspaces=where, fixable=fixable)
