"""gofumpt-work as a program: gofmt's habits, exit codes, and files that are no files."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from gowatchd.cli import gofumpt_run
from gowatchd.cli.errors import Exit
from gowatchd.cli.gofumpt_work import main
from gowatchd.cli.walk import SIZE_LIMIT
from tests.support.go import ROOT
from tests.support.other_process import BOUND_BY_PERMISSIONS

PROGRAM = (sys.executable, "-m", "gowatchd.cli.gofumpt_work")
UNTIDY = b"use ./b/\nuse a\n"
TIDY = b"use (\n\t./a\n\t./b\n)\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def work(here):
    file = here / "go.work"
    file.write_bytes(UNTIDY)
    return file


def program(*arguments, stdin=b"", before=(), **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*before, *PROGRAM, *arguments],
        input=stdin,
        capture_output=True,
        timeout=30,
        env=environment,
        check=False,
        **options,
    )


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_take_nothing_and_hold_up_nothing(work, closed):
    result = program("-l", "-w", "go.work", before=("sh", "-c", f'exec "$@" {closed}', "sh"))
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout == (b"" if closed.startswith(">") else b"go.work\n")
    assert work.read_bytes() == TIDY


def test_standard_input_to_standard_output():
    result = program(stdin=UNTIDY)
    assert (result.returncode, result.stdout, result.stderr) == (0, TIDY, b"")


@pytest.mark.parametrize(
    ("data", "formatted"),
    [
        (b"exclude a.b/c v1.0.0\nexclude a.b/c v0.1.0\n", b"exclude (\n\ta.b/c v0.1.0\n\ta.b/c v1.0.0\n)\n"),
        (b"module ( m )", None),
        (b"use ( b )", None),
        (b"go 1.21\nreplace a.b/c => ./c", b"go 1.21\n\nreplace a.b/c => ./c\n"),
        (b"  use(\nb\n)", b"use ./b\n"),
        (b"", b""),
    ],
)
def test_the_kind_of_standard_input_is_told_by_its_content(data, formatted):
    result = program(stdin=data)
    if formatted is None:
        assert result.returncode == Exit.PROBLEMS
        assert result.stderr.startswith(b"<standard input>:1:1: usage: ")
    else:
        assert (result.stdout, result.stderr) == (formatted, b"")


def test_the_option_overrides_name_and_content(work, capsysbinary):
    assert main(["--kind", "mod", "go.work"]) == Exit.PROBLEMS
    assert capsysbinary.readouterr().err == (
        b"go.work:1:1: unknown directive: use\ngo.work:2:1: unknown directive: use\n"
    )


def test_files_are_printed_one_after_the_other(work, here, capsysbinary):
    (here / "x.mod").write_bytes(b"module  m")
    assert main(["go.work", "x.mod"]) == 0
    assert capsysbinary.readouterr().out == TIDY + b"module m\n"
    assert work.read_bytes() == UNTIDY


def test_list_and_diff(work, capsysbinary):
    assert main(["-l", "-d", "go.work"]) == 0
    out = capsysbinary.readouterr().out
    assert out.startswith(
        b"go.work\ndiff go.work.orig go.work\n--- go.work.orig\n+++ go.work\n@@ -1,2 +1,4 @@\n"
    )
    assert work.read_bytes() == UNTIDY


def test_the_diff_makes_the_new_of_the_old(work, here, capsysbinary):
    work.write_bytes(b"// head\n\n" + b"".join(b"// %d\n\n" % i for i in range(20)) + b"go 1.21\nuse ./b/")
    formatted = program("go.work", cwd=here).stdout
    main(["-d", "go.work"])
    patch = subprocess.run(
        ["patch", "-p0"], input=capsysbinary.readouterr().out, capture_output=True, check=False
    )
    assert patch.returncode == 0, patch.stdout
    assert work.read_bytes() == formatted


def test_check(work, capsysbinary):
    assert main(["--check", "go.work"]) == Exit.PROBLEMS
    assert main(["--check", "-l", "go.work"]) == Exit.PROBLEMS
    work.write_bytes(TIDY)
    assert main(["--check", "-l", "-d", "go.work"]) == Exit.OK
    assert capsysbinary.readouterr() == (b"go.work\n", b"")


def test_write(work, capsysbinary):
    inode = work.stat().st_ino
    assert main(["-w", "go.work"]) == 0
    assert work.read_bytes() == TIDY
    assert work.stat().st_ino == inode
    assert capsysbinary.readouterr() == (b"", b"")


def test_write_goes_through_a_link(work, here):
    (here / "link.work").symlink_to("go.work")
    assert main(["-w", "link.work"]) == 0
    assert (here / "link.work").is_symlink()
    assert work.read_bytes() == TIDY


def test_a_file_in_use_is_not_written(work, capsysbinary):
    with work.open("r+b"):
        assert main(["-w", "go.work"]) == Exit.PROBLEMS
    assert capsysbinary.readouterr().err.startswith(b"go.work: not written: another program")
    assert work.read_bytes() == UNTIDY


def test_a_tidy_file_is_not_touched(work):
    work.write_bytes(TIDY)
    before = work.stat()
    assert main(["-w", "go.work"]) == 0
    assert work.stat() == before


def test_canonical_and_indent(work, capsysbinary):
    assert main(["--canonical", "go.work"]) == 0
    assert main(["--indent", "2-space", "go.work"]) == 0
    assert capsysbinary.readouterr().out == b"use ./b/\n\nuse a\n" + b"use (\n  ./a\n  ./b\n)\n"


def test_a_directory_is_walked_without_what_is_not_ours(work, here, capsysbinary):
    for folder in ("b", "b/vendor/x", "node_modules/y", "testdata", ".git", ".hidden", "z.mod"):
        (here / folder).mkdir(parents=True)
        (here / folder / "go.mod").write_bytes(b"module  m")
    (here / "loop").symlink_to(".")
    (here / "b" / "other.mod").write_bytes(b"module  m")
    assert main(["-l", "."]) == 0
    assert capsysbinary.readouterr().out == b"go.work\nb/go.mod\nz.mod/go.mod\n"


def test_a_folder_that_was_named_is_walked_whatever_it_is_called(here, capsysbinary):
    (here / "testdata").mkdir()
    (here / "testdata" / "go.mod").write_bytes(b"module  m")
    assert main(["-l", "testdata"]) == 0
    assert capsysbinary.readouterr().out == b"testdata/go.mod\n"


def test_what_cannot_be_formatted_does_not_keep_the_others_from_it(work, here, capsysbinary):
    (here / "go.mod").write_bytes(b"module m\n\nfoo bar\n")
    assert main(["-w", "go.mod", "missing.mod", "go.work"]) == Exit.PROBLEMS
    assert capsysbinary.readouterr().err == (
        b"go.mod:3:1: unknown directive: foo\nmissing.mod: no such file or directory: check the name\n"
    )
    assert work.read_bytes() == TIDY
    assert (here / "go.mod").read_bytes() == b"module m\n\nfoo bar\n"


def test_contradicting_replacements_are_left_alone(here, capsysbinary):
    file = here / "go.work"
    file.write_bytes(b"replace a.b/c => ./c\nreplace a.b/c => ./d\n")
    assert main(["-w", "go.work"]) == Exit.PROBLEMS
    assert capsysbinary.readouterr().err.startswith(
        b"go.work:2:1: conflicting replacements for a.b/c: line 1 "
    )
    assert file.stat().st_size == 42


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.mkdir(), "is a directory, where Go wants a file: rename it"),
        (os.mkfifo, "is not a regular file: "),
        (
            lambda path: path.symlink_to("go.mod"),
            "too many levels of symbolic links: the symbolic link points to",
        ),
        (lambda path: path.symlink_to("nowhere"), "no such file or directory: check the name"),
        (lambda path: path.symlink_to("/dev/zero"), "is not a regular file: "),
        (
            lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
            "no such device or address: it is a socket",
        ),
        (
            lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 100 << 20),
            "is larger than 16 MiB: ",
        ),
    ],
    ids=["directory", "fifo", "loop", "dangling", "device", "socket", "100 MB"],
)
@pytest.mark.parametrize("flag", ["-l", "-w"])
def test_what_is_no_file_gets_a_message(here, make, message, flag):
    make(here / "go.mod")
    for argument in ("go.mod", "."):
        result = program(flag, argument, cwd=here)
        assert result.returncode == Exit.PROBLEMS
        assert result.stdout == b""
        assert result.stderr.decode().startswith(f"go.mod: {message}")


def test_no_permission(tmp_path):
    file = tmp_path / "go.mod"
    file.write_bytes(b"module m\n")
    file.chmod(0)
    result = program("go.mod", before=BOUND_BY_PERMISSIONS, cwd=tmp_path)
    assert result.returncode == Exit.PROBLEMS
    assert result.stderr.startswith(b"go.mod: permission denied: give yourself permission to read it")


def test_too_much_standard_input():
    result = program(stdin=b"\n" * (SIZE_LIMIT + 1))
    assert result.returncode == Exit.PROBLEMS
    assert result.stderr.startswith(b"<standard input>: is larger than 16 MiB: ")


@pytest.mark.parametrize(
    "arguments", [["--indent", "3"], ["--kind", "sum"], ["--nonsense"], ["-w"], ["-w", "--check", "go.mod"]]
)
def test_wrong_usage(arguments, capsys):
    assert main(arguments) == Exit.USAGE
    assert capsys.readouterr().err.startswith("usage: gofumpt-work")


def test_version_needs_no_formatter():
    code = (
        "import sys; from gowatchd.cli.gofumpt_work import main; main(['--version']); "
        "print(sorted(name for name in sys.modules if name.startswith('gowatchd')))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=30, check=True
    )
    assert result.stdout.startswith(b"gofumpt-work 0.")
    assert b"style" not in result.stdout


def test_writing_needs_no_gi(work):
    code = (
        "import sys; from gowatchd.cli.gofumpt_work import main; assert main(['-w', sys.argv[1]]) == 0; "
        "assert not {'gi', 'pydbus', 'watchdog', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(work)], cwd=ROOT, timeout=30, check=True)
    assert work.read_bytes() == TIDY


def test_a_reader_that_goes_away(here):
    (here / "go.mod").write_bytes(b"module m\n" + b"".join(b"tool x/%d\n" % i for i in range(20000)))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*PROGRAM, "go.mod"], cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as child:
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(timeout=30) == Exit.BROKEN_PIPE


def test_a_full_disk_under_standard_output(work, here):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [*PROGRAM, "go.work"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=30,
            check=False,
        )
    assert result.returncode == Exit.PROBLEMS
    assert result.stderr == b"gofumpt-work: standard output: No space left on device\n"


def test_interrupted():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as child:
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=30) == Exit.INTERRUPTED


# Says when it is about to read: a signal before Python has started up would hit Python, not us.
INTERRUPTIBLE = """
import sys
from gowatchd.cli import gofumpt_run, walk
from gowatchd.cli.gofumpt_work import main
read = walk.read_limited
def say_and_read(stream):
    print("ready", flush=True)
    return read(stream)
walk.read_limited = say_and_read
sys.exit(main([]))
"""


def test_a_bug_is_shown_whole(work, monkeypatch, capsys):
    def tidy(*_, **__):
        raise RuntimeError("no such luck")

    monkeypatch.setattr(gofumpt_run, "tidy", tidy)
    assert main(["go.work"]) == Exit.BUG
    assert "no such luck\ngofumpt-work: this is a bug" in capsys.readouterr().err


def test_messages_cannot_command_the_terminal(here, capsysbinary):
    name = "\x1b[31mred\udcff.mod"
    (here / name).write_bytes(b"foo")
    assert main([name]) == Exit.PROBLEMS
    assert capsysbinary.readouterr().err == b"\\x1b[31mred\\xff.mod:1:1: unknown directive: foo\n"


def test_names_are_listed_as_bytes(here, capsysbinary):
    name = os.fsdecode(b"\xff.mod")
    (here / name).write_bytes(b"module  m")
    assert main(["-l", name]) == 0
    assert capsysbinary.readouterr().out == b"\xff.mod\n"
