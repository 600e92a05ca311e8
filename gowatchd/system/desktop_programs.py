"""The programs of the desktop session: where they stand, and which of them would edit a file."""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.services.editor_command import EditorCommand, from_template, from_variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Terminals, with what has them run the words after it: the freedesktop proposal and Debian's policy (11.8.3)
# first, which follow the person's choice, then what a desktop without either brings.
TERMINALS = (
    ("xdg-terminal-exec",),
    ("x-terminal-emulator", "-e"),
    ("gnome-terminal", "--"),
    ("kgx", "--"),
    ("konsole", "-e"),
    ("foot",),
    ("alacritty", "-e"),
    ("kitty",),
    ("xterm", "-e"),
)
DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"
DATA_FOLDERS = "/usr/local/share:/usr/share"  # XDG Base Directory Specification


@dataclass(frozen=True, slots=True)
class Choice:
    """What the configuration says: an editor as a template, a terminal as words; None: whatever is there.

    ``login_shell`` says whether that may be asked for VISUAL, EDITOR and PATH.
    """

    editor: str | None = None
    terminal: str | None = None
    login_shell: bool = True


@dataclass(frozen=True, slots=True)
class DesktopPrograms:
    """What is found in ``session``, the manager's environment, and in what the login shell exported."""

    session: Mapping[str, str]
    exported: Mapping[str, str]

    @property
    def has_display(self) -> bool:
        """Say whether a desktop is there: each puts these into the manager's environment when it starts."""
        return any(self.session.get(name) for name in ("WAYLAND_DISPLAY", "DISPLAY"))

    def find(self, program: str) -> str | None:
        """Return the absolute path of ``program``, the login shell's own one first; None where it is not."""
        paths = (self.exported.get("PATH"), self.session.get("PATH"), DEFAULT_PATH)
        path = ":".join(path for path in paths if path)
        found = shutil.which(os.path.expanduser(program), path=path)
        return os.path.normpath(found) if found and os.path.isabs(found) else None

    def real(self, program: str) -> str:
        """Return where ``program`` leads in the end, through alternatives and other links."""
        return os.path.realpath(self.find(program) or program)

    def configured(self, template: str, path: str, line: int) -> EditorCommand:
        """Return what ``template`` of the configuration makes of a file."""
        return from_template(template, path, line, self.real)

    def editors(self, path: str, line: int) -> Iterator[EditorCommand]:
        """Yield what VISUAL and EDITOR ask for, as far as it is known how those open a file at a line."""
        values = (
            source.get(name) for name in ("VISUAL", "EDITOR") for source in (self.session, self.exported)
        )
        for value in dict.fromkeys(value for value in values if value):
            command = from_variable(value, path, line, self.real)
            if command is not None:
                yield command

    def resolve(self, command: EditorCommand, terminal: str | None) -> tuple[tuple[str, ...], str]:
        """Return the words of ``command`` with programs found, or none and the program that is missing."""
        program = self.find(command.words[0])
        if program is None:
            return (), command.words[0]
        words = (program, *command.words[1:])
        if not command.in_terminal:
            return words, ""
        terminals = TERMINALS if terminal is None else (tuple(shlex.split(terminal)),)
        for name, *more in terminals:
            found = self.find(name)
            if found is not None:
                return (found, *more, *words), ""
        return (), terminal or TERMINALS[1][0]

    def desktop_file(self, name: str) -> str | None:
        """Return where the desktop file ``name`` stands, the person's own first."""
        home = self.session.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
        folders = [home, *(self.session.get("XDG_DATA_DIRS") or DATA_FOLDERS).split(":")]
        paths = (os.path.join(folder, "applications", name) for folder in folders if os.path.isabs(folder))
        return next(filter(os.path.isfile, paths), None) if name and "/" not in name else None
