"""``gowatchctl init``: begin a workspace over the modules that are there, or replace modules in a go.mod."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.beginning_way import carry_out, say, shown
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.question import ask_which
from gowatchd.cli.terminal import printable
from gowatchd.modfile import Kind
from gowatchd.services.amending import Substitute
from gowatchd.services.beginning import Beginning, BeginningError, plan_replacements, written
from gowatchd.system.discovery import Pruning, find_files
from gowatchd.system.files import SafeFiles
from gowatchd.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.workspace.model import Module


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the directory, and which of the three ways to go."""
    parser.add_argument("root", nargs="?", default=".", metavar="DIR", help=_("where to begin (default: .)"))
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--discover", action="store_true", help=_("use every module found below DIR, and do not ask")
    )
    way.add_argument("-y", "--yes", action="store_true", help=_("answer every question with yes"))
    way.add_argument(
        "--replace",
        action="append",
        type=_replacement,
        metavar="OLD[@VERSION]=PATH",
        help=_("write a replace directive into DIR/go.mod instead of a go.work (repeatable)"),
    )
    parser.add_argument(
        "--min-depth", type=_depth, metavar="N", help=_("leave out modules less than N folders below DIR")
    )
    parser.add_argument(
        "--max-depth", type=_depth, metavar="N", help=_("leave out modules more than N folders below DIR")
    )
    parser.add_argument(
        "--exclude",
        action="append",
        metavar="GLOB",
        help=_("leave out folders of this name, or, with a slash, of this path (repeatable)"),
    )
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help=_("show what would change, and do nothing")
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the go.work or go.mod, unless the go command would not accept it."""
    root = os.path.abspath(arguments.root)
    if not os.path.isdir(root):
        problem = "is not a directory" if os.path.exists(root) else "does not exist"
        raise CommandError(f"{printable(arguments.root)} {problem}", Exit.NO_SUCH_THING)
    try:
        if arguments.replace is not None:
            return _replace(arguments, root)
        return _begin(arguments, root)
    except BeginningError as error:
        raise CommandError(printable(str(error)), Exit.PROBLEMS) from error


def _replace(arguments: argparse.Namespace, root: str) -> int:
    for given in ("min_depth", "max_depth", "exclude"):
        if getattr(arguments, given) is not None:
            raise CommandError(f"--{given.replace('_', '-')} has no meaning with --replace", Exit.USAGE)
    if not os.path.exists(os.path.join(root, "go.mod")):
        raise CommandError(
            f"{printable(shown(root))} has no go.mod: make it with 'go mod init'", Exit.NO_SUCH_THING
        )
    substitutes = [_substitute(root, *one) for one in arguments.replace]
    plan = plan_replacements(SafeFiles(), root, substitutes)
    code = carry_out(arguments, plan)
    if code == Exit.OK:
        required = plan.modules[0].required
        for path in dict.fromkeys(one.path for one in substitutes if one.path not in required):
            say(
                _("{module} is not required here yet: import it and run 'go get {module}'").format(
                    module=path
                )
            )
    return code


def _substitute(root: str, path: str, version: str, target: str) -> Substitute:
    directory = os.path.abspath(target)
    if not os.path.isfile(os.path.join(directory, "go.mod")):
        raise CommandError(f"{printable(target)} is no directory with a go.mod", Exit.NO_SUCH_THING)
    return Substitute(path, version, target if os.path.isabs(target) else written(directory, root))


def _begin(arguments: argparse.Namespace, root: str) -> int:
    asks = not (arguments.discover or arguments.yes or arguments.json)
    if asks and not sys.stdin.isatty():
        raise CommandError("there is nobody to ask here: --yes uses every module found", Exit.USAGE)
    if arguments.json and not (arguments.discover or arguments.yes):
        raise CommandError("--json asks no questions: add --yes", Exit.USAGE)
    found = tuple(sorted(_modules(arguments, root)))
    if not found:
        raise CommandError(
            f"no module found below {printable(shown(root))}: make one with 'go mod init'",
            Exit.NO_SUCH_THING,
        )
    beginning = Beginning(SafeFiles(), root)
    chosen = found
    if asks and (candidates := beginning.survey(found)):
        rows = [_described(one, root) for one in candidates]
        chosen = tuple(one.directory for one in ask_which(rows, candidates, _heading(beginning, root)))
    if not chosen and not beginning.used:
        say(_("nothing was chosen, so nothing was written"))
        return Exit.OK
    plan = beginning.plan(chosen)
    if plan.old is None:
        _tell_of_neighbours(root)
    return carry_out(arguments, plan, asks=asks)


def _modules(arguments: argparse.Namespace, root: str) -> Iterator[str]:
    """Yield the directories at and below ``root`` that hold a module."""
    least = len(root.rstrip("/").split("/")) + (arguments.min_depth or 0)
    for path in find_files(root, Pruning(arguments.exclude or ()), arguments.max_depth):
        directory, name = os.path.split(path)
        deep_enough = len(directory.rstrip("/").split("/")) >= least
        if name == Kind.MOD.file_name and deep_enough:
            if os.path.isfile(path):
                yield directory
            else:
                say(_("{file} is no file, and is left out").format(file=shown(path)))


def _described(module: Module, root: str) -> tuple[str, ...]:
    state = _("does not parse") if module.file.problems else "" if module.path else _("names no module")
    go = f"go {module.go_version}" if module.file.mod and module.file.mod.go else ""
    return written(module.directory, root), module.path or state, go


def _heading(beginning: Beginning, root: str) -> str:
    said = (
        _("Modules below {directory} (not listed: {used} in use already):")
        if beginning.used
        else _("Modules below {directory}:")
    )
    return said.format(directory=printable(shown(root)), used=len(beginning.used))


def _tell_of_neighbours(root: str) -> None:
    """Warn where the new go.work takes the place of one that counted until now."""
    parent = os.path.dirname(root)
    while True:
        path = os.path.join(parent, Kind.WORK.file_name)
        if os.path.isfile(path):
            said = _("note: {file} will no longer count below {directory}")
            say(said.format(file=shown(path), directory=shown(root)))
        if parent == os.path.dirname(parent) or os.path.isfile(path):
            return
        parent = os.path.dirname(parent)


def _replacement(text: str) -> tuple[str, str, str]:
    old, equals, target = text.partition("=")
    path, _, version = old.partition("@")
    if not (equals and path and target):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not of the form module/path=DIR or module/path@v1.2.3=DIR"
        )
    return path, version, target


def _depth(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


_depth.__name__ = "depth"  # what argparse calls it: "invalid depth value"
