"""Real editors in a terminal: the daemon makes none ask, loses nothing, and formats when they are done."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.bus import wait_for
from tests.support.editing import MESSY, text_of
from tests.support.git import git
from tests.support.terminal import Terminal

# What somebody types at the top of the file, one after the other. The first is worth a warning.
FIRST = "replace example.com/gone => ./gone"
SECOND = "// second"
WARNING = "replacement-missing"

# What an editor asks, or says beside asking, when the file changed under it (each was seen, docs/adr/0008).
QUESTION = re.compile(
    r"has been changed since|has changed on disk|changed on disk|on disk is newer|File on disk has changed|"
    r"modified since|modified in the meantime|really (?:edit|want)|Reload|reload|enter key",
)


@dataclass(frozen=True)
class Editor:
    """How to drive one: ``{}`` is what is typed; a step is keys, and what must stand on the screen then,
    or with a ``-`` before it must not."""

    command: tuple[str, ...]
    save: tuple[tuple[str, str], ...]
    leave: tuple[str, ...]
    sign: str = "may have it open"  # what the status says of a file that waits for it


def _modal(mode):
    """Return what saves in an editor that shows its insert mode as ``mode``."""
    return ("ggO{}", mode), ("\x1b", f"-{mode}"), (":w\r", "")


EX = (("gg:0put ='{}'\r:w\r", ""),)  # no escape key: after it an editor waits whether more is to come
VIM_HERE = ("vim", "-u", "NONE", "-i", "NONE", "-N", "go.mod")
VIM = ("vim", "-u", "NONE", "-i", "NONE", "-N", "--cmd", "set backupskip=")
NVIM = ("nvim", "-u", "NONE", "-i", "NONE")
EMACS = ("emacs", "-Q", "-nw", "--eval", "(setq auto-mode-alist nil)")
NOTHING_LOCKED = ("--eval", "(setq create-lockfiles nil)")
CONTROL = (("{}\r\x13", ""),)  # Ctrl-S saves
CONTROL_X = (("{}\r\x18\x13", ""),)  # Ctrl-X Ctrl-S
HOME_KEY = "\x1b[H"
HAS_IT_OPEN = "has it open: .go.mod.sw"

EDITORS = {
    "vim": Editor((*VIM, "go.mod"), EX, (":q\r",), HAS_IT_OPEN),
    "vim-in-place": Editor((*VIM, "--cmd", "set backupcopy=yes", "go.mod"), EX, (":q\r",), HAS_IT_OPEN),
    "vim-swap-elsewhere": Editor((*VIM, "--cmd", "set directory=$HOME//", "go.mod"), EX, (":q\r",)),
    "vim-swap-flat": Editor((*VIM, "--cmd", "set directory=$HOME", "go.mod"), EX, (":q\r",)),
    "vim-noswapfile": Editor((*VIM, "--cmd", "set noswapfile", "go.mod"), EX, (":q\r",)),
    "vim-noswapfile-later": Editor((*VIM, "-n", "-c", "edit go.mod"), EX, (":q\r",)),
    "neovim": Editor((*NVIM, "go.mod"), EX, (":q\r",), "has it open: %"),
    "neovim-in-place": Editor(
        (*NVIM, "--cmd", "set backupcopy=yes", "go.mod"), EX, (":q\r",), "has it open: %"
    ),
    "neovim-noswapfile": Editor((*NVIM, "-n", "go.mod"), EX, (":q\r",)),
    "neovim-noswapfile-later": Editor((*NVIM, "-n", "-c", "edit go.mod"), EX, (":q\r",)),
    "nano": Editor(("nano", "--ignorercfiles", "go.mod"), CONTROL, ("\x18",)),
    "nano-locking": Editor(
        ("nano", "--ignorercfiles", "--locking", "go.mod"), CONTROL, ("\x18",), HAS_IT_OPEN
    ),
    "emacs": Editor((*EMACS, "go.mod"), CONTROL_X, ("\x18\x03",)),
    "emacs-later": Editor((*EMACS, "--eval", '(find-file "go.mod")'), CONTROL_X, ("\x18\x03",)),
    "emacs-nothing-locked": Editor(
        (*EMACS, *NOTHING_LOCKED, "--eval", '(find-file "go.mod")'), CONTROL_X, ("\x18\x03",)
    ),
    "micro": Editor(("micro", "go.mod"), CONTROL, ("\x11",)),
    "ne": Editor(("ne", "go.mod"), CONTROL, ("\x11",)),
    "joe": Editor(("joe", "go.mod"), (("{}\r\x0bd", "Name of file"), ("\r", "saved")), ("\x03",)),
    "mcedit": Editor(("mcedit", "go.mod"), (("{}\r\x1b2", "Save file"), ("\r", "")), ("\x1b0",)),
    "mg": Editor(("mg", "go.mod"), CONTROL_X, ("\x18\x03",)),
    "jed": Editor(("jed", "go.mod"), CONTROL_X, ("\x18\x03",)),
    "vis": Editor(("vis", "go.mod"), _modal("INSERT"), (":q\r",)),
    "kakoune": Editor(("kak", "-n", "go.mod"), _modal("insert"), (":q\r",)),
}

PROGRAMS = ("vim", "neovim", "nano", "emacs", "micro", "ne", "joe", "mcedit", "mg", "jed", "vis", "kakoune")
ASKING_AT_ONCE = {"kakoune"}  # the others ask at the next change or save
ASKING_AT_A_KEY = {"micro"}  # and takes the next one for an answer

# Most look at the file once more after their save, at a moment of their own, and take what they find for it.
# Of a rewrite that falls before that they ask nothing, but of the next one.
ROUNDS = 5
ROUND_SECONDS = 10  # after which one that took the rewrite for its own will not ask any more


@pytest.fixture
def environment(daemon):
    _settle_vis(Path(daemon.environment["HOME"]))
    return daemon.environment


@pytest.mark.parametrize("name", EDITORS)
def test_an_open_editor_is_never_asked(place, environment, name):
    editor = EDITORS[name]
    with Terminal(editor.command, place.folder, environment) as terminal:
        terminal.shows("example.com/app")
        _save(terminal, editor, FIRST)
        place.wait_for_text(f"{FIRST}\n{MESSY}")
        place.verdicts.wait_for_code(place.folder, WARNING)
        place.wait_for_standing("pending", editor.sign)
        _save(terminal, editor, SECOND)  # one that asked first would not come so far as to write
        terminal.wait_for(lambda: SECOND in text_of(place.file), "the second save")
        terminal.rests()
        saved = place.file.read_text()
        assert sorted(saved.splitlines()) == sorted([SECOND, FIRST, *MESSY.splitlines()])
        place.wait_for_standing("pending", editor.sign)
        assert not QUESTION.search(terminal.text), terminal.text
        for keys in editor.leave:
            terminal.press(keys)
        terminal.ended()
    place.wait_until_formatted(saved)
    assert place.standing() == []


@pytest.mark.parametrize("name", [name for name in EDITORS if name in PROGRAMS])
def test_a_rewrite_under_it_would_have_asked(tmp_path, name):
    """Why the daemon waits, and that this editor's question is one that the test above would see."""
    editor, file = EDITORS[name], tmp_path / "go.mod"
    file.write_text(MESSY)
    _settle_vis(tmp_path)
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    with Terminal(editor.command, tmp_path, environment) as terminal:
        terminal.shows("example.com/app")
        _save(terminal, editor, FIRST)
        terminal.wait_for(lambda: FIRST in text_of(file), "the first save")
        terminal.rests()
        for _ in range(ROUNDS):
            rewritten = _rewrite(file)
            if name in ASKING_AT_A_KEY:
                terminal.press("x")
            elif name not in ASKING_AT_ONCE:
                _save(terminal, editor, SECOND, lambda: QUESTION.search(terminal.text))
            if name in ASKING_AT_ONCE | ASKING_AT_A_KEY:  # which save nothing here
                with contextlib.suppress(AssertionError):
                    wait_for(lambda: QUESTION.search(terminal.text), "its question", ROUND_SECONDS)
            else:
                terminal.wait_for(
                    lambda: QUESTION.search(terminal.text) or SECOND in text_of(file),
                    "its question, or its save",
                )
            if QUESTION.search(terminal.text):
                break
        assert QUESTION.search(terminal.text), terminal.text
        assert file.read_text() == rewritten


