"""Which words start an editor at a line of a file: a person's own template, or what the known editors take.

Each file name is one word of its own and absolute, so that no program takes it for an option, and no shell
reads it.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FILE, LINE = "{file}", "{line}"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class EditorCommand:
    """The words that start an editor, the program first; ``in_terminal``: it draws in one."""

    words: tuple[str, ...]
    in_terminal: bool = False


@dataclass(frozen=True, slots=True)
class _Editor:
    """What comes after the program's name, and the options that move it into the terminal or out of it."""

    arguments: tuple[str, ...]
    in_terminal: bool = False
    terminal_options: frozenset[str] = frozenset()


_GOTO = _Editor(("--goto", f"{FILE}:{LINE}"))
_COLON = _Editor((f"{FILE}:{LINE}",))
_COLON_TERMINAL = _Editor((f"{FILE}:{LINE}",), in_terminal=True)
_PLUS_FIRST = _Editor((f"+{LINE}", FILE))
_PLUS_LAST = _Editor((FILE, f"+{LINE}"))  # gnome-text-editor takes a line for that of the file before it
_PLUS_TERMINAL = _Editor((f"+{LINE}", FILE), in_terminal=True)
_LINE_OPTION = _Editor(("--line", LINE, FILE))
_EMACS = _Editor((f"+{LINE}", FILE), terminal_options=frozenset({"-nw", "--no-window-system", "-t", "--tty"}))

# By the name of the program, as their manuals have it.
_EDITORS = {
    **dict.fromkeys(("code", "code-insiders", "code-oss", "codium", "vscodium", "cursor", "windsurf"), _GOTO),
    **dict.fromkeys(("subl", "sublime_text", "zed", "zeditor", "zedit"), _COLON),
    **dict.fromkeys(("hx", "helix", "mcedit"), _COLON_TERMINAL),
    **dict.fromkeys(("gvim", "vimx", "featherpad", "geany"), _PLUS_FIRST),
    **dict.fromkeys(("gedit", "gnome-text-editor", "xed", "pluma"), _PLUS_LAST),
    **dict.fromkeys(("vi", "vim", "nvim", "nano", "micro", "kak", "joe", "ne"), _PLUS_TERMINAL),
    **dict.fromkeys(("kate", "kwrite", "mousepad", "idea", "goland"), _LINE_OPTION),
    **dict.fromkeys(("emacs", "emacsclient"), _EMACS),
    "jed": _Editor((FILE, "-g", LINE), in_terminal=True),
}
_DESKTOP_NAMES = {"TextEditor": "gnome-text-editor"}  # org.gnome.TextEditor.desktop


def template_problem(template: str) -> str:
    """Say what is wrong with an editor of the configuration, and what to write; "" if nothing."""
    try:
        words = shlex.split(template)
    except ValueError as error:
        return f"{error}: close the quotation mark"
    if not words:
        return f'no program: write one like "code --goto {FILE}:{LINE}", or leave the key out'
    unknown = sorted(set(_PLACEHOLDER.findall(template)) - {FILE, LINE})
    if unknown:
        return f"{unknown[0]} stands for nothing: only {FILE} and {LINE} do"
    if _PLACEHOLDER.search(words[0]):
        return "the program itself cannot come from a file's name: put it first"
    if not any(FILE in word for word in words):
        return f'nothing says where the file goes: write {FILE}, as in "code --goto {FILE}:{LINE}"'
    return ""


def words_problem(words: str) -> str:
    """Say what is wrong with a terminal of the configuration; "" if nothing."""
    try:
        found = shlex.split(words)
    except ValueError as error:
        return f"{error}: close the quotation mark"
    return "" if found else 'no program: write one like "xterm -e", or leave the key out'


def from_template(template: str, path: str, line: int, real: Callable[[str], str]) -> EditorCommand:
    """Return what the configuration asks for; a program that is known to draw in a terminal gets one.

    ``real`` returns where a program's path leads in the end.
    """
    words = tuple(_filled(word, path, line) for word in shlex.split(template))
    return EditorCommand(words, _draws_in_terminal(words, real(words[0])))


def from_variable(value: str, path: str, line: int, real: Callable[[str], str]) -> EditorCommand | None:
    """Return what ``value`` of VISUAL or EDITOR asks for, such as ``emacsclient -t``; None if unknown."""
    try:
        words = tuple(shlex.split(value))
    except ValueError:
        return None
    editor = _editor(words[0], real(words[0])) if words else None
    if editor is None:
        return None
    more = tuple(_filled(word, path, line) for word in editor.arguments)
    return EditorCommand((*words, *more), _draws_in_terminal(words, real(words[0])))


def from_desktop_file(name: str, path: str, line: int) -> EditorCommand | None:
    """Return what opens ``path`` in the program of a desktop file such as ``org.kde.kate.desktop``."""
    last = name.removesuffix(".desktop").rpartition(".")[2]
    program = _DESKTOP_NAMES.get(last, last)
    return from_variable(shlex.quote(program), path, line, lambda same: same)


def _editor(program: str, real: str) -> _Editor | None:
    """Return the editor that ``program`` is: ``/usr/bin/editor`` leads to ``vim.basic``, say."""
    for name in (os.path.basename(program), os.path.basename(real)):
        for known in (name, name.partition(".")[0]):  # vim.basic, goland.sh
            if known in _EDITORS:
                return _EDITORS[known]
    return None


def _draws_in_terminal(words: tuple[str, ...], real: str) -> bool:
    editor = _editor(words[0], real)
    if editor is None:
        return False
    moved = not editor.terminal_options.isdisjoint(words) or real.endswith("-nox")
    return editor.in_terminal or (bool(editor.terminal_options) and moved)


def _filled(word: str, path: str, line: int) -> str:
    """Return ``word`` with the placeholders replaced at once: a file's name may look like one."""
    values = {FILE: path, LINE: str(line)}
    return _PLACEHOLDER.sub(lambda found: values.get(found[0], found[0]), word)
