"""What is not handed to systemd, and what becomes of wishes that come while the login shell is asked."""

import pytest

from gowatchd.system.desktop_programs import Choice
from gowatchd.system.opening import Opening
from gowatchd.system.transient_units import Program, Session, _properties

SESSION = Session({"PATH": "/usr/bin:/bin", "DISPLAY": ":77"}, 252)
INJECTED = "x\n[Service]\nExecStopPost=/bin/id"


class Units:
    """A manager that is told of programs, none of which it starts."""

    def __init__(self):
        self.started = []

    def read_session(self, done):
        done(SESSION)

    def start(self, program, _session, done):
        self.started.append(program)
        done("")


class Shell:
    """A login shell that answers when the test says so."""

    def __init__(self):
        self.asked = []

    def ask(self, done):
        self.asked.append(done)


@pytest.fixture
def opening(tmp_path):
    opening = Opening(Units(), None, Shell(), str(tmp_path), Choice(editor="true {file}", login_shell=False))
    opening.unopened = []
    opening.listen(opening.unopened.append)
    return opening


@pytest.mark.parametrize("path", [f"/src/{INJECTED}/go.mod", "/src/\x1b[31m/go.mod", "/src/\x85/go.mod"])
def test_a_path_that_would_write_into_the_unit_is_refused_and_that_is_told(opening, path):
    opening.open_at(path, 3, None)
    assert opening._units.started == []
    (failure,) = opening.unopened
    assert "cannot be printed" in failure.reason
    assert failure.text == f"{path}:3"


def test_a_path_of_any_language_is_handed_over(opening):
    opening.open_at("/src/größe 项目 $HOME 'a' %h/go.mod", 3, None)
    (program,) = opening._units.started
    assert program.words[1:] == ("/src/größe 项目 $HOME 'a' %h/go.mod",)
    assert program.folder == "/src/größe 项目 $HOME 'a' %h"
    assert opening.unopened == []


def test_no_setting_that_systemd_writes_down_as_it_is_has_a_line_end():
    program = Program(("/bin/true",), f"true for {INJECTED}", f"/src/{INJECTED}")
    settings = {name: value.unpack() for name, value in _properties(program, SESSION)}
    assert settings["Description"] == r"true for x\n[Service]\nExecStopPost=/bin/id"
    assert "WorkingDirectory" not in settings
