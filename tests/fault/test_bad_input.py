"""What the daemon says to files that are none, or not as they should be; it lives on and touches no byte."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.support.bus import PrivateBus
from tests.support.daemon import Daemon
from tests.support.other_process import BOUND_BY_PERMISSIONS

GOOD = b"module example.com/good\n\ngo 1.21\n"
UNTIDY = b"module   example.com/good\ngo 1.21\n"
MIB = 1 << 20


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    with PrivateBus(folder) as bus, Daemon(folder / "home", bus) as daemon:
        yield daemon
    assert "Traceback" not in daemon.log(), daemon.log()


@pytest.fixture
def place(daemon, request):
    """A folder of the test's own below the watch root, with a sound module in it."""
    place = daemon.source / request.node.name.replace("[", "-").replace("]", "").replace("/", "_")
    place.mkdir()
    (place / "go.mod").write_bytes(GOOD)
    daemon.wait_for(lambda: place_known(daemon, place), "the new module")
    return place


def place_known(daemon, place):
    return str(place) in [one["root"] for one in daemon.ask("GetStatus")["workspaces"]]


def still_works(daemon, place):
    """Show that the daemon is well: it formats a neighbour."""
    neighbour = place / "neighbour"
    neighbour.mkdir()
    (neighbour / "go.mod").write_bytes(UNTIDY)
    daemon.wait_for_bytes(neighbour / "go.mod", GOOD)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        pytest.param(bytes(range(256)) * 16, 1, "unexpected input character", id="binary"),
        pytest.param(b"\xef\xbb\xbf" + GOOD, 1, "ufeff", id="byte order mark"),
        pytest.param(b"\0" * 4096, 1, "unexpected input character", id="zeroes"),
        pytest.param(GOOD + b"require (\n", 5, "unterminated block started at", id="unterminated"),
        pytest.param(GOOD + b"frobnicate x\n", 4, "unknown directive: frobnicate", id="unknown directive"),
        pytest.param(
            GOOD + b"<<<<<<< HEAD\ngo 1.22\n=======\ngo 1.23\n>>>>>>> x\n",
            4,
            "unknown directive",
            id="conflict",
        ),
        pytest.param(GOOD + b"/* no */\n", 4, "mod files must use // comments", id="c comment"),
        pytest.param(b"\xfe\xff\0m\0o\0d", 1, "unexpected input character", id="utf-16"),
    ],
)
def test_what_does_not_parse_is_told_with_its_line(daemon, place, data, line, words):
    (place / "go.mod").write_bytes(data)
    daemon.wait_for(lambda: "syntax" in daemon.codes(place), "the diagnostic")
    found = next(one for one in daemon.workspace(place)["diagnostics"] if one["code"] == "syntax")
    assert found["line"] == line
    assert words in found["message"]
    daemon.wait_for(lambda: daemon.workspace(place)["format"], "the reason why it is not formatted")
    assert (place / "go.mod").read_bytes() == data
    still_works(daemon, place)


def test_invalid_utf8_in_a_comment_survives_the_formatting(daemon, place):
    (place / "go.mod").write_bytes(b"module   example.com/good // \xff\xfe\ngo 1.21\n")
    daemon.wait_for_bytes(place / "go.mod", b"module example.com/good // \xff\xfe\n\ngo 1.21\n")


def test_crlf_becomes_lf_as_with_go(daemon, place):
    (place / "go.mod").write_bytes(UNTIDY.replace(b"\n", b"\r\n"))
    daemon.wait_for_bytes(place / "go.mod", GOOD)


def test_an_empty_go_work_is_believed_only_when_it_lasts(daemon, place):
    (place / "go.work").write_bytes(b"")
    work = place / "go.work"
    daemon.wait_for(lambda: daemon.codes(place) == ["empty-workspace"], "the diagnostic")
    assert work.read_bytes() == b""
    still_works(daemon, place)


def test_a_huge_file_is_not_read(daemon, place):
    with open(place / "go.mod", "wb") as stream:
        stream.truncate(100 * MIB)
    daemon.wait_for(lambda: daemon.codes(place) == ["file-too-large"], "the diagnostic")
    assert "is larger than 256 KiB" in daemon.workspace(place)["diagnostics"][0]["message"]
    assert (place / "go.mod").stat().st_size == 100 * MIB
    still_works(daemon, place)


@pytest.mark.parametrize("kind", ["fifo", "directory", "device", "dangling symlink", "symlink loop"])
def test_something_else_by_that_name_is_left_alone(daemon, place, kind):
    mod = place / "go.mod"
    mod.unlink()
    daemon.wait_for(lambda: not place_known(daemon, place), "the module to go")
    if kind == "fifo":
        os.mkfifo(mod)
    elif kind == "directory":
        mod.mkdir()
    elif kind == "device":
        if os.geteuid() != 0:
            pytest.skip("only root can make a device")
        subprocess.run(["mknod", str(mod), "c", "1", "5"], check=True)
    else:
        mod.symlink_to("nowhere" if kind == "dangling symlink" else "go.mod")
    before = os.lstat(mod)
    still_works(daemon, place)
    after = os.lstat(mod)
    assert (before.st_ino, before.st_mode, before.st_mtime_ns) == (
        after.st_ino,
        after.st_mode,
        after.st_mtime_ns,
    )


def test_a_file_that_comes_and_goes_does_no_harm(daemon, place):
    for number in range(200):
        (place / "go.mod").write_bytes(UNTIDY + b"// %d\n" % number)
        (place / "go.mod").unlink()
    still_works(daemon, place)


def test_a_save_in_the_middle_of_the_settle_wins(daemon, place):
    for number in range(30):
        (place / "go.mod").write_bytes(UNTIDY + b"\n// %d\n" % number)
    daemon.wait_for_bytes(place / "go.mod", GOOD + b"\n// 29\n")


def test_a_file_that_we_may_not_read_is_told(tmp_path):
    script = (
        "from pathlib import Path\n"
        "from gowatchd.services.workspaces import Workspaces\n"
        "from gowatchd.system.files import SafeFiles\n"
        "from gowatchd.lint.catalog import check\n"
        "from gowatchd.lint.facts import Facts\n"
        f"(workspace,) = Workspaces(SafeFiles()).load([{str(tmp_path / 'go.mod')!r}])\n"
        "print(*(one.code + ': ' + one.message for one in check(workspace, Facts())))\n"
    )
    (tmp_path / "go.mod").write_bytes(GOOD)
    (tmp_path / "go.mod").chmod(0)
    finished = subprocess.run(
        [*BOUND_BY_PERMISSIONS, "/usr/bin/python3", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": os.getcwd()},
    )
    assert "unreadable-file" in finished.stdout, finished.stderr
    assert "permission denied" in finished.stdout
