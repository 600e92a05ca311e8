"""Real editors go to the line, started with the words that a note starts them with."""

from __future__ import annotations

import pytest

from gowatchd.services.editor_command import from_variable
from tests.support.terminal import Terminal

LINE = 137
TEXT = "".join(f"require example.com/m{number} v1.0.{number}\n" for number in range(1, 301))
WANTED = f"example.com/m{LINE} "

EDITORS = {
    "vim": "vim -u NONE -i NONE -N",
    "nvim": "nvim -u NONE -i NONE",
    "nano": "nano --ignorercfiles",
    "emacs": "emacs -Q -nw",
    "micro": "micro",
    "joe": "joe",
    "ne": "ne",
    "mcedit": "mcedit",
    "kak": "kak -n",
    "jed": "jed",
}


@pytest.mark.parametrize("name", EDITORS)
def test_it_stands_on_the_line(name, tmp_path):
    path = tmp_path / "a b" / "go.mod"
    path.parent.mkdir()
    path.write_text(TEXT)
    command = from_variable(EDITORS[name], str(path), LINE, lambda program: program)
    assert command is not None
    assert command.in_terminal
    home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(tmp_path)}
    with Terminal(command.words, tmp_path, home) as terminal:
        if name == "kak":  # it draws the cursor itself, and says where it is
            terminal.shows(f"{LINE}:1 ")
        else:
            terminal.wait_for(lambda: WANTED in terminal.at_cursor, f"the cursor on {WANTED}")
