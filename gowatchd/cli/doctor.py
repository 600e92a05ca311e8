"""``gowatchctl doctor``: looks at what gowatchd stands on, explains what it finds, and says what helps."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from gowatchd.cli.checks.catalog import ARCHIVE, CHECKS
from gowatchd.cli.deadline import within
from gowatchd.cli.diagnosis import State
from gowatchd.cli.doctor_page import ASCII_MARKS, MARKS, DoctorPage
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.examination import Examination
from gowatchd.cli.mending import mend
from gowatchd.cli.progress import Progress
from gowatchd.cli.question import confirm
from gowatchd.cli.terminal import printable, stdout_paint, stdout_speaks_unicode
from gowatchd.cli.usage import columns
from gowatchd.system.go_archive import is_sum
from gowatchd.translation import _, use

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from gowatchd.cli.diagnosis import Check, Diagnosis
    from gowatchd.cli.mending import Mended


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take which checks, whether to mend, and an archive."""
    parser.add_argument(
        "codes",
        nargs="*",
        metavar="CHECK",
        help=_("only these checks, such as go or inotify; by default all"),
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help=_("offer to mend what can be mended without root; asks before each"),
    )
    parser.add_argument("--yes", action="store_true", help=_("with --fix: do not ask"))
    parser.add_argument(
        "--archive",
        metavar="FILE",
        help=_("check a downloaded release of Go, which is not fetched or unpacked"),
    )
    parser.add_argument(
        "--sha256", metavar="SUM", help=_("the SHA-256 that it should have; by default that in FILE.sha256")
    )


def run(arguments: argparse.Namespace) -> int:
    """Print every diagnosis as soon as it is there; return 1 if there is a problem among them."""
    _refuse_nonsense(arguments)
    if arguments.json:
        use(())  # programs read English
    checks = _chosen(arguments)
    page = _page(arguments)
    found: list[Diagnosis] = []
    examination = Examination(arguments.archive or "", arguments.sha256 or "")
    for check in checks:
        found.append(_diagnosed(check, examination))
        if not arguments.json:
            print("\n".join(page.lines(found[-1])), flush=True)
    if not arguments.json and len(found) > 1:
        print("\n".join(page.summary(found, mended=arguments.fix)))
    mended: list[Mended] = []
    if arguments.fix:
        found, mended = _mend(checks, found, arguments, page)
    if arguments.json:
        answer: dict[str, object] = {"schema": 1, "checks": [one.as_json() for one in found]}
        if arguments.fix:
            answer["mended"] = [one.as_json() for one in mended]
        print(json.dumps(answer))
    return Exit.PROBLEMS if any(one.state is State.PROBLEM for one in found) else Exit.OK


def _refuse_nonsense(arguments: argparse.Namespace) -> None:
    if arguments.yes and not arguments.fix:
        raise CommandError("--yes belongs to --fix", Exit.USAGE)
    if arguments.sha256 is not None:
        if arguments.archive is None:
            raise CommandError("--sha256 belongs to --archive", Exit.USAGE)
        if not is_sum(arguments.sha256):
            raise CommandError("--sha256 takes 64 hexadecimal digits", Exit.USAGE)
    if arguments.fix and not arguments.yes and (arguments.json or not sys.stdin.isatty()):
        raise CommandError("--fix asks at a terminal; --yes does it without", Exit.USAGE)


def _chosen(arguments: argparse.Namespace) -> tuple[Check, ...]:
    """Return the checks that are asked for; --archive alone asks for that of the archive."""
    by_code = {check.code: check for check in CHECKS}
    unknown = [code for code in arguments.codes if code not in by_code]
    if unknown:
        known = ", ".join(by_code)
        raise CommandError(
            f"there is no check {printable(unknown[0])}; there are: {known}", Exit.NO_SUCH_THING
        )
    if arguments.archive is not None:
        if not os.path.isfile(arguments.archive):
            raise CommandError(f"{printable(arguments.archive)} is no file", Exit.NO_SUCH_THING)
        return (*(by_code[code] for code in dict.fromkeys(arguments.codes)), ARCHIVE)
    return tuple(by_code[code] for code in dict.fromkeys(arguments.codes)) or CHECKS


def _page(arguments: argparse.Namespace) -> DoctorPage:
    marks = MARKS if stdout_speaks_unicode() else ASCII_MARKS
    return DoctorPage(stdout_paint(arguments.color), marks, columns())


def _diagnosed(check: Check, examination: Examination) -> Diagnosis:
    """Return what ``check`` says, or why it says nothing; that it hangs or fails is no other's loss."""
    try:
        with Progress() as progress:
            waiting = _("looking at {check}").format(check=check.code)
            return within(check.seconds, lambda: check.diagnose(examination), lambda: progress.tell(waiting))
    except TimeoutError:
        return check.unknown(_("no answer within {seconds} s").format(seconds=f"{check.seconds:.0f}"))
    except OSError as error:
        return check.unknown(str(error))
    except Exception as error:  # noqa: BLE001 a bug in one check shall not keep what the others find
        said = _("a bug in gowatchctl, please report it: {error}")
        return check.unknown(said.format(error=printable(f"{type(error).__name__}: {error}")))


def _mend(
    checks: Sequence[Check], found: list[Diagnosis], arguments: argparse.Namespace, page: DoctorPage
) -> tuple[list[Diagnosis], list[Mended]]:
    """Offer what can be mended, and return how everything is afterwards."""
    mended = []
    for one in [*found]:
        command = " ".join(one.verdict.mending)
        question = _("{code}: run {command}?").format(code=one.code, command=printable(command))
        if command and (arguments.yes or confirm(question, default=False)):
            mended.append(mend(one))
            if not arguments.json:
                _tell(mended[-1])
    if not mended:
        if not arguments.json:
            print(_("nothing was changed"))
        return found, mended
    # what was gathered before does not hold any more
    again = Examination(arguments.archive or "", arguments.sha256 or "")
    after = []
    for check, before in zip(checks, found, strict=True):
        look = before.state is not State.OK
        after.append(_diagnosed(check, again) if look else before)
        if look and not arguments.json:
            print("\n".join(page.lines(after[-1])), flush=True)
    return after, mended


def _tell(mended: Mended) -> None:
    said = _("it worked") if mended.done else _("it did not work: {words}").format(words=mended.said)
    text = _("{command}: {outcome}").format(command=" ".join(mended.command), outcome=said)
    print(printable(text), file=sys.stdout if mended.done else sys.stderr)
