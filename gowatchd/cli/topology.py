"""``gowatchctl topology``: what the files say against what go, and a binary, make of them."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.nearest import add_directory, select
from gowatchd.cli.quantity import modules
from gowatchd.cli.scope import shorten
from gowatchd.cli.terminal import BOLD, DIM, printable, stdout_paint
from gowatchd.modfile import goversion
from gowatchd.modfile.kind import Kind
from gowatchd.services.binary_topology import compare_binary, is_built_from
from gowatchd.services.build_info import JSON_SINCE, read_build_info
from gowatchd.services.cross_check import merge, why_no_opinion
from gowatchd.services.go_listing import read_listing
from gowatchd.services.go_words import read_reply
from gowatchd.services.topology import Difference, compare_members, compare_selection
from gowatchd.services.topology_report import Comparison, topology_report
from gowatchd.system.go_command import go_environment
from gowatchd.system.go_search import GoNotFoundError, find_go
from gowatchd.system.process import Command, child_environment, run_child
from gowatchd.translation import _, ngettext

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from gowatchd.cli.terminal import Paint
    from gowatchd.services.build_info import BuildInfo
    from gowatchd.services.go_listing import Listed
    from gowatchd.services.ports import Finished
    from gowatchd.system.go_installation import GoInstallation
    from gowatchd.workspace.model import Workspace

SECONDS = 20.0  # as long as the daemon's cross-check waits
OUTPUT = 32 << 20  # bytes; a module takes half a kilobyte, the largest workspaces list some ten thousand


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directory and the binary."""
    add_directory(parser)
    parser.add_argument("--binary", metavar="FILE", help=_("compare with what FILE was built from too"))


def run(arguments: argparse.Namespace) -> int:
    """Print every difference; return 1 if there is one."""
    workspaces = select(arguments.where)
    try:
        go = find_go()
    except GoNotFoundError as error:
        raise CommandError(f"topology asks go: {printable(str(error))}", Exit.UNAVAILABLE) from error
    binary, info = "", None
    if arguments.binary is not None:
        binary = os.path.abspath(arguments.binary)
        info = _build_info(go, binary, arguments.binary)
    its_own = _workspace_of(workspaces, info)
    comparisons = [
        _compare(go, one, binary, info) if one is its_own else _compare(go, one, "", None)
        for one in workspaces
    ]
    if arguments.json:
        print(json.dumps(topology_report(comparisons, go.version)))
    else:
        _print_text(comparisons, go, stdout_paint(arguments.color))
    if any(one.differences for one in comparisons):
        return Exit.PROBLEMS
    return Exit.UNAVAILABLE if any(one.is_empty for one in comparisons) else Exit.OK


def _workspace_of(workspaces: tuple[Workspace, ...], info: BuildInfo | None) -> Workspace | None:
    """Return the workspace that a binary is held against: the one with its main module, else the first."""
    if info is None:
        return None
    return next((one for one in workspaces if is_built_from(one, info)), workspaces[0])


def _compare(go: GoInstallation, workspace: Workspace, binary: str, info: BuildInfo | None) -> Comparison:
    members, differences, unknown = _listing(go, workspace, "-json")
    every: tuple[Listed, ...] | None = None
    if members is not None:
        differences += compare_members(workspace, members)
        every, more, unknown = _listing(go, workspace, "-json", "all")
        differences += more
    if every is not None:
        differences += compare_selection(workspace, every)
    if info is not None:
        head = _head(workspace, info)
        differences += compare_binary(workspace, binary, info, go.version, every, head)
    return Comparison(workspace, tuple(differences), len(every or members or ()), unknown, binary)


