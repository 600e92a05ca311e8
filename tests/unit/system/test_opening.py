"""What is not handed to systemd, and what becomes of wishes where something is slow, goes or is too long."""

import pytest

from gowatchd.system.desktop_programs import Choice
from gowatchd.system.diff_files import DiffFiles
from gowatchd.system.opening import Opening
from gowatchd.system.transient_units import UNDER_WAY_MOST, Program, Session, TransientUnits, _properties
from tests.support.scheduler import ManualScheduler

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
    assert "control characters" in failure.reason
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


class TestShell:
    @pytest.fixture
    def opening(self, opening):
        opening.choice = Choice(editor="true {file}")
        return opening

    def test_what_is_wished_while_the_login_shell_is_asked_opens_too(self, opening):
        for name in ("a", "b", "c"):
            opening.open_at(f"/src/{name}/go.mod", 1, None)
        (answer,) = opening._shell.asked
        assert opening._units.started == []
        answer({}, "")
        assert [one.folder for one in opening._units.started] == ["/src/a", "/src/b", "/src/c"]
        opening.open_at("/src/d/go.mod", 1, None)
        assert len(opening._units.started) == 4
        assert len(opening._shell.asked) == 1

    def test_more_than_can_be_started_at_once_is_told(self, opening):
        for number in range(UNDER_WAY_MOST + 1):
            opening.open_at(f"/src/{number}/go.mod", 1, None)
        assert [one.text for one in opening.unopened] == [f"/src/{UNDER_WAY_MOST}/go.mod:1"]
        opening._shell.asked[0]({}, "")
        assert len(opening._units.started) == UNDER_WAY_MOST


class Bus:
    """A connection and the calls over it, which nobody answers."""

    def __init__(self):
        self.asked = []

    def signal_subscribe(self, *_details):
        return 1

    def signal_unsubscribe(self, _number):
        pass

    def ask(self, _path, _interface, method, _arguments, _done):
        self.asked.append(method)

    def close(self):
        pass


class TestUnits:
    @pytest.fixture
    def bus(self):
        return Bus()

    @pytest.fixture
    def units(self, bus):
        units = TransientUnits(ManualScheduler())
        units._connection = units._calls = bus
        return units

    @pytest.mark.parametrize("words", [("/home/jos\udce9/bin/vim", "/go.mod"), ("/bin/vim", "\udce9")])
    def test_a_program_that_d_bus_has_no_words_for_is_not_started_and_that_is_told(self, units, bus, words):
        told = []
        units.start(Program(words, "a program"), SESSION, told.append)
        (reason,) = told
        assert reason.endswith("cannot be started: a word of its command is not UTF-8")
        assert reason.isprintable()
        assert bus.asked == []

    def test_the_next_attempt_does_not_begin_on_a_connection_that_goes(self, units, bus):
        told = []
        program = Program(("/bin/true",), "true")

        def try_again(reason):
            told.append(reason)
            if len(told) == 1:
                units.start(program, SESSION, try_again)

        units.start(program, SESSION, try_again)
        units.detach()
        assert told == ["the session bus went away", "there is no session bus"]
        assert bus.asked.count("StartTransientUnit") == 1


def test_a_diff_with_a_long_title_in_any_script_has_a_file(tmp_path):
    path = DiffFiles(str(tmp_path)).write("已格式化" + "\U00020000" * 100, "+x\n")
    assert path.startswith(f"{tmp_path}/diffs/已格式化\U00020000")
    with open(path) as stream:
        assert stream.read() == "+x\n"
