"""``gowatchctl fix``: make the fixes that the diagnostics offer, with a way back."""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from gowatchd.cli.codes import known_codes
from gowatchd.cli.difference import unified
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.fixing_way import carry_out
from gowatchd.cli.hyperlink import Links
from gowatchd.cli.progress import Progress, TellingFiles
from gowatchd.cli.quantity import problems
from gowatchd.cli.scope import add_directories, ask_go, find_paths, shorten, warn_of_writers
from gowatchd.cli.terminal import BOLD, GREEN, painted_diff, printable, stdout_paint
from gowatchd.cli.text_report import TextReport, excerpt_columns, texts_of
from gowatchd.lint.catalog import check, sort_key
from gowatchd.lint.diagnostic import Severity, is_offered
from gowatchd.lint.facts import Facts
from gowatchd.services.changes import HistoryError
from gowatchd.services.fixer import Fixed, Fixing
from gowatchd.services.fixing import Plan, Refusal, plan
from gowatchd.services.go_work_setting import with_gowork
from gowatchd.services.overlay import OverlayFiles
from gowatchd.services.report import check_report
from gowatchd.services.toolchain_at_hand import with_toolchain
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.files import SafeFiles
from gowatchd.system.go_search import GoSearch
from gowatchd.system.refusals import Refusals
from gowatchd.translation import _, ngettext

