"""status --watch, as a program, while the daemon changes, stops and starts."""

import errno
import json
import os
import signal
import subprocess
from contextlib import contextmanager

import pytest

from gowatchd.cli import screen
from gowatchd.cli.client import NO_ANSWER
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.status_watch import ASK_SECONDS, watch_lines
from tests.support.bus import beside
from tests.support.desk import COMMAND, ROOT, STATUS
from tests.support.tmux import Tmux

MUTED = {"folder": "/home/me/src/app", "until": None}


@contextmanager
def watched(daemon, tmp_path, *arguments):
    """Run status --watch into a pipe; yield the process and what reads its next line."""
    variables = {**os.environ, "HOME": "/home/me"}
    command = [*COMMAND, "status", "--watch", *arguments]
    process = subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        try:
            yield process, lambda: json.loads(beside(daemon.loop, process.stdout.readline))
        finally:
            process.kill()  # where a test fails, it would be waited for without end


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_a_pipe_gets_a_line_for_each_state(daemon, tmp_path, arguments):
    with watched(daemon, tmp_path, *arguments) as (process, next_line):
        assert next_line() == STATUS
        daemon.exported.status_changed("nothing else changed")
        daemon.desk.answer = {**STATUS, "folders_watched": 100}
        daemon.exported.status_changed("a folder more")
        assert next_line() == daemon.desk.answer
        daemon.stop()
        assert next_line() == {"schema": 1, "running": False}
        daemon.start()
        assert next_line() == daemon.desk.answer
        process.send_signal(signal.SIGINT)
        assert (process.wait(10), process.stderr.read()) == (130, b"")


def test_a_daemon_that_does_not_answer_is_a_state_and_is_asked_again(capsys):
    class Client:
        """One whose daemon is stuck twice, and is there then."""

        answers = iter([CommandError(NO_ANSWER, Exit.UNAVAILABLE)] * 2 + [STATUS, KeyboardInterrupt()])

        def subscribe(self):
            pass

        def next_event(self, seconds):
            return "StatusChanged" if seconds == ASK_SECONDS else None

        def ask(self, _method):
            answer = next(self.answers)
            if isinstance(answer, BaseException):
                raise answer
            return answer

    with pytest.raises(KeyboardInterrupt):
        watch_lines(Client())
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert printed == [{"schema": 1, "running": True, "answering": False}, STATUS]


def test_a_window_that_is_gone_is_no_bug(monkeypatch):
    def gone(_text):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(screen, "_write", gone)
    with pytest.raises(SystemExit) as ended:
        screen.Screen().show(["a page"])
    assert ended.value.code == 128 + signal.SIGHUP
    assert signal.SIGQUIT in screen.ENDS


@pytest.fixture
def terminal(daemon, tmp_path):
    """A shell in which the command can be typed as "watch"."""
    environment = {
        "HOME": "/home/me",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        "DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"],
        "WATCH": " ".join([*COMMAND, "status", "--watch"]),
    }
    window = Tmux(tmp_path, "exec env PS1='ready> ' sh", start=tmp_path, environment=environment)
    with window:
        window.wait_for("ready>")
        window.shows = lambda words: beside(daemon.loop, lambda: window.wait_for(words))
        window.type("echo before", "Enter", "$WATCH", "Enter")
        yield window


def given_back(terminal):
    """Say whether the terminal is on its usual screen, with a cursor."""
    return terminal.asked("#{alternate_on} #{cursor_flag}") == "0 1"


def test_a_terminal_shows_what_changes_and_is_left_as_it_was(daemon, terminal):
    assert "ready>" not in terminal.shows("3 workspaces, 6 modules")
    assert terminal.asked("#{alternate_on} #{cursor_flag}") == "1 0"
    app, *others = STATUS["workspaces"]
    daemon.desk.answer = {**STATUS, "workspaces": [{**app, "muted": MUTED}, *others]}
    daemon.exported.file_formatted(18, "/home/me/src/app/go.mod")
    terminal.shows("○ ~/src/app   go.work  4 modules  muted ")
    daemon.stop()
    assert "workspaces" not in terminal.shows("○ gowatchd is not running: systemctl --user start gowatchd")
    daemon.start()
    terminal.shows("3 workspaces, 6 modules")
    terminal.type("C-c")
    screen = terminal.shows("ready>")
    assert "\nbefore\n" in screen
    assert "workspaces" not in screen
    assert given_back(terminal)


def test_it_can_be_suspended_and_goes_on(daemon, terminal):
    terminal.shows("3 workspaces, 6 modules")
    terminal.type("C-z")
    terminal.shows("Stopped")
    assert given_back(terminal)
    terminal.type("fg", "Enter")
    terminal.shows("3 workspaces, 6 modules")
    terminal.type("C-c")
    terminal.shows("ready>")
    assert given_back(terminal)


def test_a_long_page_ends_with_the_window_and_grows_with_it(daemon, terminal):
    app = STATUS["workspaces"][0]
    many = [{**app, "root": f"/home/me/src/app{number}"} for number in range(45)]
    daemon.desk.answer = {**STATUS, "workspaces": many}
    daemon.exported.status_changed("more")
    lines = terminal.shows("watching 45 workspaces").splitlines()
    assert (len(lines), lines[-1]) == (40, "...")
    terminal.resize(100, 60)
    assert "src/app44" in terminal.shows("Notifications: changes")
