"""The checks of ``gowatchctl doctor`` about environments: the shell's, the manager's, and what follows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gowatchd.cli.diagnosis import Diagnosis, Row, State
from gowatchd.cli.table import home_as_tilde
from gowatchd.system.login_shell import login_shell
from gowatchd.unitfile.caution import Caution, caution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gowatchd.cli.examination import Examination

# What changes how go, git and their like work. Anything else may differ without a unit noticing.
_MATTERS = re.compile(
    r"C?GO[A-Z0-9_]+|XDG_(?:CONFIG|CACHE|DATA|STATE)_HOME|WORKSPACE_ROOT|(?:HTTPS?|NO|ALL)_PROXY"
    r"|(?:https?|no|all)_proxy|SSL_CERT_(?:FILE|DIR)"
)

# The advice for what differs and rarely counts; the text form lists only the names.
NO_MATTER = "nothing to do, unless a unit of yours reads it"

_NOBODY = (
    "logins over ssh, on a text console and without anybody (linger) give systemd nothing: what counts is "
    "environment.d and /etc/environment"
)
_LATE = "that is after your first units started: those keep what they began with"


def check_manager(examination: Examination) -> Diagnosis:
    """Ask the user manager for its environment."""
    answer = examination.manager
    return Diagnosis(
        "user-manager",
        "units are not looked at, and gowatchctl env knows none",
        "org.freedesktop.systemd1 on the session bus",
        State.PROBLEM if answer.failure else State.OK,
        answer.failure or f"systemd {answer.version} answers",
        "log in through pam_systemd, or: loginctl enable-linger; then systemctl --user status"
        if answer.failure
        else "",
    )


def check_daemon(examination: Examination) -> Diagnosis:
    """Ask the daemon how it is."""
    status, failure = examination.status
    off = [] if status is None else [f"{one['part']} is off: {one['reason']}" for one in status["off"]]
    if status is None:
        state, result, remedy = State.PROBLEM, failure, "systemctl --user enable --now gowatchd"
    elif off:
        state, result, remedy = State.NOTE, "; ".join(off), "gowatchctl status"
    else:
        state, result, remedy = State.OK, f"gowatchd {status['version']} answers, and nothing is off", ""
    symptom = "saved files are neither checked nor formatted"
    return Diagnosis("daemon", symptom, "org.gowatchd.Gowatchd1 on the session bus", state, result, remedy)


def check_shell(examination: Examination) -> Diagnosis:
    """Start the login shell as the daemon does."""
    variables, failure = examination.shell
    shell = login_shell()
    return Diagnosis(
        "login-shell",
        "a variable is set in your terminal, and gowatchctl env does not know its value",
        f"{shell} -i -l",
        State.PROBLEM if failure else State.OK,
        failure or f"it exports {len(variables)} variables",
        f"env -i HOME=$HOME TERM=dumb {shell} -i -l -c env </dev/null shows what it does" if failure else "",
    )


def check_difference(examination: Examination) -> Diagnosis:
    """Hold what the login shell exports against the manager's environment."""
    shell, _ = examination.shell
    manager = examination.manager
    symptom = "a command works in the terminal and fails in a unit"
    looked = "the login shell's environment against the user manager's"
    if manager.failure or not shell:
        result = "not compared: only one of them answered"
        return Diagnosis("environment", symptom, looked, State.NOTE, result)
    rows, volatile = differences(shell, manager.environment)
    offered = [row.name for row in rows if _is_offered(row, shell)]
    told = uploads(*examination.session)
    if not rows:
        result = f"every variable that could matter is the same; {told}"
        return Diagnosis("environment", symptom, looked, State.OK, result)
    result = f"{_count(len(rows), 'variable')} differ{'s' if len(rows) == 1 else ''}: {told}"
    if volatile:
        result += f". Of one session only, and rightly different: {', '.join(volatile)}"
    remedy = f"gowatchctl env --shared --diff {' '.join(offered)}, then --apply" if offered else ""
    state = State.NOTE if offered or any(row.name == "PATH" for row in rows) else State.OK
    return Diagnosis("environment", symptom, looked, state, result, remedy, rows)


def check_go(examination: Examination) -> Diagnosis:
    """Look for the go command as the daemon does, and compare with what it found."""
    found, failure = examination.go
    status, _ = examination.status
    theirs = status["go"] if status is not None else None
    symptom = "problems that only go knows are not reported, or another go is asked than yours"
    looked = "PATH, the usual places, the login shell; and what the daemon found"
    state, remedy = State.OK, ""
    if found is None:
        state, result = State.PROBLEM, failure
        remedy = 'install Go, or name it: [check] go = "/path/to/go" in ~/.config/gowatchd/config.toml'
    else:
        result = f"go {found.version}, {home_as_tilde(found.go)} ({found.found})"
        if status is not None and theirs is None:
            state, result = State.PROBLEM, f"{result}; the daemon found none"
            remedy = "systemctl --user restart gowatchd"
        elif theirs is not None and theirs["path"] != found.go:
            state = State.NOTE
            result = f"{result}; the daemon uses go {theirs['version']}, {home_as_tilde(theirs['path'])}"
            remedy = f'[check] go = "{found.go}" in ~/.config/gowatchd/config.toml makes it use this one'
    return Diagnosis("go", symptom, looked, state, result, remedy)


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
            hidden = None if manager.get(name) is None else "(another)"
            rows.append(Row(name, "(not shown)", hidden, why.value))
        else:
            advice = why.value if why is not None else _advice(name)
            rows.append(Row(name, value, manager.get(name), advice))
    return tuple(rows), tuple(volatile)


def uploads(kind: str, desktop: str) -> str:
    """Return which session gives the manager what; ``kind`` and ``desktop`` are as in Examination."""
    names = set(desktop.lower().split(":"))
    if not names - {""}:
        return _NOBODY
    if "gnome" in names or "ubuntu" in names:
        if kind == "wayland":
            return (
                f"GNOME on Wayland gives systemd what a login shell exports, not what .bashrc sets; {_LATE}"
            )
        return f"GNOME on X11 gives systemd what ~/.profile exports, not .bash_profile or .zprofile; {_LATE}"
    if "kde" in names:
        return (
            "KDE gives systemd what your login files and ~/.config/plasma-workspace/env/*.sh export, and "
            f"takes it back at logout; {_LATE}"
        )
    if "sway" in names:
        return "sway gives systemd DISPLAY, WAYLAND_DISPLAY, SWAYSOCK and XDG_CURRENT_DESKTOP, and no more"
    return (
        f"{desktop} gives systemd the display and the desktop's name; everything else only where dbus-x11 is "
        f"installed (X11) or its configuration runs systemctl --user import-environment; {_LATE}"
    )


def _matters(name: str) -> bool:
    return name == "PATH" or _MATTERS.fullmatch(name) is not None


def _is_offered(row: Row, shell: Mapping[str, str]) -> bool:
    return _MATTERS.fullmatch(row.name) is not None and caution(row.name, shell[row.name]) is None


def _advice(name: str) -> str:
    if _matters(name):
        return f"gowatchctl env --shared --apply {name}"
    return NO_MATTER


def _path_advice(shell: str, manager: str) -> str:
    known = set(manager.split(":"))
    lacking = [home_as_tilde(one) for one in dict.fromkeys(shell.split(":")) if one and one not in known]
    if not lacking:
        return ""
    return (
        f"the manager's lacks {', '.join(lacking)}: gowatchctl env gives each unit the folder that it needs"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


CHECKS = (check_manager, check_daemon, check_shell, check_difference, check_go)