def _listing(
    go: GoInstallation, workspace: Workspace, *arguments: str
) -> tuple[tuple[Listed, ...] | None, list[Difference], str]:
    """Ask ``go list -m``: return what it lists, or what it refuses to load, or what it cannot know here."""
    finished = _ask(go, workspace.root, workspace, "list", "-m", *arguments)
    if finished.succeeded:
        try:
            return read_listing(finished.stdout), [], ""
        except ValueError as error:
            return None, [], str(error)
    silent = why_no_opinion(finished)
    if silent:
        return None, [], silent
    reply = read_reply(finished.stderr, workspace.root)
    refused = [
        Difference("go-refuses", complaint.subject, one.message, one.path, one.span.start.line)
        for complaint in reply.complaints
        for one in merge(workspace, (), [complaint])
    ]
    return None, refused, "; ".join(reply.unknown)


def _ask(go: GoInstallation, root: str, workspace: Workspace | None, *arguments: str) -> Finished:
    gowork = workspace.path if workspace is not None and workspace.kind is Kind.WORK else "off"
    command = Command((go.go, *arguments), root, SECONDS, go_environment(root, gowork), limit=OUTPUT)
    return run_child(command)


def _head(workspace: Workspace, info: BuildInfo) -> str:
    """Return the commit that is checked out where the main module of a binary is, or nothing."""
    main = workspace.member_by_path(info.main.path) if info.main is not None else None
    if main is None or info.settings.get("vcs") != "git":
        return ""
    # git that writes nothing, not even a refreshed index, and asks nobody for a password
    environment = child_environment(GIT_OPTIONAL_LOCKS="0", GIT_TERMINAL_PROMPT="0")
    command = ("git", "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    finished = run_child(Command(command, main.directory, SECONDS, environment))
    return finished.stdout.decode("ascii", "replace").strip() if finished.succeeded else ""


def _build_info(go: GoInstallation, path: str, shown: str) -> BuildInfo:
    """Return what is in the binary at ``path``, which messages call ``shown``."""
    if not os.path.isfile(path):  # of a directory go would read every file
        problem = "is not a file" if os.path.exists(path) else "does not exist"
        raise CommandError(f"--binary {printable(shown)}: it {problem}", Exit.NO_SUCH_THING)
    as_json = ("-json",) if goversion.compare(go.version, JSON_SINCE) >= 0 else ()
    finished = _ask(go, os.path.dirname(path), None, "version", "-m", *as_json, path)
    try:
        # up to Go 1.22 the exit code says nothing: without build information there is no output
        return read_build_info(finished.stdout)
    except ValueError as error:
        words = finished.stderr.decode(errors="replace").strip().partition("\n")[0]
        if not words and finished.exit_code not in {0, 1}:
            words = why_no_opinion(finished)
        text = printable(words or "there is no Go build information in it")
        raise CommandError(f"--binary {printable(shown)}: {text}", Exit.NO_SUCH_THING) from error


def _print_text(comparisons: Iterable[Comparison], go: GoInstallation, paint: Paint) -> None:
    comparisons = tuple(comparisons)
    for one in comparisons:
        for difference in one.differences:
            place = shorten(difference.path)
            if difference.path != one.binary:
                place = f"{place}:{difference.line}"
            print(paint(f"{place}:", BOLD), printable(difference.message), paint(f"[{difference.code}]", DIM))
    sys.stdout.flush()  # the summary comes last, also where both streams meet
    for one in comparisons:
        if one.unknown:
            said = (
                _("{file}: nothing was compared: {reason}")
                if one.is_empty
                else _("{file}: versions were not compared: {reason}")
            )
            said = said.format(file=shorten(one.workspace.path), reason=printable(one.unknown))
            print(said, file=sys.stderr)
    found = sum(len(one.differences) for one in comparisons)
    said = (
        ngettext(
            "{number} difference in {modules}, go {version}",
            "{number} differences in {modules}, go {version}",
            found,
        )
        if found
        else _("no differences in {modules}, go {version}")
    )
    listed = modules(sum(one.modules for one in comparisons))
    print(said.format(number=found, modules=listed, version=go.version), file=sys.stderr)
