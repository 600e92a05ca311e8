"""``gowatchctl``: finds the verb, runs it, and is the one place where an exception becomes an exit code.

A verb is a module of this package: ``add_arguments(parser)`` adds what the verb takes, ``run(arguments)``
does it and returns an exit code. ``-C``, ``--color`` and ``--json`` are every verb's and are added here, as
``arguments.directory``, ``arguments.color`` and ``arguments.json``. A verb that cannot go on raises
``CommandError``. Only the verb that was asked for is imported, so that each starts as quickly as it can.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING, Protocol, TextIO

import gowatchd
from gowatchd.cli.edge import end_process, explanation, forget_stdout, name_stdout, open_streams, report_bug
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.usage import Formatter, LinesFormatter, Parser
from gowatchd.translation import N_, _, use

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "gowatchctl"
COMPLETE = "--complete"  # what the files in completions/ ask; no part of what people type

# What a verb reads it keeps until its end: looking for garbage among it took a third of a large check.
COLLECT_AFTER = 100_000

VERBS = {
    "status": N_("what the daemon watches, and how it is"),
    "metrics": N_("what the daemon did, in numbers for Prometheus"),
    "list": N_("what was found, and why it is watched"),
    "add": N_("watch what is below a directory, wherever that is"),
    "remove": N_("watch nothing below a directory"),
    "mute": N_("give no notifications of a workspace"),
    "unmute": N_("give notifications of a workspace again"),
    "pause": N_("write and notify nothing, for a while or until resumed"),
    "resume": N_("end a pause, and do what waits"),
    "check": N_("check the go.work and go.mod files below a directory"),
    "init": N_("begin a workspace over the modules that are there"),
    "fix": N_("mend what check finds and offers to mend"),
    "explain": N_("what a rule is about, and how to mend what it finds"),
    "env": N_("which user units lack their environment, and what mends that"),
    "doctor": N_("what gowatchd stands on here, and what helps where it does not work"),
    "config": N_("what is set, where, whether it is right, and how to change it"),
    "undo": N_("take back what the daemon wrote"),
    "diff": N_("what a change did, or formatting would do"),
    "log": N_("what the daemon did"),
    "matrix": N_("which Go versions take which module, and why not"),
    "graph": N_("who uses, requires and replaces whom"),
    "topology": N_("what the files say against what go makes of them"),
    "enable": N_("start the daemon, now and with your session"),
    "disable": N_("end the daemon, and start it no more for you"),
    "version": N_("the version of this program"),
}


class Verb(Protocol):
    """What the module of a verb offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the verb's own arguments to ``parser``."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; return an exit code. Data goes to stdout, messages to stderr."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``gowatchctl`` with ``argv`` (by default the process's own) and return its exit code."""
    gc.set_threshold(COLLECT_AFTER)
    open_streams()
    for stream in (sys.stdout, sys.stderr):
        _print_anything(stream)
    try:
        code = _run_verb(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse: 2 after a usage message, 0 after --help
        return stop.code if isinstance(stop.code, int) else Exit.USAGE
    except CommandError as error:
        from gowatchd.cli.terminal import printable_lines  # noqa: PLC0415 only a message needs it

        print(f"{PROGRAM}: {printable_lines(error.message)}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        forget_stdout()
        return Exit.BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 the edge: whatever comes here is a bug and is shown whole
        explained = explanation(error)
        if explained is None:
            report_bug(PROGRAM)
            code = Exit.BUG
        else:
            print(f"{PROGRAM}: {explained.message}", file=sys.stderr)
            code = explained.code
    return code


def _run_verb(argv: Sequence[str]) -> int:
    """Parse ``argv`` in two steps, the second with the verb's own parser, and run the verb."""
    if argv and argv[0] == COMPLETE:
        from gowatchd.cli.completion.candidates import run  # noqa: PLC0415 only a shell asks that

        return run(argv[1:])
    known = argparse.Namespace()
    if argv and argv[0] in VERBS:  # as nearly always: nothing before the verb to be parsed
        known.verb, known.rest = argv[0], argv[1:]
    else:
        top_parser().parse_args(argv, known)
    module = _module_of(known.verb)
    # An option given before the verb is in the namespace already, and argparse sets no default over it.
    arguments = verb_parser(known.verb).parse_args(known.rest, known)
    if arguments.json:
        use(())  # programs read it, in English
    if arguments.directory is not None:
        _change_directory(arguments.directory)
    return module.run(arguments)


def _module_of(verb: str) -> Verb:
    module: Verb = importlib.import_module(f"gowatchd.cli.{verb}")
    return module


def verb_parser(verb: str) -> argparse.ArgumentParser:
    """Return the parser of what comes after ``verb``, with the options that every verb takes."""
    parser = Parser(prog=f"{PROGRAM} {verb}", description=_(VERBS[verb]), formatter_class=Formatter)
    _add_shared_arguments(parser)
    _module_of(verb).add_arguments(parser)
    return parser


def top_parser() -> argparse.ArgumentParser:
    """Return the parser of what comes before the verb, which leaves the rest to that of the verb."""
    verbs = "\n".join(f"  {name:<10}{_(summary)}" for name, summary in VERBS.items())
    parser = Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [-h] [--version] [-C DIR] [--color WHEN] [--json] VERB ...",
        description=_("Look into and steer gowatchd, which keeps Go workspaces valid and formatted."),
        epilog=_("verbs:\n{verbs}\n\n'{program} VERB --help' says what a verb takes.").format(
            verbs=verbs, program=PROGRAM
        ),
        formatter_class=LinesFormatter,
    )
    _add_shared_arguments(parser)
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {gowatchd.__version__}")
    parser.add_argument("verb", choices=VERBS, metavar="VERB", help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help=argparse.SUPPRESS)
    return parser


def _add_shared_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-C", dest="directory", metavar="DIR", help=_("go to DIR before anything else"))
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help=_("auto, the default, colours a terminal unless NO_COLOR is set"),
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON for programs"))


def _change_directory(directory: str) -> None:
    try:
        os.chdir(directory)
    except OSError as error:
        raise CommandError(f"-C {directory}: {error.strerror}", Exit.NO_SUCH_THING) from error


def _print_anything(stream: TextIO) -> None:
    """Let ``stream`` escape what its encoding cannot say instead of raising."""
    reconfigure = getattr(stream, "reconfigure", None)  # a stream that a test put in place may have none
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def program() -> None:
    """Be ``gowatchctl``, and end the process."""
    name_stdout()
    end_process(main())


if __name__ == "__main__":
    program()
