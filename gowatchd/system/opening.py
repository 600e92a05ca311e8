"""The person's programs: the editor at a line, the viewer of a diff, in the desktop session that is there.

What opens a file is, in this order: the editor of the configuration, VISUAL and EDITOR as far as the editor
is known, the program that the desktop has for text, and xdg-open. It comes last because its lists take
``go.mod`` for music: the modules of trackers end so.
"""

from __future__ import annotations

import logging
import os
import re
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from gowatchd.services.editor_command import EditorCommand, from_desktop_file
from gowatchd.services.opening import Unopened
from gowatchd.system.desktop_programs import Choice, DesktopPrograms
from gowatchd.system.diff_files import DiffFiles
from gowatchd.system.process import Command
from gowatchd.system.system_error import error_text
from gowatchd.system.transient_units import UNDER_WAY_MOST, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gowatchd.services.ports import Finished
    from gowatchd.system.child import ChildPool
    from gowatchd.system.transient_units import Session, TransientUnits

log = logging.getLogger(__name__)

# systemd writes settings of a unit down as they are: a line end would begin another one.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

HANDLER_SECONDS = 5.0  # xdg-mime is a shell script that reads some small files
TEXT = "text/plain"


class Shell(Protocol):
    """The login shell."""

    def ask(self, done: Callable[[Mapping[str, str], str], None]) -> None:
        """Call ``done`` with what it exports, and with why that is nothing."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see: ``path`` at ``line``; ``title`` and ``text`` say it where nothing opens."""

    title: str
    text: str
    path: str
    line: int
    token: str | None
    is_diff: bool = False


class Opening:
    """The ``Opener`` port: starts programs beside us, and tells ``listen``'s callback what did not open.

    ``choice`` may be set at any time; ``shell`` is asked once, at the first button. Diffs are kept for a
    while below ``folder``.
    """

    def __init__(
        self, units: TransientUnits, pool: ChildPool, shell: Shell, folder: str, choice: Choice
    ) -> None:
        self.choice = choice
        self._units = units
        self._pool = pool
        self._shell = shell
        self._exported: Mapping[str, str] | None = None
        self._asking: list[tuple[Wish, Session]] = []  # what waits for the shell
        self._files = DiffFiles(folder)
        self._failed: Callable[[Unopened], None] = lambda _unopened: None

    def listen(self, failed: Callable[[Unopened], None]) -> None:
        """Tell ``failed`` from now on of what could not be opened."""
        self._failed = failed

    def show_diff(self, title: str, diff: str, token: str | None) -> None:
        """Write ``diff`` to a file of its own and open that."""
        try:
            path = self._files.write(title, diff)
        except OSError as error:
            reason = "no file for it in {folder}: {error}"
            folder = self._files.folder
            self._failed(Unopened(title, diff, reason.format(folder=folder, error=error_text(error))))
        else:
            self._open(Wish(title, diff, path, 1, token, is_diff=True))

    def open_at(self, path: str, line: int, token: str | None) -> None:
        """Open ``path`` at ``line`` in the person's editor."""
        text = f"{path}:{line}"
        self._open(Wish(text, text, path, max(1, line), token))

    def _open(self, wish: Wish) -> None:
        reason = _why_not_told(wish.path)
        if reason:
            self._tell(wish, reason)
        else:
            self._units.read_session(partial(self._with_session, wish))

    def _with_session(self, wish: Wish, session: Session | str) -> None:
        if isinstance(session, str):
            self._tell(wish, session)
        elif self._exported is not None or not self.choice.login_shell:
            self._begin(wish, session)
        elif len(self._asking) >= UNDER_WAY_MOST:
            self._tell(wish, "too many files wait for what the login shell says")
        else:
            self._asking.append((wish, session))
            if len(self._asking) == 1:
                self._shell.ask(self._with_shell)

    def _with_shell(self, exported: Mapping[str, str], reason: str) -> None:
        self._exported = exported
        if reason:
            log.info("%s", reason)
        waiting, self._asking = self._asking, []
        for wish, session in waiting:
            self._begin(wish, session)

    def _begin(self, wish: Wish, session: Session) -> None:
        programs = DesktopPrograms(session.environment, self._exported or {})
        start = partial(self._start, wish, session)
        failed = partial(self._tell, wish)
        _Attempt(wish, programs, self.choice, start, self._pool, failed).begin()

    def _start(
        self, wish: Wish, session: Session, words: tuple[str, ...], done: Callable[[str], None]
    ) -> None:
        folder = "" if wish.is_diff else os.path.dirname(wish.path)
        description = f"{os.path.basename(words[0])} for {wish.path}"
        self._units.start(Program(words, description, folder, wish.token), session, done)

    def _tell(self, wish: Wish, reason: str) -> None:
        log.warning("%s was not opened: %s", wish.path, reason)
        self._failed(Unopened(wish.title, wish.text, reason))