def _rewrite(file):
    """Change a line of ``file`` that nobody types, as a formatter would, and return the new text."""
    rewritten = file.read_text().replace(f"{SECOND}\n", "") + "// a rewrite\n"
    file.write_text(rewritten)
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime + 2))  # many compare whole seconds only
    return rewritten


def test_what_was_committed_under_an_open_vim_is_left_alone(place, environment):
    with Terminal(VIM_HERE, place.folder, environment) as vim:
        _save(vim, EDITORS["vim"], FIRST)
        place.wait_for_standing("pending", "an editor")
        git(place.folder, "commit", "-qam", "from another window")
        vim.press(":q\r")
        vim.ended()
    place.wait_for_standing("kept", "what git has")
    assert git(place.folder, "status", "--porcelain") == ""


@pytest.mark.parametrize("name", ["vim", "neovim", "nano-locking", "nano", "emacs"])
def test_an_editor_that_is_killed_lets_go_at_once(place, environment, name):
    """Some leave their sign behind, which says nothing any more; nobody has to look again to find that."""
    with Terminal(EDITORS[name].command, place.folder, environment) as terminal:
        terminal.shows("example.com/app")
        _save(terminal, EDITORS[name], FIRST)
        place.wait_for_standing("pending", "an editor")
        terminal.kill()
    place.wait_until_formatted(f"{FIRST}\n{MESSY}")


