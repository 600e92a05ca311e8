"""A real notification server on a real display that nobody looks at, and a person who presses buttons."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.bus import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.bus import PrivateBus

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
CONFIG = ROOT / "config"
PUPIL = "#0E2A33"  # a colour of our icon that nothing else on the display has
XFCE = Path("/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd")
SERVER = "org.freedesktop.Notifications"
DUNST = """[global]
markup = {markup}
font = DejaVu Sans 11
origin = top-right
width = 420
dmenu = {dmenu}
idle_threshold = 0
enable_recursive_icon_lookup = true
icon_theme = hicolor
min_icon_size = 48
max_icon_size = 48

[urgency_normal]
timeout = 0

[record]
script = {record}
"""
# dunst hands a script the program's name, the title, the body, the icon and the urgency, and more besides.
RECORD = """#!/bin/sh
printf "%s: %s\\n" "$2" "$3" >>"{notes}"
printf "%s %s\\n" "$DUNST_DESKTOP_ENTRY" "$DUNST_ICON_PATH" >>"{notes}.looks"
"""

needs_display = pytest.mark.skipif(
    not all(map(shutil.which, ("Xvfb", "import", "identify"))), reason="needs xvfb and imagemagick"
)
needs_dunst = pytest.mark.skipif(not shutil.which("dunst"), reason="needs dunst")
needs_xfce = pytest.mark.skipif(
    not (XFCE.exists() and shutil.which("xdotool")), reason="needs xfce4-notifyd, xdotool"
)


def install_icon(folder: Path) -> Path:
    """Put our icon where the package has it, below ``folder``; return the icon's file."""
    place = folder / "icons/hicolor/scalable/apps/gowatchd.svg"
    place.parent.mkdir(parents=True)
    shutil.copy(CONFIG / "gowatchd.svg", place)
    (folder / "icons/hicolor/index.theme").write_text(
        "[Icon Theme]\nName=Hicolor\nDirectories=scalable/apps\n"
        "[scalable/apps]\nSize=48\nMinSize=8\nMaxSize=512\nType=Scalable\nContext=Applications\n"
    )
    return place


class Display:
    """An X display of its own."""

    def __init__(self, size: str = "800x300", root: str = "-br") -> None:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", root, "-nolisten", "tcp"]
        self._server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as ready:
            self.name = f":{ready.readline().strip()}"

    def __enter__(self) -> Display:  # noqa: PYI034 typing.Self is of Python 3.11
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.terminate()
        self._server.wait(60)

    def run(self, *command: str, **environment: str) -> str:
        """Run a program on this display and return what it prints."""
        variables = {**os.environ, "DISPLAY": self.name, **environment}
        done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=90, check=True)
        return done.stdout

    def screenshot(self, name: str) -> int:
        """Save what is on the display as build/screenshots/``name``.png; return how many colours it has."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        file = str(SCREENSHOTS / f"{name}.png")
        self.run("import", "-window", "root", file)
        return int(self.run("identify", "-format", "%k", file))

    def click(self, across: int, down: int) -> None:
        """Press the mouse's first button there."""
        self.run("xdotool", "mousemove", str(across), str(down), "click", "1")

    def click_until(self, condition: Callable[[], bool], across: int, down: int) -> None:
        """Press it there, where something is about to come up, until ``condition`` holds."""

        def clicked() -> bool:
            self.click(across, down)
            return condition()

        wait_for(clicked, f"a click at {across},{down} to do something")

    def wait_for_colour(self, name: str, colour: str) -> None:
        """Wait until ``colour``, such as ``#0E2A33``, is anywhere on the display."""
        file = str(SCREENSHOTS / f"{name}.png")

        def seen() -> bool:
            self.screenshot(name)
            return colour in self.run("convert", file, "-format", "%c", "histogram:info:")

        wait_for(seen, f"{colour} on the display ({name})")

    def wait_for_picture(self, name: str) -> None:
        """Wait until there is something to see: a bare display has one colour."""
        wait_for(lambda: self.screenshot(name) > 20, f"something on the display ({name})")


def start_xfce(bus: PrivateBus, display: Display, folder: Path) -> None:
    """Start xfce4-notifyd on ``display``, with its settings in ``folder``."""
    folders = {"XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
    bus.spawn(str(XFCE), DISPLAY=display.name, NO_AT_BRIDGE="1", **folders)  # GTK would wait for a bridge
    bus.wait_for_name(SERVER)


class Dunst:
    """dunst on ``display`` and ``bus``; ``press`` is a person who opens its menu and picks a button."""

    def __init__(self, bus: PrivateBus, display: Display, markup: str = "full") -> None:
        self._bus = bus
        self._display = display
        self._dmenu = bus.folder / "dmenu"
        configuration = bus.folder / "dunstrc"
        self._notes = bus.folder / "notes"
        record = bus.folder / "record"
        record.write_text(RECORD.format(notes=self._notes))
        record.chmod(0o755)
        configuration.write_text(DUNST.format(markup=markup, dmenu=self._dmenu, record=record))
        self._process = bus.spawn("dunst", "-conf", str(configuration), DISPLAY=display.name)
        bus.wait_for_name(SERVER)

    def press(self, label: str) -> None:
        """Pick ``label`` from the menu, whose lines are like ``#Undo (title) [id,key]``."""
        self._dmenu.write_text(f'#!/bin/sh\ngrep -m1 "^#{label} "\n')
        self._dmenu.chmod(0o755)
        self._display.run("dunstctl", "context", DBUS_SESSION_BUS_ADDRESS=self._bus.address)

    def told(self, text: str) -> int:
        """Return how many notifications so far have ``text`` in their title or their body."""
        return self._notes.read_text().count(text) if self._notes.exists() else 0

    def wait_for_told(self, text: str, times: int) -> None:
        """Wait until so many notifications had ``text``."""
        wait_for(lambda: self.told(text) >= times, f"{text}, {times} times")

    def close_all(self) -> None:
        """Take every notification off the display, as a person does."""
        self._display.run("dunstctl", "close-all", DBUS_SESSION_BUS_ADDRESS=self._bus.address)

    def looks(self) -> list[str]:
        """Return the desktop entry and the icon's file of each notification so far."""
        return Path(f"{self._notes}.looks").read_text().splitlines()

    def closed(self, text: str) -> bool:
        """Say whether a notification with ``text`` was displayed and is closed by now."""
        address = self._bus.address
        return text in self._display.run("dunstctl", "history", DBUS_SESSION_BUS_ADDRESS=address)

    def count(self) -> int:
        """Return how many notifications are displayed."""
        address = self._bus.address
        return int(self._display.run("dunstctl", "count", "displayed", DBUS_SESSION_BUS_ADDRESS=address))

    def wait_for_count(self, number: int) -> None:
        """Wait until so many notifications are displayed."""
        wait_for(lambda: self.count() == number, f"{number} notifications on the display")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)

    def kill(self) -> None:
        """End it as nobody should."""
        self._process.kill()
        self._process.wait(60)

    def pause(self) -> None:
        """Have it answer nobody until ``resume``."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)
