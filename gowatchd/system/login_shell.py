"""What the login shell exports: asked once, of the shell itself, since nobody else can read its files."""

from __future__ import annotations

import os
import pwd
import secrets
from typing import TYPE_CHECKING

from gowatchd.system.plain_unit import outside, was_unstarted
from gowatchd.system.process import Command, child_environment, run_child

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gowatchd.services.ports import Finished
    from gowatchd.system.child import ChildPool

# A profile may wait for a network or a keyring; nothing urgent depends on its answer.
SECONDS = 5.0

# Those whose -i, -l and -c mean what they mean in sh(1).
_KNOWN = frozenset({"ash", "bash", "dash", "fish", "ksh", "mksh", "sh", "zsh"})

# What the manager gives every process (a profile that finds them set may leave its own out), and where fish
# and zsh find their files.
_KEPT = (
    "DBUS_SESSION_BUS_ADDRESS",
    "HOME",
    "LANG",
    "LOGNAME",
    "PATH",
    "SHELL",
    "USER",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "ZDOTDIR",
)


class LoginShell:
    """Runs the login shell of this person, in a session of its own and without a terminal."""

    def __init__(self, pool: ChildPool) -> None:
        self._pool = pool

    def ask(self, done: Callable[[Mapping[str, str], str], None]) -> None:
        """Call ``done`` later with the variables that it exports, and with why there are none."""
        shell = login_shell()
        if not _is_known(shell):
            done({}, _unknown(shell))
            return
        command, marker = _question(shell, child_environment())
        beside = outside(command)

        def answered(finished: Finished) -> None:
            if beside is not command and was_unstarted(finished):
                self._pool.start("login shell", command, lambda again: done(*_read(again, marker)))
            else:
                done(*_read(finished, marker))

        self._pool.start("login shell", beside, answered)


def ask_login_shell(environment: Mapping[str, str]) -> tuple[Mapping[str, str], str]:
    """Return what a login shell started in ``environment`` exports, and why nothing; waits for it."""
    shell = login_shell()
    if not _is_known(shell):
        return {}, _unknown(shell)
    command, marker = _question(shell, environment)
    return _read(run_child(command), marker)


def login_shell() -> str:
    """Return the path of this person's login shell: that of the account, else $SHELL."""
    try:
        shell = pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:  # an account without an entry, as in some containers
        shell = ""
    return shell or os.environ.get("SHELL") or "/bin/sh"


def _is_known(shell: str) -> bool:
    return os.path.basename(shell) in _KNOWN


def _unknown(shell: str) -> str:
    return f"the login shell {shell} is none that can be asked"


def _question(shell: str, environment: Mapping[str, str]) -> tuple[Command, bytes]:
    marker = secrets.token_hex(16)
    # what a profile prints comes before the marker; env ends it, and runs nothing of the person
    script = f"printf '\\0%s\\0' {marker}; exec /usr/bin/env -0"
    command = Command(
        (shell, "-i", "-l", "-c", script),
        cwd=os.path.expanduser("~"),
        timeout=SECONDS,
        env={**{name: environment[name] for name in _KEPT if name in environment}, "TERM": "dumb"},
    )
    return command, marker.encode()


def _read(finished: Finished, marker: bytes) -> tuple[dict[str, str], str]:
    _, found, said = finished.stdout.partition(b"\0" + marker + b"\0")
    if not found or not finished.succeeded:
        if finished.timed_out:
            return {}, f"the login shell did not answer in {SECONDS:g} s: see what its profile waits for"
        if finished.error:
            return {}, finished.error
        return {}, "the login shell ended before it could be asked: see what its profile runs"
    pairs = (os.fsdecode(one).partition("=") for one in said.split(b"\0"))
    return {name: value for name, equals, value in pairs if equals}, ""