class _Attempt:
    """One wish, tried with one program after the other until one runs."""

    def __init__(
        self,
        wish: Wish,
        programs: DesktopPrograms,
        choice: Choice,
        start: Callable[[tuple[str, ...], Callable[[str], None]], None],
        pool: ChildPool,
        failed: Callable[[str], None],
    ) -> None:
        self._wish = wish
        self._programs = programs
        self._choice = choice
        self._start = start
        self._pool = pool
        self._failed = failed
        self._steps: deque[Callable[[], None]] = deque()
        self._reason = ""  # the first one: what should have worked

    def begin(self) -> None:
        """Line up what may open it."""
        wish, template = self._wish, self._choice.editor
        if template is not None and not wish.is_diff:
            # no other program comes in its place: the person would not learn what is wrong with it
            self._line_up(self._programs.configured(template, wish.path, wish.line))
        elif not self._programs.has_display:
            text = "there is no desktop: systemd's user manager knows neither WAYLAND_DISPLAY nor DISPLAY"
            self._reason = text
        else:
            by_itself = EditorCommand(("xdg-open", wish.path))
            if wish.is_diff:
                self._line_up(by_itself)
            self._line_up(*self._programs.editors(wish.path, wish.line))
            self._steps.append(self._ask_desktop)
            if not wish.is_diff:
                self._line_up(by_itself)
        self._next()

    def _line_up(self, *commands: EditorCommand) -> None:
        self._steps.extend(partial(self._try, command) for command in commands)

    def _next(self, reason: str = "") -> None:
        self._reason = self._reason or reason
        if self._steps:
            self._steps.popleft()()
        else:
            self._failed(self._reason)

    def _try(self, command: EditorCommand) -> None:
        words, missing = self._programs.resolve(command, self._choice.terminal)
        if words:
            self._start(words, self._started)
        else:
            text = "{program} is not on PATH: name an editor in [notify] of config.toml"
            self._next(text.format(program=missing))

    def _started(self, reason: str) -> None:
        if reason:
            self._next(reason)

    def _ask_desktop(self) -> None:
        """Ask which program the person has for text."""
        program = self._programs.find("xdg-mime")
        if program is None:
            self._next()
            return
        command = Command(
            (program, "query", "default", TEXT),
            cwd=os.path.expanduser("~"),
            timeout=HANDLER_SECONDS,
            env=dict(self._programs.session),
        )
        self._pool.start(f"program for {self._wish.path}", command, self._with_handler)

    def _with_handler(self, finished: Finished) -> None:
        name = os.fsdecode(finished.stdout).strip()
        known = from_desktop_file(name, self._wish.path, self._wish.line)
        if known is not None and self._programs.resolve(known, self._choice.terminal)[0]:
            self._try(known)
            return
        file = self._programs.desktop_file(name)
        if file is not None and self._programs.find("gio"):
            self._try(EditorCommand(("gio", "launch", file, self._wish.path)))
        else:
            self._next()


def _why_not_told(path: str) -> str:
    """Say why no program can be told of ``path``; "" if one can."""
    try:
        path.encode()
    except UnicodeEncodeError:  # D-Bus has no other strings
        return "its path is not UTF-8, and no program can be told of it"
    if CONTROL.search(path):
        return "its path has control characters, and no program is told of it"
    return ""
