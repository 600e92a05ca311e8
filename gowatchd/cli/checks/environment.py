"""Environments: the login shell's, the user manager's, and what units lack of the one or the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gowatchd.cli.checks.uploads import uploads
from gowatchd.cli.diagnosis import Row, State, Verdict
from gowatchd.cli.table import home_as_tilde
from gowatchd.system.login_shell import login_shell
from gowatchd.translation import N_, _, ngettext
from gowatchd.unitfile.caution import Caution, caution
from gowatchd.unitfile.go_programs import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gowatchd.cli.examination import Examination

# What changes how go, git and their like work. Anything else may differ without a unit noticing. What is for
# one build (GOOS, GOARCH, GOWORK) is wrong for all units, and so is GOROOT, which each go knows of itself.
_MATTERS = re.compile(
    rf"{'|'.join(SETTINGS)}|CGO_[A-Z]+|XDG_(?:CONFIG|CACHE|DATA|STATE)_HOME|WORKSPACE_ROOT|(?:HTTPS?|NO|ALL)_PROXY"
    r"|(?:https?|no|all)_proxy|SSL_CERT_(?:FILE|DIR)"
)

# The advice for what differs and rarely counts; the text form lists only the names.
NO_MATTER = N_("nothing to do, unless a unit of yours reads it")
# What every login shell of Debian has and no user manager: links to /usr/bin and /usr/sbin, and games.
_NO_LACK = frozenset({"/bin", "/sbin", "/usr/games", "/usr/local/games"})
NAMED_MOST = 5  # units in one message; gowatchctl env lists all


def check_shell(examination: Examination) -> Verdict:
    """The login shell cannot be asked.

    Symptom: a variable is set in your terminal, and gowatchctl env does not know its value.
    Looked: what the login shell exports, started with ``-i -l`` as the daemon starts it, without a
    terminal.
    Helps: see what its profile waits for or ends with; ``[env] values`` in the configuration names
    values without it.
    """
    variables, failure = examination.shell
    shell = login_shell()
    if not failure:
        return Verdict(
            State.OK,
            ngettext(
                "{shell} exports {number} variable", "{shell} exports {number} variables", len(variables)
            ).format(shell=shell, number=len(variables)),
        )
    return Verdict(
        State.PROBLEM,
        failure,
        _("see what it does without a terminal:"),
        (f"env -i HOME=$HOME TERM=dumb {shell} -i -l -c env </dev/null",),
    )


def check_environment(examination: Examination) -> Verdict:
    """Your shell exports what systemd's user manager does not have.

    Symptom: a command works in the terminal and fails in a unit.
    Looked: the login shell's environment against the user manager's, variable by variable, and what
    this kind of session (ssh, GNOME, KDE, others) gives the manager at all. Values that look like
    secrets are not shown.
    Helps: ``gowatchctl env UNIT`` for what one unit lacks, ``gowatchctl env --shared`` for all of them.
    Mends: it writes the variables that are about Go and may be copied to
    ``~/.config/environment.d/99-gowatchd.conf``, by way of the daemon; ``gowatchctl env --shared
    --undo`` takes that back.
    """
    shell, _failure = examination.shell
    manager = examination.manager
    if manager.failure or not shell:
        return Verdict(State.UNKNOWN, _("not compared: only one of them answered"))
    rows, volatile = differences(shell, manager.environment)
    offered = [row.name for row in rows if _is_offered(row, shell)]
    told = uploads(*examination.session)
    if not rows:
        return Verdict(State.OK, _("every variable that could matter is the same; {told}").format(told=told))
    result = ngettext(
        "{number} variable differs: {told}", "{number} variables differ: {told}", len(rows)
    ).format(number=len(rows), told=told)
    if volatile:
        result = _("{result}. Of one session only, and rightly different: {names}").format(
            result=result, names=", ".join(volatile)
        )
    if not offered:
        state = State.NOTE if any(row.name == "PATH" for row in rows) else State.OK
        return Verdict(state, result, rows=rows)
    write = ("gowatchctl", "env", "--shared", "--apply", *offered)
    return Verdict(
        State.NOTE,
        result,
        _("look at what would be written, then write it"),
        (" ".join((*write[:3], "--diff", *offered)), " ".join(write)),
        write if examination.status[0] is not None else (),
        rows,
    )


def check_units(examination: Examination) -> Verdict:
    """Some of your user units lack what they need of their environment.

    Symptom: a unit of yours fails with 127 or 203, or works on something else than you do in the
    terminal.
    Looked: the daemon's audit of your service units, as ``gowatchctl env`` shows it.
    Helps: ``gowatchctl env UNIT`` says what is missing, why, and what mends it.
    """
    answer, failure = examination.units
    if examination.bus.failure:
        return Verdict(State.UNKNOWN, _("not asked: no session bus answers"))
    if answer is None:
        return Verdict(State.UNKNOWN, _("not asked: {failure}").format(failure=failure))
    if answer["reason"]:
        return Verdict(State.UNKNOWN, _("no audit: {reason}").format(reason=answer["reason"]))
    lacking = [one["unit"] for one in answer["units"] if one["findings"]]
    if not lacking:
        return Verdict(
            State.OK,
            ngettext(
                "{number} unit of yours has what it needs",
                "{number} units of yours have what they need",
                len(answer["units"]),
            ).format(number=len(answer["units"])),
        )
    names = ", ".join(lacking[:NAMED_MOST])
    return Verdict(
        State.NOTE,
        ngettext(
            "{number} unit lacks something: {names}", "{number} units lack something: {names}", len(lacking)
        ).format(number=len(lacking), names=names),
        _("see what, and what mends it:"),
        tuple(f"gowatchctl env {one}" for one in lacking[:NAMED_MOST]),
    )


def differences(
    shell: Mapping[str, str], manager: Mapping[str, str]
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Return the variables that the manager lacks or has otherwise, and the names of those that it should.

    Those that change how Go's programs work come first.
    """
    rows, volatile = [], []
    for name, value in sorted(shell.items(), key=lambda one: (not _matters(one[0]), one[0])):
        if manager.get(name) == value:
            continue
        why = caution(name, value)
        if why is Caution.VOLATILE:
            volatile.append(name)
        elif name == "PATH":
            if advice := _path_advice(value, manager.get(name, "")):
                rows.append(Row(name, value, manager.get(name), advice))
        elif why is Caution.SECRET:
            hidden = None if manager.get(name) is None else _("(another)")
            rows.append(Row(name, _("(not shown)"), hidden, _(why.value)))
        else:
            advice = _(why.value) if why is not None else _advice(name)
            rows.append(Row(name, value, manager.get(name), advice))
    return tuple(rows), tuple(volatile)


def _matters(name: str) -> bool:
    return name == "PATH" or _MATTERS.fullmatch(name) is not None


def _is_offered(row: Row, shell: Mapping[str, str]) -> bool:
    return _MATTERS.fullmatch(row.name) is not None and caution(row.name, shell[row.name]) is None


def _advice(name: str) -> str:
    if _matters(name):
        return f"gowatchctl env --shared --apply {name}"
    return _(NO_MATTER)


def _path_advice(shell: str, manager: str) -> str:
    known = _NO_LACK.union(manager.split(":"))
    lacking = [home_as_tilde(one) for one in dict.fromkeys(shell.split(":")) if one and one not in known]
    if not lacking:
        return ""
    return _("the manager's lacks {folders}: gowatchctl env gives each unit the folder that it needs").format(
        folders=", ".join(lacking)
    )
