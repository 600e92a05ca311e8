"""What is written out has its place on the disk."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from gowatchd.system.write_out import write_out, write_out_file
from tests.support.go import ROOT


@pytest.fixture
def folder():
    """A folder on the disk where the checkout is, for temporary files there might be in memory."""
    folder = ROOT / "build" / f"write-out.{os.getpid()}"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


def waits_for_a_place(path) -> bool:
    done = subprocess.run(
        ["filefrag", "-v", str(path)], capture_output=True, text=True, timeout=30, check=False
    )
    return "delalloc" in done.stdout


@pytest.fixture
def fresh(folder):
    """A file that has no place on the disk yet."""
    if shutil.which("filefrag") is None:
        pytest.skip("no filefrag here, which says where a file lies on the disk")
    path = folder / "go.work"
    for _ in range(20):  # now and then the kernel is quicker
        path.unlink(missing_ok=True)
        path.write_bytes(b"go 1.22\n" * 1000)
        if waits_for_a_place(path):
            return path
    pytest.skip("this file system gives every file its place at once, or does not say")


def test_a_descriptor(fresh):
    with fresh.open("rb+") as file:
        write_out(file.fileno())
    assert not waits_for_a_place(fresh)


def test_a_path(fresh):
    write_out_file(str(fresh))
    assert not waits_for_a_place(fresh)
    assert fresh.read_bytes() == b"go 1.22\n" * 1000


def test_what_is_not_there(tmp_path):
    write_out_file(str(tmp_path / "go.work"))
    assert os.listdir(tmp_path) == []