if TYPE_CHECKING:
    import argparse

    from gowatchd.lint.diagnostic import Diagnostic
    from gowatchd.services.ports import Files
    from gowatchd.workspace.model import Workspace

    Results = list[tuple[Workspace, tuple[Diagnostic, ...]]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directories, which rules, and --dry-run."""
    add_directories(
        parser,
        _(
            "fix the files at and below DIR, and those above that the go command would load there; "
            "by default the current directory"
        ),
    )
    parser.add_argument(
        "--code",
        action="append",
        default=[],
        metavar="CODE",
        help=_("make the fixes of this rule (repeatable); by default those of all errors and warnings"),
    )
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help=_("show what would change, and do nothing")
    )


def run(arguments: argparse.Namespace) -> int:
    """Fix, say what was done and what remains; return 1 if an error remains, or something would change."""
    codes = frozenset(known_codes(arguments.code))
    with Progress() as progress, GoSearch() as search:
        paths = find_paths(arguments.directories, progress)
        progress.clear()
        go = ask_go(search)
        refusals = Refusals(() if go is None else (go.goroot, go.gomodcache))
        files = SafeFiles(refusals)
        facts = Facts() if go is None else with_gowork(go.facts, files)
        telling = TellingFiles(files, progress, len(paths))
        made = plan(telling, paths, partial(_judged, facts, telling), partial(_is_wanted, codes))
    made = _allowed(made, refusals)
    if arguments.dry_run:
        fixing, after = _dry(made), _overlaid(files, made)
    else:
        fixing, after = _written(made, files), files
    results = _check(after, paths, facts)
    if arguments.json:
        print(json.dumps(_report(made, fixing, results, dry_run=arguments.dry_run)))
    else:
        _print(made, fixing, results, arguments)
    failed = any(one.severity is Severity.ERROR for _, several in results for one in several)
    would_change = arguments.dry_run and bool(made.rewrites)
    return Exit.PROBLEMS if failed or would_change or fixing.refusals else Exit.OK


def _is_wanted(codes: frozenset[str], _workspace: Workspace, one: Diagnostic) -> bool:
    return one.code in codes if codes else is_offered(one)


def _allowed(made: Plan, refusals: Refusals) -> Plan:
    """Return ``made`` without the files that are not ours to write."""
    rewrites, refused = [], list(made.refusals)
    for rewrite in made.rewrites:
        real = os.path.realpath(rewrite.path)
        reason = refusals.reason(real, os.stat(real)) if os.path.exists(real) else "is gone"
        if reason:
            refused.append(Refusal(rewrite.path, "; ".join(rewrite.titles), f"it {reason}"))
        else:
            rewrites.append(rewrite)
    return Plan(tuple(rewrites), tuple(refused))


def _dry(made: Plan) -> Fixing:
    return Fixing(tuple(Fixed(one.path, None, one.titles) for one in made.rewrites), made.refusals)


def _overlaid(files: Files, made: Plan) -> Files:
    overlay = OverlayFiles(files)
    for rewrite in made.rewrites:
        overlay.swap(rewrite.path, rewrite.before, rewrite.after)
    return overlay


def _written(made: Plan, files: Files) -> Fixing:
    if not made.rewrites:
        return Fixing((), made.refusals)
    try:
        return carry_out(made, files)
    except HistoryError as error:
        message = f"nothing was changed, for no way back could be kept: {error}"
        raise CommandError(printable(message), Exit.UNAVAILABLE) from error


def _check(files: Files, paths: set[str], facts: Facts) -> Results:
    workspaces = sorted(Workspaces(files).load(paths), key=lambda one: one.path)
    return [(workspace, _judged(facts, files, workspace)) for workspace in workspaces]


def _judged(facts: Facts, files: Files, workspace: Workspace) -> tuple[Diagnostic, ...]:
    return check(workspace, with_toolchain(facts, workspace, files))


def _report(made: Plan, fixing: Fixing, results: Results, *, dry_run: bool) -> dict[str, object]:
    diffs = {one.path: unified(one.path, one.before, one.after) for one in made.rewrites}
    return {
        **check_report(results),
        "dry_run": dry_run,
        "fixed": [
            {**one.as_json(), "diff": diffs[one.path].decode("utf-8", "replace")} for one in fixing.fixed
        ],
        "refused": [one.as_json() for one in fixing.refusals],
    }


def _print(made: Plan, fixing: Fixing, results: Results, arguments: argparse.Namespace) -> None:
    paint = stdout_paint(arguments.color)
    if arguments.dry_run:
        for rewrite in made.rewrites:
            diff = unified(shorten(rewrite.path), rewrite.before, rewrite.after)
            print(painted_diff(diff.decode("utf-8", "surrogateescape"), paint), end="")
    else:
        for one in fixing.fixed:
            print(
                _("{file}: {fixed}: {titles} (gowatchctl undo {change})").format(
                    file=paint(shorten(one.path), BOLD),
                    fixed=paint(_("fixed"), BOLD, GREEN),
                    titles=printable("; ".join(one.titles)),
                    change=one.change,
                )
            )
    sys.stdout.flush()
    for refusal in fixing.refusals:
        said = _("{file}: not fixed ({title}): {reason}").format(
            file=shorten(refusal.path), title=refusal.title, reason=refusal.reason
        )
        print(printable(said), file=sys.stderr)
    warn_of_writers(workspace for workspace, _ in results)
    found = sorted(dict.fromkeys(one for _, several in results for one in several), key=sort_key)
    if not arguments.dry_run:
        links = Links.on(arguments.color, sys.stdout, os.environ)
        report = TextReport(paint, links, excerpt_columns())
        for line in report.lines(found, texts_of(workspace for workspace, _ in results)):
            print(line)
        sys.stdout.flush()
    print(_summary(len(fixing.fixed), found, dry_run=arguments.dry_run), file=sys.stderr)


def _summary(fixed: int, found: list[Diagnostic], *, dry_run: bool) -> str:
    """Return what was done and what is left, in one sentence."""
    if not fixed and not found:
        return _("nothing to fix: no problems")
    if not fixed:
        said = (
            _("nothing to fix; {problems} would remain") if dry_run else _("nothing to fix; {problems} left")
        )
        return said.format(problems=problems(len(found)))
    if dry_run and found:
        said = ngettext(
            "would fix {number} file; {problems} would remain",
            "would fix {number} files; {problems} would remain",
            fixed,
        )
    elif dry_run:
        said = ngettext(
            "would fix {number} file; no problem would remain",
            "would fix {number} files; no problem would remain",
            fixed,
        )
    elif found:
        said = ngettext(
            "fixed {number} file; {problems} left", "fixed {number} files; {problems} left", fixed
        )
    else:
        said = ngettext(
            "fixed {number} file; no problem left", "fixed {number} files; no problem left", fixed
        )
    return said.format(number=fixed, problems=problems(len(found)))
