from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import subprocess
import time

import pytest

from gowatchd.system.editors import SIGN_NAMES, Editors, Sign, neovim_swap_folders, sign_owner
from gowatchd.system.liveness import boot_time

HOST = os.uname().nodename
DEAD = 4194305  # above the largest pid_max (2^22)


def block(pid, host=HOST, magic=b"b0"):
    """Return the first block of a swap file, as vim writes it."""
    data = bytearray(1024)
    data[0:2] = magic
    data[2:9] = b"VIM 9.0"
    data[24:28] = pid.to_bytes(4, "little")
    data[28:32] = b"user"
    data[68 : 68 + len(host)] = host.encode()
    return bytes(data)


@pytest.mark.parametrize(
    ("sign", "owner"),
    [
        ("/w/.go.mod.swp", "/w/go.mod"),
        ("/w/.go.work.swo", "/w/go.work"),
        ("/w/.#go.mod", "/w/go.mod"),
        ("/home/u/.local/state/nvim/swap/%w%sub%go.mod.swp", "/w/sub/go.mod"),
        ("/w/.other.swp", None),
        ("/w/go.mod", None),
        ("/w/.go.mod.swpx", None),
    ],
)
def test_sign_owner(sign, owner):
    assert sign_owner(sign) == owner


def test_every_sign_beside_a_file_has_an_owner():
    assert all(sign_owner(f"/w/{os.fsdecode(name)}") for name in SIGN_NAMES)


def test_no_sign(tmp_path):
    assert Editors().holding(str(tmp_path / "go.mod")) is None


@pytest.mark.parametrize("letter", "pon")
def test_swap_file_of_a_living_editor(tmp_path, letter):
    sign = tmp_path / f".go.mod.sw{letter}"
    sign.write_bytes(block(os.getpid()))
    assert Editors().holding(str(tmp_path / "go.mod")) == Sign(str(sign), os.getpid())


def test_swap_file_of_a_dead_editor_does_not_hold(tmp_path):
    (tmp_path / ".go.mod.swp").write_bytes(block(DEAD))
    assert Editors().holding(str(tmp_path / "go.mod")) is None


def test_swap_file_whose_number_a_younger_process_has(tmp_path):
    sign = tmp_path / ".go.mod.swp"
    sign.write_bytes(block(os.getpid()))
    os.utime(sign, (boot_time() - 60, boot_time() - 60))
    assert Editors().holding(str(tmp_path / "go.mod")) is None


@pytest.mark.parametrize(
    "content", [block(DEAD, "another-host"), block(0), b"", b"not a swap file", block(DEAD, magic=b"xx")]
)
def test_what_we_cannot_judge_holds(tmp_path, content):
    (tmp_path / ".go.mod.swp").write_bytes(content)
    assert Editors().holding(str(tmp_path / "go.mod")) is not None


def test_a_fifo_or_directory_by_that_name_is_no_sign(tmp_path):
    os.mkfifo(tmp_path / ".go.mod.swp")
    (tmp_path / ".go.mod.swo").mkdir()
    assert Editors().holding(str(tmp_path / "go.mod")) is None


@pytest.mark.parametrize(
    ("lock", "held"),
    [
        (f"me@{HOST}.{os.getpid()}:{boot_time()}", True),
        (f"me@{HOST}.{os.getpid()}", True),
        (f"me@{HOST}.{os.getpid()}:{boot_time() - 3600}", False),  # before the last boot
        (f"me@{HOST}.{DEAD}:{boot_time()}", False),
        (f"me@elsewhere.example.com.{DEAD}:{boot_time()}", True),
        ("whatever", True),
    ],
    ids=["runs", "runs, without a time", "before the last boot", "ended", "elsewhere", "not a lock"],
)
def test_emacs_lock(tmp_path, lock, held):
    (tmp_path / ".#go.mod").symlink_to(lock)
    assert (Editors().holding(str(tmp_path / "go.mod")) is not None) == held


