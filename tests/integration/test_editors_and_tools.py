"""The daemon beside the programs that people save with: nothing is lost, nobody is asked or made to fail."""

from __future__ import annotations

import contextlib
import http.server
import os
import pty
import shutil
import subprocess
import threading
import time

import pytest

from tests.support.bus import PrivateBus, wait_for
from tests.support.daemon import Daemon
from tests.support.git import commit, git, repository
from tests.support.go import NEWEST, TOOLCHAINS, needs_go

TIDY = "module example.com/app\n\ngo 1.21\n"
MESSY = "module   example.com/app\ngo 1.21\n"
VIM = ("vim", "-u", "NONE", "-i", "NONE", "-N", "--cmd", "set backupskip=")


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """One daemon for all tests, each of which has a folder of its own."""
    folder = tmp_path_factory.mktemp("editors")
    with PrivateBus(folder) as bus, Daemon(folder / "home", bus) as daemon:
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


@pytest.fixture
def place(daemon, request):
    """A repository with a tidy go.mod, that the daemon knows."""
    place = daemon.source / request.node.name
    repository(place)
    commit(place, TIDY)
    daemon.wait_for(lambda: str(place) in _roots(daemon), "the new module")
    return place


class Terminal:
    """A program in a terminal of its own; what it shows is read and thrown away."""

    def __init__(self, daemon, place, *command: str) -> None:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        self._keyboard, inside = pty.openpty()
        environment = {**daemon.environment, "TERM": "xterm", "LC_ALL": "C"}
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *command],
            cwd=place,
            env=environment,
            stdin=inside,
            stdout=inside,
            stderr=inside,
        )
        os.close(inside)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_details: object) -> None:
        self.process.kill()
        self.process.wait(10)
        self._reader.join(10)
        os.close(self._keyboard)

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while os.read(self._keyboard, 4096):
                pass

    def press(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    def ended(self) -> None:
        wait_for(lambda: self.process.poll() is not None, "the program to end")


def _roots(daemon):
    return [one["root"] for one in daemon.ask("GetStatus")["workspaces"]]


def _standing(daemon, place):
    return [(one["state"], one["reason"]) for one in daemon.workspace(place)["format"]]


def _wait_for_text(daemon, file, text):
    daemon.wait_for(lambda: file.exists() and file.read_text() == text, f"{file} to hold {text!r}")


def _wait_for_standing(daemon, place, state, words):
    daemon.wait_for(
        lambda: any(one == state and words in reason for one, reason in _standing(daemon, place)),
        f"{state}: {words}",
    )


@pytest.mark.parametrize(
    "command",
    [VIM, (*VIM, "--cmd", "set backupcopy=yes"), ("nvim", "-u", "NONE", "-i", "NONE")],
    ids=["vim", "vim-in-place", "neovim"],
)
def test_an_open_vim_is_never_asked_and_its_file_is_formatted_at_the_end(daemon, place, command):
    file = place / "go.mod"
    with Terminal(daemon, place, *command, "go.mod") as vim:
        vim.press(":%s/module /module   /\r:w\r")
        _wait_for_text(daemon, file, TIDY.replace("module ", "module   "))
        _wait_for_standing(daemon, place, "pending", "an editor")
        vim.press("Go// more\x1b:w\r")  # a file that was changed under it would stop it with a question
        _wait_for_text(daemon, file, TIDY.replace("module ", "module   ") + "// more\n")
        vim.press(":q\r")
        vim.ended()
    _wait_for_text(daemon, file, f"{TIDY}\n// more\n")


def test_what_was_committed_under_an_open_vim_is_left_alone(daemon, place):
    with Terminal(daemon, place, *VIM, "go.mod") as vim:
        vim.press(":%s/module /module   /\r:w\r")
        _wait_for_standing(daemon, place, "pending", "an editor")
        git(place, "commit", "-qam", "from another window")
        vim.press(":q\r")
        vim.ended()
    _wait_for_standing(daemon, place, "kept", "what git has")
    assert git(place, "status", "--porcelain") == ""


def test_a_vim_that_was_killed_does_not_hold_a_file_for_ever(daemon, place):
    file = place / "go.mod"
    with Terminal(daemon, place, *VIM, "go.mod") as vim:
        vim.press(":%s/module /module   /\r:w\r")
        _wait_for_standing(daemon, place, "pending", "an editor")
        vim.process.kill()
        vim.process.wait(10)
        assert (place / ".go.mod.swp").exists()
    file.write_text(MESSY + "// saved by another one\n")
    _wait_for_text(daemon, file, f"{TIDY}\n// saved by another one\n")


def test_nano_with_its_lock_file(daemon, place):
    file = place / "go.mod"
    with Terminal(daemon, place, "nano", "--ignorercfiles", "--locking", "go.mod") as nano:
        wait_for((place / ".go.mod.swp").exists, "nano's lock file")
        nano.press("// nano\r\x13")
        _wait_for_text(daemon, file, f"// nano\n{TIDY}")
        nano.press("module   example.com/nano\r\x0b\x13")  # and cut the old line
        _wait_for_standing(daemon, place, "pending", "an editor")
        messy = file.read_text()
        nano.press("\x18")
        nano.ended()
    daemon.wait_for(lambda: file.read_text() != messy, "the formatted file")
    assert "module example.com/nano" in file.read_text()


def test_unsaved_changes_in_emacs_hold_the_file_while_it_lives(daemon, place):
    file = place / "go.mod"
    typing = '(progn (find-file "go.mod") (insert "// not saved"))'
    with Terminal(daemon, place, "emacs", "-Q", "-nw", "--eval", typing):
        wait_for((place / ".#go.mod").is_symlink, "emacs' lock")
        file.write_text(MESSY)
        _wait_for_standing(daemon, place, "pending", "an editor")
    _wait_for_text(daemon, file, TIDY)


@pytest.mark.parametrize(
    "script",
    [
        "sed -i 's/module /module   /' go.mod",
        "sed 's/module /module   /' go.mod > new && mv new go.mod",
        "text=$(sed 's/module /module   /' go.mod); : > go.mod; printf '%s\\n' \"$text\" >> go.mod",
        "sed 's/module /module   /' go.mod > new && cp new go.mod && rm new",
    ],
    ids=["sed", "mv", "truncate-and-append", "cp"],
)
def test_a_shell(daemon, place, script):
    before = daemon.ask("GetStatus")["last_change"]
    subprocess.run(["sh", "-c", script], cwd=place, check=True, timeout=20)
    daemon.wait_for(lambda: daemon.ask("GetStatus")["last_change"] != before, "the change")
    assert (place / "go.mod").read_text() == TIDY


def test_git_brings_back_what_it_has(daemon, place):
    """Every command leaves the tree as it would without us."""
    commit(place, MESSY)
    git(place, "checkout", "-q", "HEAD~")
    git(place, "checkout", "-q", "main")
    _wait_for_standing(daemon, place, "kept", "what git has")
    (place / "go.mod").write_text(MESSY + "// mine\n")
    git(place, "stash", "-q")
    git(place, "stash", "pop", "-q")
    _wait_for_standing(daemon, place, "kept", "what git has")
    assert (place / "go.mod").read_text() == MESSY + "// mine\n"
    git(place, "checkout", "-q", "--", "go.mod")
    git(place, "checkout", "-q", "-b", "side", "HEAD~")
    commit(place, "side\n", "other")
    git(place, "rebase", "-q", "main")
    _wait_for_standing(daemon, place, "kept", "what git has")
    assert git(place, "status", "--porcelain") == ""


def test_a_script_that_edits_and_commits_at_once_leaves_a_clean_tree(daemon, place):
    (place / "go.mod").write_text(MESSY)
    git(place, "commit", "-qam", "messy")
    _wait_for_standing(daemon, place, "kept", "what git has")
    assert git(place, "status", "--porcelain") == ""


@needs_go
def test_go_mod_edit_and_go_work(daemon, place):
    _go(daemon, place, "mod", "edit", "-exclude=ex.com/b@v1.0.0", "-exclude=ex.com/a@v1.0.0")
    _wait_for_text(daemon, place / "go.mod", f"{TIDY}\nexclude (\n\tex.com/a v1.0.0\n\tex.com/b v1.0.0\n)\n")
    (place / "b").mkdir()
    (place / "b" / "go.mod").write_text("module example.com/b\n\ngo 1.21\n")
    _go(daemon, place, "work", "init", ".", "b")
    daemon.wait_for(lambda: _roots(daemon).count(str(place)) == 1, "one workspace")
    _go(daemon, place, "work", "edit", "-dropuse=.")
    _go(daemon, place, "work", "use", ".")
    daemon.wait_for(lambda: len(daemon.workspace(place)["diagnostics"]) == 0, "no problem")
    assert set((place / "go.work").read_text().split()) == {"go", NEWEST, "use", "(", ".", "./b", ")"}


@needs_go
def test_go_mod_tidy_does_not_fail_because_of_us(daemon, place):
    """It ends with an error where go.mod changes between its first look and its write, seconds later."""
    (place / "main.go").write_text('package main\n\nimport _ "example.com/x"\n\nfunc main() {}\n')
    (place / "x").mkdir()
    (place / "x" / "go.mod").write_text("module example.com/x\n\ngo 1.21\n")
    (place / "x" / "x.go").write_text("package x\n")
    unused = "require example.com/unused v1.0.0\nreplace example.com/x => ./x\n"
    with _slow_proxy() as proxy:
        (place / "go.mod").write_text(MESSY + unused)
        _go(daemon, place, "mod", "tidy", GOPROXY=proxy, GOFLAGS="-modcacherw")
    assert "\nrequire example.com/x " in (place / "go.mod").read_text()
    daemon.wait_for(lambda: (place / "go.mod").read_text().startswith(TIDY), "the formatted file")


def _go(daemon, place, *arguments: str, **environment: str) -> None:
    finished = subprocess.run(
        [f"{TOOLCHAINS[NEWEST]}/bin/go", *arguments],
        cwd=place,
        env={
            **daemon.environment,
            "GOPROXY": "off",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "",
            "GONOSUMDB": "*",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr


class _SlowProxy(http.server.BaseHTTPRequestHandler):
    """Knows the go.mod of every module, and takes its time: longer than the settle."""

    def do_GET(self) -> None:
        time.sleep(0.5)  # not waited for by the test: this is the network
        module, _, wanted = self.path.partition("/@v/")
        answers = {"v1.0.0.mod": f"module {module[1:]}\n\ngo 1.21\n", "v1.0.0.info": '{"Version":"v1.0.0"}'}
        self.send_response(200 if wanted in answers else 404)
        self.end_headers()
        self.wfile.write(answers.get(wanted, "").encode())

    def log_message(self, *_details: object) -> None:
        pass


@contextlib.contextmanager
def _slow_proxy():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _SlowProxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
