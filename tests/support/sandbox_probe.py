"""The attempts of ``sandbox_attempts``, by a unit of a booted container with the sandbox of the service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support.booted import ROOT

if TYPE_CHECKING:
    from tests.support.booted_desktop import Desktop

UNITS = ".config/systemd/user"
# The installed unit, but for what it runs.
PROBE = """\
[Service]
Type=oneshot
NotifyAccess=none
WatchdogSec=0
Restart=no
ExecReload=
ExecStart=
ExecStart=/usr/bin/python3 %h/attempts.py --with-child
StandardOutput=truncate:%h/probe.json
"""


def attempts_program() -> str:
    return (ROOT / "tests/support/sandbox_attempts.py").read_text()


def probe(desktop: Desktop) -> dict[str, Any]:
    """Run the attempts in a unit that is the installed one but for its program."""
    desktop.write("./attempts.py", attempts_program())
    desktop.run("mkdir", "-p", UNITS)
    desktop.run("cp", desktop.unit("FragmentPath"), f"{UNITS}/probe.service")
    desktop.write(f"{UNITS}/probe.service.d/50-probe.conf", PROBE)
    desktop.run("systemctl", "--user", "daemon-reload")
    desktop.run("systemctl", "--user", "start", "probe.service")
    found: dict[str, Any] = json.loads(desktop.read("probe.json"))
    desktop.run("rm", "-r", f"{UNITS}/probe.service", f"{UNITS}/probe.service.d")
    desktop.run("systemctl", "--user", "daemon-reload")
    return found


def refused(desktop: Desktop, path: str) -> set[str]:
    """Return which of the attempts that ``path`` tells of failed."""
    return {name for name, said in json.loads(desktop.read(path)).items() if said}
