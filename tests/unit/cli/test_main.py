"""The dispatcher: verbs, shared options, and what every ending returns."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from gowatchd.cli import version
from gowatchd.cli.errors import CommandError, Exit
from gowatchd.cli.main import VERBS, main
from tests.support.go import ROOT

PROGRAM = (sys.executable, "-m", "gowatchd.cli.main")


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    """Start in the checkout, where children find the package, and come back whatever -C does."""
    monkeypatch.chdir(ROOT)


def raising(error):
    def run(_arguments):
        raise error

    return run


def test_version(capsys):
    assert main(["version"]) == 0
    assert capsys.readouterr().out.startswith("gowatchctl ")


@pytest.mark.parametrize("argv", [["--json", "version"], ["version", "--json"]])
def test_shared_options_stand_before_or_after_the_verb(argv, capsys):
    assert main(argv) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == 1


def test_the_option_after_the_verb_wins(capsys):
    assert main(["-C", "/nonexistent", "version", "-C", "/"]) == 0


@pytest.mark.parametrize(
    "argv", [[], ["nonsense"], ["version", "--nonsense"], ["version", "--color", "blue"]]
)
def test_wrong_usage_is_2(argv, capsys):
    assert main(argv) == Exit.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: gowatchctl")


def test_help_names_every_verb(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for verb, summary in VERBS.items():
        assert f"  {verb:<10}{summary}\n" in out


def test_help_of_a_verb(capsys):
    assert main(["version", "--help"]) == 0
    assert "usage: gowatchctl version" in capsys.readouterr().out


def test_a_directory_that_is_not_there_is_4(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["-C", "gone", "version"]) == Exit.NO_SUCH_THING
    assert capsys.readouterr().err == "gowatchctl: -C gone: No such file or directory\n"


def test_a_command_error_is_its_message_and_code(monkeypatch, capsys):
    monkeypatch.setattr(version, "run", raising(CommandError("no daemon; start it", Exit.NOT_RUNNING)))
    assert main(["version"]) == 3
    assert capsys.readouterr().err == "gowatchctl: no daemon; start it\n"


def test_no_message_reaches_the_terminal_as_a_command(monkeypatch, capsys):
    monkeypatch.setattr(version, "run", raising(CommandError("\x1b]0;a\x07\nsecond line", Exit.PROBLEMS)))
    assert main(["version"]) == 1
    assert capsys.readouterr().err == "gowatchctl: \\x1b]0;a\\x07\nsecond line\n"
    for words in (["version", "\x1b[31m"], ["\x1b[31m"], ["diff", "--\x1b[31m"]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert "\x1b" not in said
        assert "\\x1b[31m" in said


def test_a_bug_is_70_and_shown_whole(monkeypatch, capsys):
    monkeypatch.setattr(version, "run", raising(ZeroDivisionError("oops")))
    assert main(["version"]) == 70
    err = capsys.readouterr().err
    assert "ZeroDivisionError: oops" in err
    assert "this is a bug" in err


@pytest.mark.parametrize("words", ["check", "fix -n", "graph", "init -y", "add ."])
def test_a_folder_that_was_removed_below_us_is_no_bug(words, tmp_path, monkeypatch, capsys):
    """A checkout of another branch does that to a terminal."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert main(words.split()) == 4
    said = "gowatchctl: the current directory is gone: go to one that is there, or name one with -C DIR\n"
    assert capsys.readouterr().err == said
    (tmp_path / "there").mkdir()
    assert main(["-C", str(tmp_path / "there"), "check"]) == 0


GOWATCHCTL = [sys.executable, "-m", "gowatchd.cli.main"]


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [["version"], ["explain", "--json"]])
def test_a_full_disk_is_no_bug(words, unbuffered):
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [*GOWATCHCTL, *words], stdout=full, stderr=subprocess.PIPE, env=environment, check=False
        )
    said = b"gowatchctl: standard output: No space left on device\n"
    assert (ran.returncode, ran.stderr) == (1, said)


def test_another_failure_of_the_system_puts_nothing_into_the_output(monkeypatch, capsys):
    """It may be JSON that somebody reads."""
    monkeypatch.setattr(version, "run", raising(OSError(5, "Input/output error")))
    assert main(["version"]) == 70
    out, err = capsys.readouterr()
    assert (out, "this is a bug" in err) == ("", True)


def test_closed_streams_take_nothing_and_hold_up_nothing(tmp_path):
    (tmp_path / "go.mod").write_text("module\n")
    for closed, said in ((">&-", "1 error in 1 workspace"), ("2>&-", "go.mod:1:1: error")):
        command = f'exec "$@" {closed}'
        ran = subprocess.run(
            ["sh", "-c", command, "sh", *GOWATCHCTL, "-C", str(tmp_path), "check"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 1
        assert said in ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        assert (ran.stdout == "") == (closed == ">&-")
        assert "1 error in" not in ran.stdout


def test_ctrl_c_is_130(monkeypatch, capsys):
    monkeypatch.setattr(version, "run", raising(KeyboardInterrupt()))
    assert main(["version"]) == 130
    assert capsys.readouterr().err == ""


def test_a_reader_that_left_is_no_bug():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, "version"], stdout=writing, stderr=subprocess.PIPE, check=False, timeout=30
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 128 + signal.SIGPIPE


def test_output_that_the_locale_cannot_say_is_escaped(tmp_path):
    (tmp_path / "ü").mkdir()
    (tmp_path / "ü/go.mod").write_text("go 1.20\n")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*PROGRAM, "-C", tmp_path, "check"], env=environment, capture_output=True, check=False, timeout=60
    )
    assert done.stdout.startswith(rb"\xfc/go.mod:1:1: error: ")
    assert done.returncode == 1


def test_a_verb_imports_itself_alone():
    script = "import sys; from gowatchd.cli.main import main; main(['version']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )
    modules = set(done.stdout.splitlines()[-1].split())
    assert {name for name in modules if name.startswith("gowatchd.cli.")} == {
        "gowatchd.cli.edge",
        "gowatchd.cli.errors",
        "gowatchd.cli.main",
        "gowatchd.cli.usage",
        "gowatchd.cli.version",
    }


def test_check_imports_nothing_that_costs_time(tmp_path):
    script = "import sys; from gowatchd.cli.main import main; main(sys.argv[1:]); print(*sys.modules)"
    (tmp_path / "go.mod").write_text("module example.com/m\n\ngo 1.22\n")
    # without site, where an editable installation brings its own imports
    argv = [sys.executable, "-S", "-c", script, "check", tmp_path]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True, timeout=60)
    modules = set(done.stdout.splitlines()[-1].split())
    assert not modules & {"gi", "pydantic", "pydbus", "jeepney", "watchdog", "sdnotify"}
    assert not modules & {"pathlib", "hashlib", "ctypes", "shutil", "datetime", "unicodedata", "urllib.parse"}
    assert not modules & {"gowatchd.style.formatter", "gowatchd.services.fixing", "gowatchd.system.way"}
