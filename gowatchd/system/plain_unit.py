"""A command as a unit of its own, for what does not work in the sandbox of our service.

A child inherits the sandbox for good (docs/adr/0018). What the start-up files of a shell run is the person's:
a node that a version manager asks, a helper with other rights, an agent that is left behind. In the sandbox
they fail as they do not at a login, and what they leave behind stays in our group.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.system.process import NICENESS
from gowatchd.system.program_path import find_program

if TYPE_CHECKING:
    from gowatchd.services.ports import Finished
    from gowatchd.system.process import Command

# What a login gives everybody, and where fish and zsh find their files. The rest stays away: everybody on a
# machine can read the words of a command.
_GIVEN = (
    "DBUS_SESSION_BUS_ADDRESS",
    "HOME",
    "LANG",
    "LOGNAME",
    "PATH",
    "SHELL",
    "TERM",
    "USER",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "ZDOTDIR",
)
# What systemd-run says where the bus is not there, or nobody on it starts units; the words between differ.
_UNSTARTED = re.compile(rb"Failed to (connect to [^\n]*\b(bus|transport)\b|start transient )")
_RESTRICTED = re.compile(r"^NoNewPrivs:\s*1$", re.MULTILINE)
_SYSTEMD_RUN = (
    "systemd-run",
    "--user",
    "--quiet",
    "--wait",
    "--pipe",
    "--collect",
    "--same-dir",
    "--description=What the login shell says to gowatchd",  # else its journal has all of the words
    "--service-type=exec",
    "--slice=background.slice",
    f"--nice={NICENESS}",
    "--property=LimitCORE=0",
    "--property=MemoryMax=1G",  # as for the service, whose children are no longer counted
    "--property=TasksMax=512",
    "--property=KillSignal=SIGKILL",  # interactive shells do not heed SIGTERM
)


def outside(command: Command) -> Command:
    """Return ``command`` as one that runs outside of our sandbox, or itself where we are in none.

    It gets of its environment only what a login gives, lives no longer than its timeout, and leaves nobody
    behind. Where no user manager runs, systemd-run is not installed, or D-Bus has no words for it, it stays
    what it is.
    """
    bus = _managers_bus()
    if not (bus and _is_restricted() and find_program(_SYSTEMD_RUN[0])):
        return command
    given = (f"{name}={command.env[name]}" for name in _GIVEN if name in command.env)
    words = (
        *_SYSTEMD_RUN,
        f"--property=RuntimeMaxSec={command.timeout:g}",
        "--",
        # systemd puts variables in place of a "$"
        *(word.replace("$", "$$") for word in ("/usr/bin/env", "-i", *given, *command.argv)),
    )
    # an own bus of the session (dbus-run-session) knows no manager
    environment = {**command.env, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}"}
    return replace(command, argv=words, env=environment) if _is_text((*words, command.cwd)) else command


def was_unstarted(finished: Finished) -> bool:
    """Say whether what `outside` returned ended before the command ran: then it is to be run as it is."""
    return finished.exit_code == 1 and not finished.stdout and bool(_UNSTARTED.match(finished.stderr))


def _is_restricted() -> bool:
    try:
        with open("/proc/self/status", encoding="utf-8", errors="replace") as file:
            return _RESTRICTED.search(file.read()) is not None
    except OSError:  # no /proc, and no way to tell
        return False


def _managers_bus() -> str:
    """Return the socket of the bus that a user manager is on, or nothing."""
    bus = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), "bus")
    return bus if os.path.isabs(bus) and os.path.exists(bus) else ""


def _is_text(words: tuple[str, ...]) -> bool:
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        return False
    return True