def test_a_fifo_that_takes_the_place_of_a_swap_file_is_not_waited_for(tmp_path, monkeypatch):
    (tmp_path / ".go.mod.swp").touch()
    look = os.lstat

    def look_and_exchange(path):
        found = look(path)
        os.unlink(path)
        os.mkfifo(path)
        return found

    monkeypatch.setattr(os, "lstat", look_and_exchange)
    assert Editors().holding(str(tmp_path / "go.mod")) is not None


def test_neovim_swap_elsewhere(tmp_path):
    swap = tmp_path / "swap"
    swap.mkdir()
    name = str(tmp_path / "go.mod").replace("/", "%")
    (swap / f"{name}.swp").write_bytes(block(os.getpid()))
    assert Editors([str(swap)]).holding(str(tmp_path / "go.mod")) is not None
    assert Editors().holding(str(tmp_path / "go.mod")) is None


def test_a_sign_beside_the_target_of_a_symlink(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/go.mod").touch()
    (tmp_path / "go.mod").symlink_to("real/go.mod")
    (tmp_path / "real/.go.mod.swp").write_bytes(block(os.getpid()))
    assert Editors().holding(str(tmp_path / "go.mod")) is not None


def test_neovim_swap_folders():
    assert neovim_swap_folders({"HOME": "/h"}) == ("/h/.local/state/nvim/swap", "/h/.local/share/nvim/swap")
    assert neovim_swap_folders({"HOME": "/h", "XDG_STATE_HOME": "/s", "XDG_DATA_HOME": "/d"}) == (
        "/s/nvim/swap",
        "/d/nvim/swap",
    )


class Terminal:
    """A real editor in a terminal of its own."""

    def __init__(self, command, cwd, environment):
        self._main, side = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=side, stdout=side, stderr=side, cwd=cwd, env=environment, start_new_session=True
        )
        os.close(side)

    def type(self, keys):
        os.write(self._main, keys)

    def wait_until(self, condition):
        """Read what the editor draws until ``condition`` holds."""
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "the editor did not come so far"
            if select.select([self._main], [], [], 0.02)[0]:
                try:
                    drawn = os.read(self._main, 65536)
                except OSError:
                    time.sleep(0.02)  # it ended, and its terminal with it
                    continue
                if b"\x1b[6n" in drawn:
                    self.type(b"\x1b[1;1R")

    def kill(self):
        self.process.kill()
        self.process.wait(60)

    def close(self):
        self.kill()
        os.close(self._main)


@pytest.mark.parametrize(
    ("command", "leave"),
    [
        pytest.param(["vim", "-u", "NONE", "--cmd", "set swapfile"], b"\x1b:q!\r", id="vim"),
        pytest.param(["nvim", "-u", "NONE", "--cmd", "set swapfile"], b"\x1b:q!\r", id="nvim"),
        pytest.param(["nano", "--ignorercfiles", "--locking"], b"\x18", id="nano"),
    ],
)
@pytest.mark.parametrize("end", ["left", "killed"])
def test_real_editors(tmp_path, command, leave, end):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    folder = tmp_path / "w"
    folder.mkdir()
    path = folder / "go.mod"
    path.write_text("module example.com/m\n")
    environment = {"HOME": str(tmp_path), "TERM": "xterm", "PATH": "/usr/bin:/bin"}
    editors = Editors(neovim_swap_folders(environment))
    terminal = Terminal([*command, "go.mod"], folder, environment)
    try:
        terminal.wait_until(lambda: (sign := editors.holding(str(path))) and sign.pid)
        sign = editors.holding(str(path))
        assert sign_owner(sign.path) == str(path)
        os.utime(sign.path, (boot_time() - 60, boot_time() - 60))  # as after the clock was set, a day on
        assert editors.holding(str(path)) == sign
        if end == "left":
            terminal.wait_until(lambda: terminal.type(leave) or terminal.process.poll() is not None)
            assert not os.path.lexists(sign.path)
        else:
            os.kill(sign.pid, signal.SIGKILL)  # neovim's core may be a child of what was started
            terminal.kill()
            assert os.path.lexists(sign.path)
        terminal.wait_until(lambda: editors.holding(str(path)) is None)
    finally:
        terminal.close()
