from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from gowatchd.system.editors import Editors, neovim_swap_folders
from gowatchd.system.open_editors import OpenEditors, is_editor
from tests.support.bus import wait_for
from tests.support.git import git
from tests.support.terminal import Terminal

TEXT = "module example.com/m\n"
VIM = ("vim", "-u", "NONE", "-i", "NONE", "-N")
EMACS = ("emacs", "-Q", "-nw", "--eval", "(setq auto-mode-alist nil)")


@pytest.fixture
def home(tmp_path):
    for name in ("repository", "other"):
        (tmp_path / name / "cmd").mkdir(parents=True)
        git(tmp_path / name, "init", "-q")
        (tmp_path / name / "go.mod").write_text(TEXT)
        (tmp_path / name / "main.go").write_text("package main // example.com\n")
    (tmp_path / "go.mod").write_text(TEXT)
    return tmp_path


@pytest.fixture
def environment(home):
    return {"HOME": str(home), "PATH": "/usr/bin:/bin"}


@pytest.fixture
def file(home):
    return home / "repository" / "go.mod"


def held(file):
    """Return the name of the editor that may have ``file`` open."""
    editor = OpenEditors().holding(str(file))
    return editor and editor.name


NANO = ("nano", "--ignorercfiles")


@pytest.mark.parametrize(
    ("folder", "command", "holder"),
    [
        ("repository", (*NANO, "go.mod"), "nano"),
        ("other", (*NANO, "../repository/go.mod"), "nano"),
        ("repository/cmd", (*NANO, "+1,1", "../go.mod"), "nano"),
        ("repository", (*NANO, "main.go"), None),  # it has one file
        ("repository", (*VIM, "-n", "main.go"), "vim"),  # may have any
        ("repository/cmd", (*VIM, "-n", "../main.go"), "vim"),
        ("other", (*VIM, "-n", "main.go"), None),  # somewhere else
        (".", (*VIM, "-n", "other/main.go"), None),
        ("repository", (*VIM, "main.go"), None),  # has a swap file for what it has open
        ("repository", (*VIM, "--cmd", "set directory=$HOME", "go.mod"), "vim"),
        ("other", (*VIM, "--cmd", "set directory=$HOME", "../repository/go.mod"), "vim"),
        ("repository", (*VIM, "--cmd", "set directory=$HOME", "../other/go.mod"), None),
        ("other", (*VIM, "--cmd", "set directory=$HOME", "../go.mod"), None),  # "~root/go.mod"
        ("repository", ("nvim", "-u", "NONE", "-i", "NONE", "-n", "main.go"), "nvim"),
        ("repository", ("nvim", "-u", "NONE", "-i", "NONE", "main.go"), None),
        ("repository", ("nvim", "-u", "NONE", "-n", "--cmd", "let g:vscode=1", "main.go"), None),
        ("repository", (*EMACS, "main.go"), "emacs"),
        ("other", (*EMACS, "main.go"), None),
        ("repository", ("less", "go.mod"), None),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else str(one),
)
def test_who_may_have_a_file_open(home, file, environment, folder, command, holder):
    with Terminal(command, home / folder, environment) as terminal:
        terminal.shows("example.com")
        assert held(file) == holder
    wait_for(lambda: held(file) is None, "it to be let go")


def test_without_a_repository_the_folder_and_what_is_below_it_count(tmp_path):
    file = tmp_path / "go.mod"
    file.write_text(TEXT)
    (tmp_path / "below").mkdir()
    for folder, holder in ((tmp_path, "vim"), (tmp_path / "below", "vim"), (tmp_path.parent, None)):
        with Terminal((*VIM, "-n"), folder, {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}) as terminal:
            terminal.shows("~")
            assert held(file) == holder


def test_the_screen_of_a_neovim_does_not_count_beside_its_inner_part(home, file, environment):
    """Since 0.9 ``nvim`` is a screen, whose child ``nvim --embed`` has the files and their swap files."""
    inner = '["nvim", "-u", "NONE", "-i", "NONE", "--headless", "--embed", "main.go"]'
    screen = ("nvim", "-u", "NONE", "-i", "NONE", "-n", "-c", f"call jobstart({inner}, {{'rpc': v:true}})")
    swaps = [Path(folder) for folder in neovim_swap_folders(environment)]
    with Terminal(screen, home / "repository", environment) as terminal:
        terminal.wait_for(
            lambda: any(os.listdir(swap) for swap in swaps if swap.is_dir()), "the swap file of main.go"
        )
        assert held(file) is None


def test_an_emacs_that_has_locked_a_file_has_it_open_afterwards(home, file, environment):
    editors = Editors()
    visit = (*EMACS, "--eval", f'(find-file "{file}")')
    with Terminal(visit, home / "other", environment) as terminal:
        terminal.shows("example.com")
        assert editors.held(str(file)) is None  # started in another place: nothing tells that it has the file
        terminal.press("// typed\r")
        lock = file.parent / ".#go.mod"
        terminal.wait_for(lock.is_symlink, "the lock")
        editors.noticed(str(file))
        terminal.press("\x18\x13")
        terminal.wait_for(lambda: not lock.is_symlink(), "the save")
        editors.noticed(str(file))
        assert "emacs" in editors.held(str(file)).reason
    wait_for(lambda: editors.held(str(file)) is None, "emacs' own children to end too")


@pytest.mark.parametrize("command", [VIM, (*NANO, "--locking")], ids=["vim", "nano"])
def test_a_clock_that_was_set_forward_does_not_make_a_living_editor_dead(home, file, environment, command):
    """Its sign then seems to be older than its process."""
    with Terminal((*command, "go.mod"), file.parent, environment) as terminal:
        terminal.shows("example.com")
        terminal.press("x")
        sign = file.parent / ".go.mod.swp"
        terminal.wait_for(sign.exists, "the sign")
        terminal.rests()
        os.utime(sign, (1, 1))
        hold = Editors().held(str(file))
        assert hold is not None
        assert "has it open: .go.mod.swp" in hold.reason
        os.kill(hold.pid, signal.SIGKILL)
        terminal.ended()
        assert sign.exists()
        assert Editors().held(str(file)) is None


def test_an_emacs_whose_lock_names_another_boot_time_is_alive(home, file, environment):
    """The time of the boot is another one once the clock was set."""
    with Terminal((*EMACS, "go.mod"), file.parent, environment) as terminal:
        terminal.shows("example.com")
        lock = file.parent / ".#go.mod"
        lock.symlink_to(f"me@{os.uname().nodename}.{_emacs_of(file)}:1")
        assert Editors().held(str(file)) is not None
        assert "has it open: .#go.mod" in Editors().held(str(file)).reason
        terminal.kill()
    wait_for(lambda: Editors().held(str(file)) is None, "emacs' own children to end too")


def _emacs_of(file):
    editor = OpenEditors().holding(str(file))
    assert editor is not None
    assert is_editor(editor.pid)
    return editor.pid
