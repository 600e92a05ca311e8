"""GNOME Shell without a screen in a booted container, as the desktop of one person."""

from __future__ import annotations

import ast
import json
import shutil
from typing import TYPE_CHECKING, Any

from tests.support.booted_desktop import SCREENSHOTS
from tests.support.bus import wait_for

if TYPE_CHECKING:
    from tests.support.booted_desktop import Desktop

NAME = "org.gnome.Shell"
PACKAGES = ("fonts-wqy-microhei", "gnome-shell", "libegl-mesa0", "libgl1-mesa-dri")
COMMAND = (
    "gnome-shell",
    "--headless",
    "--unsafe-mode",  # lets Eval answer, which is the finger on its buttons
    "--no-x11",
    "--virtual-monitor",
    "1024x600",
)
# What a session's own programs set before they start it; memory: dconf is not there.
ENVIRONMENT = (
    "GSETTINGS_BACKEND=memory",
    "LIBGL_ALWAYS_SOFTWARE=1",
    "XDG_CURRENT_DESKTOP=GNOME",
    "XDG_SESSION_TYPE=wayland",
)
_ALL = "Main.messageTray.getSources().flatMap(source => source.notifications)"
_SEEN = """({{source: note.source.title, icon: note.source.icon ? note.source.icon.to_string() : '',
    title: note.title, body: note.body, actions: note.actions.map(action => action.label)}})"""
NOTES = f"JSON.stringify({_ALL}.map(note => {_SEEN.format()}))"
BANNER = (
    f"JSON.stringify([Main.messageTray._notification].filter(note => note).map(note => {_SEEN.format()}))"
)
PRESS = f"{_ALL}.find(note => note.title == %s).actions.find(action => action.label == %s).activate(); 1"
CLEAR = f"{_ALL}.forEach(note => note.destroy(2)); 1"  # as somebody who closes each


class Gnome:
    """The shell of the person at ``desktop``."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop

    def start(self) -> None:
        """Start it as the session's compositor and notification server."""
        settings = [f"--setenv={one}" for one in ENVIRONMENT]
        self._desktop.run("systemd-run", "--user", "--quiet", "--unit=shell", *settings, *COMMAND)
        wait_for(lambda: self.evaluate("Main.layoutManager._startingUp") == "false", "GNOME Shell is up")
        # what gnome-session does, and what every unit from then on has
        self._desktop.run("systemctl", "--user", "set-environment", "WAYLAND_DISPLAY=wayland-0")

    def evaluate(self, script: str) -> str:
        """Run JavaScript in the shell; return its result as JSON, or nothing where it failed."""
        call = ("gdbus", "call", "--session", "--dest", NAME, "--object-path", "/org/gnome/Shell")
        answer = self._desktop.run(*call, "--method", f"{NAME}.Eval", script, check=False).stdout
        succeeded, _, result = answer.strip()[1:-1].partition(", ")
        return str(ast.literal_eval(result)) if succeeded == "true" else ""

    def notes(self) -> list[dict[str, Any]]:
        """Return what is in the message tray."""
        return self._read(NOTES)

    def note(self, title: str) -> dict[str, Any]:
        """Wait for the note called ``title`` and return it."""
        wait_for(lambda: any(one["title"] == title for one in self.notes()), f"the note {title!r}")
        return next(one for one in self.notes() if one["title"] == title)

    def banner(self, title: str) -> dict[str, Any]:
        """Wait until the note called ``title`` is the one that comes up, and return it."""
        wait_for(lambda: [one["title"] for one in self._read(BANNER)] == [title], f"the banner {title!r}")
        return self._read(BANNER)[0]

    def press(self, title: str, label: str) -> None:
        """Press the button ``label`` of the note called ``title``."""
        self.evaluate(PRESS % (json.dumps(title), json.dumps(label)))

    def clear(self) -> None:
        """Close every note."""
        self.evaluate(CLEAR)
        wait_for(lambda: not self.notes(), "no note any more")

    def screenshot(self, name: str, *, of_list: bool = False) -> None:
        """Keep a picture of the banner, unfolded, or of the list of notes, in build/screenshots."""
        menu = "Main.panel.statusArea.dateMenu.menu"
        self.evaluate(f"{menu}.open(false); 1" if of_list else "Main.messageTray._expandBanner(true); 1")
        inside = f"{self._desktop.person.home}/{name}.png"
        call = ("gdbus", "call", "--session", "--dest", NAME, "--object-path", "/org/gnome/Shell/Screenshot")
        self._desktop.run(*call, "--method", f"{NAME}.Screenshot.Screenshot", "false", "false", inside)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._desktop.machine.path(inside), SCREENSHOTS / f"{name}.png")
        if of_list:
            self.evaluate(f"{menu}.close(false); 1")

    def _read(self, script: str) -> list[dict[str, Any]]:
        text = self.evaluate(script)
        found: list[dict[str, Any]] = json.loads(json.loads(text)) if text else []
        return found
