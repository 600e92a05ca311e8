"""``gofumpt-work``: the formatter alone, with the habits of gofmt.

Formatted text, names (``-l``) and diffs (``-d``) go to standard output; messages go to standard error as
``FILE:LINE:COLUMN: message``. A file that cannot be formatted does not keep the others from it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import gowatchd
from gowatchd.cli.edge import end_process, forget_stdout, name_stdout, open_streams, report_bug
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.usage import Formatter, Parser
from gowatchd.translation import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

PROGRAM = "gofumpt-work"


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``gofumpt-work`` with ``argv`` (by default the process's own) and return its exit code."""
    open_streams()
    try:
        code = _run(_arguments(argv))
    except SystemExit as stop:  # argparse: 2 after a usage message, 0 after --help and --version
        return stop.code if isinstance(stop.code, int) else Exit.USAGE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        forget_stdout()
        return Exit.BROKEN_PIPE
    except CommandError as error:
        from gowatchd.cli.terminal import printable_lines  # noqa: PLC0415 only a message needs it

        print(f"{PROGRAM}: {printable_lines(error.message)}", file=sys.stderr)
        forget_stdout()
        return error.code
    except Exception:  # noqa: BLE001 the edge: whatever comes here is a bug and is shown whole
        report_bug(PROGRAM)
        return Exit.BUG
    return code


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = program_parser()
    arguments = parser.parse_args(argv)
    if arguments.write and not arguments.paths:
        parser.error(_("-w needs a file to write: name one"))
    if arguments.write and arguments.check:
        parser.error(_("--check writes nothing: leave out -w or --check"))
    return arguments


def _run(arguments: argparse.Namespace) -> Exit:
    from gowatchd.cli.gofumpt_run import Run  # noqa: PLC0415 --version and usage do without the formatter

    return Run(arguments).all()


def program_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = Parser(
        prog=PROGRAM,
        formatter_class=Formatter,
        description=_(
            "Format go.work and go.mod files, more strictly than Go does. Without PATH, format "
            "standard input. A directory stands for all go.work and go.mod files below it."
        ),
        epilog=_("Exit codes: 0 done; 1 a file could not be done or, under --check, would change; 2 usage."),
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help=_("a file, or a directory to search"))
    parser.add_argument("-l", dest="list", action="store_true", help=_("list the files that would change"))
    parser.add_argument("-d", dest="diff", action="store_true", help=_("print diffs instead of the files"))
    parser.add_argument(
        "-w", dest="write", action="store_true", help=_("write the files instead of printing them")
    )
    parser.add_argument("--check", action="store_true", help=_("print no file; exit 1 if any would change"))
    parser.add_argument(
        "--canonical", action="store_true", help=_("do what go work|mod edit -fmt does, nothing more")
    )
    parser.add_argument(
        "--indent",
        choices=("tab", "2-space"),
        default="tab",
        help=_("indentation in blocks; Go itself always comes back to the default, tab"),
    )
    parser.add_argument(
        "--kind", choices=("work", "mod"), help=_("what the files are, whatever their names and contents say")
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {gowatchd.__version__}")
    return parser


def program() -> None:
    """Be ``gofumpt-work``, and end the process."""
    name_stdout()
    end_process(main())


if __name__ == "__main__":
    program()