def test_unsaved_changes_in_emacs_hold_the_file_while_it_lives(place, environment):
    typing = '(progn (find-file "go.mod") (insert "// not saved"))'
    with Terminal((*EMACS, "--eval", typing), place.folder, environment) as emacs:
        emacs.wait_for((place.folder / ".#go.mod").is_symlink, "the lock")
        place.file.write_text(f"{MESSY}// mine\n")
        place.wait_for_standing("pending", "has it open: .#go.mod")
    place.wait_until_formatted(f"{MESSY}// mine\n")


def test_gowatchctl_status_says_what_a_file_waits_for(place, environment):
    with Terminal(("nano", "--ignorercfiles", "go.mod"), place.folder, environment) as nano:
        nano.shows("example.com/app")
        nano.press(f"{FIRST}\r\x13")
        place.wait_for_standing("pending", "nano")
        reason = f"an editor may have it open: nano (process {nano.process.pid})"
        shown = place.daemon.gowatchctl("status").stdout  # the workspace's own line tells of a problem
        assert f"Formatting waits: ~/src/{place.folder.name}/go.mod: {reason}\n" in shown
        nano.press(f"\x1b\\\x0b{SECOND}\r\x13")  # in place of the first line, which was worth a warning
        place.daemon.wait_for(lambda: not place.workspaces()[0]["diagnostics"], "no problem")
        place.wait_for_standing("pending", "nano")
        assert f"go.mod: formatting waits: {reason}\n" in place.daemon.gowatchctl("status").stdout


def _settle_vis(home):
    """Let vis colour nothing: 0.9 takes go.mod for Modula-2, and opens a window about its missing lexer."""
    settings = home / ".config/vis/visrc.lua"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.touch()


def _save(terminal, editor, line, stopped=lambda: False):
    """Type ``line`` and save, unless ``stopped`` in the middle."""
    for keys, screen in editor.save:
        terminal.press(keys.replace("{}", line))
        if screen:
            terminal.wait_for(lambda screen=screen: stopped() or _stands(terminal, screen), repr(screen))
        if stopped():
            return


def _stands(terminal, screen):
    return screen in terminal.text if not screen.startswith("-") else screen[1:] not in terminal.text
