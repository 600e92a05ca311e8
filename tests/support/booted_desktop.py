"""A person's desktop inside a booted container: a display, notifications, files, a finger for buttons."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from tests.support.booted_roots import ROOT
from tests.support.bus import wait_for

if TYPE_CHECKING:
    from tests.support.booted import Booted, Person

SCREENSHOTS = ROOT / "build" / "screenshots"
DISPLAY = ":99"
DUNSTRC = """[global]
markup = full
font = DejaVu Sans 11
origin = top-right
width = 420
dmenu = {home}/pick
idle_threshold = 0

[urgency_low]
timeout = 0

[urgency_normal]
timeout = 0

[record]
script = {home}/record
"""
# dunst hands a script the program's name, the title, the body, the icon and the urgency.
RECORD = '#!/bin/sh\nprintf "%s\\t%s\\n" "$2" "$3" >>"$HOME/notifications"\n'


class Desktop:
    """``person`` sitting at ``machine``; what they start belongs to their own systemd."""

    def __init__(self, machine: Booted, person: Person) -> None:
        self.machine = machine
        self.person = person

    def run(self, *command: str, check: bool = True, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return self.machine.run(*command, person=self.person, check=check, stdin=stdin)

    def write(self, path: str, text: str, mode: str = "644") -> None:
        """Save ``text`` as the file at ``path`` below home, by a process of the person."""
        self.run(
            "sh", "-c", 'mkdir -p "${1%/*}" && cat >"$1" && chmod "$2" "$1"', "sh", path, mode, stdin=text
        )

    def read(self, path: str) -> str:
        return self.machine.path(f"{self.person.home}/{path}").read_text()

    def wait_for_text(self, path: str, text: str) -> None:
        wait_for(lambda: self.read(path) == text, f"{path} holds\n{text}")

    def unit(self, name: str) -> str:
        """Return one property of gowatchd.service, as systemctl shows it."""
        return self.run("systemctl", "--user", "show", "gowatchd", "-P", name).stdout.strip()

    def served_seconds(self) -> float:
        """Return how long the service has been running."""
        since_boot = float(self.run("cut", "-d ", "-f1", "/proc/uptime").stdout)
        return since_boot - int(self.unit("ActiveEnterTimestampMonotonic")) / 1e6

    def ask(self, *verb: str) -> Any:
        """Return what ``gowatchctl VERB --json`` prints."""
        return json.loads(self.run("gowatchctl", "--json", *verb).stdout)

    def show(self) -> None:
        """Start the display and dunst on it."""
        self.write("./pick", "", "755")
        self.write("./record", RECORD, "755")
        self.write("./dunstrc", DUNSTRC.format(home=self.person.home))
        self.run("mkdir", "screen")  # where Xvfb keeps what it shows, as a file
        self._start(
            "display", "Xvfb", DISPLAY, "-screen", "0", "800x300x24", "-nolisten", "tcp", "-fbdir", "screen"
        )
        wait_for(self.machine.path(f"/tmp/.X11-unix/X{DISPLAY[1:]}").exists, "Xvfb is up")
        self._start("notifications", "dunst", "-conf", "dunstrc")
        self.run("gdbus", "wait", "--session", "--timeout", "50", "org.freedesktop.Notifications")

    def _start(self, unit: str, *command: str) -> None:
        home = f"--working-directory={self.person.home}"
        self.run(
            "systemd-run",
            "--user",
            "--quiet",
            f"--unit={unit}",
            f"--setenv=DISPLAY={DISPLAY}",
            home,
            *command,
        )

    def notifications(self) -> list[str]:
        """Return the title and the text of every notification so far, those that are gone included."""
        record = self.machine.path(f"{self.person.home}/notifications")
        return record.read_text().splitlines() if record.exists() else []

    def told(self, text: str) -> bool:
        return any(text in line for line in self.notifications())

    def displayed(self) -> int:
        return int(self.run("dunstctl", "count", "displayed").stdout)

    def press(self, button: str, title: str) -> None:
        """Choose ``button`` of the notification called ``title`` in the menu of dunst."""
        self.write("./pick", f'#!/bin/sh\ngrep -m1 -F "#{button} ({title})"\n', "755")
        self.run("dunstctl", "context")

    def screenshot(self, name: str) -> int:
        """Keep a picture of the display in build/screenshots; return how many colours it has."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        screen = self.machine.path(f"{self.person.home}/screen/Xvfb_screen0")
        picture = SCREENSHOTS / f"{name}.png"
        subprocess.run(["convert", f"xwd:{screen}", picture], timeout=90, check=True)
        count = subprocess.run(
            ["identify", "-format", "%k", picture], capture_output=True, timeout=90, check=True
        )
        return int(count.stdout)
