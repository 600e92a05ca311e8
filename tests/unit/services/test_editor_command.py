"""The words that start an editor at a line."""

from __future__ import annotations

import pytest

from gowatchd.services.editor_command import EditorCommand, from_desktop_file, from_template, from_variable

PATH = "/src/a b/go.mod"


def same(program):
    return program


@pytest.mark.parametrize(
    ("value", "words", "in_terminal"),
    [
        ("code --wait", ("code", "--wait", "--goto", f"{PATH}:7"), False),
        ("/opt/zed/bin/zed", ("/opt/zed/bin/zed", f"{PATH}:7"), False),
        ("'/my programs/goland.sh'", ("/my programs/goland.sh", "--line", "7", PATH), False),
        ("gvim -f", ("gvim", "-f", "+7", PATH), False),
        ("vim", ("vim", "+7", PATH), True),
        ("emacs", ("emacs", "+7", PATH), False),
        ("emacs -nw", ("emacs", "-nw", "+7", PATH), True),
        ("emacsclient -a '' --tty", ("emacsclient", "-a", "", "--tty", "+7", PATH), True),
        ("gnome-text-editor", ("gnome-text-editor", PATH, "+7"), False),
        ("jed", ("jed", PATH, "-g", "7"), True),
    ],
)
def test_known_editors_are_told_the_line_as_they_take_it(value, words, in_terminal):
    assert from_variable(value, PATH, 7, same) == EditorCommand(words, in_terminal)


@pytest.mark.parametrize("value", ["", "ed", "sensible-editor", "code 'unclosed", "/usr/bin/codex"])
def test_other_editors_are_not_guessed_at(value):
    assert from_variable(value, PATH, 7, same) is None


@pytest.mark.parametrize(
    ("program", "leads_to", "in_terminal"),
    [
        ("editor", "/usr/bin/vim.basic", True),
        ("gvim", "/usr/bin/vim.gtk3", False),
        ("emacs", "/usr/bin/emacs-nox", True),
    ],
)
def test_a_link_is_followed_where_its_own_name_says_nothing(program, leads_to, in_terminal):
    command = from_variable(program, PATH, 7, lambda _program: leads_to)
    assert command == EditorCommand((program, "+7", PATH), in_terminal)


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("org.gnome.TextEditor.desktop", "gnome-text-editor"),
        ("org.kde.kate.desktop", "kate"),
        ("code.desktop", "code"),
        ("nvim.desktop", "nvim"),
        ("org.example.Pad.desktop", None),
        ("", None),
    ],
)
def test_a_desktop_file_tells_the_editor(name, program):
    command = from_desktop_file(name, PATH, 7)
    assert (command.words[0] if command else None) == program


def test_what_a_template_is_filled_with_is_not_filled_again():
    command = from_template("foot -e vim +{line} {file} {file}x", "/{line}/{file} $HOME", 3, same)
    name = "/{line}/{file} $HOME"
    assert command == EditorCommand(("foot", "-e", "vim", "+3", name, f"{name}x"), in_terminal=False)
    assert from_template("vim {file}", PATH, 3, same).in_terminal
